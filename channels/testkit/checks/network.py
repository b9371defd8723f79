"""What every channel makes of a network that fails."""

from __future__ import annotations

import asyncio

from channels.contract import Accepted, Blame, Deferred, Rejected, Uncertain
from channels.testkit.bench import SOON, Bench, address, built, nowhere, prepared_by, timed
from channels.testkit.checks.running import Tried, check, either, no_http, no_network, prepares_nothing
from channels.testkit.loopback import (
    HttpServer,
    Misbehave,
    Reply,
    SmtpServer,
    closed_port,
    listening,
    reset,
)
from channels.testkit.samples import Smtp, envelope


@check()
async def test_a_far_end_that_hangs_is_uncertain_in_time(made: Bench) -> None:
    made.misbehave(Misbehave.HANG)
    outcome, took = await timed(made.channel.send(made.envelope(), timeout=0.3))
    assert isinstance(outcome, Uncertain), outcome
    assert outcome.fault.blame is Blame.PATH
    assert outcome.fault.code == "timeout"
    assert 0.25 < took < 1.0
    assert made.delivering == 1


@check(no_http)
async def test_an_answer_that_never_ends_is_uncertain_in_time(made: Bench) -> None:
    made.misbehave(Misbehave.DRIP)
    outcome, took = await timed(made.channel.send(made.envelope(), timeout=0.3))
    assert isinstance(outcome, Uncertain), outcome
    assert took < 1.0
    assert made.delivering == 1


@check(no_network)
async def test_a_connection_lost_after_the_request_is_uncertain(made: Bench) -> None:
    for number, how in enumerate((Misbehave.CLOSE, Misbehave.RESET), 1):
        made.misbehave(how)
        outcome = await made.channel.send(made.envelope(number), timeout=SOON)
        assert isinstance(outcome, Uncertain), (how, outcome)
        assert outcome.fault.blame is Blame.PATH
        assert made.delivering == number


@check(no_network)
async def test_nobody_there_is_deferred(tried: Tried) -> None:
    entry, url = tried.entry, nowhere()
    settings = entry.settings(closed_port()) if isinstance(entry, Smtp) else tried.http.settings(url)
    to = address(entry, 1, url) if entry is not None else ""
    async with built(tried.name, settings) as channel:
        outcome = await channel.send(envelope(to=to), timeout=SOON)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.blame is Blame.PATH
    assert outcome.fault.code == "no-connection"
    assert not outcome.route_wide


@check(no_http)
async def test_a_name_that_does_not_resolve_is_deferred(tried: Tried) -> None:
    url = "http://provider.invalid"
    async with built(tried.name, tried.http.settings(url)) as channel:
        outcome = await channel.send(envelope(to=tried.http.to(url, 1)), timeout=2.0)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.code in ("dns", "connect-timeout")  # where there is no resolver at all, asking may hang


@check(no_http)
async def test_a_far_end_without_tls_is_deferred(tried: Tried) -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    async with listening(speak_plainly) as port:
        url = f"https://127.0.0.1:{port}"
        async with built(tried.name, tried.http.settings(url)) as channel:
            outcome = await channel.send(envelope(to=tried.http.to(url, 1)), timeout=SOON)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.code == "tls"


@check(no_http)
async def test_a_handshake_that_never_ends_is_deferred_in_time(tried: Tried) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(say_nothing) as port:
        url = f"https://127.0.0.1:{port}"
        async with built(tried.name, tried.http.settings(url)) as channel:
            outcome, took = await timed(channel.send(envelope(to=tried.http.to(url, 1)), timeout=0.4))
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.code == "connect-timeout"
    assert took < 1.0


@check(no_http)
async def test_a_connection_reset_before_the_request_is_read_is_not_repeated(tried: Tried) -> None:
    """From here it cannot be told from one that was reset after acting upon the request."""
    connections = 0

    async def slam(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        reset(writer)

    async with listening(slam) as port:
        url = f"http://127.0.0.1:{port}"
        async with built(tried.name, tried.http.settings(url)) as channel:
            outcome = await channel.send(envelope(to=tried.http.to(url, 1)), timeout=SOON)
    # What only prepares a send has delivered nothing when it fails.
    right = Uncertain if prepares_nothing(tried) else (Uncertain, Deferred)
    assert isinstance(outcome, right), outcome
    assert outcome.fault.blame is Blame.PATH
    assert connections == 1


@check(no_http)
async def test_a_broken_answer_is_uncertain(made: Bench) -> None:
    for number, how in enumerate((Misbehave.TRUNCATE, Misbehave.NOT_HTTP), 1):
        made.misbehave(how)
        outcome = await made.channel.send(made.envelope(number), timeout=SOON)
        assert isinstance(outcome, Uncertain), (how, outcome)
        assert made.delivering == number


@check(no_http)
async def test_a_reused_connection_that_dies_is_uncertain_and_not_repeated(made: Bench) -> None:
    assert isinstance(await made.channel.send(made.envelope(1), timeout=SOON), Accepted)
    made.misbehave(Misbehave.CLOSE)
    outcome = await made.channel.send(made.envelope(2), timeout=SOON)
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.code == "disconnected"
    assert len({request.connection for request in made.server.requests}) == 1
    assert made.delivering == 2


@check(no_network)
async def test_sends_share_a_connection(made: Bench) -> None:
    for number in (1, 2, 3):
        await made.channel.send(made.envelope(number), timeout=SOON)
    assert isinstance(made.far, HttpServer | SmtpServer)
    assert made.far.connections == 1


# what comes before a send


@check(either(no_http, prepares_nothing))
async def test_what_fails_before_the_delivering_request_has_delivered_nothing(tried: Tried) -> None:
    """A session that cannot be opened is no reason to doubt whether the message went out."""
    for way in (*Misbehave, *(Reply(status, b"{}") for status in (200, 400, 401, 429, 500))):
        async with prepared_by(tried.http, way) as far, built(tried.name, tried.http.settings(far.url)) as channel:
            outcome, took = await timed(channel.send(envelope(to=tried.http.to(far.url, 1)), timeout=0.4))
            assert isinstance(outcome, Deferred | Rejected), (way, outcome)
            assert far.others, "nothing was asked first"
            assert not far.requests, way
            assert took < 1.5
