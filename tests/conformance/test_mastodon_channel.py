"""What is peculiar to Mastodon, over a real socket: against a far end that says anything, and against the simulator."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from channels.contract import Accepted, Blame, CanRetract, Deferred, Outcome, Rejected, Uncertain
from channels.simulator import Accounts, Simulator
from channels.social.mastodon.adapter import MastodonChannel
from channels.social.mastodon.samples import MASTODON_TOKEN, mastodon_accepts, mastodon_settings
from channels.social.mastodon.settings import MastodonSettings
from channels.testkit.bench import built
from channels.testkit.loopback import Misbehave, Reply, http_server
from channels.testkit.samples import envelope

ME = "@status@mastodon.example"


def says(status: int, headers: dict[str, str] | None = None, /, **body: Any) -> Any:
    return lambda _: Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


async def sent(answer: Any, **changes: Any) -> Outcome:
    async with http_server(answer) as far, built("social/mastodon", mastodon_settings(far.url)) as channel:
        return await channel.send(envelope(to=ME, **changes), timeout=5)


async def retracted(answer: Any, ref: str = "42") -> tuple[Outcome, list[str]]:
    async with http_server(answer) as far, built("social/mastodon", mastodon_settings(far.url)) as channel:
        assert isinstance(channel, CanRetract)
        outcome = await channel.retract(ref, envelope(to=ME), timeout=5)
        return outcome, [f"{one.method} {one.target}" for one in far.requests]


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Accounts.generate()) as running:
        yield running


def at(simulator: Simulator, **more: Any) -> dict[str, Any]:
    token = simulator.accounts.mastodon_access_token
    return {"access_token": token, "base_url": simulator.addresses.mastodon_base, **more}


async def test_the_request_is_exactly_this() -> None:
    settings = {"visibility": "unlisted", "language": "en"}
    async with (
        http_server(mastodon_accepts) as far,
        built("social/mastodon", {**mastodon_settings(f"{far.url}/"), **settings}) as channel,
    ):
        assert await channel.send(envelope(to=ME), timeout=5) == Accepted("id key-1")
        (request,) = far.requests
    assert (request.method, request.target) == ("POST", "/api/v1/statuses")
    assert request.headers["authorization"] == f"Bearer {MASTODON_TOKEN}"
    assert request.headers["idempotency-key"] == "key-1"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "status": "Update 1: mail is down, we are on it.",
        "visibility": "unlisted",
        "language": "en",
    }


async def test_a_repeat_is_known_by_its_key(simulator: Simulator) -> None:
    async with built("social/mastodon", at(simulator)) as channel:
        first = await channel.send(envelope(to=ME), timeout=5)
        assert isinstance(first, Accepted)
        assert await channel.send(envelope(to=ME, token="another", started_at=1.0), timeout=5) == first
        other = await channel.send(envelope(2, to=ME), timeout=5)
    assert isinstance(other, Accepted)
    assert other.ref != first.ref
    assert [one["ref"] for one in simulator.received()] == [first.ref, other.ref]


@pytest.mark.parametrize("what", [{"what": "reset_after"}, {"what": "error_after"}, {"what": "garbled"}])
async def test_what_was_taken_without_a_word_is_repeated_without_harm(
    simulator: Simulator, what: dict[str, Any]
) -> None:
    simulator.add_faults([{"provider": "mastodon", "do": what, "times": 1}])
    async with built("social/mastodon", at(simulator)) as channel:
        assert isinstance(await channel.send(envelope(to=ME), timeout=5), Uncertain)
        assert isinstance(await channel.send(envelope(to=ME), timeout=5), Accepted)
    assert len(simulator.received()) == 1


async def test_the_words_are_taken_back_once_and_for_all(simulator: Simulator) -> None:
    async with built("social/mastodon", at(simulator)) as channel:
        assert isinstance(channel, MastodonChannel)
        posted = await channel.send(envelope(to=ME), timeout=5)
        assert isinstance(posted, Accepted)
        assert await channel.retract(posted.ref, envelope(2, to=ME), timeout=5) == Accepted(posted.ref)
        again = await channel.retract(posted.ref, envelope(2, to=ME), timeout=5)
        assert again == Accepted(posted.ref, duplicate=True)
        # Whoever repeats the post after that must not bring it back, here or anywhere else.
        assert await channel.send(envelope(to=ME), timeout=5) == Accepted("", duplicate=True)
    assert [one["kind"] for one in simulator.received()] == ["post", "delete"]
    assert [one["status"] for one in simulator.received()] == ["deleted", "deleted"]


async def test_taking_back_asks_for_that_post_and_for_nothing_else() -> None:
    assert await retracted(says(200, id="42", text="…")) == (Accepted("42"), ["DELETE /api/v1/statuses/42"])
    odd = await retracted(says(404, error="Record not found"), "../../v2/x?y")
    assert odd == (Accepted("../../v2/x?y", duplicate=True), ["DELETE /api/v1/statuses/..%2F..%2Fv2%2Fx%3Fy"])
    unknown, asked = await retracted(says(200, id="42"), "")
    assert isinstance(unknown, Rejected)
    assert unknown.fault.code == "no-reference"
    assert asked == []


async def test_not_every_404_means_that_the_post_is_gone() -> None:
    page = Reply(404, b"<html>no such site</html>", {"Content-Type": "text/html"})
    for outcome in ((await retracted(lambda _: page))[0], await sent(lambda _: page)):
        assert isinstance(outcome, Rejected)
        assert (outcome.fault.blame, outcome.fault.code) == (Blame.ACCOUNT, "no-such-service")


@pytest.mark.parametrize("how", [Misbehave.CLOSE, Misbehave.TRUNCATE])
async def test_taking_back_may_be_in_doubt(how: Misbehave) -> None:
    outcome, _ = await retracted(lambda _: how)
    assert isinstance(outcome, Uncertain)


@pytest.mark.parametrize(
    ("status", "error", "blame", "code"),
    [
        (401, "The access token was revoked", Blame.ACCOUNT, "not-allowed"),
        (403, "This action is outside the authorized scopes", Blame.ACCOUNT, "not-allowed"),
        (403, "Your login is currently disabled", Blame.ACCOUNT, "account-suspended"),
        (403, "Your login is currently pending approval", Blame.ACCOUNT, "not-allowed"),
        (403, "Your login is missing a confirmed e-mail address", Blame.ACCOUNT, "not-allowed"),
        (403, "This action is not allowed", Blame.ACCOUNT, "not-allowed"),
        (422, "Validation failed: Text character limit of 500 exceeded", Blame.MESSAGE, "too-long"),
        (422, "Validation failed: Text can't be blank", Blame.MESSAGE, "empty"),
        (422, "Validierung fehlgeschlagen", Blame.MESSAGE, "refused"),
        (400, "param is missing", Blame.MESSAGE, "refused"),
    ],
)
async def test_refusals(status: int, error: str, blame: Blame, code: str) -> None:
    outcome = await sent(says(status, error=error))
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code) == (blame, code)


async def test_a_used_up_window_says_when_it_ends() -> None:
    reset = datetime.fromtimestamp(time.time() + 200, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    outcome = await sent(
        says(429, {"X-RateLimit-Reset": reset, "X-RateLimit-Remaining": "0"}, error="Too many requests")
    )
    assert isinstance(outcome, Deferred)
    assert outcome.route_wide
    assert outcome.wait is not None
    assert 190 < outcome.wait <= 200
    garbled = await sent(says(429, {"X-RateLimit-Reset": "soon"}))
    assert isinstance(garbled, Deferred)
    assert garbled.wait is None


async def test_the_simulated_limits_are_heeded(simulator: Simulator) -> None:
    async with built("social/mastodon", at(simulator)) as channel:
        assert isinstance(channel, MastodonChannel)
        for _ in range(30):
            await channel.retract("7", envelope(to=ME), timeout=5)
        outcome = await channel.retract("7", envelope(to=ME), timeout=5)
    assert isinstance(outcome, Deferred)
    assert outcome.wait is not None
    assert 1700 < outcome.wait <= 1800


async def test_a_longer_limit_is_the_servers_to_allow() -> None:
    async with http_server(mastodon_accepts) as far:
        async with built("social/mastodon", {**mastodon_settings(far.url), "max_characters": 1000}) as channel:
            assert isinstance(await channel.send(envelope(to=ME, text="x" * 1000), timeout=5), Accepted)
            assert isinstance(await channel.send(envelope(to=ME, text="x" * 1001), timeout=5), Rejected)
        assert len(far.requests) == 1


@pytest.mark.parametrize(
    "wrong", [{"visibility": "direct"}, {"base_url": "mastodon.social"}, {"language": "english"}, {"max_characters": 0}]
)
def test_wrong_settings_are_told(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        MastodonSettings.model_validate({**mastodon_settings("https://mastodon.example"), **wrong})
    assert [error["loc"] for error in caught.value.errors()] == [(next(iter(wrong)),)]
