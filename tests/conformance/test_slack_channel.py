"""What is peculiar to Slack, over a real socket."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from channels.chat.slack.codes import CODES
from channels.chat.slack.samples import SLACK_TOKEN, slack_accepts, slack_settings
from channels.contract import (
    Absent,
    Accepted,
    CanBeAsked,
    CannotTell,
    Deferred,
    Found,
    Outcome,
    Rejected,
    Uncertain,
    Words,
)
from channels.testkit.bench import built
from channels.testkit.loopback import Misbehave, Reply, Request, http_server
from channels.testkit.samples import envelope

CHANNEL = "C012AB3CD"
JSON = {"Content-Type": "application/json; charset=utf-8"}


def says(status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return lambda _: Reply(status, json.dumps(body).encode(), {**JSON, **(headers or {})})


async def sent(answer: Any, **changes: Any) -> Outcome:
    async with http_server(answer) as far, built("chat/slack", slack_settings(far.url)) as channel:
        return await channel.send(envelope(to=CHANNEL, **changes), timeout=5)


async def test_the_request_is_exactly_this() -> None:
    words = Words("Mail is down <!channel> & we know.", subject="Mail <down>")
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        outcome = await channel.send(envelope(to=CHANNEL, words=words), timeout=5)
        (request,) = far.requests
    assert outcome == Accepted(f"{CHANNEL}:1.key-1")
    assert request.target == "/api/chat.postMessage"
    assert request.headers["authorization"] == f"Bearer {SLACK_TOKEN}"
    said = json.loads(request.body)
    assert len(said.pop("client_msg_id")) == 36
    assert said == {
        "channel": CHANNEL,
        "text": "Mail &lt;down&gt;\nMail is down &lt;!channel&gt; &amp; we know.",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Mail &lt;down&gt;", "emoji": False}},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "Mail is down &lt;!channel&gt; &amp; we know."},
            },
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "mail-2026-02 · #1"}]},
        ],
        "metadata": {
            "event_type": "outage_update",
            "event_payload": {"attempt": "token1", "key": "key-1", "thread": "mail-2026-02", "sequence": 1},
        },
        "unfurl_links": False,
        "unfurl_media": False,
    }


async def test_the_same_delivery_has_the_same_client_msg_id_and_another_has_not() -> None:
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        for number, token in ((1, "a"), (1, "b"), (2, "c")):
            await channel.send(envelope(number, to=CHANNEL, token=token), timeout=5)
        ids = [json.loads(request.body)["client_msg_id"] for request in far.requests]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("word", sorted(CODES))
async def test_every_known_word(word: str) -> None:
    outcome = await sent(says(ok=False, error=word))
    assert outcome == CODES[word]


async def test_an_unknown_word_may_have_been_posted() -> None:
    outcome = await sent(says(ok=False, error="something_new"))
    assert isinstance(outcome, Uncertain)
    assert outcome.fault.provider_code == "something_new"


async def test_a_limit_told_with_200_keeps_its_wait() -> None:
    outcome = await sent(says(headers={"Retry-After": "12"}, ok=False, error="ratelimited"))
    assert isinstance(outcome, Deferred)
    assert (outcome.wait, outcome.route_wide) == (12.0, True)


async def test_a_refusal_told_with_a_5xx_is_not_certain() -> None:
    assert isinstance(await sent(says(503, ok=False, error="channel_not_found")), Uncertain)


# looking up


def history(*keys: str, **more: Any) -> Any:
    messages = [
        {"ts": f"17.{key}", "metadata": {"event_type": "outage_update", "event_payload": {"key": key}}} for key in keys
    ]
    noise = [{"ts": "1", "text": "hello"}, {"ts": "2", "metadata": {"event_type": "other", "event_payload": {}}}, 7]
    return says(ok=True, messages=[*noise, *messages], **more)


async def looked_up(answer: Any, to: str = CHANNEL) -> tuple[Any, list[Request]]:
    async with http_server(answer) as far, built("chat/slack", slack_settings(far.url)) as channel:
        assert isinstance(channel, CanBeAsked)
        found = await channel.look_up(envelope(to=to), timeout=0.5)
        assert not any("chat." in request.target for request in far.requests)
        return found, far.requests


async def test_look_up_in_a_channel() -> None:
    found, requests = await looked_up(history("key-0", "key-1"))
    assert found == Found(f"{CHANNEL}:17.key-1")
    (request,) = requests
    query = parse_qs(urlsplit(request.target).query)
    assert query["channel"] == [CHANNEL]
    assert query["include_all_metadata"] == ["1"]
    assert float(query["oldest"][0]) == 1_770_000_000.0 - 5


async def test_look_up_of_a_direct_message_opens_it_first() -> None:
    def answer(request: Request) -> Reply:
        if "conversations.open" in request.target:
            reply: Reply = says(ok=True, channel={"id": "D777"})(request)
        else:
            reply = history("key-1")(request)
        return reply

    found, requests = await looked_up(answer, to="U0456EFG")
    assert found == Found("D777:17.key-1")
    assert "users=U0456EFG" in requests[0].target + requests[0].body.decode()
    assert "channel=D777" in requests[1].target


async def test_look_up_absent() -> None:
    assert (await looked_up(history("key-2")))[0] == Absent()


async def test_look_up_turns_pages() -> None:
    def answer(request: Request) -> Reply:
        if "cursor=next" in request.target:
            reply: Reply = history("key-1")(request)
        else:
            reply = history("key-9", has_more=True, response_metadata={"next_cursor": "next"})(request)
        return reply

    found, requests = await looked_up(answer)
    assert found == Found(f"{CHANNEL}:17.key-1")
    assert len(requests) == 2


async def test_look_up_gives_up_on_endless_pages() -> None:
    found, requests = await looked_up(history("key-9", has_more=True, response_metadata={"next_cursor": "next"}))
    assert isinstance(found, CannotTell)
    assert len(requests) == 5


@pytest.mark.parametrize(
    "answer",
    [
        says(ok=False, error="missing_scope"),
        says(ok=False, error="channel_not_found"),
        says(429),
        says(500),
        says(ok=True),
        says(ok=True, messages="none"),
        lambda _: Misbehave.HANG,
    ],
)
@pytest.mark.parametrize("to", [CHANNEL, "W0456EFG"])
async def test_look_up_that_fails_cannot_tell(answer: Any, to: str) -> None:
    found, _ = await looked_up(answer, to=to)
    assert isinstance(found, CannotTell)


async def test_long_text_goes_out_in_sections() -> None:
    words = Words("A line of words & more.\n" * 400, subject="s" * 200)
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        assert isinstance(await channel.send(envelope(to=CHANNEL, words=words), timeout=5), Accepted)
        said = json.loads(far.requests[0].body)
    texts = [block["text"]["text"] for block in said["blocks"] if block["type"] == "section"]
    assert texts[0] == "s" * 200
    assert all(len(text) <= 3000 for text in texts)
    assert "".join(texts[1:]) == words.text.replace("&", "&amp;")
    assert 3900 < len(said["text"]) <= 4000
    assert isinstance(await sent(slack_accepts, words=Words("&" * 2401)), Rejected)
