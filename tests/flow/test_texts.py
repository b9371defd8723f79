"""Somebody texts STOP to one provider: no provider tells them anything, until they text START."""

from __future__ import annotations

import json
from typing import Any

from flow_rig import Rig
from test_story import command, open_one

from channels.contract import Kind
from dispatcher.model.recipient import Consent, Recipient

KIM = "+12025550142"


def text(rig: Rig, provider: str, route: str, body: str, **more: Any) -> dict[str, Any]:
    url = f"{rig.system.url}/receipts/{route}"
    told: dict[str, Any] = rig.sim(
        "texts", {"provider": provider, "from": KIM, "body": body, "url": url, **more}, method="POST"
    )
    return told


def got(rig: Rig) -> int:
    return len([one for one in rig.sim(f"received?to={KIM.replace('+', '%2B')}") if one["kind"] == "sms"])


def told(rig: Rig) -> tuple[int, int]:
    """One more incident, and how many texts it brings them."""
    before = got(rig)
    incident_id = open_one(rig, audience="eu")
    rig.until(lambda: rig.done(incident_id), within=60, why="everything is sent")
    return incident_id, got(rig) - before


def test_a_stop_heard_by_one_provider_holds_at_all_and_a_start_takes_it_back(rig: Rig) -> None:
    rig.invite(
        [Recipient("kim", "Kim", "en", {Kind.SMS: KIM}, frozenset({"eu"}), Consent("sign-up form"))],
    )
    assert told(rig)[1] == 1
    answer = text(rig, "twilio", "twilio-main", "Please stop sending me these texts!")
    assert answer["status"] == 200
    assert "START" in answer["reply"]
    assert text(rig, "telnyx", "telnyx-backup", "STOP", twice=True)["status"] == 204
    assert told(rig)[1] == 0
    assert text(rig, "telnyx", "telnyx-backup", "START", forged=True)["status"] == 403
    assert told(rig)[1] == 0
    assert text(rig, "telnyx", "telnyx-backup", "START")["status"] == 204
    last, texts = told(rig)
    assert texts == 1
    text(rig, "twilio", "twilio-main", "When will it be fixed?")

    listed = command(rig, "recipients", "opt-outs", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [(one["wish"], one["source"], one["opted_out_now"]) for one in json.loads(listed.stdout)] == [
        ("start", "telnyx-backup: “START”", False),
        ("stop", "telnyx-backup: “STOP”", False),
        ("stop", "twilio-main: “Please stop sending me these texts!”", False),
    ]
    assert KIM not in listed.stdout
    assert "they had said no before" in command(rig, "recipients", "opt-outs").stdout
    asked = command(rig, "recipients", "said", "--json").stdout
    assert "When will it be fixed?" in asked
    shown = command(rig, "recipients", "show", "kim").stdout
    assert "sign-up form" in shown
    assert "the earlier no is taken back" in shown
    assert KIM not in shown + asked
    rows = rig.api(f"/api/v1/deliveries?kind=sms&incident={last}&limit=200")[1]["deliveries"]
    mine = max(rows, key=lambda row: int(row["who"].removeprefix("recipient ")))["id"]  # invited last
    assert "agreed by 'sign-up form'" in command(rig, "explain", str(mine)).stdout
