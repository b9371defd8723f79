"""Subscribing to push in the widget, and our service worker on a company's own site, in a real browser.

A browser's own push service is far away and wants a network, so `PushManager` answers with a subscription of the
simulator, and what a push service would bring is handed to the browser by its debugging protocol. All else is real.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from widget_rig import World, world

from channels.contract import Kind
from channels.push.web import wire
from channels.push.web.samples import VAPID_KEY
from channels.simulator import push_subscription
from channels.testkit.samples import envelope
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import queue, recipients
from dispatcher.ledger.tables import attempt, opt_out, recipient
from dispatcher.model.recipient import Recipient

pytestmark = pytest.mark.browser

OPEN = "https://northwind.example/status"
PUSH = {
    "PUSH_VAPID_PRIVATE_KEY": VAPID_KEY,
    "PUSH_VAPID_SUBJECT": "mailto:ops@northwind.example",
    "PUSH_OPEN_URL": OPEN,
}
#: What the browser's own push service would do.
_SUBSCRIBES = """
const told = TOLD;
const made = () => ({...told, toJSON: () => told, unsubscribe: async () => localStorage.removeItem("subscribed")});
PushManager.prototype.subscribe = async (options) => {
  localStorage.setItem("subscribed", JSON.stringify(options));
  return made();
};
PushManager.prototype.getSubscription = async () => localStorage.getItem("subscribed") && made();
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path / "home", **PUSH) as made:
        made.company.user, made.company.more = "bob-7", 'data-push="/outage-sw.js"'
        with made.here.ledger.write() as tx:
            recipients.upsert(tx, [Recipient("bob", "Bob", "en", {Kind.INAPP: "bob-7"})])
        yield made


@pytest.fixture
def context(browser: Browser, here: World) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1100, "height": 800}, reduced_motion="reduce")
    made.grant_permissions(["notifications"], origin=here.company.url)
    made.add_init_script(_SUBSCRIBES.replace("TOLD", json.dumps(push_subscription("bobs phone"))))
    yield made
    made.close()


def tab(context: BrowserContext, here: World) -> Page:
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(here.company.url)
    return page


def rows(here: World, table: Any) -> list[Any]:
    with here.here.ledger.read() as tx:
        return list(tx.execute(table.select()))


def until(happens: Any, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_a_person_subscribes_by_a_button_and_takes_it_back(here: World, context: BrowserContext) -> None:
    page = tab(context, here)
    expect(page.get_by_role("button", name="Notify me")).to_be_visible()
    assert page.evaluate("localStorage.getItem('subscribed')") is None, "nothing happens before the button is pressed"
    page.get_by_role("button", name="Notify me").click()
    expect(page.get_by_text("We will tell you on this device.")).to_be_visible()
    asked = json.loads(page.evaluate("localStorage.getItem('subscribed')"))
    assert asked["userVisibleOnly"] is True
    assert len(asked["applicationServerKey"]) == 87
    [bob] = rows(here, recipient)
    assert bob.to_push.startswith(push_subscription("bobs phone")["endpoint"])
    page.reload()
    page.wait_for_selector("outage-messages", state="attached")
    expect(page.get_by_role("button", name="Notify me")).to_have_count(0)
    here.tell("Mail is down.")
    page.get_by_role("button", name="Turn off notifications").click()
    until(lambda: rows(here, recipient)[0].to_push is None)
    assert [row.address for row in rows(here, opt_out)] == [bob.to_push]
    # The browser gives its subscription back once we have answered that nothing is sent to it any more.
    page.wait_for_function("localStorage.getItem('subscribed') === null")


def test_who_does_not_want_it_is_not_asked_again(here: World, context: BrowserContext) -> None:
    page = tab(context, here)
    page.get_by_role("button", name="Not now").click()
    expect(page.locator("outage-messages section")).to_be_hidden()
    page.reload()
    page.wait_for_selector("outage-messages", state="attached")
    page.wait_for_timeout(700)
    expect(page.get_by_role("button", name="Notify me")).to_have_count(0)
    assert rows(here, recipient)[0].to_push is None


def a_token(here: World) -> str:
    """Of an attempt that went by push."""
    with here.here.ledger.write() as tx:
        told = here.here.desk.open(tx, Order("microsoft-365", "a test"), Say("a test", override="a test"))
    here.here.planner.plan(told.broadcast.id)
    with here.here.ledger.write() as tx:
        [claimed] = queue.claim(tx, "inapp", owner="a test", lease=timedelta(minutes=1), limit=1)
        tx.execute(attempt.update().values(route="push", kind="push"))
    return claimed.token


def test_the_service_worker_shows_a_push_and_says_so(here: World, context: BrowserContext) -> None:
    page = tab(context, here)
    page.get_by_role("button", name="Notify me").click()
    expect(page.get_by_text("We will tell you on this device.")).to_be_visible()
    protocol = context.new_cdp_session(page)
    registrations: list[str] = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    protocol.send("ServiceWorker.enable")
    until(lambda: page.wait_for_timeout(50) or registrations)
    token = a_token(here)

    def deliver(data: str) -> None:
        about = {"origin": here.company.url, "registrationId": registrations[0], "data": data}
        protocol.send("ServiceWorker.deliverPushMessage", about)

    shown = (
        "navigator.serviceWorker.getRegistration().then(one => one.getNotifications())"
        ".then(all => all.map(one => [one.title, one.body, one.tag]))"
    )
    deliver(wire.payload(envelope(to="x", token=token), OPEN).decode())
    until(lambda: page.evaluate(shown))
    tag = wire.topic("mail-2026-02")
    assert page.evaluate(shown) == [["Update 1", "Update 1: mail is down, we are on it.", tag]]
    until(lambda: ("delivered", token) in here.heard(token))
    # The next word about the same incident takes its place; what is not ours is left alone.
    deliver(wire.payload(envelope(2, to="x", token=token), OPEN).decode())
    deliver('{"title": "of the site itself"}')
    until(lambda: page.evaluate(shown)[0][0] == "Update 2")
    assert len(page.evaluate(shown)) == 1
    [worker] = context.service_workers
    worker.evaluate(
        "self.registration.getNotifications().then(([n]) => "
        "{ self.dispatchEvent(new NotificationEvent('notificationclick', {notification: n})); })"
    )
    until(lambda: ("read", token) in here.heard(token))
    until(lambda: page.evaluate(shown) == [])
