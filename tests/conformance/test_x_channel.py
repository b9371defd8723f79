"""What is peculiar to X, over a real socket."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from channels.contract import Accepted, Blame, Deferred, Outcome, Rejected, Uncertain
from channels.social.x.samples import X_SECRETS, x_accepts, x_settings
from channels.testkit.bench import built
from channels.testkit.loopback import Reply, http_server
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
