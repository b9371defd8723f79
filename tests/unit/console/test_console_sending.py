from __future__ import annotations

import asyncio
import re

import pytest
from console_rig import Console, fields

from channels.contract import Kind
from dispatcher.incidents.desk import Order
from dispatcher.ledger import broadcasts, incidents
from dispatcher.model.config import CostCap
from dispatcher.model.incident import Reason, State
from dispatcher.model.recipient import Recipient

HOSTILE = "<script>alert(1)</script>\"'><img src=x>"


async def new(console: Console, **changed: str) -> dict[str, str | list[str]]:
    return await console.form("/console/new?playbook=microsoft-365") | changed


async def open_one(console: Console) -> str:
    answer = await console.post("/console/new", await new(console, do="send"))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def test_every_playbook_can_be_picked(inside: Console) -> None:
    page = (await inside.get("/console/new")).text
    for name, playbook in inside.here.config.playbooks.items():
        assert f"/console/new?playbook={name}" in page
        assert playbook.title in page
        assert (await inside.get(f"/console/new?playbook={name}")).status_code == 200


async def test_the_form_is_filled_in(inside: Console) -> None:
    form = await new(inside)
    assert form["title"] == "Mail and Teams are down (Microsoft 365)"
    assert form["audience"] == "everyone"
    assert form["vendors"] == "microsoft-365"
    assert form["severity"] == "major"
    assert form["next_update"] == "30"
    assert form["fact:service:de"] == "E-Mail und Teams"


async def test_a_preview_shows_everything_and_keeps_nothing(inside: Console) -> None:
    answer = await inside.post("/console/new", await new(inside, do="preview"))
    assert answer.status_code == 200
    assert "Nothing has been sent" in answer.text
    assert "2 people" in answer.text
    assert "status-channel" in answer.text
    assert "depends on microsoft-365, which this incident names" in answer.text
    assert "they have no address for sms" in answer.text
    assert "Hello [name]," in answer.text
    assert "Guten Tag [name]," in answer.text
    assert "segments" in answer.text
    told = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    # Two of them by SMS, in two segments each, at the shipped price; a post to the shared channel besides.
    assert re.search(r"SMS twilio-main 1 2 USD 0\.029 at once under 1 s 1 not limited by us", told), told
    assert inside.incidents() == []
    assert inside.bells.rung == []


async def test_going_back_keeps_what_was_typed(inside: Console) -> None:
    preview = await inside.post(
        "/console/new", await new(inside, title="Mails are late", severity="minor", do="preview")
    )
    back = await inside.post("/console/new", fields(preview.text) | {"do": "edit"})
    form = fields(back.text)
    assert form["title"] == "Mails are late"
    assert form["severity"] == "minor"
    assert form["nonce"] == fields(preview.text)["nonce"]


