"""The account of a broadcast: every promise on one line, and a damaged ledger shows as lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from channels.contract import Accepted, Blame, Fault, Rejected, Repeat, Uncertain, Word
from dispatcher.deliver.sweep import close_passed
from dispatcher.ledger import account, now, tables
from dispatcher.model.account import Account, total
from dispatcher.model.config import WhenUncertain
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import HASTY, World

FAULT = Fault(Blame.PATH, "timeout", "no answer")
LONG_AGO = now() - timedelta(hours=2)


def counted(world: World, broadcast_id: int) -> dict[str, int]:
    """The lines that are not 0; they add up to what was planned, always."""
    with world.ledger.read() as tx:
        found = account.count(tx, broadcast_id)
    numbers = {one.name: getattr(found, one.name) for one in fields(Account) if one.name != "named"}
    planned = numbers.pop("planned")
    assert planned == sum(numbers.values())
    assert {name for name, ids in found.named.items() if ids} <= {name for name, number in numbers.items() if number}
    return {name: number for name, number in numbers.items() if number}


def named(world: World, broadcast_id: int, line: str) -> list[int]:
    with world.ledger.read() as tx:
        return account.count(tx, broadcast_id).named[line]


def policy(world: World, when: WhenUncertain) -> None:
    world.repeat = {"sms-a": Repeat.BLIND}
    world.policy = HASTY.model_copy(update={"when_uncertain": when})


def test_all_is_told_once_or_under_way_or_not_reached(world: World) -> None:
    world.people(4)
    sent = world.send().broadcast.id
    assert counted(world, sent) == {"under_way": 4}
    one, two, three, _ = world.claim()
    world.record(one, Accepted("ref"))
    world.hear(two, Word.DELIVERED)
    world.folder.fold_some()
    world.record(three, Uncertain(FAULT))
    assert counted(world, sent) == {"once": 2, "under_way": 2}
    world.change(deadline=LONG_AGO)
    with world.ledger.write() as tx:
        tx.execute(update(tables.broadcast).values(valid_until=LONG_AGO))
    close_passed(world.ledger)
    assert counted(world, sent) == {"once": 2, "not_reached": 1, "under_way": 1}


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        (WhenUncertain.HOLD, {"in_doubt": 1}),
        (WhenUncertain.ACCEPT, {"unproven": 1}),
        (WhenUncertain.RESEND, {"possibly_twice": 1}),
        (WhenUncertain.FAILOVER, {"possibly_twice": 1}),
    ],
)
def test_invariant_4_doubt_has_a_line_of_its_own_for_every_policy(
    world: World, when: WhenUncertain, lines: dict[str, int]
) -> None:
    policy(world, when)
    world.people(1)
    sent = world.send().broadcast.id
    [claimed] = world.claim()
    world.record(claimed, Uncertain(FAULT))
    world.change(next_attempt_at=LONG_AGO) if when is WhenUncertain.RESEND else None
    for route in ("sms-a", "sms-b"):
        for again in world.claim(route):
            world.record(again, Accepted("ref"))
    assert counted(world, sent) == lines
    assert named(world, sent, next(iter(lines))) == [claimed.delivery_id]


def test_a_receipt_proves_what_was_taken_on_trust(world: World) -> None:
    policy(world, WhenUncertain.ACCEPT)
    world.people(1)
    sent = world.send().broadcast.id
    [claimed] = world.claim()
    world.record(claimed, Uncertain(FAULT))
    world.hear(claimed, Word.QUEUED)
    world.folder.fold_some()
    assert counted(world, sent) == {"once": 1}


def test_told_by_two_routes_is_known_by_a_late_receipt(world: World) -> None:
    world.people(1)
    sent = world.send().broadcast.id
    [first] = world.claim()
    world.record(first, Accepted("ref"))
    world.hear(first, Word.UNDELIVERED)
    world.folder.fold_some()
    [second] = world.claim("sms-b")
    world.record(second, Accepted("ref"))
    assert counted(world, sent) == {"once": 1}
    world.hear(first, Word.DELIVERED)
    world.folder.fold_some()
    assert counted(world, sent) == {"two_routes": 1}
    assert named(world, sent, "two_routes") == [first.delivery_id]


def test_whoever_may_have_been_told_and_then_failed_is_in_doubt(world: World) -> None:
    policy(world, WhenUncertain.FAILOVER)
    world.people(1)
    sent = world.send().broadcast.id
    [claimed] = world.claim()
    world.record(claimed, Uncertain(FAULT))
    for route in ("sms-b", "mail"):
        for again in world.claim(route):
            world.record(again, Rejected(FAULT))
    assert world.statuses() == [Status.FAILED]
    assert counted(world, sent) == {"in_doubt": 1}
    assert named(world, sent, "in_doubt") == [claimed.delivery_id]


def test_what_a_newer_update_replaced_is_superseded(world: World) -> None:
    world.people(2)
    first = world.send()
    world.send(about=first.incident)
    assert counted(world, first.broadcast.id) == {"superseded": 2}


def _lease(**values: Any) -> Callable[[World], None]:
    return lambda world: world.change(
        **({"status": Status.SENDING, "lease_owner": "dead", "lease_until": now(), "attempt_id": 1} | values)
    )


def _close(world: World) -> None:
    with world.ledger.write() as tx:
        tx.execute(update(tables.broadcast).values(closed_at=now()))


def _remove(world: World) -> None:
    with world.ledger.write() as tx:
        tx.execute(delete(tables.attempt))
        tx.execute(delete(tables.delivery))


@pytest.mark.parametrize(
    "damage",
    [
        _remove,
        _close,
        lambda world: world.change(next_attempt_at=None),
        lambda world: world.change(route=""),
        lambda world: world.change(status="sendig"),
        lambda world: world.change(status=Status.UNCERTAIN, attempt_id=None),
        _lease(lease_owner=None),
        _lease(lease_until=None),
        _lease(lease_until=LONG_AGO),
        _lease(attempt_id=None),
    ],
)
def test_invariant_3_damage_to_the_ledger_shows_as_lost(world: World, damage: Callable[[World], None]) -> None:
    world.people(3)
    sent = world.send().broadcast.id
    assert counted(world, sent) == {"under_way": 3}
    damage(world)
    assert counted(world, sent) == {"lost": 3}


@pytest.mark.parametrize(("age", "line"), [(timedelta(), "under_way"), (timedelta(hours=2), "lost")])
def test_a_broadcast_that_nobody_plans_is_lost_at_last(world: World, age: timedelta, line: str) -> None:
    world.people(3)
    told = world.tell()
    with world.ledger.write() as tx:
        tx.execute(update(tables.broadcast).values(created_at=now() - age))
    assert counted(world, told.broadcast.id) == {line: 1}


def test_accounts_add_up() -> None:
    one = Account(planned=3, once=2, lost=1, named={"lost": [1]})
    two = Account(planned=2, possibly_twice=1, lost=1, named={"lost": [2], "possibly_twice": [3]})
    both = Account(planned=5, once=2, possibly_twice=1, lost=2, named={"lost": [1, 2], "possibly_twice": [3]})
    assert total([one, two]) == both
