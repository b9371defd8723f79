"""A provider that knows a key for an hour cannot be trusted with a repeat after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from channels.contract import Blame, Fault, Repeat, Uncertain
from dispatcher.deliver.settle import settle
from dispatcher.ledger import now, tables
from dispatcher.model.config import WhenUncertain
from dispatcher.model.delivery import Claimed, Status
from tests.unit.ledger.world import World

_DOUBT = Uncertain(Fault(Blame.PATH, "timeout", "no answer in time"))


def held(world: World, minutes: int) -> Claimed:
    """A delivery on its second attempt, so many minutes after the first."""
    world.people(1)
    world.send()
    [first] = world.claim()
    world.record(first, _DOUBT)
    with world.ledger.write() as tx:
        then = now() - timedelta(minutes=minutes)
        tx.execute(update(tables.delivery).values(on_route_since=then, next_attempt_at=now()))
    [again] = world.claim()
    return again


@pytest.mark.parametrize(
    ("minutes", "lifetime", "when", "becomes"),
    [
        (1, 3300.0, WhenUncertain.HOLD, Status.PENDING),
        (54, 3300.0, WhenUncertain.HOLD, Status.PENDING),
        (55, 3300.0, WhenUncertain.HOLD, Status.UNCERTAIN),
        (70, 3300.0, WhenUncertain.HOLD, Status.UNCERTAIN),
        (70, 3300.0, WhenUncertain.FAILOVER, Status.PENDING),
        (70, None, WhenUncertain.HOLD, Status.PENDING),
    ],
)
def test_a_key_that_is_forgotten_makes_a_repeat_blind(
    world: World, minutes: int, lifetime: float | None, when: WhenUncertain, becomes: Status
) -> None:
    world.policy = world.policy.model_copy(update={"when_uncertain": when, "tries": 20, "leave_route_after": 9000.0})
    claimed = held(world, minutes)
    rules = world.rules(claimed.route, key_lifetime=lifetime)
    _, standing = settle(claimed, _DOUBT, rules, now(), superseded=False)
    assert standing.status is becomes, standing.reason
    moved = when is WhenUncertain.FAILOVER
    assert (standing.route, standing.maybe_twice) == ("sms-b" if moved else "sms-a", moved)


@pytest.mark.parametrize("repeat", [one for one in Repeat if one is not Repeat.KEYED])
def test_others_are_as_they_were(world: World, repeat: Repeat) -> None:
    assert world.rules("sms-a", repeat=repeat).repeat_after(9999.0) is repeat
