"""What is peculiar to Slack, over a real socket."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from channels.chat.slack import adapter as slack_adapter
from channels.chat.slack.codes import AMENDING, CODES, RETRACTING
from channels.chat.slack.samples import SLACK_TOKEN, slack_accepts, slack_settings
from channels.contract import (
    Absent,
    Accepted,
    Blame,
    CanAmend,
    CanBeAsked,
    CannotTell,
    CanRetract,
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
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "outage_acknowledge",
                        "text": {"type": "plain_text", "text": "Got it", "emoji": False},
                        "value": "token1",
                    }
                ],
            },
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


@pytest.mark.parametrize("to", ["#general", "general", "teams:customers", "", "c012ab3cd"])
async def test_what_is_no_id_is_refused_before_any_request(to: str) -> None:
    """A name may belong to another place than the one that was meant, of which Slack would not tell."""
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        outcome = await channel.send(envelope(to=to), timeout=5)
        assert far.requests == []
    assert isinstance(outcome, Rejected)
    assert (outcome.fault.blame, outcome.fault.code) == (Blame.RECIPIENT, "wrong-address")


@pytest.mark.parametrize(("to", "shown"), [("U0456EFG", True), ("D0456EFG", True), (CHANNEL, False), ("G0456", False)])
async def test_the_link_that_ends_messages_is_shown_to_one_person_only(to: str, shown: bool) -> None:
    """Whoever followed it in a channel would silence the channel."""
    link = "https://status.example.com/unsubscribe/x"
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        await channel.send(envelope(to=to, unsubscribe_url=link), timeout=5)
        assert (link in far.requests[0].body.decode()) is shown


# the trap: by default the SDK posts again when a connection breaks after the first request was read


class _WithTheTrap(AsyncWebClient):
    def __init__(self, *args: Any, retry_handlers: Any, **others: Any) -> None:
        super().__init__(*args, **others)


async def _cut_off() -> tuple[Outcome, int, float]:
    async with http_server(lambda _: Misbehave.CLOSE) as far, built("chat/slack", slack_settings(far.url)) as channel:
        begun = time.monotonic()
        outcome = await channel.send(envelope(to=CHANNEL), timeout=5)
        return outcome, len(far.requests), time.monotonic() - begun


async def test_the_hidden_second_post_has_not_come_back() -> None:
    outcome, posts, took = await _cut_off()
    assert isinstance(outcome, Uncertain)
    assert (outcome.fault.code, posts) == ("disconnected", 1)
    assert took < 0.5  # it would wait before the second


async def test_the_test_of_the_hidden_second_post_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_adapter, "AsyncWebClient", _WithTheTrap)
    outcome, posts, took = await _cut_off()
    assert isinstance(outcome, Uncertain)
    assert posts == 1  # the session stops it all the same
    assert outcome.fault.code != "disconnected" or took >= 0.5


# threads

ROOT = f"{CHANNEL}:1700000000.000100"


@pytest.mark.parametrize("notable", [True, False])
async def test_an_update_is_a_reply_and_a_notable_one_is_shown_to_all(notable: bool) -> None:
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        outcome = await channel.send(envelope(2, to=CHANNEL, root=ROOT, notable=notable), timeout=5)
        said = json.loads(far.requests[0].body)
    assert outcome == Accepted(f"{CHANNEL}:1.key-2")
    assert (said["channel"], said["thread_ts"]) == (CHANNEL, "1700000000.000100")
    assert said.get("reply_broadcast", False) in ({True, "1"} if notable else {False, "0"})


async def test_a_reply_to_a_person_goes_into_the_conversation_with_them() -> None:
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        await channel.send(envelope(2, to="U0456EFG", root="D777:1700000000.000100"), timeout=5)
        said = json.loads(far.requests[0].body)
    assert said["channel"] == "D777"


@pytest.mark.parametrize("root", ["", "C012AB3CD", "17.1", "C1:1:2", "x:1.2"])
async def test_a_root_that_is_none_of_ours_silences_nobody(root: str) -> None:
    async with http_server(slack_accepts) as far, built("chat/slack", slack_settings(far.url)) as channel:
        assert isinstance(await channel.send(envelope(2, to=CHANNEL, root=root), timeout=5), Accepted)
        said = json.loads(far.requests[0].body)
    assert "thread_ts" not in said
    assert said["channel"] == CHANNEL


async def test_a_reply_is_looked_up_in_its_thread() -> None:
    async with http_server(history("key-2")) as far, built("chat/slack", slack_settings(far.url)) as channel:
        assert isinstance(channel, CanBeAsked)
        found = await channel.look_up(envelope(2, to="U0456EFG", root="D777:1700000000.000100"), timeout=5)
    assert found == Found("D777:17.key-2")
    (request,) = far.requests
    query = parse_qs(urlsplit(request.target).query)
    assert urlsplit(request.target).path == "/api/conversations.replies"
    assert (query["channel"], query["ts"]) == (["D777"], ["1700000000.000100"])


@pytest.mark.parametrize("gone", [True, False])
async def test_a_reply_is_looked_up_in_the_conversation_too(gone: bool) -> None:
    """Slack posts a reply whose first message was deleted into the conversation, and says nothing of it."""

    def answer(request: Request) -> Reply:
        if "conversations.replies" in request.target:
            reply: Reply = says(ok=False, error="thread_not_found")(request) if gone else history("key-1")(request)
        else:
            reply = history("key-2")(request)
        return reply

    async with http_server(answer) as far, built("chat/slack", slack_settings(far.url)) as channel:
        assert isinstance(channel, CanBeAsked)
        assert await channel.look_up(envelope(2, to=CHANNEL, root=ROOT), timeout=5) == Found(f"{CHANNEL}:17.key-2")
        assert await channel.look_up(envelope(3, to=CHANNEL, root=ROOT), timeout=5) == Absent()


# changing and taking back


async def changed(answer: Any, ref: str = ROOT, **changes: Any) -> tuple[Outcome, list[Request]]:
    async with http_server(answer) as far, built("chat/slack", slack_settings(far.url)) as channel:
        assert isinstance(channel, CanAmend)
        return await channel.amend(ref, envelope(3, to=CHANNEL, **changes), timeout=5), far.requests


async def taken_back(answer: Any, ref: str = ROOT) -> tuple[Outcome, list[Request]]:
    async with http_server(answer) as far, built("chat/slack", slack_settings(far.url)) as channel:
        assert isinstance(channel, CanRetract)
        return await channel.retract(ref, envelope(3, to=CHANNEL), timeout=5), far.requests


async def test_amending_sends_all_blocks_again_and_leaves_the_metadata() -> None:
    outcome, (request,) = await changed(says(ok=True, channel=CHANNEL, ts="1700000000.000100", text="x"))
    assert outcome == Accepted(ROOT)
    assert request.target == "/api/chat.update"
    said = json.loads(request.body)
    assert (said["channel"], said["ts"]) == (CHANNEL, "1700000000.000100")
    assert [block["type"] for block in said["blocks"]] == ["header", "section", "context", "actions"]
    assert said["text"].startswith("Update 3")
    assert "metadata" not in said  # a look-up for update 3 must find its reply, and not this


async def test_amending_with_a_long_text_keeps_within_the_limit_of_an_edit() -> None:
    words = Words("A line of words & more.\n" * 400, subject="Mail")
    outcome, (request,) = await changed(says(ok=True, channel=CHANNEL, ts="1700000000.000100"), words=words)
    assert isinstance(outcome, Accepted)
    assert len(json.loads(request.body)["text"]) <= 4000


@pytest.mark.parametrize("word", sorted(AMENDING))
async def test_every_known_word_of_amending(word: str) -> None:
    outcome, requests = await changed(says(ok=False, error=word))
    assert outcome == AMENDING[word]
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("message_not_found", Rejected),
        ("cant_update_message", Rejected),
        ("edit_window_closed", Rejected),
        ("update_failed", Uncertain),
        ("ratelimited", Deferred),
        ("something_new", Uncertain),
    ],
)
async def test_what_a_failed_edit_means(word: str, kind: type) -> None:
    assert isinstance((await changed(says(ok=False, error=word)))[0], kind)


async def test_retracting_deletes() -> None:
    outcome, (request,) = await taken_back(says(ok=True, channel=CHANNEL, ts="1700000000.000100"))
    assert outcome == Accepted(ROOT)
    assert urlsplit(request.target).path == "/api/chat.delete"
    sent_along = request.body.decode() + request.target
    assert CHANNEL in sent_along
    assert "1700000000.000100" in sent_along


async def test_what_is_gone_already_is_taken_back() -> None:
    assert (await taken_back(says(ok=False, error="message_not_found")))[0] == Accepted(ROOT, duplicate=True)
    assert isinstance((await taken_back(says(503, ok=False, error="message_not_found")))[0], Uncertain)


@pytest.mark.parametrize("word", sorted(RETRACTING))
async def test_every_known_word_of_retracting(word: str) -> None:
    assert (await taken_back(says(ok=False, error=word)))[0] == RETRACTING[word]


@pytest.mark.parametrize("ref", ["", "C012AB3CD", "1700000000.000100", "SM0123:1"])
async def test_a_reference_of_another_provider_is_refused_before_any_request(ref: str) -> None:
    for outcome, requests in (await changed(slack_accepts, ref), await taken_back(slack_accepts, ref)):
        assert isinstance(outcome, Rejected)
        assert requests == []
