"""How hard to try may depend on how severe an incident is: the severity comes with the delivery."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from channels.contract import Accepted, Blame, Deferred, Fault, Kind, Repeat, Uncertain, Word
from dispatcher.deliver.settle import settle
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import guard, now, receipts, tables
from dispatcher.model.config import Policies, Policy, Severity, WhenUncertain
from dispatcher.model.delivery import Status
from dispatcher.wiring import install
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


def test_a_severity_says_only_what_differs() -> None:
    mail = Policy(tries=5, first_wait=10, when_uncertain={Repeat.LOOKUP: WhenUncertain.FAILOVER})
    differs = Policy.model_validate({"tries": 2, "when_uncertain": {"blind": "accept"}})
    policies = Policies(kinds={Kind.EMAIL: mail}, severities={Severity.MINOR: differs})
    found = policies.by_severity(Kind.EMAIL)[Severity.MINOR]
    assert (found.tries, found.first_wait) == (2, 10)
    assert [found.in_doubt(repeat).value for repeat in Repeat] == ["hold", "hold", "failover", "accept"]
    assert policies.by_severity(None)[Severity.MINOR].first_wait == Policy().first_wait
    assert Severity.MAJOR not in policies.by_severity(Kind.EMAIL)


LOST = Uncertain(Fault(Blame.PATH, "timeout", "no answer"))


def trusting(world: World) -> World:
    world.repeat = {"sms-a": Repeat.BLIND}
    world.policy = HASTY.model_copy(update={"when_uncertain": WhenUncertain.ACCEPT})
    world.people(1)
    world.send()
    return world


def test_what_is_accepted_on_trust_says_so_and_a_receipt_proves_it(world: World) -> None:
    [claimed] = trusting(world).claim()
    world.record(claimed, LOST)
    [row] = world.deliveries()
    assert row.status == Status.ACCEPTED
    assert "nothing proves it" in row.reason
    assert world.attempts()[0].outcome == "uncertain"
    world.hear(claimed, Word.QUEUED)
    world.folder.fold_some()
    assert world.attempts()[0].outcome == "accepted"


def test_trust_settles_nothing_that_somebody_else_holds(world: World) -> None:
    [claimed] = trusting(world).claim()
    world.change(lease_owner=None, status=Status.UNCERTAIN)
    world.record(claimed, LOST)
    assert world.statuses() == [Status.UNCERTAIN]
    world.record(claimed, Accepted("ref"))
    assert world.statuses() == [Status.ACCEPTED]


def test_as_shipped_a_doubtful_text_is_held_in_a_minor_incident_and_told_by_the_next_route_otherwise(
    tmp_path: Path,
) -> None:
    here = install({"DISPATCHER_HOME": str(tmp_path)})
    rules = here.rules("twilio-main")
    said = {one: rules.policy_for(one).in_doubt(rules.repeat) for one in Severity}
    assert said == {
        Severity.MINOR: WhenUncertain.HOLD,
        Severity.MAJOR: WhenUncertain.FAILOVER,
        Severity.CRITICAL: WhenUncertain.FAILOVER,
    }
    assert here.rules("no-longer-there").policy_for(Severity.MINOR).in_doubt(Repeat.BLIND) is WhenUncertain.HOLD
