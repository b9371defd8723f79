"""Halting a broadcast, on a real ledger."""

from __future__ import annotations

import pytest

from channels.contract import Accepted, Blame, Deferred, Fault
from dispatcher.deliver.sweep import sweep
from dispatcher.incidents.desk import Order, Refused
from dispatcher.incidents.states import WrongState
from dispatcher.ledger import account, broadcasts
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import World


def stop(world: World, why: str = "a wrong number") -> bool:
    with world.ledger.write() as tx:
        return world.desk.stop(tx, world.desk.find(tx, 1, lock=True), author="Ada", why=why).now


def test_invariant_6_nothing_is_begun_once_it_is_stopped_and_what_is_under_way_is_settled(world: World) -> None:
    world.people(4)
    told = world.send()
    held = world.claim(limit=2)
    assert stop(world)
    assert world.claim() == []
    world.record(held[0], Accepted("ref"))
    world.record(held[1], Deferred(Fault(Blame.PROVIDER, "busy", "busy")))
    sweep(world.ledger, world.rules)
    rows = world.deliveries()
    assert [row.status for row in rows] == [Status.ACCEPTED, *[Status.SUPERSEDED] * 3]
    assert [row.reason for row in rows[2:]] == ["stopped by Ada before it was sent: a wrong number"] * 2
    assert "or it was stopped" in rows[1].reason
    with world.ledger.read() as tx:
        counted = account.count(tx, told.broadcast.id)
        [kept] = broadcasts.of_incident(tx, 1)
    assert (counted.once, counted.superseded, counted.lost) == (1, 3, 0)
    assert (kept.stopped_by, kept.stopped_why, kept.stopped_at is not None) == ("Ada", "a wrong number", True)


def test_stopping_again_changes_nothing_and_the_next_update_goes_out(world: World) -> None:
    world.people(1)
    told = world.send()
    assert stop(world)
    assert not stop(world, "again")
    with world.ledger.read() as tx:
        assert broadcasts.of_incident(tx, 1)[0].stopped_why == "a wrong number"
    assert told.incident.state != "resolved"
    world.send(about=told.incident)
    assert len(world.claim()) == 1


def test_what_is_not_planned_yet_is_not_planned_any_more(world: World) -> None:
    world.people(1)
    told = world.tell()
    assert stop(world)
    assert world.planner.plan(told.broadcast.id) == set()
    assert world.deliveries() == []


def test_a_reason_and_something_to_stop_are_needed(world: World) -> None:
    world.people(1)
    with world.ledger.write() as tx:
        world.desk.draft(tx, Order("outage", "Ada"))
    with pytest.raises(WrongState, match="nobody was told"):
        stop(world)
    with pytest.raises(Refused, match="say why"):
        stop(world, "  ")


def test_a_retraction_is_not_stopped_and_what_it_halted_stays_halted(world: World) -> None:
    world.people(3)
    told = world.send()
    [held] = world.claim(limit=1)
    world.record(held, Accepted("ref"))
    back = world.take_back(told.incident)
    with pytest.raises(WrongState, match="is being taken back, and that is not stopped"):
        stop(world)
    assert [claimed.broadcast_id for claimed in world.claim()] == [back.broadcast.id]
    with world.ledger.read() as tx:
        kept = broadcasts.of_incident(tx, 1)
    assert [(one.status, one.stopped_at) for one in kept] == [("superseded", None), ("planned", None)]


@pytest.mark.parametrize("why", ["\x1b[2Jall is well", "a\x00b", "good\x9b31mred", "turned\u202eround"])
def test_a_reason_that_steers_a_terminal_is_refused(world: World, why: str) -> None:
    world.people(1)
    world.send()
    with pytest.raises(Refused, match="cannot be printed; write it in plain words"):
        stop(world, why)
    assert len(world.claim()) == 1
