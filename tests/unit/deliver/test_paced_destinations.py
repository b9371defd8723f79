"""A route with a pace for one destination, on both ledgers, with several workers at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from channels.contract import Accepted, Envelope, Kind
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import guard, now, paces, recipients
from dispatcher.ledger.tables_upkeep import destination_pace
from dispatcher.model.config import Severity
from dispatcher.model.destinations import Occupied
from dispatcher.model.pace import Pace
from dispatcher.model.recipient import Recipient
from tests.unit.deliver.pump_rig import Rig
from tests.unit.ledger.world import World

MAIL = "mail"


@pytest.fixture
def rig(world: World) -> Rig:
    return Rig(world)


class Arrivals:
    """When what arrived where."""

    def __init__(self) -> None:
        self.at: dict[str, list[float]] = defaultdict(list)

    def __call__(self, envelope: Envelope) -> Accepted:
        self.at[envelope.to.rpartition("@")[2]].append(time.monotonic())
        return Accepted("ref")

    @property
    def numbers(self) -> Counter[str]:
        return Counter({domain: len(times) for domain, times in self.at.items()})


def invite(rig: Rig, number: int, domain: str, tags: frozenset[str] = frozenset()) -> None:
    """People with nothing but an address in this domain."""
    with rig.world.ledger.write() as tx:
        there = recipients.count(tx)
        people = [
            Recipient(f"{domain}-{n}", f"P {n}", "en", {Kind.EMAIL: f"p{n}@{domain}"}, tags)
            for n in range(there, there + number)
        ]
        recipients.upsert(tx, people)


def watch(rig: Rig) -> Arrivals:
    seen = Arrivals()
    rig.channel.answers = [seen]
    return seen


def pace(**said: Any) -> Pace:
    return Pace.model_validate(said)


async def test_nine_hundred_for_one_domain_are_not_in_the_way_of_a_hundred(rig: Rig) -> None:
    invite(rig, 900, "large.example")
    for number in range(100):
        invite(rig, 1, f"d{number}.example")
    rig.world.send()
    seen = watch(rig)
    begun = time.monotonic()
    due = await rig.run(MAIL, pace=pace(per_destination="100/m"), seconds=5, max_in_flight=32)
    others = [times[0] - begun for domain, times in seen.at.items() if domain != "large.example"]
    assert len(others) == 100
    assert max(others) < 3, "all of them have gone while the crowd waits"
    assert 2 <= seen.numbers["large.example"] <= 10
    assert due is not None
    assert due - now() < timedelta(seconds=2)
    rows = [row for row in rig.world.deliveries() if row.status == "pending"]
    assert len(rows) + seen.numbers.total() == 1000
    assert all("sends one destination no more messages than 100/m" in row.reason for row in rows)
    assert not any("large" in row.reason for row in rows)


async def test_all_workers_together_keep_the_pace_of_each_destination(rig: Rig) -> None:
    for domain in ("a.example", "b.example"):
        invite(rig, 16, domain)
    rig.world.send()
    seen = watch(rig)
    rule = pace(messages="100/s", per_destination="4/s")
    await asyncio.gather(*(rig.run(MAIL, pace=rule, seconds=8) for _ in range(3)))
    for domain in ("a.example", "b.example"):
        times = seen.at[domain]
        assert len(times) == 16, "nothing is left over"
        for first in range(len(times)):
            within = sum(times[first] <= at < times[first] + 1 for at in times)
            assert within <= 4 + 4 + 1, "a second's worth and a second's pace"
        assert times[-1] - times[0] >= 2.5
    assert {row.tries for row in rig.world.deliveries()} == {1}
    assert len(rig.world.attempts()) == 32, "waiting cost no attempt"


async def test_what_waits_is_not_claimed_over_and_over(rig: Rig) -> None:
    invite(rig, 400, "large.example")
    rig.world.send()
    seen = watch(rig)
    put_off: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "UPDATE delivery SET next_attempt_at" in statement and "waits" in statement:
            put_off.append(str(parameters).count('"until"'))

    event.listen(rig.world.ledger.engine, "before_cursor_execute", note)
    await rig.run(MAIL, pace=pace(per_destination="20/s"), seconds=4)
    event.remove(rig.world.ledger.engine, "before_cursor_execute", note)
    assert seen.numbers["large.example"] >= 60
    assert 300 < sum(put_off) < 600, "each once, and few once more"


async def test_a_severe_broadcast_does_not_stand_behind_the_line_of_another(rig: Rig) -> None:
    invite(rig, 200, "large.example")
    rig.world.send(severity=Severity.MINOR)
    seen = watch(rig)
    rule = pace(per_destination="5/s")
    await rig.run(MAIL, pace=rule, seconds=1)
    before = seen.numbers.total()
    invite(rig, 4, "large.example", frozenset({"gold"}))
    severe = rig.world.send(severity=Severity.CRITICAL, audience="gold")
    begun = now()
    while any(row.status == "pending" for row in rig.world.deliveries() if row.broadcast_id == severe.broadcast.id):
        assert now() - begun < timedelta(seconds=12), "it would stand behind 40 seconds of others"
        await rig.run(MAIL, pace=rule, seconds=0.5)
    assert seen.numbers.total() - before >= 4


async def test_what_nobody_needs_to_know_any_more_is_forgotten(rig: Rig) -> None:
    long_ago = now() - timedelta(minutes=1)
    with rig.world.ledger.write() as tx:
        paces.hold(tx, MAIL)
        known = {"old.example": Occupied(long_ago), "new.example": Occupied(now(), {7: now()})}
        paces.occupy(tx, MAIL, known)
        assert paces.occupied(tx, MAIL, known) == known
        later = {"new.example": Occupied(now() + timedelta(minutes=1), {})}
        paces.occupy(tx, MAIL, later)
    sweep(rig.world.ledger, rig.world.rules)
    assert [row.destination for row in rig.world.rows(destination_pace)] == ["new.example"]
    with rig.world.ledger.write() as tx:
        assert paces.occupied(tx, MAIL, known) == later
        assert not paces.occupied(tx, "another", known)
        guard.set_clock_back(tx, timedelta(seconds=15))
        assert not paces.occupied(tx, MAIL, known)
