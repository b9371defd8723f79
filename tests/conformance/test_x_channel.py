"""What is peculiar to X, over a real socket."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from channels.contract import Accepted, Blame, CanRetract, Deferred, Outcome, Rejected, Uncertain
from channels.simulator import Accounts, Simulator
from channels.social.x.samples import X_SECRETS, x_accepts, x_settings
from channels.testkit.bench import built, timed
from channels.testkit.loopback import Misbehave, Reply, http_server
from channels.testkit.samples import envelope

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


def says(status: int, headers: dict[str, str] | None = None, /, **body: Any) -> Any:
    said = {"Content-Type": "application/problem+json", **(headers or {})}
    return lambda _: Reply(status, json.dumps(body).encode(), said)


async def sent(answer: Any, **changes: Any) -> Outcome:
    async with http_server(answer) as far, built("social/x", x_settings(far.url)) as channel:
        return await channel.send(envelope(to="@example", **changes), timeout=5)


async def test_the_request_is_exactly_this() -> None:
    async with http_server(x_accepts) as far, built("social/x", x_settings(f"{far.url}/sim/x")) as channel:
        assert isinstance(await channel.send(envelope(to="@example"), timeout=5), Accepted)
        (request,) = far.requests
    assert request.target == "/sim/x/2/tweets"
    assert json.loads(request.body) == {"text": "Update 1: mail is down, we are on it."}
    assert request.headers["authorization"].startswith("OAuth ")
    assert 'oauth_consumer_key="x-consumer-key"' in request.headers["authorization"]
    for secret in (X_SECRETS[1], X_SECRETS[3]):
        assert secret not in str(request)


async def test_a_duplicate_is_already_posted() -> None:
    outcome = await sent(says(403, detail=DUPLICATE, type="about:blank", title="Forbidden", status=403))
    assert outcome == Accepted("", duplicate=True)


@pytest.mark.parametrize("text", ["see status.example.com", "see https://status.example.com/x", "down. Example.com"])
async def test_links_are_refused_before_any_request(text: str) -> None:
    async with http_server(x_accepts) as far, built("social/x", x_settings(far.url)) as channel:
        outcome = await channel.send(envelope(to="@example", text=text), timeout=5)
        assert far.requests == []
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code) == (Blame.MESSAGE, "contains-url")
    async with http_server(x_accepts) as far:
        async with built("social/x", {**x_settings(far.url), "allow_urls": True}) as channel:
            assert isinstance(await channel.send(envelope(to="@example", text=text), timeout=5), Accepted)
        assert len(far.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "blame", "code"),
    [
        (400, {"detail": "bad"}, Blame.MESSAGE, "refused"),
        (401, {"title": "Unauthorized"}, Blame.ACCOUNT, "not-allowed"),
        (402, {"title": "CreditsDepleted"}, Blame.ACCOUNT, "no-credit"),
        (403, {"reason": "client-not-enrolled"}, Blame.ACCOUNT, "not-allowed"),
        (403, {"detail": "You are not permitted to perform this action."}, Blame.ACCOUNT, "not-allowed"),
        (403, {"detail": "Tweet needs to be a bit shorter: too long"}, Blame.MESSAGE, "too-long"),
        (429, {"type": "https://api.twitter.com/2/problems/usage-capped"}, Blame.ACCOUNT, "usage-capped"),
    ],
)
async def test_refusals(status: int, body: dict[str, str], blame: Blame, code: str) -> None:
    outcome = await sent(says(status, **body))
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code) == (blame, code)


async def test_a_used_up_window_says_when_it_ends() -> None:
    reset = str(int(time.time()) + 600)
    outcome = await sent(says(429, {"x-rate-limit-reset": reset, "x-rate-limit-remaining": "0"}))
    assert isinstance(outcome, Deferred)
    assert outcome.route_wide
    assert outcome.wait is not None
    assert 595 < outcome.wait <= 600
    garbled = await sent(says(429, {"x-rate-limit-reset": "soon"}))
    assert isinstance(garbled, Deferred)
    assert garbled.wait is None


async def test_an_html_5xx_is_uncertain() -> None:
    page = Reply(503, b"<html>over capacity</html>", {"Content-Type": "text/html"})
    outcome = await sent(lambda _: page)
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.provider_code == "503"


async def test_weighted_length() -> None:
    async with built("social/x", x_settings("http://127.0.0.1:9")) as channel:
        assert channel.measure(envelope(to="@x", text="停" * 140).words).over == 0
        assert channel.measure(envelope(to="@x", text="停" * 141).words).over == 2
        assert "23" in channel.measure(envelope(to="@x", text="status.example.com is down").words).note


# taking back


async def retracted(answer: Any, ref: str = "42", timeout: float = 5) -> tuple[Outcome, list[str]]:
    async with http_server(answer) as far, built("social/x", x_settings(far.url)) as channel:
        assert isinstance(channel, CanRetract)
        outcome = await channel.retract(ref, envelope(to="@example"), timeout=timeout)
        return outcome, [f"{one.method} {one.target}" for one in far.requests]


async def test_a_post_is_taken_back_by_its_id() -> None:
    asked = ["DELETE /2/tweets/42"]
    assert await retracted(says(200, data={"deleted": True})) == (Accepted("42"), asked)
    gone = Accepted("42", duplicate=True)
    assert await retracted(says(200, data={"deleted": False})) == (gone, asked)
    assert await retracted(says(404, title="Not Found Error", detail="Could not find tweet")) == (gone, asked)


@pytest.mark.parametrize("ref", ["", "42/..", "me", "٤٢"])
async def test_without_an_id_nothing_is_asked(ref: str) -> None:
    outcome, asked = await retracted(says(200, data={"deleted": True}), ref)
    assert isinstance(outcome, Rejected)
    assert outcome.fault.code == "no-reference"
    assert asked == []


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (says(403, detail="You are not allowed to delete this Tweet."), Rejected, "not-allowed"),
        (lambda _: Reply(404, b"<html>", {"Content-Type": "text/html"}), Rejected, "no-such-service"),
        (says(429, {"x-rate-limit-reset": "1"}), Deferred, "rate-limited"),
        (says(200, data={}), Uncertain, "garbled"),
        (says(503), Uncertain, "provider-error"),
        (lambda _: Misbehave.TRUNCATE, Uncertain, "truncated"),
    ],
)
async def test_taking_back_may_fail(answer: Any, kind: type[Outcome], code: str) -> None:
    outcome, _ = await retracted(answer)
    assert isinstance(outcome, kind), outcome
    assert not isinstance(outcome, Accepted)
    assert outcome.fault.code == code


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Accounts.generate()) as running:
        yield running


def at(simulator: Simulator) -> dict[str, Any]:
    accounts = simulator.accounts
    return {
        "consumer_key": accounts.x_consumer_key,
        "consumer_secret": accounts.x_consumer_secret,
        "access_token": accounts.x_access_token,
        "access_token_secret": accounts.x_access_token_secret,
        "base_url": simulator.addresses.x_base,
    }


async def test_posted_once_and_taken_back_once(simulator: Simulator) -> None:
    simulator.add_faults([{"provider": "x", "do": {"what": "error_after"}, "times": 1, "match": {"nth": [2]}}])
    async with built("social/x", at(simulator)) as channel:
        assert isinstance(channel, CanRetract)
        first = await channel.send(envelope(1, to="@example"), timeout=5)
        assert isinstance(first, Accepted)
        assert isinstance(await channel.send(envelope(2, to="@example"), timeout=5), Uncertain)
        assert await channel.send(envelope(2, to="@example"), timeout=5) == Accepted("", duplicate=True)
        assert await channel.retract(first.ref, envelope(3, to="@example"), timeout=5) == Accepted(first.ref)
        again = await channel.retract(first.ref, envelope(3, to="@example"), timeout=5)
        assert again == Accepted(first.ref, duplicate=True)
    assert [one["kind"] for one in simulator.received(provider="x")] == ["post", "post", "delete"]


# what tweepy does by itself


@pytest.mark.parametrize("call", ["send", "retract"])
async def test_tweepy_has_no_timeout_and_keeps_ours(call: str) -> None:
    async with (
        http_server(lambda _: Misbehave.HANG) as far,
        built("social/x", x_settings(far.url)) as channel,
    ):
        assert isinstance(channel, CanRetract)
        asking = (
            channel.send(envelope(to="@example"), timeout=0.3)
            if call == "send"
            else channel.retract("42", envelope(to="@example"), timeout=0.3)
        )
        outcome, took = await timed(asking)
        assert len(far.requests) == 1
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.code == "timeout"
    assert took < 1.0


async def test_tweepy_does_not_wait_until_a_used_up_window_ends() -> None:
    used_up = says(429, {"x-rate-limit-reset": str(int(time.time()) + 8), "x-rate-limit-remaining": "0"})
    async with http_server(used_up) as far, built("social/x", x_settings(far.url)) as channel:
        outcome, took = await timed(channel.send(envelope(to="@example"), timeout=5))
        assert len(far.requests) == 1
    assert isinstance(outcome, Deferred)
    assert took < 1.0


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("body", [b"", b"<html>over capacity</html>", b"[]"])
async def test_tweepy_raises_anything_at_a_5xx_and_none_of_it_comes_through(status: int, body: bytes) -> None:
    outcome = await sent(lambda _: Reply(status, body, {"Content-Type": "text/html"}))
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.provider_code == str(status)


async def test_tweepy_writes_no_credentials_even_when_all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with http_server(x_accepts) as far, built("social/x", x_settings(far.url)) as channel:
        caplog.set_level(logging.DEBUG, logger="oauthlib")
        assert isinstance(await channel.send(envelope(to="@example"), timeout=5), Accepted)
    assert not any(secret in caplog.text for secret in (*X_SECRETS, "oauth_signature"))
