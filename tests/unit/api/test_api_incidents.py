"""Incidents and deliveries over HTTP."""

from __future__ import annotations

import pytest
from api_rig import Api, problem

from channels.contract import Kind
from dispatcher.model.recipient import Recipient

INCIDENTS = "/api/v1/incidents"


async def test_invariant_3_opening_keeps_everything_although_the_broker_is_away(api: Api) -> None:
    told = await api.open(title="Mail is down", facts={"workaround": {"en": "Please call us."}}, next_update_in="45m")
    assert told["rung"] is False
    assert told["incident"]["title"] == "Mail is down"
    assert told["incident"]["vendors"] == ["microsoft-365"]
    assert told["incident"]["facts"]["workaround"]["en"] == "Please call us."
    assert "de" in told["incident"]["facts"]["workaround"]
    assert told["update"]["number"] == 1
    assert told["update"]["author"] == "Ada"
    assert told["broadcast"]["status"] == "accepted"
    assert (api.count("incident"), api.count("update"), api.count("broadcast")) == (1, 1, 1)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"playbook": "microsft-365"}, "did you mean 'microsoft-365'?"),
        ({"playbook": "zzz"}, "there are: generic, microsoft-365, slack"),
        ({"playbook": "slack", "audience": "everyon"}, "did you mean 'everyone'?"),
        ({"playbook": "slack", "vendors": ["slak"]}, "did you mean 'slack'?"),
        ({"playbook": "slack", "facts": {"impakt": "x"}}, "did you mean 'impact'?"),
        ({"playbook": "slack", "facts": {"impact": "  "}}, "is empty"),
        ({"playbook": "slack", "facts": {"title": "x"}}, "no text speaks about a fact 'title'"),
    ],
)
async def test_an_unknown_name_is_refused_with_what_was_meant(api: Api, body: dict[str, object], says: str) -> None:
    for draft in (False, True):
        said = problem(await api.post(INCIDENTS, {**body, "draft": draft, "override": "a test"}), 422)
        assert any(says in one for one in said["problems"]), said
    assert api.count("incident") == 0


async def test_all_that_is_unknown_is_told_at_once(api: Api) -> None:
    body = {"playbook": "slack", "audience": "nobody", "vendors": ["a", "b"], "facts": {"zz": "x"}}
    assert len(problem(await api.post(INCIDENTS, body), 422)["problems"]) == 4


async def test_texts_that_are_too_long_say_by_how_much(api: Api) -> None:
    body = {"playbook": "microsoft-365", "override": "a test", "facts": {"impact": "word " * 300}}
    said = problem(await api.post(INCIDENTS, body), 422)
    sms = [one for one in said["problems"] if one.startswith("sms")]
    assert sms
    assert all(" over the SMS limit of " in one for one in sms)
    assert api.count("incident") == 0
    said = problem(await api.post(INCIDENTS, {"playbook": "slack", "facts": {"impact": "x" * 4001}}), 422)
    assert any("has 4001 characters; at most 4000" in one for one in said["problems"])


async def test_people_with_mail_alone_stop_it_unless_overridden(api: Api) -> None:
    api.add(Recipient("mel", "Mel", "en", {Kind.EMAIL: "mel@example.com"}))
    said = problem(await api.post(INCIDENTS, {"playbook": "microsoft-365"}), 422)
    assert "1 of 4 people could be reached by mail alone" in said["problems"][0]
    assert api.count("incident") == 0
    told = await api.open(override="they know already")
    assert told["broadcast"]["override"].startswith("they know already; 1 of 4 people")


async def test_a_draft_says_nothing_until_its_first_update_opens_it(api: Api) -> None:
    draft = await api.open(draft=True)
    assert draft["update"] is None
    assert draft["broadcast"] is None
    assert api.count("broadcast") == 0
    number = draft["incident"]["id"]
    answer = await api.post(f"{INCIDENTS}/{number}/updates", {"override": "a test", "facts": {"impact": "All down."}})
    assert answer.status_code == 201, answer.text
    assert answer.json()["update"]["reason"] == "opened"
    answer = await api.post(f"{INCIDENTS}/{number}/updates", {"override": "a test", "state": "identified"})
    assert answer.json()["update"]["reason"] == "update"
    assert answer.json()["incident"]["facts"]["impact"] == "All down."
    story = (await api.client.get(f"{INCIDENTS}/{number}")).json()
    assert [one["number"] for one in story["updates"]] == [1, 2]
    assert [one["broadcast"]["status"] for one in story["broadcasts"]] == ["superseded", "accepted"]


