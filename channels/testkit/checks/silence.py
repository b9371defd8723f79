"""No secret and no address in anything that a channel tells: faults, logs, output, its own face."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from channels.contract import (
    Absent,
    Accepted,
    CanAmend,
    CanBeAsked,
    CanRetract,
    Fault,
    Found,
    LookUp,
    Outcome,
)
from channels.testkit.bench import SOON, Bench, built, prepared_by
from channels.testkit.checks.running import Tried, check, prepares_nothing
from channels.testkit.loopback import HttpServer, Misbehave, Reply, SmtpServer, saying
from channels.testkit.samples import envelope


@check(prepares_nothing)
async def test_nothing_secret_and_no_address_is_told_of_a_preparation_that_fails(
    tried: Tried, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    entry = tried.http
    for status in (200, 400, 401, 403, 429, 500):
        echo = f'{{"error": "{" ".join(entry.secrets)}", "message": "{" ".join(entry.secrets)}"}}'
        reply = Reply(status, echo.encode())
        async with prepared_by(entry, reply) as far, built(tried.name, entry.settings(far.url)) as channel:
            outcome = await channel.send(envelope(to=entry.to(far.url, 1)), timeout=SOON)
            assert far.others
        _is_silent(repr(outcome), caplog, capfd, *entry.secrets, entry.to(far.url, 1))


@check()
async def test_nothing_secret_and_no_address_is_told(
    made: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = made.envelope()
    assert isinstance(await made.channel.send(sent, timeout=SOON), Accepted)
    faults: list[Fault] = []
    async for told in _every_answer(made):
        if not isinstance(told, Accepted | Found | Absent):
            faults += [told.fault]
    assert faults
    # An Accepted holds the provider's reference, which in samples is often made of the address.
    _is_silent(
        f"{faults!r} {made.channel!r} {made.channel!s}",
        caplog,
        capfd,
        *made.secrets,
        sent.to,
        sent.to.lstrip("+@"),
        sent.words.text,
        sent.token,
    )


def _is_silent(told: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], *secrets: str) -> None:
    out, err = capfd.readouterr()
    words = "\n".join([told, caplog.text, out, err, *(str(vars(record)) for record in caplog.records)])
    for secret in secrets:
        assert secret not in words


async def _every_answer(made: Bench) -> AsyncIterator[Outcome | LookUp]:
    """What comes of a provider that repeats in each of its answers all that it should keep to itself."""
    sent, channel = made.envelope(), made.channel
    echo = f"{sent.to} cannot be reached with {' '.join(made.secrets)} ({sent.to.lstrip('+')})"
    if isinstance(made.far, HttpServer):
        body = f'{{"code": 99999, "message": "{echo}", "ok": false, "error": "{echo}", "detail": "{echo}"}}'
        coded = body.replace("99999", f'"{echo}"')
        for status in (200, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503):
            for said in (body, coded, echo):
                reply = Reply(status, said.encode())
                made.far.answer = saying(reply)
                yield await channel.send(sent, timeout=SOON)
                if isinstance(channel, CanBeAsked):
                    yield await channel.look_up(sent, timeout=SOON)
                if isinstance(channel, CanAmend):
                    yield await channel.amend(made.http.ref(sent), sent, timeout=SOON)
                if isinstance(channel, CanRetract):
                    yield await channel.retract(made.http.ref(sent), sent, timeout=SOON)
    if isinstance(made.far, SmtpServer):
        for verb in ("MAIL", "RCPT", "DATA", "BODY"):
            made.far.script = {verb: f"550 5.1.1 <{sent.to}> {echo}"}
            yield await channel.send(sent, timeout=SOON)
        made.far.script = {}
    for how, timeout in ((Misbehave.RESET, SOON), (Misbehave.HANG, 0.2)):
        made.misbehave(how)
        yield await channel.send(sent, timeout=timeout)
