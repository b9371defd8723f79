"""Deliveries go past the vendor that has just failed, on a real ledger."""

from __future__ import annotations

import pytest

from channels.contract import Accepted, Blame, Fault, Kind, Rejected
from dispatcher.model.delivery import Status
from dispatcher.plan.chains import Way
from tests.unit.ledger.world import World

_WAYS = (
    Way("sms-a", Kind.SMS, ("carrier",)),
    Way("sms-a2", Kind.SMS, ("carrier",)),
    Way("sms-b", Kind.SMS, ("other-carrier",)),
    Way("app", Kind.INAPP, ("own-host",)),
)


@pytest.mark.parametrize(
    ("blame", "order"),
    [
        (Blame.PROVIDER, ["sms-a", "sms-b", "app", "sms-a2"]),
        (Blame.PATH, ["sms-a", "sms-b", "app", "sms-a2"]),
        (Blame.ACCOUNT, ["sms-a", "sms-a2", "sms-b", "app"]),
        (Blame.RECIPIENT, ["sms-a", "sms-a2", "sms-b", "app"]),
        (Blame.MESSAGE, ["sms-a", "sms-a2", "sms-b", "app"]),
    ],
)
def test_every_route_is_tried_once_and_those_of_a_failed_vendor_last(
    world: World, blame: Blame, order: list[str]
) -> None:
    world.ways = _WAYS
    world.people(3, Kind.SMS, Kind.INAPP)
    world.send()
    for route in order:
        assert {row.route for row in world.deliveries()} == {route}
        for held in world.claim(route):
            world.record(held, Rejected(Fault(blame, "no", "no")))
    assert set(world.statuses()) == {Status.FAILED}
    assert [row.route for row in world.attempts() if row.delivery_id == 1] == order


def test_the_route_that_was_passed_over_still_reaches_them(world: World) -> None:
    world.ways = _WAYS[:3]
    world.people(1)
    world.send()
    for route in ("sms-a", "sms-b"):
        [held] = world.claim(route)
        world.record(held, Rejected(Fault(Blame.PROVIDER, "no", "no")))
    [held] = world.claim("sms-a2")
    world.record(held, Accepted("ref"))
    [row] = world.deliveries()
    assert (row.status, row.route, row.position, row.failovers) == (Status.ACCEPTED, "sms-a2", 1, 2)
