"""Slack's deletes, button and webhook, and Teams, spoken to as their clients do."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from yarl import URL

from channels.simulator import Simulator

BUTTON = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "Got it"}, "value": "token-1"}
BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "down"}},
    {"type": "actions", "elements": [{"type": "button", "action_id": "other", "value": "x"}, BUTTON]},
]


@dataclass
class App:
    """The Slack app's interactivity URL."""

    url: str = ""
    secret: str = ""
    status: int = 200
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        signed = b"v0:" + request.headers["X-Slack-Request-Timestamp"].encode() + b":" + body
        made = "v0=" + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        assert request.headers["X-Slack-Signature"] == made
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        self.heard.append(json.loads(parse_qs(body.decode())["payload"][0]))
        return web.Response(status=self.status)


@pytest.fixture
async def app(simulator: Simulator) -> AsyncIterator[App]:
    made = App(secret=simulator.accounts.slack_signing_secret)
    server = web.Application()
    server.router.add_post("/receipts/slack-main", made.take)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts/slack-main"
    yield made
    await runner.cleanup()


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_delete(simulator: Simulator, slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel="C1", text="wrong"))["ts"]
    answer = await slack.chat_delete(channel="C1", ts=ts)
    assert (answer["channel"], answer["ts"]) == ("C1", ts)
    assert (await slack.conversations_history(channel="C1"))["messages"] == []
    assert await refused(slack.chat_delete(channel="C1", ts=ts)) == "message_not_found"
    assert await refused(slack.chat_update(channel="C1", ts=ts, text="x")) == "message_not_found"
    assert await refused(slack.conversations_replies(channel="C1", ts=ts)) == "thread_not_found"
    assert [(one["kind"], one["status"]) for one in simulator.received()] == [
        ("post", "deleted"),
        ("delete", "deleted"),
    ]


async def test_a_reply_to_what_is_gone_becomes_a_message_of_the_conversation(slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel="C1", text="first"))["ts"]
    await slack.chat_delete(channel="C1", ts=ts)
    answer = await slack.chat_postMessage(channel="C1", text="second", thread_ts=ts)
    assert "thread_ts" not in answer["message"]
    history = await slack.conversations_history(channel="C1")
    assert [message["text"] for message in history["messages"]] == ["second"]


async def press(simulator: Simulator, http: aiohttp.ClientSession, **what: Any) -> tuple[int, Any]:
    async with http.post(f"{simulator.addresses.control}/slack/press", json=what) as answer:
        return answer.status, await answer.json()


async def test_a_person_presses_a_button(
    simulator: Simulator, slack: AsyncWebClient, http: aiohttp.ClientSession, app: App
) -> None:
    posted = await slack.chat_postMessage(channel="C1", text="down", blocks=BLOCKS)
    given = {"ts": posted["ts"], "user": "U0ANNA", "url": app.url}
    assert await press(simulator, http, **given, action_id="ack") == (200, {"answers": [{"status": 200, "body": ""}]})
    [payload] = app.heard
    assert (payload["type"], payload["user"]["id"]) == ("block_actions", "U0ANNA")
    assert payload["container"]["message_ts"] == posted["ts"]
    assert payload["container"]["channel_id"] == "C1"
    [action] = payload["actions"]
    assert (action["action_id"], action["value"]) == ("ack", "token-1")
    assert float(action["action_ts"]) > 0
    app.status = 403
    status, answer = await press(simulator, http, **given, times=2)
    assert (status, [one["status"] for one in answer["answers"]]) == (200, [403, 403])
    assert app.heard[1] == app.heard[2]
    assert app.heard[1]["actions"][0]["action_id"] == "other"


