"""What a channel makes of a provider's answers when it asks whether a message is there."""

from __future__ import annotations

from dataclasses import replace

from channels.contract import Absent, Accepted, Blame, CanBeAsked, CannotTell, Found
from channels.testkit.bench import SOON, Bench, built, nowhere, timed
from channels.testkit.checks.running import Tried, check
from channels.testkit.loopback import Misbehave, Reply, saying
from channels.testkit.samples import Http, envelope


def not_asked(tried: Tried) -> str:
    """Whoever can be asked has `holds` among its samples: `test_abilities_have_their_samples` sees to it."""
    return "" if isinstance(tried.entry, Http) and tried.entry.holds else "cannot be asked what it has"


def _asked(made: Bench) -> CanBeAsked:
    assert isinstance(made.channel, CanBeAsked), "it has holds= among its samples and no look_up()"
    return made.channel


@check(not_asked)
async def test_a_message_that_is_there_is_found_by_the_reference_of_its_send(made: Bench) -> None:
    channel, holds, sent = _asked(made), made.http.holds, made.envelope()
    assert holds is not None
    accepted = await made.channel.send(sent, timeout=SOON)
    assert isinstance(accepted, Accepted)
    made.answer(lambda request: holds(request, sent))
    found = await channel.look_up(sent, timeout=SOON)
    assert isinstance(found, Found), found
    assert found.ref == accepted.ref
    assert found.receipt is None or found.receipt.token in ("", sent.token)
    assert made.delivering == 1


@check(not_asked)
async def test_a_message_that_is_not_there_is_absent(made: Bench) -> None:
    channel, holds, sent = _asked(made), made.http.holds, made.envelope(1)
    assert holds is not None
    made.answer(lambda request: holds(request, None))
    assert await channel.look_up(sent, timeout=SOON) == Absent()
    assert made.delivering == 0


@check(not_asked)
async def test_another_message_is_not_taken_for_ours(made: Bench) -> None:
    channel, holds, sent = _asked(made), made.http.holds, made.envelope(1)
    assert holds is not None
    other = replace(made.envelope(2), to=sent.to)
    made.answer(lambda request: holds(request, other))
    assert await channel.look_up(sent, timeout=SOON) == Absent()


@check(not_asked)
async def test_a_provider_that_answers_anything_else_cannot_tell(made: Bench) -> None:
    channel, sent = _asked(made), made.envelope()
    replies = [Reply(status, b"{}") for status in (300, 302, 307, 400, 401, 403, 409, 422, 429, 500, 502, 503, 599)]
    replies += [Reply(200, body) for body in (b"", b"<html>", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"a"')]
    for reply in replies:
        made.server.answer = saying(reply)
        told = await channel.look_up(sent, timeout=SOON)
        assert isinstance(told, CannotTell), (reply.status, reply.body[:40], told)
    assert made.delivering == 0


@check(not_asked)
async def test_a_provider_that_cannot_be_asked_cannot_tell(made: Bench) -> None:
    channel, sent = _asked(made), made.envelope()
    for how in (Misbehave.CLOSE, Misbehave.RESET, Misbehave.TRUNCATE, Misbehave.NOT_HTTP):
        made.server.answer = saying(how)
        told = await channel.look_up(sent, timeout=SOON)
        assert isinstance(told, CannotTell), (how, told)
    for how in (Misbehave.HANG, Misbehave.DRIP):
        made.server.answer = saying(how)
        told, took = await timed(channel.look_up(sent, timeout=0.3))
        assert isinstance(told, CannotTell), (how, told)
        assert took < 1.5
    assert made.delivering == 0


@check(not_asked)
async def test_nobody_there_to_be_asked_cannot_tell(tried: Tried) -> None:
    url = nowhere()
    async with built(tried.name, tried.http.settings(url)) as channel:
        assert isinstance(channel, CanBeAsked)
        told = await channel.look_up(envelope(to=tried.http.to(url, 1)), timeout=SOON)
    assert isinstance(told, CannotTell)
    assert told.fault.blame is Blame.PATH
