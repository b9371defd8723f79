"""Quiet hours and opt-outs in the plan of a real broadcast, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from channels.contract import Kind
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import guard, now, optouts, recipients, tables
from dispatcher.ledger.held import chain_from_json
from dispatcher.model.config import Severity
from dispatcher.model.delivery import Because
from dispatcher.model.quiet import Quiet
from dispatcher.model.recipient import Recipient, without
from tests.unit.ledger.world import World


def _quiet(hours: float = 1, **more: Any) -> Quiet:
    """An hour that it is now, and some more."""
    moment = now()
    begins, ends = moment - timedelta(minutes=30), moment + timedelta(hours=hours)
    return Quiet.parse(f"{begins:%H:%M}-{ends:%H:%M}", "UTC", more.get("override", ""))


def _person(ref: str, *kinds: Kind, quiet: Quiet | None = None) -> Recipient:
    forms = {Kind.SMS: "+1555", Kind.INAPP: "app-", Kind.EMAIL: "mail@x.example"}
    return Recipient(ref, addresses={kind: f"{forms[kind]}{ref}" for kind in kinds}, quiet=quiet)


def _tell(world: World, *people: Recipient, severity: Severity = Severity.MAJOR) -> dict[str, Any]:
    with world.ledger.write() as tx:
        recipients.upsert(tx, people)
        told = world.desk.open(tx, Order("outage", "Ada", severity=severity), Say("Ada"))
    world.planner.plan(told.broadcast.id)
    refs = {row.id: row.ref for row in world.rows(tables.recipient)}
    return {refs[row.recipient_id]: row for row in world.deliveries()}


def _left_out(world: World, row: Any) -> dict[str, tuple[Because, str]]:
    [kept] = [one for one in world.rows(tables.plan_class) if one.id == row.class_id]
    return {hop.route: (hop.because, hop.reason) for hop in chain_from_json(kept.chain).left_out}


def test_who_sleeps_is_told_by_what_makes_no_noise_and_the_others_as_ever(world: World) -> None:
    night, day = _quiet(), Quiet.parse(f"{now() + timedelta(hours=2):%H:%M}-{now() + timedelta(hours=3):%H:%M}", "UTC")
    both = (Kind.SMS, Kind.INAPP)
    rows = _tell(
        world,
        _person("1", *both),
        _person("2", *both, quiet=night),
        _person("3", *both, quiet=day),
        _person("4", *both, quiet=_quiet(2)),
        _person("5", *both, quiet=_quiet(2, override="major")),
        _person("6", *both, quiet=_quiet(2, override="critical")),
    )
    assert {ref: row.kind for ref, row in rows.items()} == {
        "1": "sms", "2": "inapp", "3": "sms", "4": "inapp", "5": "sms", "6": "inapp",
    }  # fmt: skip
    assert _left_out(world, rows["2"])["sms-a"] == (Because.QUIET_HOURS, "their quiet hours: it would make a noise")
    assert rows["2"].next_attempt_at <= now()
    # However many quiet hours there are, it is one class more.
    assert len(world.rows(tables.plan_class)) == 2
    assert [row.people for row in world.rows(tables.plan_class)] == [3, 3]


def test_severity_wakes_only_who_agreed(world: World) -> None:
    rows = _tell(
        world,
        _person("1", Kind.SMS, Kind.INAPP, quiet=_quiet()),
        _person("2", Kind.SMS, Kind.INAPP, quiet=_quiet(override="critical")),
        severity=Severity.CRITICAL,
    )
    assert {ref: row.kind for ref, row in rows.items()} == {"1": "inapp", "2": "sms"}


def test_who_has_nothing_quiet_is_told_when_they_wake(world: World) -> None:
    rows = _tell(
        world, _person("1", Kind.SMS, quiet=_quiet(1)), _person("2", Kind.SMS, quiet=_quiet(2)), _person("3", Kind.SMS)
    )
    assert {row.route for row in rows.values()} == {"sms-a"}
    assert rows["1"].reason.startswith("waits until their quiet hours end; choice 1")
    waits = {ref: row.next_attempt_at - now() for ref, row in rows.items()}
    assert timedelta(minutes=58) < waits["1"] <= timedelta(hours=1)
    assert timedelta(minutes=118) < waits["2"] <= timedelta(hours=2)
    assert rows["2"].on_route_since == rows["2"].next_attempt_at, "the patience with the route begins then"
    assert [one.delivery_id for one in world.claim()] == [rows["3"].id], "nobody is woken"
    with world.ledger.read() as tx:
        due = guard.next_due(tx, "sms-a")
    assert due == rows["1"].next_attempt_at


def test_that_somebody_said_no_is_another_reason_than_no_address(world: World) -> None:
    people = [_person("1", Kind.SMS, Kind.INAPP), _person("2", Kind.INAPP), _person("3", Kind.SMS, Kind.INAPP)]
    with world.ledger.write() as tx:
        recipients.upsert(tx, people[:1])
        optouts.note(tx, Kind.SMS, "+15551", source="link")
    # The third said no before the import, which leaves the address out.
    rows = _tell(world, people[1], without(people[2], {(Kind.SMS, "+15553")}))
    assert {row.kind for row in rows.values()} == {"inapp"}
    because = {ref: _left_out(world, row)["sms-a"][0] for ref, row in rows.items()}
    assert because == {"1": Because.OPTED_OUT, "2": Because.NO_ADDRESS, "3": Because.OPTED_OUT}
    assert _left_out(world, rows["1"])["sms-a"][1] == "they said no to sms"
    # Another number of theirs has no such reason any more.
    with world.ledger.write() as tx:
        recipients.upsert(tx, [replace(people[0], addresses={Kind.SMS: "+15559", Kind.INAPP: "app-1"})])
        found = recipients.classes(tx, world.config.audiences["everyone"], quiet_now=())
    assert sum(one.people for one in found if one.refused) == 1
