"""A route with a pace for one destination, on both ledgers, with several workers at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from channels.contract import Accepted, Blame, Deferred, Envelope, Fault, Kind, Outcome
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import guard, now, paces, recipients, rests
from dispatcher.ledger.tables_upkeep import destination_pace
from dispatcher.model.config import Severity
from dispatcher.model.destinations import Occupied
from dispatcher.model.pace import Pace
from dispatcher.model.recipient import Recipient
from tests.unit.deliver.pump_rig import Rig, Scripted
from tests.unit.ledger.world import World

MAIL = "mail"


@pytest.fixture
def rig(world: World) -> Rig:
    return Rig(world)


class Arrivals:
    """When what arrived where."""

    def __init__(self) -> None:
        self.at: dict[str, list[float]] = defaultdict(list)

    def __call__(self, envelope: Envelope) -> Accepted:
        self.at[envelope.to.rpartition("@")[2]].append(time.monotonic())
        return Accepted("ref")

    @property
    def numbers(self) -> Counter[str]:
        return Counter({domain: len(times) for domain, times in self.at.items()})


def invite(rig: Rig, number: int, domain: str, tags: frozenset[str] = frozenset()) -> None:
    """People with nothing but an address in this domain."""
    with rig.world.ledger.write() as tx:
        there = recipients.count(tx)
        people = [
            Recipient(f"{domain}-{n}", f"P {n}", "en", {Kind.EMAIL: f"p{n}@{domain}"}, tags)
            for n in range(there, there + number)
        ]
        recipients.upsert(tx, people)


def watch(rig: Rig) -> Arrivals:
    seen = Arrivals()
    rig.channel.answers = [seen]
    return seen


def pace(**said: Any) -> Pace:
    return Pace.model_validate(said)


async def test_nine_hundred_for_one_domain_are_not_in_the_way_of_a_hundred(rig: Rig) -> None:
    invite(rig, 900, "large.example")
    for number in range(100):
        invite(rig, 1, f"d{number}.example")
    rig.world.send()
    seen = watch(rig)
    begun = time.monotonic()
    due = await rig.run(MAIL, pace=pace(per_destination="100/m"), seconds=5, max_in_flight=32)
    others = [times[0] - begun for domain, times in seen.at.items() if domain != "large.example"]
    assert len(others) == 100
    assert max(others) < 3, "all of them have gone while the crowd waits"
    assert 2 <= seen.numbers["large.example"] <= 10
    assert due is not None
    assert due - now() < timedelta(seconds=2)
    rows = [row for row in rig.world.deliveries() if row.status == "pending"]
    assert len(rows) + seen.numbers.total() == 1000
    assert all("sends one destination no more messages than 100/m" in row.reason for row in rows)
    assert not any("large" in row.reason for row in rows)


async def test_all_workers_together_keep_the_pace_of_each_destination(rig: Rig) -> None:
    for domain in ("a.example", "b.example"):
        invite(rig, 16, domain)
    rig.world.send()
    seen = watch(rig)
    rule = pace(messages="100/s", per_destination="4/s")
    begun = time.monotonic()
    await asyncio.gather(*(rig.run(MAIL, pace=rule, seconds=8) for _ in range(3)))
    for domain in ("a.example", "b.example"):
        times = seen.at[domain]
        assert len(times) == 16, "nothing is left over"
        for first in range(len(times)):
            within = sum(times[first] <= at < times[first] + 1 for at in times)
            assert within <= 4 + 4 + 1, "a second's worth and a second's pace"
        assert times[-1] - begun >= 2.5
    assert {row.tries for row in rig.world.deliveries()} == {1}
    assert len(rig.world.attempts()) == 32, "waiting cost no attempt"


async def test_what_waits_is_not_claimed_over_and_over(rig: Rig) -> None:
    invite(rig, 400, "large.example")
    rig.world.send()
    seen = watch(rig)
    put_off: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "UPDATE delivery SET next_attempt_at" in statement and "waits" in statement:
            put_off.append(str(parameters).count('"until"'))

    event.listen(rig.world.ledger.engine, "before_cursor_execute", note)
    await rig.run(MAIL, pace=pace(per_destination="20/s"), seconds=4)
    event.remove(rig.world.ledger.engine, "before_cursor_execute", note)
    assert seen.numbers["large.example"] >= 60
    assert 300 < sum(put_off) < 600, "each once, and few once more"


async def test_a_severe_broadcast_does_not_stand_behind_the_line_of_another(rig: Rig) -> None:
    invite(rig, 200, "large.example")
    rig.world.send(severity=Severity.MINOR)
    seen = watch(rig)
    rule = pace(per_destination="5/s")
    await rig.run(MAIL, pace=rule, seconds=1)
    before = seen.numbers.total()
    invite(rig, 4, "large.example", frozenset({"gold"}))
    severe = rig.world.send(severity=Severity.CRITICAL, audience="gold")
    begun = now()
    while any(row.status == "pending" for row in rig.world.deliveries() if row.broadcast_id == severe.broadcast.id):
        assert now() - begun < timedelta(seconds=12), "it would stand behind 40 seconds of others"
        await rig.run(MAIL, pace=rule, seconds=0.5)
    assert seen.numbers.total() - before >= 4


async def test_what_nobody_needs_to_know_any_more_is_forgotten(rig: Rig) -> None:
    long_ago = now() - timedelta(minutes=1)
    with rig.world.ledger.write() as tx:
        paces.hold(tx, MAIL)
        known = {"old.example": Occupied(long_ago), "new.example": Occupied(now(), {7: now()})}
        paces.occupy(tx, MAIL, known)
        assert paces.occupied(tx, MAIL, known) == known
        later = {"new.example": Occupied(now() + timedelta(minutes=1), {})}
        paces.occupy(tx, MAIL, later)
    sweep(rig.world.ledger, rig.world.rules)
    assert [row.destination for row in rig.world.rows(destination_pace)] == ["new.example"]
    with rig.world.ledger.write() as tx:
        assert paces.occupied(tx, MAIL, known) == later
        assert not paces.occupied(tx, "another", known)
        guard.set_clock_back(tx, timedelta(seconds=15))
        assert not paces.occupied(tx, MAIL, known)


class Limiting(Scripted):
    """A provider that limits each of its destinations."""

    capabilities = replace(Scripted.capabilities, limits_destinations=True)


def limited(*names: str, wait: float = 25) -> Callable[[Envelope], Outcome]:
    """Answers 429 for addresses that begin with one of these."""
    fault = Fault(Blame.PROVIDER, "rate-limited", "asks for less")

    def answer(envelope: Envelope) -> Outcome:
        return Deferred(fault, wait, route_wide=True) if envelope.to.startswith(names) else Accepted("ref")

    return answer


def places(rig: Rig, number: int) -> None:
    with rig.world.ledger.write() as tx:
        people = [Recipient(f"c{n}", "C", "en", {Kind.SMS: f"{n:05}"}, frozenset({"gold"})) for n in range(number)]
        recipients.upsert(tx, people)


@pytest.mark.parametrize("rule", [None, {"messages": "1000/s"}, {"per_destination": "50/s"}])
async def test_a_limit_of_one_destination_rests_that_one(rig: Rig, rule: dict[str, Any] | None) -> None:
    rig.channel = Limiting()
    rules = {"pace": None if rule is None else pace(**rule)}
    places(rig, 30)
    rig.world.send()
    rig.channel.answers = [limited("00000")]
    await rig.run(seconds=3, **rules)
    rows = {row.to_sms: row for row in rig.world.deliveries()}
    assert Counter(row.status for row in rows.values()) == {"accepted": 29, "pending": 1}
    waits = rows["00000"]
    assert (waits.status, waits.tries) == ("pending", 0), "it cost no try"
    assert timedelta(seconds=15) < waits.next_attempt_at - now() <= timedelta(seconds=25)

    # Another worker, another broadcast: nobody asks for it meanwhile, and all others are told.
    rig.world.send("outage", severity=Severity.CRITICAL)
    await rig.run(seconds=3, **rules)
    assert Counter(row.status for row in rig.world.deliveries()) == {"accepted": 58, "pending": 2}
    assert sum(one.to == "00000" for one in rig.channel.sent) == 1
    later = [row for row in rig.world.deliveries() if row.status == "pending"]
    assert all(row.next_attempt_at - now() > timedelta(seconds=10) for row in later)


async def test_when_a_second_destination_is_limited_the_route_rests(rig: Rig) -> None:
    rig.channel = Limiting()
    places(rig, 30)
    rig.world.send()
    rig.channel.answers = [limited("0")]
    await rig.run(seconds=2, max_in_flight=2)
    assert len(rig.channel.sent) <= 4, [one.to for one in rig.channel.sent]
    with rig.world.ledger.read() as tx:
        assert "sms-a" in rests.resting(tx)
    assert all(row.tries == 0 for row in rig.world.deliveries() if row.status == "pending")


async def test_a_rest_that_is_over_is_over(rig: Rig) -> None:
    rig.channel = Limiting()
    places(rig, 3)
    rig.world.send()
    rig.channel.answers = [limited("00000", wait=0.5), Accepted("ref")]
    await rig.run(seconds=6)
    assert Counter(row.status for row in rig.world.deliveries()) == {"accepted": 3}
