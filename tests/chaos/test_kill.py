"""A worker is killed at a random moment of a broadcast and started again; the providers are the judge.

`make chaos SEEDS=20` tries twenty moments.
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from flow_rig import Rig

from channels.contract import Kind
from dispatcher.model.recipient import Recipient

_PEOPLE = 600
_MARKS = {"the worker was lost while the request was under way", "settled by a receipt"}
_SEEDS = range(int(os.environ.get("CHAOS_SEEDS", "1")))


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One system; only SMS is involved, slow enough that the kill falls into the middle."""
    running = Rig(tmp_path_factory.mktemp("system"))
    running.start()
    running.invite(
        [
            Recipient(f"kill-{n}", addresses={Kind.SMS: f"+1415555{n:04d}"}, tags=frozenset({"enterprise"}))
            for n in range(_PEOPLE)
        ]
    )
    running.sim("latency", {"twilio": 120}, method="PUT")
    yield running
    running.stop()


def _sender(rig: Rig) -> int:
    """The process that sends, by its command line, among our children."""
    for child in psutil.Process().children():
        if any("sender" in part for part in child.cmdline()):
            return child.pid
    raise AssertionError("no sender runs")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", _SEEDS)
def test_invariants_3_and_4_a_killed_worker_loses_nothing_and_tells_nobody_twice(rig: Rig, seed: int) -> None:
    rig.sim("received", method="DELETE")
    moment = random.Random(seed).randrange(_PEOPLE // 20, _PEOPLE * 4 // 5)
    body = {"playbook": "generic", "audience": "enterprise"}
    incident_id = rig.api("/api/v1/incidents", body)[1]["incident"]["id"]
    rig.until(lambda: len(rig.sim("received?provider=twilio")) > moment, why="the broadcast is under way")
    os.kill(_sender(rig), signal.SIGKILL)
    found = rig.until(lambda: rig.done(incident_id), within=120, why="everything is settled again")

    got = Counter(one["to"] for one in rig.sim("received?provider=twilio"))
    assert set(got) == {f"+1415555{n:04d}" for n in range(_PEOPLE)}, "somebody was not told"
    assert [to for to, times in got.items() if times > 1] == [], "somebody was told twice"
    assert sum(line["failed"] for line in found["routes"]) == 0
    # What was in flight is named: either its lease ran out, or a receipt came first and settled it.
    named = [one for one in _stories(rig, incident_id) if _MARKS & set(_said(one))]
    assert named, "the ledger names those that were in flight"
    assert all(attempt["lookup"] or attempt["receipts"] for one in named for attempt in one["attempts"])


def _said(story: dict[str, Any]) -> list[str]:
    return [word for attempt in story["attempts"] for word in (attempt["detail"], attempt["decision"]) if word]


def _stories(rig: Rig, incident_id: int) -> list[Any]:
    """The whole story of every delivery."""
    listed = rig.api(f"/api/v1/deliveries?incident={incident_id}&limit=1000")[1]["deliveries"]
    return [rig.api(f"/api/v1/deliveries/{one['id']}")[1] for one in listed]
