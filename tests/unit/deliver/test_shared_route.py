"""Several broadcasts on one route, on both ledgers: all get on, the severe ones faster."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from channels.contract import Kind
from dispatcher.ledger import now, queue, sharing, tables
from dispatcher.model.config import Severity
from dispatcher.model.incident import BroadcastStatus
from dispatcher.model.pace import Pace
from dispatcher.model.share import Wish
from tests.unit.deliver.pump_rig import Rig
from tests.unit.ledger.world import World

MINOR, MAJOR, CRITICAL = Severity.MINOR, Severity.MAJOR, Severity.CRITICAL


@pytest.fixture
def rig(world: World) -> Rig:
    return Rig(world)


def two(world: World, many: int, few: int, *, severity: Severity = CRITICAL) -> tuple[int, int]:
    """Many of a minor broadcast, and then a few of a severe one."""
    world.people(many - few, Kind.SMS)
    world.people(few, Kind.SMS, tags=frozenset({"gold"}), start=many)
    first = world.send(severity=MINOR)
    second = world.send(severity=severity, audience="gold")
    return first.broadcast.id, second.broadcast.id


def in_order(world: World) -> list[int]:
    """The broadcasts of the attempts, in the order of these."""
    of = {row.id: row.broadcast_id for row in world.deliveries()}
    return [of[row.delivery_id] for row in world.attempts()]


async def test_a_few_critical_ones_do_not_stand_behind_a_thousand(rig: Rig) -> None:
    minor, critical = two(rig.world, 1000, 5)
    await rig.run(pace=Pace.model_validate({"messages": "10/s"}), seconds=2.0)
    begun = in_order(rig.world)
    assert Counter(begun[:8])[critical] == 5, "all of them with the first claim"
    assert Counter(begun)[minor] >= 3, "and what is left of the room is not wasted"


async def test_a_broadcast_that_is_as_severe_gets_half(rig: Rig) -> None:
    first, second = two(rig.world, 24, 8, severity=MINOR)
    await rig.run(pace=Pace.model_validate({"messages": "1000/s"}))
    begun = in_order(rig.world)
    assert Counter(begun) == {first: 24, second: 8}
    assert 6 <= Counter(begun[:16])[second] <= 8, "though it came later"


async def test_without_a_pace_it_is_the_window_that_is_shared(rig: Rig) -> None:
    _, critical = two(rig.world, 60, 5)
    await rig.run()
    assert Counter(in_order(rig.world)[:8])[critical] == 5


async def test_one_broadcast_alone_is_not_looked_after_with_each_claim(rig: Rig) -> None:
    rig.world.people(100, Kind.SMS)
    rig.world.send()
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(rig.world.ledger.engine, "before_cursor_execute", note)
    begun = time.monotonic()
    await rig.run()
    seconds = time.monotonic() - begun
    event.remove(rig.world.ledger.engine, "before_cursor_execute", note)
    assert len(rig.channel.sent) == 100
    assert sum("INSERT INTO attempt" in one for one in said) > 10
    assert sum("due_here" in one for one in said) <= 1 + seconds


def test_who_wants_a_route(world: World) -> None:
    minor, critical = two(world, 9, 3)
    third = world.send(severity=MAJOR)
    later = world.send(severity=MAJOR)
    broadcast, delivery = tables.broadcast, tables.delivery
    with world.ledger.write() as tx:
        gone = update(broadcast).where(broadcast.c.id == third.broadcast.id)
        tx.execute(gone.values(status=BroadcastStatus.SUPERSEDED))
        not_yet = update(delivery).where(delivery.c.broadcast_id == later.broadcast.id)
        tx.execute(not_yet.values(next_attempt_at=now() + timedelta(minutes=1)))
    with world.ledger.read() as tx:
        wanted = [Wish(third.broadcast.id, MAJOR, 5), Wish(critical, CRITICAL, 3), Wish(minor, MINOR, 5)]
        assert sharing.wishes(tx, "sms-a", 5) == wanted
        assert sharing.wishes(tx, "sms-b", 5) == []


def test_what_one_has_not_got_after_all_is_the_next_ones(world: World) -> None:
    minor, critical = two(world, 30, 3)
    with world.ledger.write() as tx:
        portions = {critical: 8, minor: 2}
        taken = queue.claim(tx, "sms-a", owner="me", lease=timedelta(seconds=9), limit=10, portions=portions)
        assert Counter(one.broadcast_id for one in taken) == {critical: 3, minor: 7}
        assert queue.claim(tx, "sms-a", owner="me", lease=timedelta(seconds=9), limit=9, portions={critical: 9}) == []
