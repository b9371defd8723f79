"""When all is well, and what is said when it is not."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import update

from channels.contract import Accepted, Kind
from dispatcher.deliver.clock import Clock
from dispatcher.deliver.health import examine, judge
from dispatcher.deliver.sweep import close_passed, sweep
from dispatcher.ledger import Ledger, broadcasts, guard, now, outcomes, rests, tables
from dispatcher.ledger.guard import Pulse
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import Status
from dispatcher.plan.planner import Planner
from tests.unit.ledger.world import World

NOW = now()


def seen(name: str, ago: float, *queues: str) -> Pulse:
    return Pulse(name, queues, NOW - timedelta(seconds=ago))


WELL = [seen("sweep", 4), seen("control@a", 9, "control"), seen("sender@a", 3, "sms"), seen("sender@b", 99, "sms")]


@pytest.mark.parametrize(
    ("pulses", "left", "said"),
    [
        pytest.param(WELL, {}, [], id="all is well, although one of two is gone"),
        pytest.param(WELL[1:], {}, ["no sweep has run ever"], id="never swept"),
        pytest.param([seen("sweep", 31), *WELL[1:]], {}, ["no sweep has run for 31 s"], id="beat is gone"),
        pytest.param([*WELL[:2], WELL[3]], {}, ["queue sms for 99 s"], id="the last sender is gone"),
        pytest.param(WELL[:2], {}, ["ever taken work of the queue sms"], id="there never was a sender"),
        pytest.param(WELL, {"sms-a": 40.0}, ["route sms-a has been waiting for 40 s"], id="nobody takes it"),
    ],
)
def test_what_is_wrong_is_said(pulses: list[Pulse], left: dict[str, float], said: list[str]) -> None:
    found = judge(pulses, left, {}, ["control", "sms"], NOW, oldest_due=0.0)
    assert len(found.complaints) == len(said)
    assert found.is_manned is not any("no sweep" in part or "queue" in part for part in said)
    for complaint, part in zip(found.complaints, said, strict=True):
        assert part in complaint


def test_what_is_left_lying_is_told_from_what_is_being_worked_on(world: World) -> None:
    world.people(3)
    world.send()
    with world.ledger.write() as tx:
        guard.beat(tx, guard.SWEEP)
    assert examine(world.ledger, []).complaints == ()
    world.change(next_attempt_at=now() - timedelta(seconds=45))
    found = examine(world.ledger, [])
    assert "sms-a has been waiting for 45 s" in found.complaints[0]
    assert 45 <= found.oldest_due < 50
    world.claim(limit=1)
    assert examine(world.ledger, []).complaints == (), "somebody is at it; there is only much to do"
    world.change(lease_until=now() - timedelta(seconds=1))
    assert examine(world.ledger, []).complaints
    with world.ledger.write() as tx:
        rests.pause(tx, "sms-a", now() + timedelta(minutes=1), "the provider asked us to slow down")
    assert examine(world.ledger, []).complaints == ()


def test_a_message_that_somebody_plans_just_now_is_no_complaint(postgresql_ledger: Ledger) -> None:
    """A million deliveries take longer to write than a broadcast may lie about unplanned."""
    world = World(postgresql_ledger)
    world.people(1)
    told = world.tell()
    with world.ledger.write() as tx:
        guard.beat(tx, guard.SWEEP)
        tx.execute(update(tables.broadcast).values(created_at=now() - timedelta(seconds=45)))
    assert len(examine(world.ledger, []).complaints) == 1
    with world.ledger.write() as tx:
        assert broadcasts.take_for_planning(tx, told.broadcast.id)
        assert examine(world.ledger, []).complaints == ()


def test_a_message_that_was_kept_and_is_not_planned_is_told(world: World) -> None:
    """Above all when those who plan were started with an older configuration, which does not have its audience."""
    world.people(1)
    told = world.tell()
    with world.ledger.write() as tx:
        guard.beat(tx, guard.SWEEP)
    assert examine(world.ledger, []).complaints == (), "it was kept just now"
    with world.ledger.write() as tx:
        tx.execute(tables.broadcast.update().values(created_at=now() - timedelta(seconds=45)))
    found = examine(world.ledger, [])
    assert found.is_manned, "`up` starts all the same, and the others are told"
    [said] = found.complaints
    assert said.startswith("broadcast 1 was kept 45 s ago and nobody can plan it; the control worker's log says ")
    assert told.broadcast is not None
    older = world.config.model_copy(update={"audiences": {}})
    with pytest.raises(LookupError, match="for the audience 'everyone', which this process does not know; if config/"):
        Planner(world.ledger, older, lambda: world.ways).plan(told.broadcast.id)
    world.planner.plan(told.broadcast.id)
    assert examine(world.ledger, []).complaints == ()


def test_who_lives_is_remembered_and_who_is_long_gone_forgotten(world: World) -> None:
    with world.ledger.write() as tx:
        guard.beat(tx, "sender@a", ["sms", "push"])
        guard.beat(tx, "sender@a", ["sms"])
        tx.execute(tables.pulse.insert().values(name="old@b", queues=["sms"], at=now() - timedelta(days=2)))
        guard.forget_pulses(tx, timedelta(days=1))
        assert [(one.name, one.queues) for one in guard.pulses(tx)] == [("sender@a", ("sms",))]


class Times:
    """The time of day and the time that passes, as the test says."""

    def __init__(self) -> None:
        self.wall, self.steady = 1000.0, 10.0

    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.steady)


def test_a_clock_tells_jumps_from_the_passing_of_time() -> None:
    times = Times()
    clock = times.clock()
    times.wall, times.steady = 1060.0, 70.0
    assert clock.jumped() == 0
    times.wall -= 3600
    assert clock.jumped() == clock.jumped() == -3600, "until it has been dealt with"
    clock.settle()
    assert clock.jumped() == 0


def test_a_clock_that_was_put_back_makes_nothing_wait(world: World) -> None:
    """What the ledger holds of an hour ahead is due now, and a dead worker's lease does not last an hour."""
    world.people(2)
    world.send()
    world.claim(limit=1)
    world.change(lease_until=now() + timedelta(hours=1), next_attempt_at=now() + timedelta(hours=1))
    with world.ledger.write() as tx:
        rests.pause(tx, "sms-a", now() + timedelta(minutes=59), "over since long, by the old clock")
        guard.beat(tx, "dead@a", ["sms"])
        tx.execute(tables.pulse.update().values(at=now() + timedelta(hours=1)))
    times = Times()
    clock = times.clock()
    assert sweep(world.ledger, world.rules, clock).routes == ()
    times.wall -= 3600
    assert sweep(world.ledger, world.rules, clock).routes == ("sms-a",)
    held, waiting = world.deliveries()
    assert held.lease_until < now() + timedelta(seconds=20)
    assert waiting.next_attempt_at <= now()
    with world.ledger.read() as tx:
        assert rests.paused_until(tx, "sms-a") is None
        assert [one.name for one in guard.pulses(tx)] == ["sweep"], "who died before the jump does not seem to live"


