"""httpx on the host's session: what goes over, what comes back, and whose rules hold."""

from __future__ import annotations

import gzip

import pytest

from channels.contract import Deferred, Uncertain
from channels.testkit.bench import nowhere
from channels.testkit.loopback import Misbehave, Reply, http_server
from channels.transport.http import SecondRequest, SharedSession, exchange, open_session
from channels.transport.httpx_bridge import bridged


async def test_a_request_goes_over_as_it_is_and_the_answer_comes_back() -> None:
    packed = {"Content-Encoding": "gzip", "X-Request-Id": "r1", "Set-Cookie": "a=b; Path=/"}
    async with open_session() as session, http_server(lambda _: Reply(207, gzip.compress(b"hello"), packed)) as far:
        client = bridged(SharedSession(session))
        with exchange(5) as talk:
            answer = await client.put(
                f"{far.url}/a%2Fb/ü?x=1%2B1&y=a+b", content=b'{"a": 1}', headers=[("X-One", "1"), ("X-Two", "zwei")]
            )
        assert (answer.status_code, answer.text, answer.headers["x-request-id"]) == (207, "hello", "r1")
        assert (talk.status, talk.body, talk.asked) == (207, b"hello", 1)
        (request,) = far.requests
        assert (request.method, request.target, request.body) == ("PUT", "/a%2Fb/%C3%BC?x=1%2B1&y=a+b", b'{"a": 1}')
        assert (request.headers["x-one"], request.headers["x-two"]) == ("1", "zwei")
        assert request.headers["host"] == f"127.0.0.1:{far.port}"
        assert not client.cookies
        await client.aclose()
        assert not session.closed


async def test_the_exchange_holds_the_timeout_and_the_one_request() -> None:
    async with open_session() as session, http_server(lambda _: Misbehave.HANG) as far:
        client = bridged(SharedSession(session))
        with exchange(0.2) as talk:
            with pytest.raises(TimeoutError) as late:
                await client.post(far.url, content=b"1")
            with pytest.raises(SecondRequest):
                await client.post(far.url, content=b"1")
        assert isinstance(talk.outcome(late.value), Uncertain)
        assert len(far.requests) == 1


async def test_nobody_there_and_nothing_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, nowhere())
    async with open_session() as session:
        client = bridged(SharedSession(session))
        with exchange(5) as talk:
            with pytest.raises(Exception) as gone:  # noqa: PT011 - whatever aiohttp raises, the exchange knows it
                await client.post(nowhere())
            assert isinstance(talk.outcome(gone.value), Deferred)
        async with http_server(lambda _: Reply(307, b"", {"Location": f"{nowhere()}/x"})) as far:
            with exchange(5):
                answer = await client.post(far.url)
            assert (answer.status_code, len(far.requests)) == (307, 1)


async def test_an_sdk_that_names_the_cause_loses_nothing() -> None:
    async with open_session() as session, http_server(lambda _: Misbehave.RESET) as far:
        client = bridged(SharedSession(session))
        with exchange(5) as talk:
            try:
                try:
                    await client.post(far.url)
                except Exception as error:
                    raise RuntimeError("connection error") from error
            except RuntimeError as wrapped:
                outcome = talk.outcome(wrapped)
        assert isinstance(outcome, Uncertain)
        assert outcome.fault.code == "disconnected"
