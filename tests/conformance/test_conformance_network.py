"""What every channel makes of a network that fails and of answers that say little or nothing."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from channels.contract import (
    Accepted,
    Blame,
    Deferred,
    Rejected,
    Uncertain,
)
from channels.testkit.bench import HTTP, NAMES, SOON, Bench, built, http_far, http_of, nowhere, timed
from channels.testkit.loopback import Misbehave, Reply, Request, closed_port, listening
from channels.testkit.samples import Http, Inboxed, Smtp, enrolled, envelope

# the network


async def test_a_far_end_that_hangs_is_uncertain_in_time(any_bench: Bench) -> None:
    any_bench.misbehave(Misbehave.HANG)
    outcome, took = await timed(any_bench.channel.send(any_bench.envelope(), timeout=0.3))
    assert isinstance(outcome, Uncertain), outcome
    assert outcome.fault.blame is Blame.PATH
    assert outcome.fault.code == "timeout"
    assert 0.25 < took < 1.0
    assert any_bench.delivering == 1


@pytest.mark.parametrize("how", [Misbehave.CLOSE, Misbehave.RESET])
async def test_a_connection_lost_after_the_request_is_uncertain(networked_bench: Bench, how: Misbehave) -> None:
    networked_bench.misbehave(how)
    outcome = await networked_bench.channel.send(networked_bench.envelope(), timeout=SOON)
    assert isinstance(outcome, Uncertain), outcome
    assert outcome.fault.blame is Blame.PATH
    assert networked_bench.delivering == 1


@pytest.mark.parametrize("name", [name for name in NAMES if not isinstance(enrolled()[name], Inboxed)])
async def test_nobody_there_is_deferred(name: str) -> None:
    match enrolled()[name]:
        case Http() as entry:
            settings = entry.settings(nowhere())
        case Smtp() as entry:
            settings = entry.settings(closed_port())
        case other:
            raise AssertionError(f"{other} has no network")
    async with built(name, settings) as channel:
        to = entry.address(1) if isinstance(entry, Http) else "person@customer.example"
        outcome = await channel.send(envelope(to=to), timeout=SOON)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.blame is Blame.PATH
    assert outcome.fault.code == "no-connection"
    assert not outcome.route_wide


@pytest.mark.parametrize("name", HTTP)
async def test_a_name_that_does_not_resolve_is_deferred(name: str) -> None:
    entry = http_of(name)
    async with built(name, entry.settings("http://provider.invalid")) as channel:
        outcome = await channel.send(envelope(to=entry.address(1)), timeout=2.0)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.code in ("dns", "connect-timeout")  # where there is no resolver at all, asking may hang


@pytest.mark.parametrize("name", HTTP)
async def test_a_far_end_without_tls_is_deferred(name: str) -> None:
    entry = http_of(name)

    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    async with (
        listening(speak_plainly) as port,
        built(name, entry.settings(f"https://127.0.0.1:{port}")) as channel,
    ):
        outcome = await channel.send(envelope(to=entry.address(1)), timeout=SOON)
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.code == "tls"


@pytest.mark.parametrize("name", HTTP)
async def test_a_handshake_that_never_ends_is_deferred_in_time(name: str) -> None:
    entry = http_of(name)

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with (
        listening(say_nothing) as port,
        built(name, entry.settings(f"https://127.0.0.1:{port}")) as channel,
    ):
        outcome, took = await timed(channel.send(envelope(to=entry.address(1)), timeout=0.4))
    assert isinstance(outcome, Deferred), outcome
    assert outcome.fault.code == "connect-timeout"
    assert took < 1.0


@pytest.mark.parametrize("how", [Misbehave.TRUNCATE, Misbehave.NOT_HTTP])
async def test_a_broken_answer_is_uncertain(http_bench: Bench, how: Misbehave) -> None:
    http_bench.misbehave(how)
    outcome = await http_bench.channel.send(http_bench.envelope(), timeout=SOON)
    assert isinstance(outcome, Uncertain), outcome
    assert http_bench.delivering == 1


async def test_a_reused_connection_that_dies_is_uncertain_and_not_repeated(http_bench: Bench) -> None:
    far = http_far(http_bench)
    assert isinstance(await http_bench.channel.send(http_bench.envelope(1), timeout=SOON), Accepted)
    http_bench.misbehave(Misbehave.CLOSE)
    outcome = await http_bench.channel.send(http_bench.envelope(2), timeout=SOON)
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.code == "disconnected"
    assert [request.connection for request in far.posts] == [1, 1]


async def test_sends_share_a_connection(networked_bench: Bench) -> None:
    for number in (1, 2, 3):
        await networked_bench.channel.send(networked_bench.envelope(number), timeout=SOON)
    assert networked_bench.far.connections == 1


# answers


def expected(status: int) -> tuple[type, ...]:
    """Which outcomes are right for a status of which no more is known."""
    if status == 429:
        return (Deferred,)
    if status in (307, 308, 421, 425):
        return (Deferred,)
    if status in (408, 409) or not 400 <= status < 500:
        return (Uncertain,)
    return (Rejected,)


STATUSES = [200, 201, 202, 204, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308, *range(400, 418), 421, 422, 423, 424]
STATUSES += [425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 529, 599]


@pytest.mark.parametrize(
    "body", [b"", b"<html><h1>Bad gateway</h1></html>", b"{}", b"[]", b"null", b'"ok"', b"\xff\xfe"]
)
async def test_every_status_with_a_meaningless_body(http_bench: Bench, body: bytes) -> None:
    far = http_far(http_bench)
    for kind in ("application/json", "text/html", "text/plain; charset=utf-8"):
        for number, status in enumerate(STATUSES, 1):
            far.answer = lambda _, status=status, kind=kind: Reply(status, body, {"Content-Type": kind})
            before = http_bench.delivering
            outcome = await http_bench.channel.send(http_bench.envelope(number), timeout=SOON)
            assert isinstance(outcome, expected(status)), (status, kind, outcome)
            assert http_bench.delivering == before + 1
            if isinstance(outcome, Deferred) and status == 429:
                assert outcome.route_wide
                assert outcome.wait is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"sid": null, "ok": true, "data": null}',
        b'{"sid": 7, "ok": true, "ts": 1.5, "channel": "C1", "data": {"id": 7}}',
        b'{"ok": "yes", "sid": "", "data": []}',
        b'{"errors": [{"title": "Not Found Error"}]}',
        b'{"sid": "SM1", "ok": true, "data": {"id": "1"',
        b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("status", [200, 201])
async def test_a_success_that_cannot_be_read_is_uncertain(http_bench: Bench, status: int, body: bytes) -> None:
    http_far(http_bench).answer = lambda _: Reply(status, body)
    outcome = await http_bench.channel.send(http_bench.envelope(), timeout=SOON)
    assert isinstance(outcome, Uncertain), outcome


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("-3", 0, 0),
        ("1e9", 3600, 3600),
        ("in two minutes", 110, 121),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("soon", None, None),
        ("nan", None, None),
        ("", None, None),
    ],
)
async def test_retry_after(http_bench: Bench, said: str, low: float | None, high: float | None) -> None:
    if said == "in two minutes":
        said = format_datetime(datetime.fromtimestamp(time.time() + 120, UTC), usegmt=True)
    headers = {"Content-Type": "application/json", "Retry-After": said}
    http_far(http_bench).answer = lambda _: Reply(429, b'{"ok": false, "error": "ratelimited", "code": 20429}', headers)
    outcome = await http_bench.channel.send(http_bench.envelope(), timeout=SOON)
    assert isinstance(outcome, Deferred)
    assert outcome.route_wide
    assert outcome.fault.code == "rate-limited"
    assert outcome.fault.blame is Blame.PROVIDER
    if low is None or high is None:
        assert outcome.wait is None
    else:
        assert outcome.wait is not None
        assert low <= outcome.wait <= high


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(http_bench: Bench, status: int) -> None:
    far = http_far(http_bench)
    far.answer = lambda _: Reply(status, b"", {"Location": f"{far.url}/elsewhere"})
    outcome = await http_bench.channel.send(http_bench.envelope(), timeout=SOON)
    assert isinstance(outcome, expected(status))
    assert len(far.requests) == 1


async def test_cookies_are_not_kept(http_bench: Bench) -> None:
    far = http_far(http_bench)
    entry = http_of(http_bench.kind.name)

    def with_cookie(request: Request) -> Reply:
        plain = entry.accepts(request)
        return replace(plain, headers={**plain.headers, "Set-Cookie": "route=3; Path=/"})

    far.answer = with_cookie
    by_name = entry.settings(far.url.replace("127.0.0.1", "localhost"))  # no jar keeps cookies of a bare address
    async with built(http_bench.kind.name, by_name) as channel:
        for number in (1, 2):
            assert isinstance(await channel.send(http_bench.envelope(number), timeout=SOON), Accepted)
    assert all("cookie" not in request.headers for request in far.requests)
    assert all(request.target.endswith(entry.path) for request in far.requests)


async def test_environment_proxies_are_not_used(http_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, nowhere())
    entry = http_of(http_bench.kind.name)
    async with built(http_bench.kind.name, entry.settings(http_far(http_bench).url)) as channel:
        assert isinstance(await channel.send(http_bench.envelope(), timeout=SOON), Accepted)
