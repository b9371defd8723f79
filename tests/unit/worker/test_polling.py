"""Status feeds as they are polled: a real HTTP server on this machine, a real ledger; who looks, and what is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import update
from structlog.testing import capture_logs

from channels.transport.http import open_session
from dispatcher.faces.worker.feeds import poll
from dispatcher.ledger import Ledger, feeds, now, tables
from dispatcher.model.config import Feed
from dispatcher.model.vendors import VendorState
from dispatcher.plan.health import look
from dispatcher.settings import load
from dispatcher.wiring import Installation

OPERATIONAL = {"status": {"indicator": "none", "description": "All Systems Operational"}}
MAJOR = {"status": {"indicator": "major", "description": "Major Outage"}}


class Page:
    """A vendor's status page."""

    def __init__(self) -> None:
        self.answer: Any = OPERATIONAL
        self.status = 200
        self.headers: dict[str, str] = {}
        self.slow = 0.0
        self.asked: list[dict[str, str]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append({"path": request.path, **request.headers})
        await asyncio.sleep(self.slow)
        if self.headers.get("ETag") and request.headers.get("If-None-Match") == self.headers["ETag"]:
            return web.Response(status=304)
        body = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        return web.Response(status=self.status, body=body, headers=self.headers)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    made = Page()
    app = web.Application()
    app.router.add_get("/{rest:.*}", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(_, port)] = runner.addresses
    made.url = f"http://127.0.0.1:{port}/api/v2/summary.json"
    yield made
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as made:
        yield made


class Reading(Installation):
    """The shipped installation, with one feed, on a ledger of the test's."""


@pytest.fixture
def here(ledger: Ledger, page: Page, tmp_path: Any) -> Installation:
    settings = load({"DISPATCHER_HOME": str(tmp_path), "DISPATCHER_FEEDS": "on", "THE_TOKEN": "s3cret-token"})
    made = Reading(settings)
    made.__dict__["ledger"] = ledger
    config = made.config
    feed = Feed.model_validate({"kind": "statuspage", "url": page.url, "every": "30s", "token": {"env": "THE_TOKEN"}})
    vendors = {name: vendor.model_copy(update={"feed": None}) for name, vendor in config.vendors.items()}
    vendors["twilio"] = vendors["twilio"].model_copy(update={"feed": feed})
    made.__dict__["config"] = config.model_copy(update={"vendors": vendors})
    return made


def _state(here: Installation) -> tuple[str, str]:
    with here.ledger.read() as tx:
        one = look(tx, here.config, ()).health["twilio"]
    return one.state.value, one.why


def _again(here: Installation, *, unseen_for: float = 0.0) -> None:
    """Its time has come again."""
    values: dict[str, Any] = {"next_at": now() - timedelta(seconds=1)}
    if unseen_for:
        values["seen_at"] = now() - timedelta(seconds=unseen_for)
    with here.ledger.write() as tx:
        tx.execute(update(tables.vendor_feed).values(**values))


async def test_a_feed_is_read_when_it_is_due_and_counts_a_step_less(
    here: Installation, page: Page, session: aiohttp.ClientSession
) -> None:
    assert _state(here)[0] == "unknown"
    assert await poll(here, session) == 1
    assert await poll(here, session) == 0, "it is not due again"
    assert page.asked[0]["Authorization"] == "Bearer s3cret-token"
    assert _state(here)[0] == "ok"
    page.answer = MAJOR
    _again(here)
    assert await poll(here, session) == 1
    state, why = _state(here)
    assert (state, "Major Outage" in why, "nothing of ours has noticed" in why) == ("degraded", True, True)


async def test_one_of_many_workers_looks(here: Installation, page: Page, session: aiohttp.ClientSession) -> None:
    assert sum(await asyncio.gather(*(poll(here, session) for _ in range(8)))) == 1
    assert len(page.asked) == 1


async def test_what_has_not_changed_is_not_fetched_again(
    here: Installation, page: Page, session: aiohttp.ClientSession
) -> None:
    page.headers = {"ETag": '"v1"', "Last-Modified": "Sun, 29 Nov 2026 09:00:00 GMT"}
    await poll(here, session)
    _again(here, unseen_for=80)
    await poll(here, session)
    assert page.asked[1]["If-None-Match"] == '"v1"'
    assert page.asked[1]["If-Modified-Since"] == "Sun, 29 Nov 2026 09:00:00 GMT"
    _again(here)
    with here.ledger.read() as tx:
        [one] = feeds.words(tx, here.config.feeds)
    assert one.seen_at is not None
    assert now() - one.seen_at < timedelta(seconds=30), "that it is as it was is news of now"
    assert one.state is VendorState.OK


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": 500}, "it answered 500"),
        ({"status": 302, "headers": {"Location": "http://169.254.169.254/latest"}}, "it answered 302"),
        ({"answer": b"x" * (1024 * 1024 + 1)}, "longer than 1024 KiB"),
        ({"answer": b"<html>"}, "it is not JSON"),
        ({"slow": 3.0}, "no answer within"),
    ],
)
async def test_what_cannot_be_read_is_told_once_and_is_unknown_once_it_is_old(
    here: Installation,
    page: Page,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    said: str,
) -> None:
    monkeypatch.setattr("dispatcher.faces.worker.feeds._PATIENCE", 0.4)
    await poll(here, session)
    for name, value in change.items():
        setattr(page, name, value)
    with capture_logs() as logs:
        for _ in range(3):
            _again(here)
            await poll(here, session)
    assert [one["event"] for one in logs] == ["status feed not read"]
    assert said in logs[0]["why"]
    assert len(page.asked) == 4, "nothing was followed elsewhere"
    assert _state(here)[0] == "ok", "what it said holds while it is fresh"
    _again(here, unseen_for=91)
    state, why = _state(here)
    assert state == "unknown"
    assert said in why


async def test_without_network_or_token_it_is_unknown_and_no_secret_is_told(
    here: Installation, page: Page, session: aiohttp.ClientSession
) -> None:
    far = here.config.vendors["twilio"]
    assert far.feed is not None
    gone = far.feed.model_copy(update={"url": "http://127.0.0.1:9/key=s3cret-path"})
    here.config.vendors["twilio"] = far.model_copy(update={"feed": gone})
    with capture_logs() as logs:
        await poll(here, session)
    assert _state(here)[0] == "unknown"
    assert "s3cret" not in str(logs) + str(_state(here))
    unset = here.config.vendors["twilio"].feed
    assert unset is not None
    token = unset.token.model_copy(update={"env": "NOT_SET"}) if unset.token else None
    here.config.vendors["twilio"] = far.model_copy(update={"feed": unset.model_copy(update={"token": token})})
    _again(here)
    await poll(here, session)
    assert "set NOT_SET" in _state(here)[1]
    assert page.asked == []


@pytest.mark.parametrize(
    ("environ", "reads"),
    [
        ({}, False),
        ({"DISPATCHER_FEEDS": "off"}, False),
        ({"DISPATCHER_FEEDS": "on"}, True),
        ({"DISPATCHER_FEEDS": "on", "DISPATCHER_SIMULATED": "1"}, False),
    ],
)
def test_nobody_is_called_unless_somebody_wants_it(tmp_path: Any, environ: dict[str, str], reads: bool) -> None:
    here = Installation(load({"DISPATCHER_HOME": str(tmp_path), **environ}))
    assert bool(here.feeds) is reads
    assert here.config.feeds, "feeds are shipped"
