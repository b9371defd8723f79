"""The chat adapters against the simulated providers: whole stories, judged by what people there would see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.contract import (
    Absent,
    Accepted,
    Callback,
    CanAmend,
    CanBeAsked,
    CanRetract,
    Channel,
    Found,
    HearsReceipts,
    Rejected,
    Uncertain,
    Word,
    Words,
)
from channels.simulator import Accounts, Simulator
from channels.testkit.bench import built
from channels.testkit.samples import envelope

PLACE = "C0STATUS"


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Accounts.generate()) as running:
        yield running


@pytest.fixture
async def slack(simulator: Simulator) -> AsyncIterator[Channel]:
    accounts = simulator.accounts
    settings = {
        "bot_token": accounts.slack_bot_token,
        "signing_secret": accounts.slack_signing_secret,
        "base_url": simulator.addresses.slack_base.rstrip("/"),
    }
    async with built("chat/slack", settings) as channel:
        yield channel


def sent_now(simulator: Simulator, number: int, **changes: Any) -> Any:
    return envelope(number, to=PLACE, started_at=simulator._core.now(), **changes)


async def shown(simulator: Simulator, thread: str = "") -> list[str]:
    """What stands in the channel, or in a thread of it, the oldest first."""
    url = simulator.addresses.slack_base + ("conversations.replies" if thread else "conversations.history")
    query = {"channel": PLACE, "token": simulator.accounts.slack_bot_token, **({"ts": thread} if thread else {})}
    async with aiohttp.ClientSession() as http, http.get(url, params=query) as answer:
        messages = (await answer.json())["messages"]
    texts = [message["text"].partition("\n")[0] for message in messages]
    return texts if thread else texts[::-1]


async def test_the_story_of_an_incident_in_one_thread(simulator: Simulator, slack: Channel) -> None:
    assert isinstance(slack, CanAmend)
    assert isinstance(slack, CanBeAsked)
    assert isinstance(slack, CanRetract)
    first = await slack.send(sent_now(simulator, 1), timeout=5)
    assert isinstance(first, Accepted)
    thread = first.ref.partition(":")[2]
    quiet = sent_now(simulator, 2, root=first.ref, notable=False)
    second = await slack.send(quiet, timeout=5)
    assert isinstance(second, Accepted)
    assert await slack.amend(first.ref, quiet, timeout=5) == Accepted(first.ref)
    assert await slack.amend(first.ref, quiet, timeout=5) == Accepted(first.ref)
    assert await slack.look_up(quiet, timeout=5) == Found(second.ref)
    end = sent_now(simulator, 3, root=first.ref, notable=True)
    third = await slack.send(end, timeout=5)
    assert isinstance(third, Accepted)
    assert await slack.look_up(end, timeout=5) == Found(third.ref)
    assert await slack.look_up(sent_now(simulator, 4, root=first.ref), timeout=5) == Absent()
    assert await shown(simulator) == ["Update 2", "Update 3"]
    assert await shown(simulator, thread) == ["Update 2", "Update 2", "Update 3"]
    for ref in (third.ref, second.ref, first.ref):
        assert await slack.retract(ref, end, timeout=5) == Accepted(ref)
        assert await slack.retract(ref, end, timeout=5) == Accepted(ref, duplicate=True)
    assert await shown(simulator) == []
    gone = await slack.amend(first.ref, end, timeout=5)
    assert isinstance(gone, Rejected)
    assert gone.fault.code == "gone"


async def test_when_the_first_message_is_deleted_the_next_is_told_all_the_same(
    simulator: Simulator, slack: Channel
) -> None:
    assert isinstance(slack, CanBeAsked)
    assert isinstance(slack, CanRetract)
    first = await slack.send(sent_now(simulator, 1), timeout=5)
    assert isinstance(first, Accepted)
    await slack.retract(first.ref, sent_now(simulator, 1), timeout=5)
    simulator.add_faults([{"provider": "slack", "do": {"what": "reset_after"}, "times": 1}])
    update = sent_now(simulator, 2, root=first.ref)
    assert isinstance(await slack.send(update, timeout=5), Uncertain)
    assert isinstance(await slack.look_up(update, timeout=5), Found)
    assert await shown(simulator) == ["Update 2"]


async def test_people_acknowledge(simulator: Simulator, slack: Channel) -> None:
    assert isinstance(slack, HearsReceipts)
    sent = await slack.send(sent_now(simulator, 1, token="the-token"), timeout=5)
    assert isinstance(sent, Accepted)
    heard: list[Callback] = []

    async def app(request: Any) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        heard.append(Callback(str(request.url), "", headers, await request.read(), simulator._core.now()))
        return web.Response()

    server = web.Application()
    server.router.add_post("/receipts/slack-main", app)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/receipts/slack-main"
        async with aiohttp.ClientSession() as http:
            for user, times in (("U0ANNA", 2), ("U0BOB", 1)):
                what = {"ts": sent.ref.partition(":")[2], "user": user, "url": url, "times": times}
                async with http.post(f"{simulator.addresses.control}/slack/press", json=what) as answer:
                    assert answer.status == 200
    finally:
        await runner.cleanup()
    receipts = [receipt for callback in heard for receipt in slack.hear(callback).receipts]
    assert [(one.word, one.token, one.ref) for one in receipts] == [(Word.READ, "the-token", sent.ref)] * 3
    assert len({one.event for one in receipts}) == 2


async def test_the_webhook_is_a_second_way_into_the_same_channel(simulator: Simulator) -> None:
    settings = {
        "webhook_url": simulator.accounts.slack_webhook_url,
        "channel": PLACE,
        "base_url": simulator.addresses.slack_webhook_base,
    }
    async with built("chat/slack-webhook", settings) as channel:
        assert await channel.send(sent_now(simulator, 1), timeout=5) == Accepted("")
        simulator.add_faults([{"provider": "slack", "do": {"what": "garbled"}, "times": 1}])
        assert isinstance(await channel.send(sent_now(simulator, 2), timeout=5), Uncertain)
    assert await shown(simulator) == ["Update 1", "Update 2"]


async def test_teams_shows_the_words(simulator: Simulator) -> None:
    settings = {
        "webhook_url": simulator.accounts.teams_webhook_url,
        "channel": "teams:customers",
        "base_url": simulator.addresses.teams_base,
    }
    words = Words("We know.\n\nMore at 15:00.", subject="Mail is down")
    async with built("chat/teams", settings) as channel:
        assert await channel.send(envelope(to="teams:customers", words=words), timeout=5) == Accepted("")
    [held] = simulator.received(provider="teams")
    assert held["body"] == "Mail is down\nWe know.\nMore at 15:00.\nmail-2026-02 · #1"
