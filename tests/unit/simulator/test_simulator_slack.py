"""Slack, driven by its official SDK."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.metadata import Metadata
from slack_sdk.web.async_client import AsyncWebClient

from channels.simulator import Simulator

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "We are *down*"}}]


async def refused(call: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]
    assert caught.value.response.status_code == 200
    return str(caught.value.response["error"])


async def test_auth(simulator: Simulator, slack: AsyncWebClient) -> None:
    answer = await slack.auth_test()
    assert answer["team_id"] == simulator.accounts.slack_team_id
    other = AsyncWebClient("xoxb-other", base_url=simulator.addresses.slack_base, retry_handlers=[])
    assert await refused(other.auth_test()) == "invalid_auth"
    assert await refused(other.chat_postMessage(channel="C1", text="x")) == "invalid_auth"
    nobody = AsyncWebClient(base_url=simulator.addresses.slack_base, retry_handlers=[])
    assert await refused(nobody.auth_test()) == "not_authed"
    assert simulator.received() == []


async def test_post_and_read_back_with_metadata(simulator: Simulator, slack: AsyncWebClient) -> None:
    metadata = Metadata("outage", {"attempt": "a1"})
    answer = await slack.chat_postMessage(
        channel="C0NEWS", text="We are down", blocks=BLOCKS, metadata=metadata, client_msg_id="6f1"
    )
    assert answer["channel"] == "C0NEWS"
    assert answer["message"]["text"] == "We are down"
    ts = answer["ts"]
    plain = await slack.conversations_history(channel="C0NEWS")
    [message] = plain["messages"]
    assert (message["ts"], message["blocks"], message["type"]) == (ts, BLOCKS, "message")
    assert message["bot_id"] == simulator.accounts.slack_bot_id
    assert "metadata" not in message
    full = await slack.conversations_history(channel="C0NEWS", include_all_metadata=True)
    assert full["messages"][0]["metadata"] == {"event_type": "outage", "event_payload": {"attempt": "a1"}}
    [record] = simulator.received(provider="slack", to="C0NEWS")
    assert record["metadata"]["metadata"]["event_payload"] == {"attempt": "a1"}
    assert (record["ref"], record["delivered"]) == (ts, True)


async def test_the_same_client_msg_id_is_posted_twice(simulator: Simulator, slack: AsyncWebClient) -> None:
    for _ in range(2):
        await slack.chat_postMessage(channel="C1", text="hello", client_msg_id="same")
    assert simulator.summary()["twice"] == [{"provider": "slack", "to": "C1", "body": "hello", "count": 2}]


async def test_direct_messages_are_one_conversation(simulator: Simulator, slack: AsyncWebClient) -> None:
    opened = await slack.conversations_open(users=["U0ANNA"])
    channel = opened["channel"]["id"]
    assert channel.startswith("D")
    by_person = await slack.chat_postMessage(channel="U0ANNA", text="hello")
    by_channel = await slack.chat_postMessage(channel=channel, text="hello")
    assert by_person["channel"] == by_channel["channel"] == channel
    history = await slack.conversations_history(channel=channel)
    assert len(history["messages"]) == 2
    assert simulator.summary()["twice"][0]["to"] == "U0ANNA"
    assert len(simulator.recipients()["slack"]["U0ANNA"]) == 2


async def test_history_window_limit_and_cursor(slack: AsyncWebClient) -> None:
    stamps = [(await slack.chat_postMessage(channel="C1", text=f"n{n}"))["ts"] for n in range(5)]

    async def texts(**kwargs: object) -> list[str]:
        answer = await slack.conversations_history(channel="C1", **kwargs)  # type: ignore[arg-type]
        return [message["text"] for message in answer["messages"]]

    assert await texts() == ["n4", "n3", "n2", "n1", "n0"]
    assert await texts(oldest=stamps[1]) == ["n4", "n3", "n2"]
    assert await texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["n3", "n2", "n1"]
    assert await texts(latest=stamps[1]) == ["n0"]
    first = await slack.conversations_history(channel="C1", limit=2)
    assert first["has_more"]
    seen = [message["text"] async for page in await _pages(slack) for message in page["messages"]]
    assert seen == ["n4", "n3", "n2", "n1", "n0"]
    assert await texts(oldest="0") == ["n4", "n3", "n2", "n1", "n0"]


async def _pages(slack: AsyncWebClient):  # type: ignore[no-untyped-def]
    return await slack.conversations_history(channel="C1", limit=2)


async def test_replies_are_not_in_the_history_unless_broadcast(slack: AsyncWebClient) -> None:
    parent = await slack.chat_postMessage(channel="C1", text="parent")
    await slack.chat_postMessage(channel="C1", text="quiet", thread_ts=parent["ts"])
    await slack.chat_postMessage(channel="C1", text="loud", thread_ts=parent["ts"], reply_broadcast=True)
    history = await slack.conversations_history(channel="C1")
    assert [message["text"] for message in history["messages"]] == ["loud", "parent"]
    replies = await slack.conversations_replies(channel="C1", ts=parent["ts"])
    assert [message["text"] for message in replies["messages"]] == ["parent", "quiet", "loud"]
    assert await refused(slack.conversations_replies(channel="C2", ts=parent["ts"])) == "thread_not_found"


async def test_update_changes_what_is_read_and_tells_nobody_anew(simulator: Simulator, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel="U0ANNA", text="old", metadata=Metadata("outage", {"n": 1}))
    channel, ts = posted["channel"], posted["ts"]
    answer = await slack.chat_update(channel=channel, ts=ts, text="new")
    assert (answer["ts"], answer["text"]) == (ts, "new")
    history = await slack.conversations_history(channel=channel, include_all_metadata=True)
    [message] = history["messages"]
    assert (message["text"], "edited" in message) == ("new", True)
    assert message["metadata"]["event_payload"] == {"n": 1}
    assert [record["kind"] for record in simulator.received()] == ["post", "update"]
    assert [entry["body"] for entry in simulator.recipients()["slack"]["U0ANNA"]] == ["old"]
    assert await refused(slack.chat_update(channel=channel, ts="1.000000", text="x")) == "message_not_found"
    assert await refused(slack.chat_update(channel="COTHER", ts=ts, text="x")) == "message_not_found"
    assert await refused(slack.chat_update(channel=channel, ts=ts, text="x" * 4001)) == "msg_too_long"


async def test_long_posts_are_cut(simulator: Simulator, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel="C1", text="x" * 40_001)
    assert len(simulator.received()[0]["body"]) == 40_000


async def test_refused_content(simulator: Simulator, slack: AsyncWebClient) -> None:
    call = slack.api_call
    assert await refused(call("chat.postMessage", json={"channel": "C1"})) == "no_text"
    assert await refused(call("chat.postMessage", json={"channel": "#general", "text": "x"})) == "channel_not_found"
    assert await refused(call("chat.postMessage", json={"channel": "C1", "blocks": BLOCKS * 51})) == "invalid_blocks"
    bad = {"channel": "C1", "text": "x", "metadata": {"event_type": "outage"}}
    assert await refused(call("chat.postMessage", json=bad)) == "invalid_metadata_format"
    assert await refused(call("chat.dance")) == "unknown_method"
    assert simulator.received() == []


async def test_forms_carry_lists_as_json_text(simulator: Simulator, http: aiohttp.ClientSession) -> None:
    form = {
        "token": simulator.accounts.slack_bot_token,
        "channel": "C1",
        "text": "x",
        "blocks": '[{"type": "divider"}]',
        "metadata": '{"event_type": "e", "event_payload": {}}',
    }
    url = simulator.addresses.slack_base + "chat.postMessage"
    async with http.post(url, data=form) as response:
        answer = await response.json()
    assert answer["ok"]
    assert answer["message"]["blocks"] == [{"type": "divider"}]
    async with http.post(url, data={**form, "blocks": "[{"}) as response:
        assert (await response.json())["error"] == "invalid_blocks_format"
    async with http.post(url, data="{", headers={"Content-Type": "application/json"}) as response:
        assert (await response.json())["error"] == "invalid_json"


async def test_the_synchronous_client_works_too(simulator: Simulator) -> None:
    client = WebClient(simulator.accounts.slack_bot_token, base_url=simulator.addresses.slack_base, retry_handlers=[])
    answer = await asyncio.to_thread(client.chat_postMessage, channel="C1", text="hello")
    assert answer["ok"]
