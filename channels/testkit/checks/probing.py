"""What a channel finds out of its account without telling anybody anything."""

from __future__ import annotations

from channels.contract import Blame, CanProbe, Fault, Probed
from channels.testkit.bench import SOON, Bench, built, nowhere, timed
from channels.testkit.checks.running import Tried, check, either, no_http
from channels.testkit.loopback import Misbehave, Reply, nothing_beside, saying


def does_not_probe(tried: Tried) -> str:
    return "" if tried.kind.capabilities.probes else "declares no probes"


PROBES = either(does_not_probe, no_http)


async def _probed(made: Bench, answer: Reply | Misbehave, *, timeout: float = SOON) -> Probed | Fault:
    assert isinstance(made.channel, CanProbe)
    made.server.beside = nothing_beside  # a probe may well be what only prepares a send
    made.answer(saying(answer))
    return await made.channel.probe(timeout=timeout)


@check(PROBES)
async def test_a_probe_that_is_not_answered_well_is_a_fault(made: Bench) -> None:
    answers: list[Reply | Misbehave] = [
        Reply(status, b"{}") for status in (400, 401, 403, 404, 409, 418, 429, 500, 503)
    ]
    answers += [Reply(200, body) for body in (b"", b"{}", b"[]", b"null", b"\x1f\x8b{no", b'{"ok": false, "data": 7}')]
    answers += [Misbehave.CLOSE, Misbehave.RESET, Misbehave.TRUNCATE, Misbehave.NOT_HTTP]
    for answer in answers:
        found = await _probed(made, answer)
        assert isinstance(found, Fault), (answer, found)
        assert found.detail, answer
        assert not any(secret in repr(found) for secret in made.secrets), answer
        if isinstance(answer, Reply) and answer.status == 401:
            assert found.blame is Blame.ACCOUNT
    assert made.delivering == 0


@check(PROBES)
async def test_a_probe_into_silence_is_a_fault_in_time(made: Bench) -> None:
    for how in (Misbehave.HANG, Misbehave.DRIP):
        found, took = await timed(_probed(made, how, timeout=0.3))
        assert isinstance(found, Fault), (how, found)
        assert found.blame is Blame.PATH, how
        assert took < 1.5
    assert made.delivering == 0


@check(PROBES)
async def test_a_probe_of_nobody_is_a_fault(tried: Tried) -> None:
    async with built(tried.name, tried.http.settings(nowhere())) as channel:
        assert isinstance(channel, CanProbe)
        found = await channel.probe(timeout=SOON)
    assert isinstance(found, Fault)
    assert found.blame is Blame.PATH
