"""A place in Slack through an incident: the thread, the button, and the second way in."""

from __future__ import annotations

from typing import Any

from flow_rig import Rig

PLACE = "C0STATUS"
#: What Slack answers once somebody has removed the app, or its token was taken away.
REVOKED = {
    "provider": "slack",
    "match": {"to": PLACE},
    "do": {"what": "slack_error", "error": "token_revoked"},
    "times": 1,
}


def opened(rig: Rig, title: str) -> int:
    body = {"playbook": "generic", "audience": "everyone", "title": title, "override": "a story"}
    status, told = rig.api("/api/v1/incidents", body, key=title)
    assert status == 201, told
    rig.until(lambda: rig.done(told["incident"]["id"]), why="the opening is sent")
    return int(told["incident"]["id"])


def posts(rig: Rig) -> list[dict[str, Any]]:
    return [one for one in rig.sim(f"received?provider=slack&to={PLACE}") if one["kind"] == "post"]


def of_the_place(rig: Rig, incident_id: int) -> dict[str, Any]:
    """The newest delivery to the place, with its story."""
    found = rig.api(f"/api/v1/deliveries?incident={incident_id}&kind=chat")[1]["deliveries"]
    newest = max(one["id"] for one in found)
    return rig.api(f"/api/v1/deliveries/{newest}")[1]


def test_a_reader_presses_the_button_and_the_update_hangs_on_the_first_message(rig: Rig) -> None:
    incident_id = opened(rig, "Mail is slow")
    [first] = posts(rig)[-1:]
    press = {"ts": first["ref"], "user": "U0ANNA", "url": f"{rig.system.url}/receipts/slack-main"}
    answers = rig.sim("slack/press", press, method="POST")["answers"]
    assert answers == [{"status": 200, "body": ""}]
    story = rig.until(
        lambda: (found := of_the_place(rig, incident_id))["delivery"]["status"] == "read" and found,
        why="the press is folded",
    )
    assert [one["word"] for one in story["attempts"][0]["receipts"]] == ["read"]
    body = {"state": "identified", "facts": {"news": "We have found the cause."}}
    assert rig.api(f"/api/v1/incidents/{incident_id}/updates", body, key="found")[0] == 201
    rig.until(lambda: rig.done(incident_id), why="the update is sent")
    reply = posts(rig)[-1]
    assert reply["metadata"]["thread_ts"] == first["ref"]
    updates = [one for one in rig.sim(f"received?provider=slack&to={PLACE}") if one["kind"] == "update"]
    assert updates[-1]["metadata"]["ts"] == first["ref"]
    assert "We have found the cause." in updates[-1]["body"]


def test_when_the_apps_token_is_revoked_the_place_hears_it_by_the_webhook_once(rig: Rig) -> None:
    before = len(posts(rig))
    rig.faults(REVOKED)
    incident_id = opened(rig, "Search is down")
    told = posts(rig)[before:]
    assert len(told) == 1
    story = of_the_place(rig, incident_id)
    assert [attempt["route"] for attempt in story["attempts"]] == ["slack-main", "slack-backup"]
    assert story["delivery"]["status"] == "accepted"
    rig.faults()
