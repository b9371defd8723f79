"""How hard to try may depend on how severe an incident is: the severity comes with the delivery."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from channels.contract import Blame, Deferred, Fault
from dispatcher.deliver.settle import settle
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import guard, now, receipts, tables
from dispatcher.model.config import Severity
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import HASTY, World

BUSY = Deferred(Fault(Blame.PROVIDER, "busy", "busy"), wait=0.5)


def send(world: World, severity: Severity) -> None:
    with world.ledger.write() as tx:
        told = world.desk.open(tx, Order("outage", "Ada", severity=severity), Say("Ada"))
    world.planner.plan(told.broadcast.id)


@pytest.mark.parametrize("severity", Severity)
def test_a_delivery_says_how_severe_it_is_whoever_takes_it_up(world: World, severity: Severity) -> None:
    world.people(1)
    send(world, severity)
    [claimed] = world.claim()
    world.change(lease_until=now() - timedelta(minutes=1))
    with world.ledger.write() as tx:
        [stale] = guard.stale(tx)
        about = receipts.tried(tx, [claimed.token])[claimed.token]
    assert (claimed.severity, stale.severity, about.claimed.severity) == (severity, severity, severity)


def test_what_an_older_release_accepted_counts_as_major(world: World) -> None:
    world.people(1)
    send(world, Severity.CRITICAL)
    with world.ledger.write() as tx:
        tx.execute(update(tables.broadcast).values(severity=None))
    [claimed] = world.claim()
    assert claimed.severity is Severity.MAJOR


def test_a_severity_may_have_a_policy_of_its_own(world: World) -> None:
    world.people(1)
    send(world, Severity.CRITICAL)
    [claimed] = world.claim()
    impatient = HASTY.model_copy(update={"tries": 1})
    usual = settle(claimed, BUSY, world.rules("sms-a"), now(), superseded=False)[1]
    rules = world.rules("sms-a", by_severity={Severity.CRITICAL: impatient})
    critical = settle(claimed, BUSY, rules, now(), superseded=False)[1]
    assert (usual.status, usual.route) == (Status.PENDING, "sms-a")
    assert (critical.status, critical.route) == (Status.PENDING, "sms-b")
