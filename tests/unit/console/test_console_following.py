from __future__ import annotations

from datetime import timedelta

import pytest
from console_rig import Console

from channels.contract import Accepted, Receipt, Word
from dispatcher.deliver.settle import settle
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import now, outcomes, queue, receipts
from dispatcher.ledger.receipts import Arrived


def send(console: Console, **say: float) -> None:
    here = console.here
    with here.ledger.write() as tx:
        told = here.desk.open(tx, Order("microsoft-365", "Grace"), Say("Grace", override="drill", **say))
    here.planner.plan(told.broadcast.id)


def deliver(console: Console, route: str = "twilio-main") -> None:
    here = console.here
    with here.ledger.write() as tx:
        held = queue.claim(tx, route, owner="me", lease=timedelta(minutes=1), limit=10)
    with here.ledger.write() as tx:
        done = [(one, *settle(one, Accepted("SM7"), here.rules(route), now(), superseded=False)) for one in held]
        outcomes.record(tx, "me", done)
        raw = {"MessageStatus": "delivered", "To": "+15551234567"}
        heard = [Receipt(Word.DELIVERED, f"e{one.attempt_id}", token=one.token, raw=raw) for one in held]
        receipts.store(tx, [Arrived(route, one, now()) for one in heard])
    here.folder.fold_some(100)


@pytest.mark.parametrize(
    "path",
    [
        "/console/incidents/7",
        "/console/incidents/7/live",
        "/console/incidents/7/update",
        "/console/incidents/abc",
        "/console/incidents/99999999999999999999",
        "/console/deliveries/7",
        "/console/new?playbook=nothing",
        "/console/no/such/page",
    ],
)
async def test_what_is_not_there_is_said_to_be_not_there(inside: Console, path: str) -> None:
    answer = await inside.get(path)
    assert answer.status_code == 404
    assert "Not here" in answer.text


async def test_an_empty_console_says_so(inside: Console) -> None:
    page = (await inside.get("/console")).text
    assert "Nothing is open" in page
    assert "Start a broadcast" in page


async def test_the_overview_shows_what_is_open_and_what_is_late(inside: Console) -> None:
    send(inside)
    send(inside, next_update_in=0.001)
    page = (await inside.get("/console")).text
    assert page.count("OVERDUE</strong>") == 1
    assert page.index("INC-2") < page.index("INC-1 ")
    assert "0 of 4 messages" in page


async def test_invariant_9_everything_shown_carries_its_age(inside: Console) -> None:
    send(inside)
    for path in ("/console", "/console/history", "/console/incidents/1", "/console/deliveries/1"):
        assert "As of" in (await inside.get(path)).text


async def test_a_live_region_is_sent_only_when_it_changed_and_always_says_from_when_it_is(inside: Console) -> None:
    send(inside)
    for path in ("/console/live", "/console/incidents/1/live", "/console/incidents/1/receipts/live"):
        first = await inside.get(path)
        assert first.status_code == 200
        again = await inside.get(path, **{"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["x-as-of"] >= first.headers["x-as-of"]
        assert "<html" not in first.text


async def test_a_live_region_without_a_session_is_a_plain_401(console: Console) -> None:
    assert (await console.get("/console/incidents/1/live")).status_code == 401


async def test_progress_receipts_and_the_story_of_a_delivery(inside: Console) -> None:
    send(inside)
    page = (await inside.get("/console/incidents/1")).text
    assert "0</strong> of 4 messages" in page
    deliver(inside)
    page = (await inside.get("/console/incidents/1")).text
    assert "1</strong> of 4 messages" in page
    assert "First message taken" in page
    assert "confirmed as delivered" in page
    assert "+15551234567" not in page
    assert "+1********67" in page
    rows = (await inside.get("/console/incidents/1?status=delivered&kind=sms&route=twilio-main&update=1")).text
    assert rows.count('href="/console/deliveries/') == 1
    number = rows.partition('href="/console/deliveries/')[2].partition('"')[0]
    story = (await inside.get(f"/console/deliveries/{number}")).text
    assert "choice 1 of the playbook" in story
    assert "Receipt: delivered" in story
    assert "SM7" in story
    assert "+15551234567" not in story
    assert "behind the others" in story


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 4),
        ("status=pending", 2),
        ("status=failed", 0),
        ("status=trouble", 2),
        ("kind=inapp", 1),
        ("route=smtp-main", 0),
        ("id=recipient+1", 1),
        ("id=r2", 1),
        ("id=delivery+3", 1),
        ("id=%23999", 0),
        ("id=hello", 0),
        ("after=2", 2),
        ("after=x", 4),
    ],
)
async def test_the_list_can_be_narrowed_down(inside: Console, query: str, rows: int) -> None:
    send(inside)
    text = (await inside.get(f"/console/incidents/1/receipts/live?{query}")).text
    assert text.count('href="/console/deliveries/') == rows


async def test_the_list_has_pages(inside: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatcher.faces.console.following._ROWS", 3)
    send(inside)
    page = (await inside.get("/console/incidents/1?kind=")).text
    assert 'href="/console/incidents/1?after=3#receipts">Next page' in page
    last = (await inside.get("/console/incidents/1?after=3")).text
    assert "First page" in last
    assert "Next page" not in last


async def test_the_history_has_pages(inside: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatcher.faces.console.overview._PAGE", 1)
    send(inside)
    send(inside)
    first = (await inside.get("/console/history")).text
    assert "/console/history?before=2" in first
    second = (await inside.get("/console/history?before=2")).text
    assert "INC-1 " in second
    assert "Older" not in second


async def test_simulated_providers_are_named_on_every_page(inside: Console) -> None:
    assert "SIMULATED" not in (await inside.get("/console")).text
    inside.here.settings.environ["DISPATCHER_SIMULATED"] = "1"  # type: ignore[index]
    assert "SIMULATED" in (await inside.get("/console")).text


async def test_an_unexpected_fault_is_a_page_too(inside: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("dispatcher.faces.console.overview.incidents.newest", fail)
    answer = await inside.get("/console/history")
    assert answer.status_code == 500
    assert "Something is wrong on our side" in answer.text
    assert "secret detail" not in answer.text


async def test_sending_is_stopped_from_a_page_that_asks_why(inside: Console) -> None:
    send(inside)
    page = "/console/incidents/1/stop"
    assert "Stop sending now" in (await inside.get(page)).text
    refused = await inside.post(page, {**await inside.form(page), "why": " "})
    assert refused.status_code == 422
    assert "say why" in refused.text.lower()
    done = await inside.post(page, {**await inside.form(page), "why": "a wrong number"})
    assert done.headers["location"] == "/console/incidents/1?note=stopped"
    assert "a wrong number" in (await inside.get(page)).text
    assert (await inside.post(page, {"why": "x", "csrf": "forged"})).status_code == 403
