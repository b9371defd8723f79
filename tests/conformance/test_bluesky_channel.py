"""What is peculiar to Bluesky, over a real socket: against a far end that says anything, and against the simulator."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pydantic import ValidationError

from channels.contract import Accepted, Blame, Deferred, Outcome, Rejected, Uncertain
from channels.simulator import Accounts, Simulator
from channels.social.bluesky import session as sessions
from channels.social.bluesky.adapter import BlueskyChannel
from channels.social.bluesky.samples import (
    ACCESS,
    BLUESKY_DID,
    BLUESKY_PASSWORD,
    REFRESH,
    bluesky_accepts,
    bluesky_settings,
    bluesky_signs_in,
    bluesky_token,
)
from channels.social.bluesky.settings import BlueskySettings
from channels.social.bluesky.wire import record_key
from channels.testkit.bench import built, timed
from channels.testkit.loopback import HttpServer, Misbehave, Reply, Request, http_server
from channels.testkit.samples import envelope

ME = "@status.northwind.example"
SIGN_IN = "/xrpc/com.atproto.server.createSession"
RENEW = "/xrpc/com.atproto.server.refreshSession"
PUT = "/xrpc/com.atproto.repo.putRecord"


def reply(status: int, headers: dict[str, str] | None = None, /, **body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


async def sent(answer: Callable[[Request], Reply | Misbehave], **changes: Any) -> Outcome:
    """With a session that is no trouble."""
    async with (
        http_server(answer, bluesky_signs_in) as far,
        built("social/bluesky", bluesky_settings(far.url)) as channel,
    ):
        return await channel.send(envelope(to=ME, **changes), timeout=5)


def targets(far: HttpServer) -> list[str]:
    return [request.target for request in far.requests]


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Accounts.generate()) as running:
        yield running


def at(simulator: Simulator) -> dict[str, Any]:
    accounts = simulator.accounts
    return {
        "identifier": accounts.bluesky_handle,
        "app_password": accounts.bluesky_app_password,
        "base_url": simulator.addresses.bluesky_base,
    }


# posting


async def test_the_requests_are_exactly_these() -> None:
    async with (
        http_server(bluesky_accepts, bluesky_signs_in) as far,
        built("social/bluesky", {**bluesky_settings(far.url), "language": "en"}) as channel,
    ):
        text = "⚠ Down, see https://status.example.com/x."
        outcome = await channel.send(envelope(to=ME, text=text), timeout=5)
        (signing_in,), (request,) = far.others, far.requests
    assert outcome == Accepted(f"at://{BLUESKY_DID}/app.bsky.feed.post/{record_key('key-1')}")
    assert signing_in.target == SIGN_IN
    assert json.loads(signing_in.body) == {"identifier": "status.northwind.example", "password": BLUESKY_PASSWORD}
    assert "authorization" not in signing_in.headers
    assert request.target == PUT
    assert request.headers["authorization"] == f"Bearer {ACCESS}"
    assert json.loads(request.body) == {
        "repo": BLUESKY_DID,
        "collection": "app.bsky.feed.post",
        "rkey": record_key("key-1"),
        "record": {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": "2026-02-02T02:40:00.000Z",
            "langs": ["en"],
            "facets": [
                {
                    "index": {"byteStart": 14, "byteEnd": 42},
                    "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://status.example.com/x"}],
                }
            ],
        },
        "swapRecord": None,
    }


async def test_a_repeat_finds_its_predecessor(simulator: Simulator) -> None:
    async with built("social/bluesky", at(simulator)) as channel:
        first = await channel.send(envelope(to=ME), timeout=5)
        assert isinstance(first, Accepted)
        assert await channel.send(envelope(to=ME), timeout=5) == first
        later = await channel.send(envelope(to=ME, token="another", started_at=1_770_000_060.0), timeout=5)
    assert later == Accepted(first.ref, duplicate=True)
    async with built("social/bluesky", at(simulator)) as another_process:
        assert await another_process.send(envelope(to=ME, started_at=5.0), timeout=5) == later
    (only,) = simulator.received(provider="bluesky")
    assert only["metadata"]["createdAt"] == "2026-02-02T02:40:00.000Z"


@pytest.mark.parametrize("what", [{"what": "reset_after"}, {"what": "error_after"}, {"what": "garbled"}])
async def test_what_was_taken_without_a_word_is_repeated_without_harm(
    simulator: Simulator, what: dict[str, Any]
) -> None:
    simulator.add_faults([{"provider": "bluesky", "do": what, "times": 1}])
    async with built("social/bluesky", at(simulator)) as channel:
        assert isinstance(await channel.send(envelope(to=ME), timeout=5), Uncertain)
        repeated = await channel.send(envelope(to=ME, started_at=1_770_000_060.0), timeout=5)
    assert isinstance(repeated, Accepted)
    assert repeated.duplicate
    assert [one["ref"] for one in simulator.received()] == [repeated.ref]


async def test_the_words_are_taken_back(simulator: Simulator) -> None:
    async with built("social/bluesky", at(simulator)) as channel:
        assert isinstance(channel, BlueskyChannel)
        posted = await channel.send(envelope(to=ME), timeout=5)
        assert isinstance(posted, Accepted)
        assert await channel.retract(posted.ref, envelope(2, to=ME), timeout=5) == Accepted(posted.ref)
        again = await channel.retract(posted.ref, envelope(2, to=ME), timeout=5)
    assert again == Accepted(posted.ref, duplicate=True)
    assert [(one["kind"], one["status"]) for one in simulator.received()] == [
        ("post", "deleted"),
        ("delete", "deleted"),
    ]


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        ("", "no-reference"),
        ("42", "no-reference"),
        (f"at://{BLUESKY_DID}/app.bsky.actor.profile/self", "no-reference"),
        (f"at://{BLUESKY_DID}/app.bsky.feed.post/../x", "no-reference"),
        ("at://did:plc:somebodyelse/app.bsky.feed.post/3kabcdefghijk", "another-account"),
    ],
)
async def test_only_posts_of_this_account_are_deleted(ref: str, code: str) -> None:
    async with (
        http_server(bluesky_accepts, bluesky_signs_in) as far,
        built("social/bluesky", bluesky_settings(far.url)) as channel,
    ):
        assert isinstance(channel, BlueskyChannel)
        outcome = await channel.retract(ref, envelope(to=ME), timeout=5)
        assert far.requests == []
    assert isinstance(outcome, Rejected)
    assert outcome.fault.code == code


@pytest.mark.parametrize(
    ("status", "error", "message", "blame", "code"),
    [
        (400, "InvalidRequest", "Invalid app.bsky.feed.post record", Blame.MESSAGE, "refused"),
        (400, "InvalidRequest", "Could not find repo: did:plc:x", Blame.ACCOUNT, "not-allowed"),
        (400, "InvalidRequest", "Account is deactivated", Blame.ACCOUNT, "account-suspended"),
        (401, "AccountTakedown", "Account has been taken down", Blame.ACCOUNT, "account-suspended"),
        (413, "PayloadTooLarge", "request entity too large", Blame.MESSAGE, "too-long"),
        (501, "MethodNotImplemented", "Method Not Implemented", Blame.ACCOUNT, "no-such-service"),
    ],
)
async def test_refusals(status: int, error: str, message: str, blame: Blame, code: str) -> None:
    outcome = await sent(lambda _: reply(status, error=error, message=message))
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code) == (blame, code)


async def test_used_up_points_say_when_there_are_more() -> None:
    reset = str(int(time.time()) + 600)
    outcome = await sent(lambda _: reply(429, {"RateLimit-Reset": reset}, error="RateLimitExceeded"))
    assert isinstance(outcome, Deferred)
    assert outcome.route_wide
    assert outcome.wait is not None
    assert 590 < outcome.wait <= 600


async def test_length_is_counted_in_what_readers_see_and_in_bytes() -> None:
    async with built("social/bluesky", bluesky_settings("http://127.0.0.1:9")) as channel:
        family, flag = "👩‍👩‍👧‍👦", "🇩🇪"
        assert channel.measure(envelope(to=ME, text=flag * 300).words).over == 0
        assert channel.measure(envelope(to=ME, text=flag * 301).words).over == 1
        families = channel.measure(envelope(to=ME, text=family * 150).words)
        assert (families.length, families.limit) == (150 * 25, 3000)
        assert "bytes" in families.note
        assert channel.measure(envelope(to=ME, text="é" * 301).words).over == 1


# the session


async def test_one_session_serves_all_and_everybody_waits_for_it(simulator: Simulator) -> None:
    async with built("social/bluesky", at(simulator)) as channel:
        outcomes = await asyncio.gather(*(channel.send(envelope(n, to=ME), timeout=5) for n in range(40)))
        assert all(isinstance(one, Accepted) for one in outcomes)
        assert isinstance(await channel.send(envelope(99, to=ME), timeout=5), Accepted)
    tally = simulator.summary()["providers"]["bluesky"]
    assert (tally["requests"], tally["sends"]) == (42, 41)


async def test_a_session_is_renewed_before_it_ends() -> None:
    lives = iter([bluesky_token("appPass", 0), bluesky_token("appPass")])

    def answer(request: Request) -> Reply:
        if request.target == PUT:
            return bluesky_accepts(request)
        return reply(200, did=BLUESKY_DID, accessJwt=next(lives), refreshJwt=REFRESH)

    async with http_server(answer) as far, built("social/bluesky", bluesky_settings(far.url)) as channel:
        for number in (1, 2, 3):
            assert isinstance(await channel.send(envelope(number, to=ME), timeout=5), Accepted)
        assert targets(far) == [SIGN_IN, PUT, RENEW, PUT, PUT]
        assert far.requests[2].headers["authorization"] == f"Bearer {REFRESH}"
        assert far.requests[2].body == b""


async def test_a_session_that_ended_early_costs_one_try_and_is_renewed(simulator: Simulator) -> None:
    async with built("social/bluesky", at(simulator)) as channel:
        assert isinstance(await channel.send(envelope(1, to=ME), timeout=5), Accepted)
        simulator.end_sessions()
        outcome = await channel.send(envelope(2, to=ME), timeout=5)
        assert isinstance(outcome, Deferred)
        assert (outcome.fault.code, outcome.fault.provider_code, outcome.wait) == ("session-ended", "ExpiredToken", 0.0)
        assert not outcome.route_wide
        assert isinstance(await channel.send(envelope(2, to=ME), timeout=5), Accepted)
    tally = simulator.summary()["providers"]["bluesky"]
    assert tally["requests"] == len(["sign in", "put", "put refused", "renew", "put"])
    assert len(simulator.received()) == 2


async def test_a_session_that_nobody_knows_any_more_is_opened_anew(simulator: Simulator) -> None:
    async with built("social/bluesky", at(simulator)) as channel:
        assert isinstance(await channel.send(envelope(1, to=ME), timeout=5), Accepted)
        simulator.end_sessions(altogether=True)
        outcome = await channel.send(envelope(2, to=ME), timeout=5)
        assert isinstance(outcome, Deferred)
        assert outcome.fault.provider_code == "InvalidToken"
        assert isinstance(await channel.send(envelope(2, to=ME), timeout=5), Accepted)


async def test_where_renewing_is_refused_the_account_signs_in_again() -> None:
    lives = iter([bluesky_token("appPass", 0), bluesky_token("appPass")])

    def answer(request: Request) -> Reply:
        if request.target == PUT:
            return bluesky_accepts(request)
        if request.target == RENEW:
            return reply(400, error="ExpiredToken", message="Token has been revoked")
        return reply(200, did=BLUESKY_DID, accessJwt=next(lives), refreshJwt=REFRESH)

    async with http_server(answer) as far, built("social/bluesky", bluesky_settings(far.url)) as channel:
        for number in (1, 2):
            assert isinstance(await channel.send(envelope(number, to=ME), timeout=5), Accepted)
        assert targets(far) == [SIGN_IN, PUT, RENEW, SIGN_IN, PUT]


@pytest.mark.parametrize(
    ("answer", "kind", "blame", "code"),
    [
        (reply(401, error="AuthenticationRequired", message="Invalid identifier or password"),
         Rejected, Blame.ACCOUNT, "not-allowed"),
        (reply(401, error="AuthFactorTokenRequired", message="A sign in code has been sent"),
         Rejected, Blame.ACCOUNT, "second-factor"),
        (reply(401, error="AccountTakedown"), Rejected, Blame.ACCOUNT, "account-suspended"),
        (reply(400, error="InvalidRequest"), Rejected, Blame.ACCOUNT, "not-allowed"),
        (Reply(404, b"<html>"), Rejected, Blame.ACCOUNT, "no-such-service"),
        (Reply(413, b"<html>"), Rejected, Blame.ACCOUNT, "refused"),
        (Reply(500, b""), Deferred, Blame.PROVIDER, "provider-error"),
        (reply(200, did=7, accessJwt="a", refreshJwt="b"), Deferred, Blame.PROVIDER, "garbled"),
        (reply(200, did="x", accessJwt="a", refreshJwt="b"), Deferred, Blame.PROVIDER, "garbled"),
        (Reply(200, b"<html>"), Deferred, Blame.PROVIDER, "garbled"),
        (Misbehave.CLOSE, Deferred, Blame.PATH, "disconnected"),
        (Misbehave.TRUNCATE, Deferred, Blame.PATH, "truncated"),
        (Misbehave.HANG, Deferred, Blame.PATH, "timeout"),
    ],
)  # fmt: skip
async def test_without_a_session_nothing_is_sent_and_nothing_is_in_doubt(
    answer: Reply | Misbehave, kind: type[Outcome], blame: Blame, code: str
) -> None:
    async with http_server(lambda _: answer) as far, built("social/bluesky", bluesky_settings(far.url)) as channel:
        outcome, took = await timed(channel.send(envelope(to=ME), timeout=0.5))
        assert targets(far) == [SIGN_IN]
    assert isinstance(outcome, kind), outcome
    assert not isinstance(outcome, Accepted)
    assert (outcome.fault.blame, outcome.fault.code) == (blame, code)
    assert took < 1.0


async def test_signing_in_too_often_rests_the_route() -> None:
    reset = str(int(time.time()) + 240)
    limited = reply(429, {"RateLimit-Reset": reset}, error="RateLimitExceeded", message="Rate Limit Exceeded")
    async with http_server(lambda _: limited) as far, built("social/bluesky", bluesky_settings(far.url)) as channel:
        outcome = await channel.send(envelope(to=ME), timeout=5)
    assert isinstance(outcome, Deferred)
    assert outcome.route_wide
    assert outcome.wait is not None
    assert 230 < outcome.wait <= 240


async def test_those_who_waited_for_a_failed_sign_in_do_not_try_it_each(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = reply(401, error="AuthenticationRequired", message="Invalid identifier or password")
    monkeypatch.setattr(sessions, "REST", 0.3)
    async with http_server(lambda _: wrong) as far, built("social/bluesky", bluesky_settings(far.url)) as channel:
        outcomes = await asyncio.gather(*(channel.send(envelope(n, to=ME), timeout=5) for n in range(40)))
        assert targets(far) == [SIGN_IN]
        assert {type(one) for one in outcomes} == {Rejected}
        far.answer = lambda request: bluesky_signs_in(request) or bluesky_accepts(request)
        await asyncio.sleep(0.35)
        assert isinstance(await channel.send(envelope(to=ME), timeout=5), Accepted)


async def test_cancelling_whoever_signs_in_lets_the_next_one() -> None:
    async with (
        http_server(lambda _: Misbehave.HANG) as far,
        built("social/bluesky", bluesky_settings(far.url)) as channel,
    ):
        first = asyncio.create_task(channel.send(envelope(1, to=ME), timeout=5))
        while not far.requests:  # noqa: ASYNC110 - the far end knows no event
            await asyncio.sleep(0.005)
        second = asyncio.create_task(channel.send(envelope(2, to=ME), timeout=5))
        await asyncio.sleep(0.02)
        far.answer = lambda request: bluesky_signs_in(request) or bluesky_accepts(request)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert isinstance(await second, Accepted)
        assert Counter(targets(far)) == {SIGN_IN: 2, PUT: 1}


async def test_a_limited_account_is_told_by_the_simulator_as_well(simulator: Simulator) -> None:
    wrong = {**at(simulator), "app_password": "aaaa-bbbb-cccc-dddd"}
    for _ in range(30):
        async with built("social/bluesky", wrong) as channel:
            assert isinstance(await channel.send(envelope(to=ME), timeout=5), Rejected)
    async with built("social/bluesky", at(simulator)) as channel:
        outcome = await channel.send(envelope(to=ME), timeout=5)
    assert isinstance(outcome, Deferred)
    assert outcome.wait is not None
    assert outcome.wait > 200
    assert simulator.received() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"identifier": "@status.example.com"},
        {"identifier": "status"},
        {"identifier": "Status Page"},
        {"language": "english"},
        {"base_url": "bsky.social"},
    ],
)
def test_wrong_settings_are_told(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        BlueskySettings.model_validate({**bluesky_settings("https://bsky.example"), **wrong})
    assert [error["loc"] for error in caught.value.errors()] == [(next(iter(wrong)),)]
    assert BLUESKY_PASSWORD not in str(caught.value)