async def test_a_double_submit_keeps_exactly_one(inside: Console) -> None:
    preview = await inside.post("/console/new", await new(inside, do="preview"))
    form = fields(preview.text) | {"do": "send"}
    answers = await asyncio.gather(*(inside.post("/console/new", form) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    notes = sorted(answer.headers["location"] for answer in answers)
    assert notes == ["/console/incidents/1?note=again"] * 4 + ["/console/incidents/1?note=sent"]
    assert len(inside.incidents()) == 1
    assert inside.bells.rung == [1]


async def test_a_form_that_was_sent_and_then_changed_says_that_the_change_was_not_sent(inside: Console) -> None:
    form = await new(inside, do="send")
    await inside.post("/console/new", form)
    answer = await inside.post("/console/new", form | {"title": "Something else"})
    assert answer.headers["location"] == "/console/incidents/1?note=changed"
    assert "was not sent" in (await inside.get(answer.headers["location"])).text
    assert [one.title for one in inside.incidents()] == [form["title"]]


async def test_without_the_token_nothing_happens_and_what_was_typed_is_kept(inside: Console) -> None:
    for token in ("", "another"):
        answer = await inside.post("/console/new", await new(inside, title="Mails are late", do="send", csrf=token))
        assert answer.status_code == 403
        assert fields(answer.text)["title"] == "Mails are late"
        assert "earlier session" in answer.text
    assert inside.incidents() == []
    assert inside.bells.rung == []


async def test_texts_that_do_not_fit_are_refused_with_what_was_typed(inside: Console) -> None:
    long = "Too long. " * 200
    answer = await inside.post("/console/new", await new(inside, **{"fact:impact:en": long, "do": "preview"}))
    assert answer.status_code == 422
    assert "over the SMS limit" in answer.text
    assert fields(answer.text)["fact:impact:en"] == long.strip()
    assert inside.incidents() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"audience": "nobody"}, "unknown audience"),
        ({"vendors": "contoso"}, "unknown vendor"),
        ({"severity": "dreadful"}, "choose how bad"),
        ({"next_update": "soon"}, "promised in minutes"),
        ({"next_update": "nan"}, "promised in minutes"),
        ({"title": "x" * 201}, "at most 200"),
        ({"fact:impact:en": "", "fact:impact:de": " "}, "is empty"),
        ({"fact:weather:en": "rain"}, "no text speaks about"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_sentence(inside: Console, changed: dict[str, str], said: str) -> None:
    answer = await inside.post("/console/new", await new(inside, **changed, do="send"))
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert inside.incidents() == []


async def test_hostile_words_are_shown_as_words(inside: Console) -> None:
    changed = {"title": f"Down {HOSTILE}", "fact:impact:en": f"Slow {HOSTILE}"}
    form = await new(inside, **changed)
    for do in ("preview", "edit"):
        text = (await inside.post("/console/new", form | {"do": do})).text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
        assert "&lt;script&gt;" in text
    place = (await inside.post("/console/new", form | {"do": "send"})).headers["location"]
    for page in (place, "/console", "/console/history", "/console/incidents/1/update"):
        text = (await inside.get(page)).text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
        assert "&lt;script&gt;" in text


async def sent_past(inside: Console, form: dict[str, str | list[str]], reason: str) -> str:
    """Send the first broadcast all the same; answers what is kept of why."""
    answer = await inside.post("/console/new", form | {"override_ok": "yes", "override_reason": reason})
    assert answer.status_code == 303
    with inside.here.ledger.read() as tx:
        (sent,) = broadcasts.of_incident(tx, 1)
    return sent.override


async def test_invariant_1_people_with_mail_alone_need_a_tick_and_a_reason(inside: Console) -> None:
    inside.add(Recipient("cy", "Cy <b>", "en", {Kind.EMAIL: "cy@example.com"}), Recipient("dee", "Dee", "en", {}))
    preview = await inside.post("/console/new", await new(inside, do="preview"))
    assert "1 of 4 people could be reached by mail alone" in preview.text
    assert "Cy &lt;b&gt;" in preview.text
    assert "Dee" in preview.text
    # The incident names the vendor by which mail leaves.
    assert "While microsoft-365 is down, 2 of 4 people are reached by nothing else" in preview.text
    form = fields(preview.text) | {"do": "send"}
    for half in ({}, {"override_ok": "yes"}, {"override_reason": "we call her"}):
        answer = await inside.post("/console/new", form | half)
        assert answer.status_code == 422
        assert "Not sent yet" in answer.text
    assert inside.incidents() == []
    assert (await sent_past(inside, form, "we call her")).startswith("we call her")
    assert "Sent past a check" in (await inside.get("/console/incidents/1")).text


def cap(inside: Console, monkeypatch: pytest.MonkeyPatch, **most: str) -> None:
    books = inside.here.config.playbooks
    capped = books["microsoft-365"].model_copy(update={"cost_cap": CostCap.model_validate(most)})
    monkeypatch.setitem(books, "microsoft-365", capped)


async def test_what_costs_more_than_it_may_is_shown_with_its_cost_and_needs_a_tick_and_a_reason(
    inside: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    cap(inside, monkeypatch, broadcast="0.02")
    preview = await inside.post("/console/new", await new(inside, do="preview"))
    assert "Cost cap USD 0.02 a broadcast: the first messages cost USD 0.029, USD 0.029 if all go by" in preview.text
    assert "It costs more than its playbook allows" in preview.text
    assert "Some people are not safely reached" not in preview.text
    form = fields(preview.text) | {"do": "send"}
    answer = await inside.post("/console/new", form)
    assert answer.status_code == 422
    assert "Not sent yet: it costs more than its playbook allows." in answer.text
    assert inside.incidents() == []
    kept = await sent_past(inside, form, "it is worth it")
    assert kept.startswith("it is worth it; its first messages cost USD 0.029")


async def test_what_is_too_dear_for_a_message_stands_at_the_chain_and_who_is_left_is_named(
    inside: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    cap(inside, monkeypatch, message="0.02")
    preview = (await inside.post("/console/new", await new(inside, do="preview"))).text
    assert "left out as too dear: twilio-main for 1" in preview
    assert "a message costs USD 0.029, above the cost cap of USD 0.02" in preview
    assert "Some people are not safely reached" in preview
    assert "1 of 2 people would hear of it by mail alone, or not at all, because of the cost cap" in preview
    assert "Mail alone: 1 of them by name" in preview


async def test_a_draft_is_kept_and_sent_later(inside: Console) -> None:
    answer = await inside.post("/console/new", await new(inside, do="draft"))
    assert answer.headers["location"] == "/console/incidents/1?note=draft"
    assert inside.bells.rung == []
    assert "Ready to send" in (await inside.get("/console")).text
    form = await inside.form("/console/incidents/1/update")
    assert form["state"] == "investigating"
    answer = await inside.post("/console/incidents/1/update", form | {"do": "send"})
    assert answer.headers["location"] == "/console/incidents/1?note=sent"
    assert inside.bells.rung == [1]


async def test_a_broker_that_is_away_is_told_and_nothing_is_lost(inside: Console) -> None:
    inside.bells.reachable = False
    answer = await inside.post("/console/new", await new(inside, do="send"))
    page = (await inside.get(answer.headers["location"])).text
    assert "the workers will pick it up as soon as it is back" in page
    with inside.here.ledger.read() as tx:
        assert broadcasts.unplanned(tx) == [1]


async def test_update_and_resolve(inside: Console) -> None:
    place = await open_one(inside)
    form = await inside.form(f"{place}/update")
    assert "fact:news:en" in form
    changed = {
        "state": "identified",
        "next_update": "45",
        "fact:news:en": "We know why now.",
        "fact:news:de": "Wir wissen es.",
    }
    preview = await inside.post(f"{place}/update", form | changed | {"do": "preview"})
    assert "We know why now." in preview.text
    with inside.here.ledger.read() as tx:
        assert len(incidents.updates(tx, 1)) == 1
    answer = await inside.post(f"{place}/update", fields(preview.text) | {"do": "send"})
    assert answer.status_code == 303
    form = await inside.form(f"{place}/resolve")
    assert "state" not in form
    answer = await inside.post(f"{place}/resolve", form | {"do": "send"})
    assert answer.headers["location"] == f"{place}?note=sent"
    with inside.here.ledger.read() as tx:
        said = incidents.updates(tx, 1)
    assert [one.state for one in said] == [State.INVESTIGATING, State.IDENTIFIED, State.RESOLVED]
    assert [one.author for one in said] == ["Ada"] * 3
    assert inside.bells.rung == [1, 2, 3]
    for path in ("update", "resolve", "retract"):
        answer = await inside.get(f"{place}/{path}")
        assert answer.status_code == 409
        assert "resolved already" in answer.text


async def test_what_was_wrong_is_taken_back(inside: Console) -> None:
    place = await open_one(inside)
    page = (await inside.get(place)).text
    assert f'href="{place}/retract"' in page
    form = await inside.form(f"{place}/retract")
    assert "state" not in form
    changed = {"fact:correction:en": "The alarm was false.", "fact:correction:de": "Der Alarm war falsch."}
    preview = await inside.post(f"{place}/retract", form | changed | {"do": "preview"})
    assert "take it back" in preview.text
    assert "The alarm was false." in preview.text
    assert "Der Alarm war falsch." in preview.text
    answer = await inside.post(f"{place}/retract", fields(preview.text) | {"do": "send"})
    assert answer.headers["location"] == f"{place}?note=sent"
    with inside.here.ledger.read() as tx:
        said = incidents.updates(tx, 1)
    assert [one.reason for one in said] == [Reason.OPENED, Reason.RETRACTED]
    assert said[-1].state is State.RESOLVED
    assert "Taken back" in (await inside.get(place)).text


async def test_two_who_write_at_once_hear_of_each_other(inside: Console) -> None:
    place = await open_one(inside)
    first = await inside.form(f"{place}/update")
    second = await inside.form(f"{place}/update") | {"fact:news:en": "My own words"}
    assert (await inside.post(f"{place}/update", first | {"do": "send"})).status_code == 303
    answer = await inside.post(f"{place}/update", second | {"do": "send"})
    assert answer.status_code == 422
    assert "meanwhile Ada sent update 2" in answer.text.replace("Meanwhile", "meanwhile")
    assert fields(answer.text)["fact:news:en"] == "My own words"
    answer = await inside.post(f"{place}/update", fields(answer.text) | {"do": "send"})
    assert answer.status_code == 303


async def test_an_offer_to_resolve_can_be_declined(inside: Console) -> None:
    await open_one(inside)
    with inside.here.ledger.write() as tx:
        incidents.offer_resolve(tx, 1)
    page = (await inside.get("/console")).text
    assert "is it over?" in page
    assert (await inside.post("/console/incidents/1/not-over", {"csrf": ""})).status_code == 403
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    assert (await inside.post("/console/incidents/1/not-over", {"csrf": token})).status_code == 303
    assert "is it over?" not in (await inside.get("/console")).text


async def test_a_draft_of_which_nobody_heard_cannot_be_called_over(inside: Console) -> None:
    with inside.here.ledger.write() as tx:
        inside.here.desk.draft(tx, Order("generic", "a rule"))
    answer = await inside.get("/console/incidents/1/resolve")
    assert answer.status_code == 422
    assert "nobody was told" in answer.text.lower()


async def test_a_ledger_that_is_away_keeps_what_was_typed(inside: Console) -> None:
    form = await new(inside, title="Mails are late", do="send")
    with inside.here.ledger.write() as tx:
        tx.exec_driver_sql("ALTER TABLE recipient RENAME TO gone")
    answer = await inside.post("/console/new", form)
    assert answer.status_code == 503
    assert "lacks its tables" in answer.text
    assert fields(answer.text)["title"] == "Mails are late"


async def test_a_form_that_is_none_is_refused(inside: Console) -> None:
    answer = await inside.client.post("/console/new", json={"title": "x"})
    assert answer.status_code == 415
    huge = await inside.client.post(
        "/console/new", content=b"a=" + b"x" * 600_000, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert huge.status_code == 413
    odd = await inside.client.post(
        "/console/new", content=b"a=%ff", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert odd.status_code == 400
