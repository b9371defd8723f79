"""Masking, waits, statuses and network failures, and the guard on the shared session."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.client_exceptions import UnixClientConnectorError
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.contract import Blame, Deferred, Rejected, Uncertain
from channels.registry import channel_types
from channels.transport.account import AccountSettings, BaseUrl
from channels.transport.http import Exchange, SecondRequest, SharedSession, exchange, open_session
from channels.transport.masking import LONGEST, masked, masked_address
from channels.transport.outcomes import of_network, of_status, retry_after

# masking


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("The 'To' number +15551234567 is bad", "The 'To' number +…67 is bad"),
        ("call (555) 123-4567 now", "call (…67 now"),
        ("<jo.doe+x@mail.example.com>: unknown", "<…@mail.example.com>: unknown"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("Authorization: Basic QUM6eA==", "Authorization: Basic ***"),
        ("token xoxb-12-34-abc bad", "token *** bad"),
        ("GET https://u:p@api.example.com/x?token=1&a=2 failed", "GET https://api.example.com/x?*** failed"),
        ("code 21211 at 14:05", "code 21211 at 14:05"),
        ("two\r\nlines\x00", "two lines"),
        ("half \ud83d", "half ?"),
    ],
)
def test_masked(text: str, becomes: str) -> None:
    assert masked(text) == becomes


def test_masked_knows_what_it_is_told() -> None:
    assert masked("C0123ABC is archived, says pa55", addresses=["C0123ABC", ""], secrets=["pa55", ""]) == (
        "…BC is archived, says ***"
    )


@pytest.mark.parametrize(
    ("address", "becomes"),
    [("+15551234567", "+…67"), ("jo@example.com", "…@example.com"), ("U0123", "…23"), ("jo", "…"), ("", "…")],
)
def test_masked_address(address: str, becomes: str) -> None:
    assert masked_address(address) == becomes


@given(st.text(max_size=600), st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True), st.text(max_size=20))
def test_no_number_survives(before: str, number: str, after: str) -> None:
    told = masked(f"{before} {number} {after}")
    assert number not in told
    assert len(told) <= LONGEST
    assert "\n" not in told


# waits


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("0", 0.0),
        (" 12 ", 12.0),
        ("1.5", 1.5),
        ("-1", 0.0),
        ("99999999", 3600.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:17:40 GMT", 60.0),
        ("Thu, 01 Jan 1970 00:17:40", 60.0),
        ("Thu, 01 Jan 1970 02:17:40 +0200", 60.0),
        ("Thu, 01 Jan 2970 00:00:00 GMT", 3600.0),
        ("", None),
        ("later", None),
        ("inf", None),
        ("nan", None),
        ("Thu, 99 Foo", None),
    ],
)
def test_retry_after(said: str, wait: float | None) -> None:
    assert retry_after({"rEtry-aFter": said}, now=1000.0) == wait


@given(st.text())
def test_retry_after_never_raises(said: str) -> None:
    wait = retry_after({"Retry-After": said}, now=0.0)
    assert wait is None or 0 <= wait <= 3600


def test_retry_after_absent() -> None:
    assert retry_after({}) is None


# statuses


@pytest.mark.parametrize("status", range(100, 1000))
def test_every_status_has_an_outcome(status: int) -> None:
    outcome = of_status(status, {}, provider_code="x1", said="said")
    assert outcome.fault.provider_code == "x1"
    assert outcome.fault.detail.endswith("said")
    if status >= 500 or status < 300:
        assert isinstance(outcome, Uncertain)
    if status in (401, 403):
        assert isinstance(outcome, Rejected)
        assert outcome.fault.blame is Blame.ACCOUNT
    if isinstance(outcome, Deferred) and outcome.route_wide:
        assert status == 429


# network failures

KEY = ConnectionKey("api.example.com", 443, True, True, None, None, None)


def all_kinds(of: type) -> list[type]:
    return [kind for sub in of.__subclasses__() for kind in (sub, *all_kinds(sub))]


NEVER_LEFT = (
    aiohttp.ClientConnectorError(KEY, OSError(111, "refused")),
    aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")),
    aiohttp.ClientProxyConnectionError(KEY, OSError(111, "refused")),
    aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "bad")),
    aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError(1, "bad")),
    UnixClientConnectorError("/x", KEY, OSError(2, "none")),
    aiohttp.ConnectionTimeoutError("slow"),
    aiohttp.ServerFingerprintMismatch(b"a", b"b", "h", 1),
)
MAY_HAVE_ARRIVED = (
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientOSError(104, "reset"),
    aiohttp.ClientConnectionResetError("closing"),
    aiohttp.ClientPayloadError("short"),
    aiohttp.SocketTimeoutError("slow"),
    aiohttp.ServerTimeoutError("slow"),
    aiohttp.ClientConnectionError("odd"),
    TimeoutError(),
    ConnectionResetError(),
    BrokenPipeError(),
)


@pytest.mark.parametrize("error", NEVER_LEFT, ids=lambda error: type(error).__name__)
def test_never_left(error: Exception) -> None:
    outcome = of_network(error)
    assert isinstance(outcome, Deferred)
    assert outcome.fault.blame is Blame.PATH


@pytest.mark.parametrize("error", MAY_HAVE_ARRIVED, ids=lambda error: type(error).__name__)
def test_may_have_arrived(error: Exception) -> None:
    outcome = of_network(error)
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.blame is Blame.PATH


def test_every_connection_error_of_aiohttp_is_known_here() -> None:
    tried = {type(error) for error in (*NEVER_LEFT, *MAY_HAVE_ARRIVED)}
    known = {kind for kind in all_kinds(aiohttp.ClientConnectionError) if kind.__module__.startswith("aiohttp")}
    bases = {"ClientSSLError", "ServerConnectionError"}
    assert {kind.__name__ for kind in known - tried} == bases


def test_a_programming_error_is_no_network_failure() -> None:
    assert of_network(KeyError("x")) is None


# the shared session


@pytest.mark.parametrize(
    ("talk", "error", "kind", "code"),
    [
        (Exchange(1, asked=1, status=201, body=b"{"), ValueError(), Uncertain, "garbled"),
        (Exchange(1, asked=1, status=201), aiohttp.ClientPayloadError(), Uncertain, "truncated"),
        (Exchange(1, asked=1, status=404), aiohttp.ClientPayloadError(), Rejected, "no-such-service"),
        (Exchange(1, asked=1), KeyError(), Uncertain, "unexplained"),
        (Exchange(1, asked=1), aiohttp.ConnectionTimeoutError(), Deferred, "connect-timeout"),
        (Exchange(1), UnicodeEncodeError("ascii", "é", 0, 1, "x"), Rejected, "not-sendable"),
        (Exchange(1), RuntimeError("Session is closed"), Deferred, "not-sent"),
        (Exchange(1), aiohttp.InvalidURL("x"), Deferred, "bad-base-url"),
    ],
)
def test_what_an_exchange_means(talk: Exchange, error: Exception, kind: type, code: str) -> None:
    outcome = talk.outcome(error)
    assert isinstance(outcome, kind)
    assert outcome.fault.code == code


def test_a_cause_is_looked_at() -> None:
    wrapped = LookupError()
    wrapped.__cause__ = aiohttp.ServerDisconnectedError()
    assert Exchange(1, asked=1).outcome(wrapped).fault.code == "disconnected"


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_an_exchange_without_an_object_is_empty(body: bytes) -> None:
    assert Exchange(1, body=body).json() == {}


async def _server(handler: Any) -> tuple[web.AppRunner, str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def test_a_second_delivering_request_is_stopped() -> None:
    hits = []

    async def handler(request: web.Request) -> web.Response:
        hits.append(request.method)
        return web.json_response({"n": len(hits)}, status=500)

    runner, url = await _server(handler)
    async with open_session() as session:
        shared = SharedSession(session)
        with exchange(2) as talk:
            async with shared.request("POST", url) as answer:
                assert answer.status == 500
            with pytest.raises(SecondRequest) as stopped:
                async with shared.request("POST", url):
                    pass
            assert talk.outcome(stopped.value).fault.code == "provider-error"
            async with shared.request("GET", url):
                pass
        assert hits == ["POST", "GET"]
        assert talk.json() == {"n": 2}
    await runner.cleanup()


async def test_exchanges_of_concurrent_tasks_are_apart() -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(0.02)
        return web.json_response({"path": request.path})

    runner, url = await _server(handler)
    async with open_session() as session:
        shared = SharedSession(session)

        async def talk_about(path: str) -> None:
            with exchange(2) as talk:
                async with shared.request("POST", url + path):
                    pass
                assert talk.json() == {"path": path}

        await asyncio.gather(*(talk_about(f"/{number}") for number in range(64)))
    await runner.cleanup()


async def test_the_shared_session_stays_within_its_provider() -> None:
    async with open_session() as session:
        shared = SharedSession(session, instead_of="https://api.example.com", base_url="http://127.0.0.1:9")
        with exchange(1), pytest.raises(ValueError, match="outside"):
            shared.request("GET", "https://elsewhere.example.com/")
        await shared.close()
        assert not session.closed
        assert not shared.closed


# settings


@pytest.mark.parametrize(
    ("url", "kept"),
    [("https://api.example.com/", "https://api.example.com"), ("http://127.0.0.1:4010/x/", "http://127.0.0.1:4010/x")],
)
def test_base_url(url: str, kept: str) -> None:
    class Settings(AccountSettings):
        base_url: BaseUrl

    assert Settings(base_url=url).base_url == kept


@pytest.mark.parametrize(
    "url", ["", "api.example.com", "ftp://x", "https://u:p@x", "https://x?y=1", "https:///x", "https://x#y"]
)
def test_a_bad_base_url(url: str) -> None:
    class Settings(AccountSettings):
        base_url: BaseUrl

    with pytest.raises(ValidationError):
        Settings(base_url=url)


@pytest.mark.parametrize("name", sorted(channel_types()))
def test_wrong_settings_do_not_tell_their_values(name: str) -> None:
    given = dict.fromkeys(channel_types()[name].settings.model_fields, "VERY-SECRET")
    with pytest.raises(ValidationError) as refused:
        channel_types()[name].settings.model_validate({**given, "surplus": "VERY-SECRET"})
    assert "VERY-SECRET" not in str(refused.value)


def test_exactly_one_sender() -> None:
    settings = channel_types()["sms/twilio"].settings
    account = {"account_sid": "AC" + "0" * 32, "auth_token": "x"}
    for senders in ({}, {"from_number": "+15005550006", "messaging_service_sid": "MG" + "0" * 32}):
        with pytest.raises(ValidationError, match="exactly one"):
            settings.model_validate({**account, **senders})


def test_a_password_needs_protection() -> None:
    settings = channel_types()["email/smtp"].settings
    relay = {"host": "mail.example.com", "from_address": "a@example.com", "message_id_domain": "example.com"}
    with pytest.raises(ValidationError, match="unprotected"):
        settings.model_validate({**relay, "security": "none", "username": "u", "password": "p"})
    with pytest.raises(ValidationError, match="both"):
        settings.model_validate({**relay, "username": "u"})
    settings.model_validate({**relay, "username": "u", "password": "p"})
