"""The button by which people acknowledge a message in Slack, from the message to the receipt."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from channels.chat.slack.samples import slack_accepts, slack_changes, slack_settings
from channels.contract import (
    Accepted,
    Answer,
    Callback,
    CanAmend,
    Forged,
    Heard,
    HearsReceipts,
    Unreadable,
    Word,
)
from channels.simulator import slack_signature
from channels.testkit.bench import built
from channels.testkit.loopback import Reply, Request, http_server
from channels.testkit.samples import envelope

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OTHER = "00000000000000000000000000000000"
CHANNEL = "C012AB3CD"
NOW = 1_770_000_100.0
OK = Answer(b"", "text/plain", 200)


def unsigned(base_url: str) -> dict[str, Any]:
    """Settings without a secret."""
    return {name: value for name, value in slack_settings(base_url).items() if "signing" not in name}


def press(
    attempt: str = "token1", user: str = "U024BE7LH", at: str = "1770000090.840180", **more: Any
) -> dict[str, Any]:
    action = {"type": "button", "action_id": "outage_acknowledge", "block_id": "b", "value": attempt, "action_ts": at}
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "ann", "team_id": "T1"},
        "container": {"type": "message", "message_ts": "1770000000.000100", "channel_id": CHANNEL},
        "actions": [action],
        **more,
    }


def call(body: bytes | dict[str, Any], secret: str = SECRET, *, at: float = NOW, **headers: str) -> Callback:
    raw = body if isinstance(body, bytes) else urlencode({"payload": json.dumps(body)}).encode()
    stamp = headers.pop("stamp", str(int(at)))
    signed = {"x-slack-request-timestamp": stamp, "x-slack-signature": slack_signature(secret, stamp, raw)}
    return Callback("https://hooks.example.com/receipts/slack-main", "", {**signed, **headers}, raw, NOW)


async def heard(callback: Callback, **settings: str) -> Heard:
    given = {**unsigned("http://127.0.0.1:9"), "signing_secret": SECRET, **settings}
    async with built("chat/slack", given) as channel:
        assert isinstance(channel, HearsReceipts)
        return channel.hear(callback)


def slack(request: Request) -> Reply:
    return slack_changes(request) if "chat.update" in request.target else slack_accepts(request)


async def posted(**settings: str) -> Request:
    async with http_server(slack) as far:
        async with built("chat/slack", {**unsigned(far.url), **settings}) as channel:
            assert isinstance(await channel.send(envelope(to=CHANNEL), timeout=5), Accepted)
            assert isinstance(channel, CanAmend)
            await channel.amend(f"{CHANNEL}:1.1", envelope(to=CHANNEL), timeout=5)
        first, second = far.requests
    assert json.loads(first.body)["blocks"] == json.loads(second.body)["blocks"]
    return first


async def test_with_a_signing_secret_messages_carry_the_button_and_without_they_do_not() -> None:
    blocks = json.loads((await posted(signing_secret=SECRET, button="Verstanden")).body)["blocks"]
    assert blocks[-1] == {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "outage_acknowledge",
                "text": {"type": "plain_text", "text": "Verstanden", "emoji": False},
                "value": "token1",
            }
        ],
    }
    assert "actions" not in [block["type"] for block in json.loads((await posted()).body)["blocks"]]


async def test_no_button_where_nobody_could_hear_it() -> None:
    async with http_server(slack_accepts) as far:
        async with built("chat/slack", {**slack_settings(far.url), "signing_secret": SECRET}) as channel:
            await channel.send(envelope(to=CHANNEL, receipt_url=None), timeout=5)
        assert b"outage_acknowledge" not in far.requests[0].body


async def test_a_press_is_read_by_a_person() -> None:
    told = await heard(call(press()))
    assert told.answer == OK
    [receipt] = told.receipts
    assert (receipt.word, receipt.token, receipt.ref) == (Word.READ, "token1", f"{CHANNEL}:1770000000.000100")
    assert receipt.at == 1_770_000_090.84018
    assert receipt.raw["user"] == "…LH"
    assert "U024BE7LH" not in repr(receipt)


async def test_the_same_press_told_twice_is_one_event_and_another_person_or_time_is_another() -> None:
    tellings = [press(), press(), press(user="U0OTHER99"), press(at="1770000095.000001")]
    events = [(await heard(call(one))).receipts[0].event for one in tellings]
    assert events[0] == events[1]
    assert len(set(events)) == 3


@pytest.mark.parametrize("secret", [SECRET, OTHER])
async def test_either_secret_is_accepted_while_they_are_exchanged(secret: str) -> None:
    assert (await heard(call(press(), secret), second_signing_secret=OTHER)).receipts


@pytest.mark.parametrize(
    "callback",
    [
        call(press(), OTHER),
        call(press(), stamp=""),
        call(press(), stamp="soon"),
        call(press(), stamp="-5"),
        call(press(), stamp="1e9"),
        call(press(), stamp="٣" * 10),
        call(press(), stamp="9" * 400),
        call(press(), at=NOW - 301),
        call(press(), at=NOW + 301),
        call(press(), **{"x-slack-signature": ""}),
        call(press(), **{"x-slack-signature": "v0="}),
        call(press(), **{"x-slack-signature": "v0=é"}),
        call(press(), **{"x-slack-signature": slack_signature(SECRET, str(int(NOW)), b"another body")}),
        call(press(), **{"x-slack-signature": call(press()).headers["x-slack-signature"][3:]}),
        call(press(), **{"x-slack-request-timestamp": str(int(NOW) - 1)}),
    ],
)
async def test_what_is_not_signed_by_slack_just_now_is_forged(callback: Callback) -> None:
    with pytest.raises(Forged):
        await heard(callback)


async def test_without_a_secret_nothing_is_genuine() -> None:
    async with built("chat/slack", unsigned("http://127.0.0.1:9")) as channel:
        assert isinstance(channel, HearsReceipts)
        with pytest.raises(Forged, match="signing_secret"):
            channel.hear(call(press(), ""))


@pytest.mark.parametrize("shift", [-300, 299])
async def test_within_five_minutes_it_counts(shift: int) -> None:
    assert (await heard(call(press(), at=NOW + shift))).receipts


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload",
        b"payload=",
        b"payload=%7B",
        b"payload=[]",
        b"payload=null",
        b"payload=" + b"[" * 50_000,
        b"payload={}&payload={}",
        b"\xff\xfe=1",
        b'{"type": "url_verification", "challenge": "x"}',
        b"a=1&" * 40 + b"payload={}",
        b"payload=" + b"x" * 300_000,
        {"type": "view_submission"},
        {"type": "block_actions"},
        {"type": "block_actions", "user": {"id": 7}, "actions": []},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": "none"},
    ],
)
async def test_what_is_no_press_of_a_button_is_unreadable_and_quickly_so(body: Any) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreadable):
        await heard(call(body))
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "action",
    [
        {"action_id": "somebody_elses", "value": "token1", "action_ts": "1.1"},
        {"action_id": "outage_acknowledge", "value": "no token!", "action_ts": "1.1"},
        {"action_id": "outage_acknowledge", "value": "token1", "action_ts": "nan"},
        {"action_id": "outage_acknowledge", "value": None, "action_ts": "1.1"},
        {"action_id": "outage_acknowledge"},
        "acknowledge",
    ],
)
async def test_other_buttons_of_the_app_are_answered_and_nothing_more(action: Any) -> None:
    told = await heard(call(press(actions=[action])))
    assert (list(told.receipts), told.answer) == ([], OK)


async def test_slacks_check_of_the_certificate_is_answered() -> None:
    assert (await heard(call(b"ssl_check=1&token=x"))).answer == OK