async def test_what_cannot_be_pressed(
    simulator: Simulator, slack: AsyncWebClient, http: aiohttp.ClientSession, app: App
) -> None:
    plain = (await slack.chat_postMessage(channel="C1", text="no button"))["ts"]
    ts = (await slack.chat_postMessage(channel="C1", text="down", blocks=BLOCKS))["ts"]
    assert (await press(simulator, http, ts=plain, user="U0ANNA", url=app.url))[0] == 404
    assert (await press(simulator, http, ts=ts, user="U0ANNA", url=app.url, action_id="none"))[0] == 404
    assert (await press(simulator, http, ts="1.1", user="U0ANNA", url=app.url))[0] == 404
    assert (await press(simulator, http, ts=ts, user="Anna", url=app.url))[0] == 422
    assert (await press(simulator, http, ts=ts, user="U0ANNA", url="https://hooks.example.com/"))[0] == 422
    assert (await press(simulator, http, ts=ts, user="U0ANNA", url=app.url, wrong=1))[0] == 422
    assert app.heard == []
    gone = (await press(simulator, http, ts=ts, user="U0ANNA", url="http://127.0.0.1:9/"))[1]
    assert gone["answers"][0]["status"] == 0


def hook(simulator: Simulator, address: str = "") -> AsyncWebhookClient:
    path = URL(address or simulator.accounts.slack_webhook_url).raw_path
    return AsyncWebhookClient(simulator.addresses.slack_webhook_base + path, retry_handlers=[])


async def test_the_webhook_posts_into_its_channel(simulator: Simulator, slack: AsyncWebClient) -> None:
    answer = await hook(simulator).send(text="down", blocks=BLOCKS)
    assert (answer.status_code, answer.body) == (200, "ok")
    [message] = (await slack.conversations_history(channel="C0STATUS"))["messages"]
    assert message["blocks"] == BLOCKS
    assert simulator.recipients()["slack"]["C0STATUS"][0]["body"] == "down"


async def test_the_webhook_refuses_in_words(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    wrong = await hook(simulator, "https://hooks.slack.com/services/T1/B1/other").send(text="x")
    assert (wrong.status_code, wrong.body) == (404, "no_service")
    nothing = await hook(simulator).send()
    assert (nothing.status_code, nothing.body) == (400, "no_text")
    url = simulator.addresses.slack_webhook_base + URL(simulator.accounts.slack_webhook_url).raw_path
    async with http.post(url, data="{", headers={"Content-Type": "application/json"}) as answer:
        assert (answer.status, await answer.text()) == (400, "invalid_payload")
    assert simulator.received() == []


def card(*lines: str) -> dict[str, Any]:
    body = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]} for line in lines]
    content = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": content}]}


async def invoke(simulator: Simulator, http: aiohttp.ClientSession, body: Any, **query: str) -> tuple[int, str]:
    meant = URL(simulator.accounts.teams_webhook_url)
    url = URL(simulator.addresses.teams_base + meant.raw_path_qs, encoded=True)
    async with http.post(url.update_query(query) if query else url, data=json.dumps(body)) as answer:
        return answer.status, await answer.text()


async def test_a_workflow_takes_cards(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    assert await invoke(simulator, http, card("Mail is down", "We know.")) == (202, "")
    [held] = simulator.received(provider="teams")
    assert held["body"] == "Mail is down\nWe know."
    assert simulator.summary()["providers"]["teams"]["stored"] == 1


@pytest.mark.parametrize(
    ("body", "query", "status", "code"),
    [
        (card("x"), {"sig": "other"}, 401, "AuthorizationFailed"),
        ({"text": "old form"}, {}, 400, "InvalidRequestContent"),
        ([], {}, 400, "InvalidRequestContent"),
        ({"attachments": []}, {}, 400, "TriggerInputSchemaMismatch"),
        (card("x" * 30_000), {}, 413, "RequestEntityTooLarge"),
    ],
)
async def test_a_workflow_refuses(
    simulator: Simulator, http: aiohttp.ClientSession, body: Any, query: dict[str, str], status: int, code: str
) -> None:
    answered, text = await invoke(simulator, http, body, **query)
    assert (answered, json.loads(text)["error"]["code"]) == (status, code)
    assert simulator.received() == []


async def test_faults_hold_for_teams_as_well(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    simulator.add_faults([{"provider": "teams", "do": {"what": "status", "status": 429, "retry_after": 3}, "times": 1}])
    assert (await invoke(simulator, http, card("x")))[0] == 429
    assert (await invoke(simulator, http, card("x")))[0] == 202
