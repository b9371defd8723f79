"""What every channel promises, tried on every channel that is installed."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from enrolled import ENROLLED, Http, Inboxed, MemoryInbox, Smtp, built, envelope, nowhere
from loopback import HttpServer, Misbehave, Reply, Request, SmtpServer, closed_port, http_server, listening, smtp_server
from pydantic import BaseModel, SecretStr

from channels.contract import (
    Accepted,
    Blame,
    CanBeAsked,
    Channel,
    Deferred,
    Envelope,
    HearsReceipts,
    Outcome,
    Rejected,
    Repeat,
    Uncertain,
    Words,
)
from channels.registry import ChannelType, channel_types

NAMES = sorted(channel_types())
HTTP = [name for name in NAMES if isinstance(ENROLLED.get(name), Http)]
SOON = 5.0


def http_of(name: str) -> Http:
    entry = ENROLLED[name]
    assert isinstance(entry, Http)
    return entry


@dataclass
class Bench:
    """A channel and the far end it speaks to, whatever its kind."""

    channel: Channel
    kind: ChannelType
    far: HttpServer | SmtpServer | MemoryInbox
    secrets: tuple[str, ...]
    oversize: Words

    @property
    def delivering(self) -> int:
        """Delivering requests that the far end has seen."""
        match self.far:
            case HttpServer():
                return len(self.far.posts)
            case SmtpServer():
                return self.far.mails
            case _:
                return self.far.puts

    def envelope(self, number: int = 1, **changes: Any) -> Envelope:
        entry = ENROLLED[self.kind.name]
        match entry:
            case Http():
                return envelope(number, to=entry.address(number), **changes)
            case Smtp():
                return envelope(number, to=f"person{number}@customer.example", **changes)
            case Inboxed():
                return envelope(number, to=f"user-{number:06}", **changes)

    def misbehave(self, how: Misbehave) -> None:
        match self.far:
            case HttpServer():
                self.far.answer = lambda _: how
            case SmtpServer():
                self.far.script["BODY"] = how
            case _:
                self.far.before = (lambda: asyncio.sleep(60)) if how is Misbehave.HANG else _fail


async def _fail() -> None:
    raise ConnectionResetError("store is gone: user-000001")


@asynccontextmanager
async def bench(name: str) -> AsyncIterator[Bench]:
    kind = channel_types()[name]
    async with AsyncExitStack() as stack:
        match ENROLLED.get(name):
            case Http() as entry:
                far = await stack.enter_async_context(http_server(entry.accepts))
                channel = await stack.enter_async_context(built(name, entry.settings(far.url)))
                yield Bench(channel, kind, far, entry.secrets, Words(entry.oversize))
            case Smtp() as entry:
                relay = await stack.enter_async_context(smtp_server())
                channel = await stack.enter_async_context(built(name, entry.settings(relay.port)))
                yield Bench(channel, kind, relay, entry.secrets, Words("x", subject="x" * 201))
            case Inboxed():
                inbox = MemoryInbox()
                channel = await stack.enter_async_context(built(name, {}, inbox))
                yield Bench(channel, kind, inbox, (), Words("x" * 2001))
            case None:
                pytest.fail(f"{name} is installed but not enrolled: give it an entry in tests/conformance/enrolled.py")


@pytest.fixture(params=NAMES)
async def any_bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with bench(request.param) as made:
        yield made


@pytest.fixture(params=HTTP)
async def http_bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with bench(request.param) as made:
        yield made


def http_far(made: Bench) -> HttpServer:
    assert isinstance(made.far, HttpServer)
    return made.far


async def timed(sending: Any) -> tuple[Outcome, float]:
    begun = time.monotonic()
    outcome = await sending
    return outcome, time.monotonic() - begun


# shape


def test_every_installed_channel_is_enrolled() -> None:
    assert set(NAMES) == set(ENROLLED), "give every installed channel an entry in tests/conformance/enrolled.py"


async def test_abilities_match_what_is_declared(any_bench: Bench) -> None:
    channel, declared = any_bench.channel, any_bench.kind.capabilities
    assert isinstance(channel, Channel)
    assert channel.capabilities == declared
    assert isinstance(channel, HearsReceipts) == declared.hears_receipts
    if declared.repeat is Repeat.LOOKUP:
        assert isinstance(channel, CanBeAsked)
    assert declared.kind.value == any_bench.kind.name.partition("/")[0]


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_frozen_closed_documented_and_keep_secrets(name: str) -> None:
    settings = channel_types()[name].settings
    assert issubclass(settings, BaseModel)
    assert settings.model_config.get("frozen")
    assert settings.model_config.get("extra") == "forbid"
    assert settings.model_config.get("hide_input_in_errors")
    for field_name, field in settings.model_fields.items():
        assert field.description, f"{field_name} has no description"
        if any(word in field_name for word in ("secret", "token", "password", "key")):
            assert SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ())), field_name


@pytest.mark.parametrize("name", NAMES)
def test_no_channel_sleeps(name: str) -> None:
    package = __import__(channel_types()[name].build.__module__, fromlist=["CHANNEL"])
    adapter = __import__(f"{package.__name__}.adapter", fromlist=["x"])
    source = inspect.getsource(adapter)
    assert "sleep(" not in source
    assert "random" not in source


async def test_measuring_needs_no_instance(any_bench: Bench) -> None:
    for words in (any_bench.oversize, any_bench.envelope().words, Words("it’s 🔥 at status.example.com", subject="é")):
        assert any_bench.kind.measure(words, None) == any_bench.channel.measure(words)


# sending


async def test_one_send_is_one_delivering_request(any_bench: Bench) -> None:
    sent = any_bench.envelope()
    outcome = await any_bench.channel.send(sent, timeout=SOON)
    assert isinstance(outcome, Accepted), outcome
    assert outcome.ref
    assert not outcome.duplicate
    assert any_bench.delivering == 1


async def test_concurrent_sends_do_not_cross(any_bench: Bench) -> None:
    sent = [any_bench.envelope(number) for number in range(1, 65)]
    outcomes = await asyncio.gather(*(any_bench.channel.send(one, timeout=SOON) for one in sent))
    assert any_bench.delivering == 64
    refs = []
    for outcome in outcomes:
        assert isinstance(outcome, Accepted), outcome
        refs.append(outcome.ref)
    entry = ENROLLED[any_bench.kind.name]
    if isinstance(entry, Http):
        assert refs == [entry.ref(one) for one in sent]
    assert len(set(refs)) == 64


async def test_too_long_is_refused_before_any_request(any_bench: Bench) -> None:
    assert any_bench.channel.measure(any_bench.oversize).over > 0
    outcome = await any_bench.channel.send(any_bench.envelope(words=any_bench.oversize), timeout=SOON)
    assert isinstance(outcome, Rejected)
    assert outcome.fault.blame is Blame.MESSAGE
    assert outcome.fault.code == "too-long"
    assert any_bench.delivering == 0


async def test_just_short_enough_is_sent(any_bench: Bench) -> None:
    words = any_bench.oversize
    cut = Words(words.text[:-1], subject=words.subject[:-1]) if words.subject else Words(words.text[:-1])
    assert any_bench.channel.measure(cut).over == 0
    assert isinstance(await any_bench.channel.send(any_bench.envelope(words=cut), timeout=SOON), Accepted)


@pytest.mark.parametrize(
    "text",
    [
        "héllo ‘wörld’ — 5 €",
        "停电通知",
        "שירות הדואר אינו זמין",
        "🔥👩‍👩‍👧‍👦 down",
        "a\r\nb\x00c",
        "half \ud83d pair",
        "",
    ],
)
async def test_odd_words_never_raise(any_bench: Bench, text: str) -> None:
    sent = any_bench.envelope(words=Words(text, subject=text[:50], html=f"<p>{text}</p>"))
    any_bench.channel.measure(sent.words)
    outcome = await any_bench.channel.send(sent, timeout=SOON)
    assert isinstance(outcome, Accepted | Rejected), outcome
    assert any_bench.delivering <= 1


async def test_settings_are_not_changed_by_sending(any_bench: Bench) -> None:
    entry = ENROLLED[any_bench.kind.name]
    match any_bench.far:
        case HttpServer() as far if isinstance(entry, Http):
            given = entry.settings(far.url)
        case SmtpServer() as relay if isinstance(entry, Smtp):
            given = entry.settings(relay.port)
        case _:
            given = {}
    settings = any_bench.kind.settings.model_validate(given)
    before = settings.model_dump_json()
    copied = any_bench.kind.settings.model_validate(settings.model_dump())
    assert copied == settings
    async with built(any_bench.kind.name, settings.model_dump(), MemoryInbox()) as channel:
        await channel.send(any_bench.envelope(), timeout=SOON)
    assert settings.model_dump_json() == before


async def test_cancelling_passes_through(any_bench: Bench) -> None:
    any_bench.misbehave(Misbehave.HANG)
    sending = asyncio.create_task(any_bench.channel.send(any_bench.envelope(), timeout=SOON))
    while any_bench.delivering == 0:  # noqa: ASYNC110 - the far end counts, and knows no event
        await asyncio.sleep(0.005)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


# faults on the way


async def test_a_far_end_that_hangs_is_uncertain_in_time(any_bench: Bench) -> None:
    any_bench.misbehave(Misbehave.HANG)
    outcome, took = await timed(any_bench.channel.send(any_bench.envelope(), timeout=0.3))
    assert isinstance(outcome, Uncertain), outcome
    assert outcome.fault.blame is Blame.PATH
    assert outcome.fault.code == "timeout"
    assert 0.25 < took < 1.0
    assert any_bench.delivering == 1


@pytest.mark.parametrize("how", [Misbehave.CLOSE, Misbehave.RESET])
async def test_a_connection_lost_after_the_request_is_uncertain(any_bench: Bench, how: Misbehave) -> None:
    if isinstance(any_bench.far, MemoryInbox):
        pytest.skip("no network in between")
    any_bench.misbehave(how)
    outcome = await any_bench.channel.send(any_bench.envelope(), timeout=SOON)
    assert isinstance(outcome, Uncertain), outcome
    assert outcome.fault.blame is Blame.PATH
    assert any_bench.delivering == 1


@pytest.mark.parametrize("name", NAMES)
async def test_nobody_there_is_deferred(name: str) -> None:
    match ENROLLED[name]:
        case Http() as entry:
            settings = entry.settings(nowhere())
        case Smtp() as entry:
            settings = entry.settings(closed_port())
        case Inboxed():
            pytest.skip("no network in between")
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


async def test_sends_share_a_connection(any_bench: Bench) -> None:
    if isinstance(any_bench.far, MemoryInbox):
        pytest.skip("no network in between")
    for number in (1, 2, 3):
        await any_bench.channel.send(any_bench.envelope(number), timeout=SOON)
    assert any_bench.far.connections == 1


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


async def test_redirects_are_not_followed(http_bench: Bench) -> None:
    far = http_far(http_bench)
    far.answer = lambda _: Reply(308, b"", {"Location": f"{far.url}/elsewhere"})
    assert isinstance(await http_bench.channel.send(http_bench.envelope(), timeout=SOON), Deferred)
    assert len(far.requests) == 1


async def test_cookies_are_not_kept(http_bench: Bench) -> None:
    far = http_far(http_bench)
    entry = http_of(http_bench.kind.name)

    def with_cookie(request: Request) -> Reply:
        plain = entry.accepts(request)
        return replace(plain, headers={**plain.headers, "Set-Cookie": "route=3; Path=/"})

    far.answer = with_cookie
    for number in (1, 2):
        await http_bench.channel.send(http_bench.envelope(number), timeout=SOON)
    assert all("cookie" not in request.headers for request in far.requests)
    assert all(request.target.endswith(entry.path) for request in far.requests)


async def test_environment_proxies_are_not_used(http_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, nowhere())
    entry = http_of(http_bench.kind.name)
    async with built(http_bench.kind.name, entry.settings(http_far(http_bench).url)) as channel:
        assert isinstance(await channel.send(http_bench.envelope(), timeout=SOON), Accepted)


# silence


async def test_nothing_secret_and_no_address_is_told(
    any_bench: Bench, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = any_bench.envelope()
    told = [await any_bench.channel.send(sent, timeout=SOON)]
    far = any_bench.far
    echo = f"{sent.to} cannot be reached with {' '.join(any_bench.secrets)} ({sent.to.lstrip('+')})"
    if isinstance(far, HttpServer):
        for status in (200, 400, 401, 403, 404, 429, 500):
            body = f'{{"code": 99999, "message": "{echo}", "ok": false, "error": "{echo}", "detail": "{echo}"}}'
            far.answer = lambda _, status=status, body=body: Reply(status, body.encode())
            told.append(await any_bench.channel.send(sent, timeout=SOON))
    if isinstance(far, SmtpServer):
        for verb in ("MAIL", "RCPT", "DATA", "BODY"):
            far.script = {verb: f"550 5.1.1 <{sent.to}> {echo}"}
            told.append(await any_bench.channel.send(sent, timeout=SOON))
    any_bench.misbehave(Misbehave.RESET)
    told.append(await any_bench.channel.send(sent, timeout=SOON))
    # An Accepted holds the provider's reference, which in these tests is made of the address.
    faults = [outcome.fault for outcome in told if not isinstance(outcome, Accepted)]
    assert faults
    out, err = capsys.readouterr()
    words = "\n".join([repr(faults), repr(any_bench.channel), str(any_bench.channel), caplog.text, out, err])
    for secret in (*any_bench.secrets, sent.to, sent.to.lstrip("+@"), sent.words.text, sent.token):
        assert secret not in words
