"""What is peculiar to an incoming webhook of Slack, over a real socket."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import ValidationError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from channels.chat.slack_webhook import adapter as webhook_adapter
from channels.chat.slack_webhook.codes import CODES
from channels.chat.slack_webhook.samples import WEBHOOK_CHANNEL, webhook_accepts, webhook_settings
from channels.chat.slack_webhook.settings import SlackWebhookSettings
from channels.contract import Accepted, Blame, Deferred, Outcome, Rejected, Uncertain, Words
from channels.testkit.bench import built
from channels.testkit.loopback import Misbehave, Reply, http_server
from channels.testkit.samples import envelope

NAME = "chat/slack-webhook"


def says(status: int, body: bytes, **headers: str) -> Any:
    return lambda _: Reply(status, body, {"Content-Type": "text/html", **headers})


async def sent(answer: Any, to: str = WEBHOOK_CHANNEL, **changes: Any) -> tuple[Outcome, int]:
    async with http_server(answer) as far, built(NAME, webhook_settings(far.url)) as channel:
        return await channel.send(envelope(to=to, **changes), timeout=5), len(far.requests)


async def test_the_request_is_exactly_this() -> None:
    words = Words("Mail is down <!channel> & we know.", subject="Mail <down>")
    async with http_server(webhook_accepts) as far, built(NAME, webhook_settings(far.url)) as channel:
        assert await channel.send(envelope(to=WEBHOOK_CHANNEL, words=words), timeout=5) == Accepted("")
        (request,) = far.requests
    assert request.target == "/services/T0TEAM/B0HOOK/wh0okS3cretS3cret"
    assert json.loads(request.body) == {
        "text": "Mail &lt;down&gt;\nMail is down &lt;!channel&gt; &amp; we know.",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Mail &lt;down&gt;", "emoji": False}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "Mail is down &lt;!channel&gt; &amp; we know."}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "mail-2026-02 · #1"}]},
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


@pytest.mark.parametrize(
    ("status", "word", "kind", "blame"),
    [
        (400, "invalid_payload", Rejected, Blame.MESSAGE),
        (400, "no_text", Rejected, Blame.MESSAGE),
        (403, "action_prohibited", Rejected, Blame.ACCOUNT),
        (403, "invalid_token", Rejected, Blame.ACCOUNT),
        (404, "no_service", Rejected, Blame.ACCOUNT),
        (404, "channel_not_found", Rejected, Blame.RECIPIENT),
        (410, "channel_is_archived", Rejected, Blame.RECIPIENT),
        (404, "something_new", Rejected, Blame.ACCOUNT),
        (429, "rate_limited", Deferred, Blame.PROVIDER),
        (500, "rollup_error", Uncertain, Blame.PROVIDER),
        (500, "no_service", Uncertain, Blame.PROVIDER),
        (200, "okay", Uncertain, Blame.PROVIDER),
        (200, "ok!", Uncertain, Blame.PROVIDER),
    ],
)
async def test_what_its_words_mean(status: int, word: str, kind: type, blame: Blame) -> None:
    outcome, requests = await sent(says(status, word.encode()))
    assert isinstance(outcome, kind)
    assert not isinstance(outcome, Accepted)
    assert outcome.fault.blame is blame
    assert requests == 1
    if word in CODES:
        assert outcome.fault.provider_code == word


@pytest.mark.parametrize("word", sorted(CODES))
async def test_every_known_word(word: str) -> None:
    assert (await sent(says(400, word.encode())))[0] == CODES[word]


async def test_a_limit_keeps_its_wait() -> None:
    outcome, _ = await sent(says(429, b"rate_limited", **{"Retry-After": "12"}))
    assert isinstance(outcome, Deferred)
    assert (outcome.wait, outcome.route_wide) == (12.0, True)


@pytest.mark.parametrize("to", ["C0OTHER", "U0123ABC", "teams:customers", ""])
async def test_it_answers_for_its_own_channel_only(to: str) -> None:
    """A person's message by a webhook would be read by everybody in its channel."""
    outcome, requests = await sent(webhook_accepts, to=to)
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code, requests) == (Blame.RECIPIENT, "wrong-address", 0)


@pytest.mark.parametrize(
    "url",
    [
        "hooks.slack.com/services/T/B/secretsecret",
        "http://hooks.slack.com/services/T/B/secretsecret",
        "https://user:secretsecret@hooks.slack.com/services/T",
        "https://",
        "https://hooks.slack.com/services/T/B/secretsecret\r\nX: y",
        "https://hooks.slack.com/services/T/B/secret secretsecret",
        "ftp://hooks.slack.com/secretsecret",
        "",
    ],
)
def test_a_wrong_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SlackWebhookSettings.model_validate({"webhook_url": url, "channel": "C1"})
    assert "secretsecret" not in str(refused.value)


class _WithTheTrap(AsyncWebhookClient):
    def __init__(self, *args: Any, retry_handlers: Any, **others: Any) -> None:
        super().__init__(*args, **others)


async def _cut_off() -> tuple[Outcome, float]:
    async with http_server(lambda _: Misbehave.CLOSE) as far, built(NAME, webhook_settings(far.url)) as channel:
        begun = time.monotonic()
        outcome = await channel.send(envelope(to=WEBHOOK_CHANNEL), timeout=5)
        assert len(far.requests) == 1
        return outcome, time.monotonic() - begun


async def test_the_hidden_second_post_has_not_come_back() -> None:
    outcome, took = await _cut_off()
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.code == "disconnected"
    assert took < 0.5


async def test_the_test_of_the_hidden_second_post_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_adapter, "AsyncWebhookClient", _WithTheTrap)
    outcome, took = await _cut_off()
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.code != "disconnected" or took >= 0.5
