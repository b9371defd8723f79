"""Alerts: the same again is the same incident, a group is one, its end is heard."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from api_rig import Api, problem

from dispatcher.intake import alertmanager, generic

MANAGER = "/api/v1/alerts/alertmanager"
GENERIC = "/api/v1/alerts/generic"


def fired(name: str = "FrontDoorUnreachable", **more: Any) -> dict[str, Any]:
    return {
        "status": "firing",
        "labels": {"alertname": name, "severity": "critical"},
        "annotations": {"summary": "The front door does not answer"},
        "startsAt": "2026-02-03T04:05:06.789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": "c0ffee",
        **more,
    }


async def tell(api: Api, *alerts: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = await api.post(MANAGER, {"version": "4", "groupKey": "{}", "receiver": "r", "alerts": alerts, **more})
    assert answer.status_code == 202, answer.text
    return list(answer.json()["alerts"])


async def test_an_alert_of_a_broadcasting_rule_is_told_at_once(api: Api) -> None:
    (led,) = await tell(api, fired())
    assert led == {
        "key": "alertmanager:c0ffee",
        "lead": "broadcast",
        "rule": "front-door",
        "incident_id": 1,
        "broadcast_id": 1,
        "why": "",
    }
    story = (await api.client.get("/api/v1/incidents/1")).json()
    assert story["incident"]["title"] == "The front door does not answer"
    assert story["incident"]["source"] == "rule front-door"
    assert story["incident"]["vendors"] == ["own-host"]


async def test_the_same_alert_again_is_the_same_incident(api: Api) -> None:
    leads = [(await tell(api, fired()))[0]["lead"] for _ in range(10)]
    assert leads == ["broadcast", *["repeat"] * 9]
    assert (api.count("incident"), api.count("broadcast")) == (1, 1)


async def test_ten_at_once_are_one_incident(api: Api) -> None:
    await asyncio.gather(*(tell(api, fired()) for _ in range(10)))
    assert (api.count("incident"), api.count("broadcast")) == (1, 1)


async def test_a_group_is_one_incident_and_another_group_another(api: Api) -> None:
    def of(service: str, fingerprint: str) -> dict[str, Any]:
        labels = {"alertname": "High", "severity": "critical", "service": service}
        return fired(labels=labels, fingerprint=fingerprint)

    led = await tell(api, of("pay", "1"), of("pay", "2"), of("search", "3"))
    assert [one["lead"] for one in led] == ["draft", "repeat", "draft"]
    assert [one["incident_id"] for one in led] == [1, 1, 2]


async def test_when_all_have_ended_a_resolve_is_offered_once_told_no_sooner(api: Api) -> None:
    await tell(api, fired(fingerprint="1"), fired(fingerprint="2"))
    (led,) = await tell(api, fired(fingerprint="1", status="resolved"), status="firing")
    assert led["lead"] == "still-firing"
    (led,) = await tell(api, fired(fingerprint="2", status="resolved"), status="resolved")
    assert led["lead"] == "offer-resolve"
    incident = (await api.client.get("/api/v1/incidents/1")).json()["incident"]
    assert incident["resolve_offered_at"]
    assert incident["state"] == "investigating"
    (led,) = await tell(api, fired(fingerprint="2", status="resolved"))
    assert (led["lead"], led["why"]) == ("nothing", "this alert was not firing")
    (led,) = await tell(api, fired(fingerprint="2"))
    assert led["lead"] == "repeat"
    assert (await api.client.get("/api/v1/incidents/1")).json()["incident"]["resolve_offered_at"] is None


async def test_after_a_resolve_the_same_alert_is_a_new_incident(api: Api) -> None:
    await tell(api, fired())
    answer = await api.post("/api/v1/incidents/1/updates", {"state": "resolved", "override": "a test"})
    assert answer.status_code == 201
    (led,) = await tell(api, fired())
    assert (led["lead"], led["incident_id"]) == ("broadcast", 2)


async def test_an_alert_that_no_rule_matches_opens_nothing(api: Api) -> None:
    (led,) = await tell(api, fired(labels={"alertname": "Disk", "severity": "warning"}))
    assert (led["lead"], led["incident_id"]) == ("nothing", None)
    assert "no rule" in led["why"]
    assert api.count("incident") == 0


async def test_unknown_fields_and_untyped_labels_are_read_leniently(api: Api) -> None:
    odd = fired(labels={"alertname": "High", "severity": "critical", "code": 7, "up": True, "x": None}, new={"a": [1]})
    (led,) = await tell(api, odd, tomorrow=[1, 2], truncatedAlerts=3)
    assert led["lead"] == "draft"
    assert await tell(api) == []
    answer = await api.post(MANAGER, {"alerts": [{}]})
    assert answer.json()["alerts"][0]["lead"] == "nothing"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"alerts": {}},
        {"alerts": [7]},
        {"alerts": [{"status": "suppressed"}]},
        {"alerts": [{"labels": [1]}]},
        {"alerts": [{"labels": "x"}]},
        {"alerts": [{"startsAt": "yesterday"}]},
        {"alerts": [], "truncatedAlerts": -1},
        {"alerts": [], "version": 4},
    ],
)
async def test_wrong_types_are_refused_as_a_whole(api: Api, body: dict[str, Any]) -> None:
    if "alerts" in body and isinstance(body["alerts"], list):
        body = {**body, "alerts": [fired(), *body["alerts"]]}
    assert problem(await api.post(MANAGER, body), 422)["problems"]
    assert api.count("incident") == 0


async def test_the_plain_form_repeats_by_key_or_by_labels(api: Api) -> None:
    labels = {"severity": "critical", "service": "pay"}
    first = await api.post(GENERIC, {"title": "Pay is down", "key": "k-1", "source": "zabbix", "labels": labels})
    assert first.status_code == 202
    (led,) = first.json()["alerts"]
    assert (led["key"], led["lead"]) == ("zabbix:k-1", "draft")
    again = await api.post(GENERIC, {"title": "Pay is still down", "key": "k-1", "source": "zabbix", "labels": labels})
    assert again.json()["alerts"][0]["lead"] == "repeat"
    other = {"severity": "critical", "service": "search"}
    unnamed = [await api.post(GENERIC, {"title": "Search", "labels": other}) for _ in range(2)]
    assert [one.json()["alerts"][0]["lead"] for one in unnamed] == ["draft", "repeat"]
    ended = await api.post(GENERIC, {"title": "Search", "labels": other, "status": "resolved"})
    assert ended.json()["alerts"][0]["lead"] == "offer-resolve"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "x" * 301},
        {"title": "x", "sevrity": "critical"},
        {"title": "x", "key": "k" * 201},
        {"title": "x", "source": "two words"},
        {"title": "x", "source": "line\n"},
        {"title": "x", "labels": ["a"]},
        {"title": "x", "status": "maybe"},
    ],
)
async def test_the_plain_form_is_strict(api: Api, body: dict[str, Any]) -> None:
    labels = {} if "labels" in body else {"labels": {"severity": "critical"}}
    assert problem(await api.post(GENERIC, {**body, **labels}), 422)["problems"]
    assert api.count("incident") == 0


async def test_people_with_mail_alone_leave_a_draft_so_that_the_alert_is_not_lost(api: Api) -> None:
    from channels.contract import Kind
    from dispatcher.model.recipient import Recipient

    api.add(Recipient("mel", "Mel", "en", {Kind.EMAIL: "mel@example.com"}))
    (led,) = await tell(api, fired())
    assert led["lead"] == "draft"
    assert "mail alone" in led["why"]
    assert (api.count("incident"), api.count("broadcast")) == (1, 0)


def test_a_key_always_fits_the_ledger_and_stays_different() -> None:
    long = [alertmanager.Alert(labels={"severity": "critical"}, fingerprint="f" * 5000 + end) for end in "ab"]
    keys = [one.key for one in alertmanager.signals(alertmanager.Webhook(alerts=long))]
    keys.append(generic.signal(generic.GenericAlert(title="x", source="s" * 40, key="k" * 200)).key)
    assert all(len(key) <= 300 for key in keys)
    assert len(set(keys)) == 3


def test_a_title_is_never_blank_and_never_too_long() -> None:
    blank = {"summary": "  \n ", "title": ""}
    given = [
        alertmanager.Alert(annotations=blank, labels={"alertname": "High"}),
        alertmanager.Alert(annotations=blank),
        alertmanager.Alert(annotations={"summary": " " + "x" * 1000}),
        alertmanager.Alert(annotations={"summary": "two\nlines\there"}),
    ]
    titles = [one.title for one in alertmanager.signals(alertmanager.Webhook(alerts=given))]
    assert titles == ["High", "Alert", "x" * 300, "two lines here"]
