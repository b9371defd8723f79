"""A worker is killed in the middle of a broadcast and started again; the providers are the judge."""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import Any

import psutil
from flow_rig import Rig

from channels.contract import Kind
from dispatcher.model.recipient import Recipient

_PEOPLE = 600


def _sender(rig: Rig) -> int:
    """The process that sends, by its command line, among our children."""
    for child in psutil.Process().children():
        if any("sender" in part for part in child.cmdline()):
            return child.pid
    raise AssertionError("no sender runs")


def test_invariants_3_and_4_a_killed_worker_loses_nothing_and_tells_nobody_twice(rig: Rig) -> None:
    rig.invite(
        [
            Recipient(f"kill-{n}", addresses={Kind.SMS: f"+1415555{n:04d}"}, tags=frozenset({"enterprise"}))
            for n in range(_PEOPLE)
        ]
    )
    # Slow enough that the kill falls into the middle, and nothing but SMS is involved.
    rig.sim("latency", {"twilio": 120}, method="PUT")
    body = {"playbook": "generic", "audience": "enterprise"}
    incident_id = rig.api("/api/v1/incidents", body)[1]["incident"]["id"]
    rig.until(lambda: _held(rig) > _PEOPLE // 6, why="the broadcast is under way")
    os.kill(_sender(rig), signal.SIGKILL)
    found = rig.until(lambda: rig.done(incident_id), within=90, why="everything is settled again")

    got = Counter(one["to"] for one in rig.sim("received?provider=twilio") if one["to"].startswith("+1415555"))
    assert set(got) == {f"+1415555{n:04d}" for n in range(_PEOPLE)}, "somebody was not told"
    assert [to for to, times in got.items() if times > 1] == [], "somebody was told twice"
    assert sum(line["failed"] for line in found["routes"]) == 0
    named = [one for one in _stories(rig, incident_id) if "worker was lost" in str(one)]
    assert named, "the ledger names those that were in flight"
    assert all("looked up" in str(one) or "receipt" in str(one) for one in named)


def _held(rig: Rig) -> int:
    return len([one for one in rig.sim("received?provider=twilio") if one["to"].startswith("+1415555")])


def _stories(rig: Rig, incident_id: int) -> list[Any]:
    """The whole story of every delivery."""
    listed = rig.api(f"/api/v1/deliveries?incident={incident_id}&limit=1000")[1]["deliveries"]
    return [rig.api(f"/api/v1/deliveries/{one['id']}")[1] for one in listed]
