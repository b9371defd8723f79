"""A press of a button in Slack, from the app's interactivity URL to the delivery that is read."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from api_rig import Api, environment, problem, started

from channels.contract import Kind
from channels.simulator import slack_signature
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import install

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    slack = {"SLACK_BOT_TOKEN": "xoxb-1-2-3", "SLACK_SIGNING_SECRET": SECRET}
    async with started(environment(tmp_path / "home", **slack)) as made:
        made.add(Recipient("cat", "Cat", "en", {Kind.CHAT: "U0CAT"}, frozenset({"eu"})))
        yield made


async def press(
    api: Api, attempt: str, *, user: str = "U0CAT", at: str = "1770000090.840180", secret: str = SECRET, long: int = 0
) -> httpx.Response:
    action = {"action_id": "outage_acknowledge", "value": attempt, "action_ts": at}
    payload: dict[str, Any] = {"type": "block_actions", "user": {"id": user}, "actions": [action]}
    payload["message"] = {"text": "停" * long}
    body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
    stamp = str(int(time.time()))
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": slack_signature(secret, stamp, body),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return await api.bare.post("/receipts/slack-main", content=body, headers=headers)


async def begun(api: Api) -> str:
    told = await api.open(audience="eu")
    return api.claim(told["broadcast"]["id"], "slack-main")[0].token


async def standing(api: Api) -> list[str]:
    api.here.folder.fold_some()
    page = (await api.client.get("/api/v1/deliveries", params={"route": "slack-main"})).json()
    return sorted(one["status"] for one in page["deliveries"])


async def test_a_press_makes_the_delivery_read(api: Api) -> None:
    token = await begun(api)
    answer = await press(api, token)
    assert (answer.status_code, answer.content) == (200, b"")
    assert await standing(api) == ["read"]


async def test_told_twice_or_by_others_changes_nothing_more(api: Api) -> None:
    token = await begun(api)
    for user, at in (("U0CAT", "1770000090.840180"), ("U0CAT", "1770000090.840180"), ("U0DOG", "1770000099.000001")):
        assert (await press(api, token, user=user, at=at)).status_code == 200
    assert api.count("receipt") == 2
    assert await standing(api) == ["read"]


async def test_a_press_repeats_the_longest_message_that_we_send(api: Api) -> None:
    token = await begun(api)
    assert (await press(api, token, long=16_000)).status_code == 200
    assert await standing(api) == ["read"]
    problem(await press(api, token, long=40_000), 413)


def test_without_a_signing_secret_nothing_is_expected_to_be_heard(tmp_path: Path) -> None:
    """Else every message in Slack would count as unknown for ever."""
    bare = install(environment(tmp_path, SLACK_BOT_TOKEN="xoxb-1-2-3"))
    assert "slack-main" not in bare.hearing
    assert bare.receipt_url("slack-main", "token") is None
    signed = install(environment(tmp_path, SLACK_BOT_TOKEN="xoxb-1-2-3", SLACK_SIGNING_SECRET=SECRET))
    assert "slack-main" in signed.hearing
    assert signed.receipt_url("slack-main", "token") == "https://outage.example.com/receipts/slack-main/token"


def test_invariant_5_a_shell_without_the_secrets_takes_what_was_sent_for_unknown(tmp_path: Path) -> None:
    """It cannot know whether something will be heard; "no receipt expected" would be a claim."""
    assert "slack-main" in install(environment(tmp_path)).hearing


async def test_a_forged_press_has_no_effect(api: Api) -> None:
    token = await begun(api)
    said = problem(await press(api, token, secret="0" * 32), 403)
    assert SECRET not in json.dumps(said)
    assert api.count("receipt") == 0
    assert await standing(api) == ["sending"]
