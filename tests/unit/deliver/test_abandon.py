"""A route that is gone keeps nobody waiting."""

from __future__ import annotations

from channels.contract import Blame, Fault, Repeat, Uncertain
from dispatcher.deliver.abandon import abandon
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import World


def test_what_waits_on_a_route_that_is_gone_goes_on_to_the_next_one(world: World) -> None:
    world.people(3)
    world.send()
    woken = abandon(world.ledger, world.rules("sms-a"), "the route was switched off")
    assert woken == {"sms-b"}
    rows = world.deliveries()
    assert {(row.status, row.route, row.failovers) for row in rows} == {(Status.PENDING, "sms-b", 1)}
    assert all("switched off" in row.reason for row in rows)


def test_what_the_provider_may_have_is_not_sent_elsewhere(world: World) -> None:
    world.repeat = {"sms-a": Repeat.LOOKUP}
    world.people(1)
    world.send()
    [claimed] = world.claim()
    world.record(claimed, Uncertain(Fault(Blame.PATH, "timeout", "no answer")))
    world.change(next_attempt_at=claimed.started_at)
    assert abandon(world.ledger, world.rules("sms-a"), "the route was switched off") == set()
    [row] = world.deliveries()
    assert (row.status, row.route) == (Status.UNCERTAIN, "sms-a")
