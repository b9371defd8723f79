"""A route with a pace or a cap, on both ledgers, with several workers at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta

import pytest

from channels.contract import Absent, Accepted, Blame, Fault, Measure, Repeat, Uncertain, Words
from dispatcher.deliver.health import examine
from dispatcher.ledger import guard, now, paces
from dispatcher.model.pace import Pace
from tests.unit.deliver.pump_rig import Rig, Scripted
from tests.unit.ledger.world import World

DOUBT = Uncertain(Fault(Blame.PATH, "timeout", "no answer"))


@pytest.fixture
def rig(world: World) -> Rig:
    return Rig(world)


def places(rig: Rig) -> Counter[tuple[str, str]]:
    return Counter((row.route, row.status) for row in rig.world.deliveries())


async def test_all_workers_together_keep_the_pace(rig: Rig) -> None:
    rig.world.people(30)
    rig.world.send()
    pace = Pace.model_validate({"messages": "10/s"})
    begun = time.monotonic()
    running = [asyncio.create_task(rig.run(pace=pace, seconds=20)) for _ in range(3)]
    await asyncio.sleep(0.7)
    assert len(rig.channel.sent) <= 20
    await asyncio.gather(*running)
    took = time.monotonic() - begun
    assert 1.7 <= took < 9, "30 messages at 10 a second with one second's worth at once"
    assert places(rig) == {("sms-a", "accepted"): 30}
    with rig.world.ledger.read() as tx:
        assert paces.every(tx)["sms-a"].spent == 30


class Long(Scripted):
    """Every text has three segments."""

    def measure(self, _words: Words) -> Measure:
        return Measure(400, 1600, "segments", parts=3)


async def test_segments_are_paid_for_with_time(rig: Rig) -> None:
    rig.channel = Long()
    rig.world.people(9)
    rig.world.send()
    due = await rig.run(pace=Pace.model_validate({"segments": "2/m"}), seconds=3)
    # Two segments a minute: one message of three, and then a minute and a half nothing.
    assert len(rig.channel.sent) == 1
    assert due is not None
    assert 80 < (due - now()).total_seconds() <= 90
    with rig.world.ledger.write() as tx:
        guard.beat(tx, guard.SWEEP)
    rig.world.change(next_attempt_at=now() - timedelta(seconds=50))
    assert not examine(rig.world.ledger, []).complaints, "what waits for its pace is not left lying"


async def test_a_spent_cap_sends_on_what_would_be_too_late_and_lets_the_rest_wait(rig: Rig) -> None:
    cap = Pace(per_day=4)
    rig.world.people(10)
    rig.world.send()
    rig.world.change(deadline=now() + timedelta(minutes=1))
    await rig.run(pace=cap)
    on_time = Counter({("sms-a", "accepted"): 4, ("sms-b", "pending"): 6})
    if (now() + timedelta(minutes=2)).day != now().day:
        pytest.xfail("the cap ends within a minute")
    assert places(rig) == on_time
    assert {"sms-b"} in rig.rung
    assert sum("daily cap" in (one.decision or "") for one in rig.world.attempts()) == 6
    rig.world.people(3, start=50)
    second = rig.world.send()
    late = now() + timedelta(days=2)
    rig.world.change(deadline=late)
    await rig.run(pace=cap)
    waits = [row for row in rig.world.deliveries() if row.broadcast_id == second.broadcast.id]
    assert {(row.route, row.status) for row in waits} == {("sms-a", "pending")}
    assert all("daily cap" in row.reason for row in waits)
    assert len(rig.channel.sent) == 4


async def test_what_is_in_doubt_is_asked_about_though_the_cap_is_spent(rig: Rig) -> None:
    rig.world.people(2)
    rig.world.send()
    rig.channel.answers, rig.channel.found = [DOUBT, Accepted("ref")], [Absent()]
    await rig.run(pace=Pace(per_day=2), repeat=Repeat.LOOKUP, seconds=3)
    assert len(rig.channel.asked) >= 2
    assert len(rig.channel.sent) == 2
