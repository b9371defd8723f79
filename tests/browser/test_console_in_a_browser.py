from __future__ import annotations

import pytest
from browser_rig import Site
from playwright.sync_api import Page, expect

from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import incidents

pytestmark = pytest.mark.browser


def tell(site: Site) -> int:
    with site.here.ledger.write() as tx:
        told = site.here.desk.open(tx, Order("microsoft-365", "Grace"), Say("Grace", override="drill"))
    return told.broadcast.id


def scrolls_sideways(page: Page) -> bool:
    width = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    found: bool = page.evaluate(width)
    return found


@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_start_to_the_incident_at_any_width(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("link", name="Start a broadcast").click()
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="Mail and Teams are down").click()
    page.get_by_label("Title").fill("Mails are late")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Look before you send").click()
    expect(page.get_by_text("Nothing has been sent.")).to_be_visible()
    assert not scrolls_sideways(page)
    assert site.rung == []
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("alert")).to_contain_text("some people would not hear it")
    page.get_by_label("Send it all the same").check()
    page.get_by_label("Why it cannot wait").fill("Cy is called by phone")
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mails are late")
    assert not scrolls_sideways(page)
    assert site.rung == [1]
    page.get_by_role("link", name="Now").click()
    expect(page.get_by_role("link", name="INC-1 Mails are late")).to_be_visible()
    assert not scrolls_sideways(page)


def test_back_and_change_keeps_what_was_typed(page: Page) -> None:
    page.goto("/console/new?playbook=slack")
    page.get_by_label("Title").fill("Shared channels are quiet")
    page.get_by_role("button", name="Look before you send").click()
    page.get_by_role("button", name="Back and change").click()
    expect(page.get_by_label("Title")).to_have_value("Shared channels are quiet")


def test_the_enter_key_does_not_send(page: Page, site: Site) -> None:
    page.goto("/console/new?playbook=slack")
    page.get_by_role("button", name="Look before you send").click()
    page.get_by_label("Send it all the same").check()
    page.get_by_label("Why it cannot wait").fill("Cy is called by phone")
    page.get_by_label("Why it cannot wait").press("Enter")
    expect(page.get_by_text("Nothing has been sent.")).to_be_visible()
    expect(page.get_by_label("Why it cannot wait")).to_have_value("Cy is called by phone")
    assert site.rung == []


def test_pressing_twice_sends_once(page: Page, site: Site) -> None:
    page.goto("/console/new?playbook=slack")
    page.get_by_role("button", name="Look before you send").click()
    page.get_by_label("Send it all the same").check()
    page.get_by_label("Why it cannot wait").fill("Cy is called by phone")
    page.get_by_role("button", name="Send now").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("INC-1")
    with site.here.ledger.read() as tx:
        assert len(incidents.newest(tx)) == 1
    assert site.rung == [1]


def test_the_incident_refreshes_itself_and_invariant_9_says_when_it_cannot(page: Page, site: Site) -> None:
    broadcast_id = tell(site)
    page.goto("/console/incidents/1")
    expect(page.get_by_text("It is kept and will be sent.")).to_be_visible()
    page.locator("#words-1 summary").click()
    site.here.planner.plan(broadcast_id)
    expect(page.get_by_text("0 of 5 messages taken by a provider or delivered")).to_be_visible()
    expect(page.locator("#words-1")).to_have_attribute("open", "")
    site.stop()
    stale = page.locator(".live.stale > .asof").first
    expect(stale).to_contain_text("cannot be refreshed since")
    expect(page.locator("#said")).to_contain_text("cannot be refreshed")


def test_every_page_fits_a_phone_and_can_be_used_without_script(page: Page, site: Site) -> None:
    site.here.planner.plan(tell(site))
    paths = (
        "/console",
        "/console/history",
        "/console/incidents/1",
        "/console/incidents/1/update",
        "/console/incidents/1/resolve",
        "/console/incidents/1/retract",
        "/console/deliveries/1",
        "/console/deliveries/999",
    )
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(
        viewport={"width": 360, "height": 700},
        base_url=site.url,
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )
    without = plain.new_page()
    page.set_viewport_size({"width": 360, "height": 700})
    for path in paths:
        page.goto(path)
        assert not scrolls_sideways(page), path
        without.goto(path)
        expect(without.get_by_role("heading", level=1)).to_be_visible()
    without.goto("/console/incidents/1/update")
    without.get_by_role("button", name="Look before you send").click()
    expect(without.get_by_text("Nothing has been sent.")).to_be_visible()
    plain.close()
