"""The widget on a company's own site, on another origin than ours and under the strictest policy, in a real browser."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from widget_rig import World, world

from channels.contract import Kind
from dispatcher.faces.engine import Engine
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import recipients
from dispatcher.model.recipient import Recipient

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("widget")) as made:
        yield made


@pytest.fixture
def here(running: World) -> World:
    running.anew()
    return running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser of one person. Whatever it complains about fails the test at its end."""
    made = browser.new_context(viewport={"width": 1100, "height": 800}, reduced_motion="reduce")
    complaints: list[str] = []
    made.on("weberror", lambda error: complaints.append(str(error.error)))
    made.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield made
    made.close()
    assert complaints == []


def tab(context: BrowserContext, here: World) -> Page:
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(here.company.url)
    return page


def ready(page: Page) -> Page:
    """Once the stream stands, in whichever tab holds it."""
    page.wait_for_selector("outage-messages", state="attached")
    return page


def cards(page: Page) -> Locator:
    return page.locator("outage-messages li")


def texts(page: Page) -> list[str]:
    return [card.locator("p").inner_text() for card in cards(page).all()]


def until(happens: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_two_tabs_have_it_within_a_second_and_one_acknowledges_for_both(here: World, context: BrowserContext) -> None:
    first, second = ready(tab(context, here)), ready(tab(context, here))
    older = here.tell("Nothing yet")
    for page in (first, second):
        expect(cards(page)).to_have_count(1)
    begun = time.monotonic()
    newer = here.tell("We are on it.")
    for page in (first, second):
        expect(cards(page)).to_have_count(2, timeout=2000)
    assert time.monotonic() - begun < 1.0
    assert texts(first) == texts(second) == ["We are on it.", "Nothing yet"]
    second.bring_to_front()
    cards(second).first.get_by_role("button", name="Got it").click()
    for page in (first, second):
        expect(cards(page)).to_have_count(1)
    told = {("delivered", older), ("delivered", newer), ("read", newer)}
    until(lambda: set(here.heard(older, newer)) == told)
    assert len(here.heard(older, newer)) == len(told), "each is told once, however many tabs there are"
    first.reload()
    expect(cards(first)).to_have_count(1)
    assert texts(first) == ["Nothing yet"]


def test_a_restart_in_the_middle_loses_nothing_and_doubles_nothing(here: World, context: BrowserContext) -> None:
    pages = [ready(tab(context, here)), ready(tab(context, here))]
    here.tell("one")
    for page in pages:
        expect(cards(page)).to_have_count(1)
    here.web.kill()
    here.tell("two")
    time.sleep(0.5)
    here.tell("three")
    here.web.start()
    here.tell("four")
    for page in pages:
        expect(cards(page)).to_have_count(4, timeout=20_000)
        assert texts(page) == ["four", "three", "two", "one"]
    here.tell("five")
    for page in pages:
        expect(cards(page)).to_have_count(5)


def test_the_tab_with_the_stream_may_go(here: World, context: BrowserContext) -> None:
    first, second = ready(tab(context, here)), ready(tab(context, here))
    here.tell("one")
    expect(cards(second)).to_have_count(1)
    first.close()
    here.tell("two")
    expect(cards(second)).to_have_count(2)
    third = ready(tab(context, here))
    expect(cards(third)).to_have_count(2)
    second.close()
    here.tell("three")
    expect(cards(third)).to_have_count(3)


def test_an_acknowledgement_is_seen_in_the_api(here: World, context: BrowserContext) -> None:
    """From an incident to the person and back, by the real engine."""
    with here.here.ledger.write() as tx:
        recipients.upsert(tx, [Recipient("bob", "Bob", "en", {Kind.INAPP: here.company.user})])
    page = ready(tab(context, here))
    with here.here.ledger.write() as tx:
        told = here.here.desk.open(tx, Order("microsoft-365", "a test"), Say("a test", override="a test"))
    here.here.planner.plan(told.broadcast.id)
    engine = Engine(here.here, ring=lambda _: None, heard=lambda: None)
    engine.deliver("inapp")
    engine.close()
    expect(cards(page)).to_have_count(1)
    assert here.status() == "accepted"
    until(lambda: here.here.folder.fold_some() and here.status() == "delivered")
    page.get_by_role("button", name="Got it").click()
    until(lambda: here.here.folder.fold_some() and here.status() == "read")


def test_markup_is_text(here: World, context: BrowserContext) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script> & <b>bold</b>"
    page = tab(context, here)
    here.tell(evil, subject=evil)
    expect(cards(page).locator("p")).to_have_text(evil)
    expect(cards(page).locator("header span")).to_have_text(evil)
    expect(page.locator("outage-messages").locator("img, script, b")).to_have_count(0)


def test_it_is_styled_under_a_policy_that_allows_no_styles(here: World, context: BrowserContext) -> None:
    page = tab(context, here)
    here.tell("one")
    expect(cards(page)).to_have_count(1)
    panel = page.locator("outage-messages section")
    expect(panel).to_have_css("position", "fixed")
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1100
    assert box["y"] + box["height"] <= 800


def test_a_lost_connection_says_since_when(here: World, context: BrowserContext) -> None:
    first, second = ready(tab(context, here)), ready(tab(context, here))
    token = here.tell("one")
    expect(cards(second)).to_have_count(1)
    lost_at = first.evaluate("new Intl.DateTimeFormat('en', {hour: '2-digit', minute: '2-digit'}).format(new Date())")
    here.web.kill()
    for page in (first, second):
        expect(page.locator("outage-messages .lost")).to_contain_text("Connection lost since", timeout=20_000)
    assert lost_at in first.locator("outage-messages .lost").inner_text()
    expect(cards(first)).to_have_count(1)
    # What is acknowledged meanwhile is told later.
    first.get_by_role("button", name="Got it").click()
    expect(cards(second)).to_have_count(0)
    here.web.start()
    for page in (first, second):
        expect(page.locator("outage-messages section")).to_be_hidden(timeout=40_000)
    until(lambda: ("read", token) in here.heard(token))


def test_a_later_word_takes_the_place_of_the_one_before(here: World, context: BrowserContext) -> None:
    page = tab(context, here)
    here.tell("Mail is down.", thread="INC-1")
    expect(cards(page)).to_have_count(1)
    page.get_by_role("button", name="Got it").focus()
    token = here.tell("Mail is back.", thread="INC-1", notable=False)
    expect(cards(page).locator("p")).to_have_text("Mail is back.")
    expect(page.get_by_role("button", name="Got it")).to_be_focused()
    cards(page).get_by_role("button").click()
    expect(cards(page)).to_have_count(0)
    until(lambda: ("read", token) in here.heard(token))
    page.reload()
    ready(page)
    page.wait_for_timeout(1000)
    expect(cards(page)).to_have_count(0)


def test_what_is_notable_is_an_alert_and_the_rest_is_said_calmly_once(here: World, context: BrowserContext) -> None:
    page = ready(tab(context, here))
    here.tell("Mail is down.")
    expect(page.locator("outage-messages").get_by_role("alert")).to_have_text("Mail is down. Mail is down.")
    here.tell("Still on it.", notable=False)
    expect(page.locator("outage-messages .quiet[role=status]")).to_have_text("Mail is down. Still on it.")
    page.reload()
    expect(cards(page)).to_have_count(2)
    assert page.locator("outage-messages").get_by_role("alert").inner_text() == "", "what was said is not said again"


def test_it_speaks_the_page_s_language(here: World, context: BrowserContext) -> None:
    here.company.lang = "de-AT"
    page = tab(context, here)
    here.tell("Wir arbeiten daran.")
    expect(page.get_by_role("region", name="Hinweise zum Betrieb")).to_be_visible()
    expect(page.get_by_role("button", name="Verstanden")).to_be_visible()


def test_nobody_logged_in_sees_nothing_and_one_who_logs_out_no_more(here: World, context: BrowserContext) -> None:
    user, here.company.user = here.company.user, ""
    page = tab(context, here)
    page.wait_for_timeout(500)
    assert page.locator("outage-messages").count() == 0
    assert here.company.tickets == 1, "it does not go on asking"
    here.company.user = user
    page.reload()
    here.tell("one")
    expect(cards(page)).to_have_count(1)
    here.company.user = "somebody else"
    page.reload()
    ready(page)
    page.wait_for_timeout(500)
    expect(cards(page)).to_have_count(0)


def test_it_fits_a_phone(here: World, browser: Browser) -> None:
    phone = browser.new_context(viewport={"width": 360, "height": 640})
    page = tab(phone, here)
    for number in range(6):
        here.tell(f"{number} " + "A long sentence about what is going on. " * 6)
    expect(cards(page)).to_have_count(6)
    box = page.locator("outage-messages section").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["height"] <= 0.76 * 640
    phone.close()


def test_the_widget_is_small(here: World) -> None:
    with urllib.request.urlopen(f"{here.web.url}/inapp/widget.js") as answer:
        assert len(answer.read()) < 10_000
        mark = answer.headers["ETag"]
    request = urllib.request.Request(f"{here.web.url}/inapp/widget.js", headers={"If-None-Match": mark})
    with pytest.raises(urllib.error.HTTPError, match="304"):
        urllib.request.urlopen(request)
