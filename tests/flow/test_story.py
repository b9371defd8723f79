"""The first rule of routing, failover and receipts, as one incident after another lives through them."""

from __future__ import annotations

import subprocess
from collections import Counter
from typing import Any

from flow_rig import Rig

from channels.contract import Kind
from dispatcher.model.recipient import Recipient
from tests.nursery import dispatcher


def open_one(rig: Rig, playbook: str = "generic", **more: Any) -> int:
    status, told = rig.api("/api/v1/incidents", {"playbook": playbook, **more})
    assert status == 201, told
    return int(told["incident"]["id"])


def command(rig: Rig, *arguments: str) -> subprocess.CompletedProcess[str]:
    return dispatcher(*arguments, environment=rig.environment)


def test_invariant_2_mail_is_not_tried_first_while_microsoft_365_is_down(rig: Rig) -> None:
    incident_id = open_one(rig, "microsoft-365")
    found = rig.until(lambda: rig.done(incident_id), why="everything is sent")
    planned = {line["route"]: line["planned"] for line in found["routes"]}
    assert planned.get("smtp-main", 0) == 0
    assert planned["twilio-main"] > 0
    one = rig.api(f"/api/v1/deliveries?incident={incident_id}&kind=sms&limit=1")[1]["deliveries"][0]
    story = rig.api(f"/api/v1/deliveries/{one['id']}")[1]
    last = story["chain"][-1]
    if last["route"] == "smtp-main":
        assert "microsoft-365" in last["reason"]
    assert all(hop["reason"] for hop in story["chain"] + story["left_out"])


def test_an_undelivered_text_goes_another_way_and_both_ways_are_told(rig: Rig) -> None:
    rig.invite(
        [Recipient("moved", addresses={Kind.SMS: "+12025550177", Kind.CHAT: "U0MOVED01"}, tags=frozenset({"eu"}))]
    )
    rig.faults(
        {"provider": "twilio", "match": {"to": "+12025550177"}, "do": {"what": "undelivered", "code": 30003}},
        {"provider": "telnyx", "match": {"to": "+12025550177"}, "do": {"what": "undelivered", "code": 40008}},
    )
    incident_id = open_one(rig, audience="eu")

    def moved() -> Any:
        rows = rig.api(f"/api/v1/deliveries?incident={incident_id}&kind=chat")[1]["deliveries"]
        return next((row for row in rows if row["failovers"] == 2 and row["status"] == "accepted"), None)

    row = rig.until(moved, why="the text came back from both providers and Slack took over")
    story = rig.api(f"/api/v1/deliveries/{row['id']}")[1]
    assert [attempt["route"] for attempt in story["attempts"]] == ["twilio-main", "telnyx-backup", "slack-main"]
    for attempt in story["attempts"][:2]:
        assert [receipt["word"] for receipt in attempt["receipts"]][-1] == "undelivered"
    assert rig.sim("recipients?provider=slack&to=U0MOVED01")["slack"]["U0MOVED01"]
    rig.faults()


def test_an_update_reaches_everybody_once_and_a_repeat_changes_nothing(rig: Rig) -> None:
    incident_id = open_one(rig, audience="enterprise")
    rig.until(lambda: rig.done(incident_id), why="the opening is sent")
    before = len(rig.sim("received?provider=twilio"))
    body = {"state": "identified", "facts": {"news": "We have found the cause."}}
    first = rig.api(f"/api/v1/incidents/{incident_id}/updates", body, key="same")
    again = rig.api(f"/api/v1/incidents/{incident_id}/updates", body, key="same")
    other = rig.api(f"/api/v1/incidents/{incident_id}/updates", {"state": "monitoring"}, key="same")
    assert (first[0], again[0], other[0]) == (201, 200, 409)
    assert first[1]["update"] == again[1]["update"]
    found = rig.until(lambda: rig.done(incident_id), why="the update is sent")
    sms = next(line for line in found["routes"] if line["route"] == "twilio-main")
    texts = rig.sim("received?provider=twilio")[before:]
    assert len(texts) == sms["accepted"]
    assert max(Counter(text["to"] for text in texts).values()) == 1


def test_the_command_line_finds_the_running_system_and_tells_its_story(rig: Rig) -> None:
    sent = command(rig, "send", "slack", "--audience", "eu", "--json", "--wait")
    assert sent.returncode == 0, sent.stderr
    listed = command(rig, "receipts", "1", "--csv")
    assert listed.returncode == 0
    assert listed.stdout.splitlines()[0].startswith("id,incident_id")
    assert "+1415" not in listed.stdout, "addresses are masked"
    told = command(rig, "explain", "1")
    assert told.returncode == 0
    assert "The chain, as planned" in told.stdout
    shown = command(rig, "send", "microsoft-365", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "nothing was kept or sent" in shown.stdout


def test_an_alert_from_another_celery_application_opens_one_incident(rig: Rig) -> None:
    from celery import Celery

    other = Celery("somebody-else", broker=rig.system.environment["DISPATCHER_BROKER_URL"])
    alert = {"title": "Mail is slow", "labels": {"alertname": "Microsoft365Mail"}, "key": "m365"}
    with other.connection_for_write() as connection:
        for _ in range(3):
            other.send_task("dispatcher.alert", args=[alert], queue="control", connection=connection)

    def opened() -> Any:
        listed = rig.api("/api/v1/incidents")[1]["incidents"]
        return [one for one in listed if one["title"] == "Mail is slow"]

    rig.until(opened, why="the alert has opened an incident")
    rig.until(lambda: rig.api("/readyz")[0] == 200)
    assert len(opened()) == 1
    assert rig.api(f"/api/v1/incidents/{opened()[0]['id']}")[1]["broadcasts"] == [], "the rule says draft"
    other.close()


def test_the_broker_may_lose_everything(rig: Rig) -> None:
    """Invariant 3: the ledger is the record, the broker only rings."""
    from redis import Redis

    rig.sim("received", method="DELETE")  # an earlier story may have said the same
    rig.sim("latency", {"twilio": 200}, method="PUT")
    incident_id = open_one(rig)
    with Redis.from_url(rig.system.environment["DISPATCHER_BROKER_URL"]) as broker:
        broker.flushall()
    rig.until(lambda: rig.done(incident_id), within=60, why="the sweep has rung again")
    assert rig.sim("summary")["twice_total"] == 0
    rig.sim("latency", {"twilio": 0}, method="PUT")