def test_a_clock_that_was_put_forward_takes_nothing_from_those_who_live(world: World) -> None:
    world.people(1)
    world.send()
    world.claim(lease=-1)
    times = Times()
    clock = times.clock()
    times.wall += 3600
    assert sweep(world.ledger, world.rules, clock).lost == 0
    assert world.statuses() == [Status.SENDING]
    assert sweep(world.ledger, world.rules, clock).lost == 1, "the next pass, five seconds later, takes what is dead"


def test_what_is_over_is_closed_once_nothing_of_it_moves(world: World) -> None:
    world.people(3)
    told = world.send()
    [held] = world.claim(limit=1)
    world.tell(about=told.incident)
    sweep(world.ledger, world.rules)
    assert [row.closed_at for row in world.rows(tables.broadcast)] == [None, None]
    world.change(lease_until=now() - timedelta(seconds=1))
    sweep(world.ledger, world.rules)  # takes it from the dead: it is in doubt, and will be tried or looked up
    assert world.rows(tables.broadcast)[0].closed_at is None or world.statuses()[0] is Status.SUPERSEDED
    sweep(world.ledger, world.rules)
    older, newer = world.rows(tables.broadcast)
    assert (older.closed_at is not None, newer.closed_at) == (True, None)
    assert held.broadcast_id == older.id


def test_what_waits_again_is_not_forgotten_by_a_sweep_that_closes_its_broadcast_just_then(world: World) -> None:
    """A receipt sends a leg on; in its very moment the broadcast's time passes."""
    world.people(1)
    world.send()
    [held] = world.claim()
    world.record(held, Accepted("SM1"))
    world.change(deadline=now() - timedelta(seconds=1))
    onward = Standing(
        status=Status.PENDING,
        position=1,
        route="sms-b",
        kind=Kind.SMS,
        tries=0,
        lookups=0,
        failed_over=True,
        on_route_since=now(),
        next_attempt_at=now(),
        reason="not delivered",
    )
    closing = Thread(target=close_passed, args=(world.ledger,))
    with world.ledger.write() as tx:
        outcomes.restand(tx, [(held, onward)])
        closing.start()
        time.sleep(0.3)  # it comes as far as it can
    closing.join()
    close_passed(world.ledger)
    assert world.statuses() == [Status.EXPIRED]
    assert world.rows(tables.broadcast)[0].closed_at is not None
    with world.ledger.write() as tx:
        outcomes.restand(tx, [(held, onward)])
    assert world.rows(tables.broadcast)[0].closed_at is None
    assert close_passed(world.ledger) == 1