async def test_after_resolve_nothing_more_is_said(api: Api) -> None:
    number = (await api.open())["incident"]["id"]
    path = f"{INCIDENTS}/{number}/updates"
    answer = await api.post(path, {"override": "a test", "state": "resolved"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["incident"]["resolved_at"]
    assert answer.json()["update"]["next_update_at"] is None
    for body in ({}, {"state": "resolved"}, {"state": "investigating"}):
        said = problem(await api.post(path, {"override": "a test", **body}), 409)
        assert "open a new one" in said["detail"]
    assert api.count("update") == 2


async def test_ids_that_are_none_are_never_an_error_of_ours(api: Api) -> None:
    for number in (1, 2**63 - 1, 0, -1, 2**63, 10**30, "9" * 5000, "x", "1.5", "\u0661", "1e3", "%00"):
        expected = 404 if number in {1, 2**63 - 1} else 422
        problem(await api.client.get(f"{INCIDENTS}/{number}"), expected)
        problem(await api.post(f"{INCIDENTS}/{number}/updates", {}), expected)
        problem(await api.post(f"{INCIDENTS}/{number}/dismiss", {}), expected)
        problem(await api.client.get(f"/api/v1/deliveries/{number}"), expected)
        if expected == 422:
            for name in ("incident", "broadcast", "recipient", "after", "limit"):
                answer = await api.client.get(f"/api/v1/deliveries?{name}={number}")
                assert answer.status_code == 200 if (name, number) == ("after", 0) else problem(answer, 422)


async def test_a_draft_is_dismissed_without_a_word_and_nothing_else_is(api: Api) -> None:
    await api.open(draft=True)
    answer = await api.client.post(f"{INCIDENTS}/1/dismiss")
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "resolved"
    assert (api.count("update"), api.count("broadcast")) == (0, 0)
    assert (await api.client.post(f"{INCIDENTS}/1/dismiss")).status_code == 200
    problem(await api.post(f"{INCIDENTS}/1/updates", {"override": "a test"}), 409)
    told = await api.open()
    problem(await api.client.post(f"{INCIDENTS}/{told['incident']['id']}/dismiss"), 409)


async def test_pages_of_incidents_follow_each_other_and_end(api: Api) -> None:
    for _ in range(5):
        await api.open(draft=True)
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = (await api.client.get(INCIDENTS, params={"limit": 2, "after": after})).json()
        seen += [one["id"] for one in page["incidents"]]
        after = page["next"]
    assert seen == [5, 4, 3, 2, 1]
    await api.post(f"{INCIDENTS}/3/updates", {"override": "a test", "state": "resolved"})
    page = (await api.client.get(INCIDENTS, params={"only_open": "true"})).json()
    assert [one["id"] for one in page["incidents"]] == [5, 4, 2, 1]
    for limit in (0, 1001, -1):
        problem(await api.client.get(INCIDENTS, params={"limit": limit}), 422)


async def test_deliveries_are_filtered_paged_and_masked(api: Api) -> None:
    told = await api.open()
    number = told["broadcast"]["id"]
    api.here.planner.plan(number)

    async def found(**which: object) -> list[dict[str, object]]:
        answer = await api.client.get("/api/v1/deliveries", params={key: str(value) for key, value in which.items()})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["deliveries"])

    everything = await found(incident=told["incident"]["id"])
    assert len(everything) == api.count("delivery") == 5  # three people, two shared places
    assert len(await found(broadcast=number, kind="sms")) == 2
    assert len(await found(route="inapp")) == 1
    assert len(await found(tag="eu", status="pending")) == 2
    assert await found(route="smtp-main") == await found(recipient=999) == []
    assert len(await found(recipient=1)) == 1
    text = (await api.client.get("/api/v1/deliveries")).text
    assert "+15551234567" not in text
    assert "ann@example.com" not in text
    seen: list[object] = []
    after: int | None = 0
    while after is not None:
        page = (await api.client.get("/api/v1/deliveries", params={"limit": 2, "after": after})).json()
        seen += [one["id"] for one in page["deliveries"]]
        after = page["next"]
    assert seen == [one["id"] for one in everything]
    both = await api.client.get("/api/v1/deliveries?status=pending&status=unreachable")
    assert len(both.json()["deliveries"]) == 5


async def test_the_story_of_a_delivery_tells_its_chain_and_shows_no_address(api: Api) -> None:
    told = await api.open()
    claimed = api.claim(told["broadcast"]["id"], "twilio-main")
    answer = await api.client.get(f"/api/v1/deliveries/{claimed[0].delivery_id}")
    story = answer.json()
    assert story["chain"][0]["route"] == "twilio-main"
    assert all(hop["reason"] for hop in story["chain"])
    assert story["attempts"]
    assert "+1555" not in answer.text
    assert "@example.com" not in answer.text.replace("a**@example.com", "")


async def test_what_is_being_sent_is_stopped_with_who_and_why(api: Api) -> None:
    told = await api.open(title="Mail is down")
    address = f"{INCIDENTS}/{told['incident']['id']}"
    problem(await api.post(f"{address}/stop", {}), 422)
    problem(await api.post(f"{INCIDENTS}/99/stop", {"why": "x"}), 404)
    for why in ("a wrong number", "again"):
        done = (await api.post(f"{address}/stop", {"why": why})).json()
        assert (done["stopped_by"], done["stopped_why"]) == ("Ada", "a wrong number")
    assert (await api.post(f"{address}/updates", {"facts": {"news": "Now it is right."}})).status_code == 201
