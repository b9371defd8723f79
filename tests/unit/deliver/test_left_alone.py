"""A route whose breaker is open: one probe for all, everybody else goes round it or waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import (
    Accepted,
    Blame,
    CannotTell,
    Deferred,
    Fault,
    Found,
    Kind,
    Probed,
    Rejected,
    Repeat,
    Uncertain,
)
from dispatcher.deliver.health import examine
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import breakers, guard, now, reports
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.config import BreakerRule, WhenUncertain
from tests.unit.deliver.pump_rig import Rig, Scripted
from tests.unit.ledger.world import World

DOWN = Fault(Blame.PROVIDER, "down", "the provider is down")
RULE = BreakerRule(open_for=0.4)
LONG = BreakerRule(open_for=60.0)


@pytest.fixture
def rig(world: World) -> Rig:
    return Rig(world)


def circuit(rig: Rig, route: str = "sms-a") -> Circuit:
    with rig.world.ledger.read() as tx:
        return breakers.of(tx, route)


def leave_alone(rig: Rig, route: str = "sms-a", seconds: float = 60.0) -> Circuit:
    moment = now()
    opened = Circuit(Breaker.OPEN, "the test says so", moment, moment + timedelta(seconds=seconds), 1)
    with rig.world.ledger.write() as tx:
        assert breakers.step(tx, route, Circuit(), opened)
    return opened


def places(rig: Rig) -> Counter[tuple[str, str]]:
    return Counter((row.route, row.status) for row in rig.world.deliveries())


async def test_a_provider_that_dies_is_left_alone_and_everybody_goes_by_the_next_route(rig: Rig) -> None:
    rig.world.people(60)
    rig.world.send()
    rig.channel.answers = [Deferred(DOWN)]
    due = await rig.run(max_in_flight=8, breaker=LONG)
    assert 5 <= len(rig.channel.sent) <= 16, "what was in flight, and no more"
    assert places(rig) == {("sms-b", "pending"): 60}
    assert {"sms-b"} in rig.rung
    assert due is None
    opened = circuit(rig)
    assert opened.state is Breaker.OPEN
    assert "the provider is down" in opened.cause
    skipped = [one for one in rig.world.attempts() if one.outcome == "skipped"]
    assert len(skipped) == 60
    assert all("skipped before trying: its breaker is open since" in one.decision for one in skipped)
    assert {(row.tries, row.failovers, row.maybe_twice) for row in rig.world.deliveries()} == {(0, 1, False)}
    # The next worker knows it with its first look.
    rig.world.people(3, start=100)
    rig.world.send()
    before = len(rig.channel.sent)
    await rig.run(breaker=LONG)
    assert len(rig.channel.sent) == before
    with rig.world.ledger.read() as tx:
        story = reports.story(tx, rig.world.deliveries()[59].id)
    assert story
    assert [one.outcome for one in story.attempts] == ["skipped"]


async def test_what_has_no_other_way_waits_is_probed_with_and_told_when_it_closes(rig: Rig) -> None:
    rig.world.people(20, Kind.CHAT)
    rig.world.ways = [way for way in rig.world.ways if way.route == "chat-a"]
    rig.world.config = rig.world.config.model_copy(deep=True)
    rig.world.config.playbooks["outage"] = rig.world.config.playbooks["outage"].model_copy(
        update={"legs": (rig.world.config.playbooks["outage"].legs[0].model_copy(update={"kinds": (Kind.CHAT,)}),)}
    )
    rig.world.send()
    dead = [True]
    rig.channel.answers = [lambda _: Deferred(DOWN) if dead[0] else Accepted("ref")]
    pump = rig.pump("chat-a", max_in_flight=4, breaker=RULE)
    running = asyncio.create_task(pump.run(20))
    await asyncio.sleep(1.0)
    sent = len(rig.channel.sent)
    assert sent <= 12, "one probe a window; 0.4 s, then 0.8 s, then 1.6 s"
    assert places(rig)["chat-a", "failed"] == 0
    assert examine(rig.world.ledger, []).oldest_due < 1
    dead[0] = False
    await asyncio.wait_for(running, 15)
    assert places(rig) == {("chat-a", "accepted"): 20}
    assert circuit(rig, "chat-a").is_closed


async def test_a_probe_costs_no_try(rig: Rig) -> None:
    """Otherwise the last one who waits would be given up for what was tried for all."""
    rig.world.people(1, Kind.SMS)
    rig.world.ways = [way for way in rig.world.ways if way.route == "sms-a"]
    rig.world.send()
    leave_alone(rig, seconds=0.1)
    rig.channel.answers = [Deferred(DOWN)]
    await rig.run(seconds=2.5, breaker=BreakerRule(open_for=0.1))
    assert len(rig.channel.sent) >= 3
    [row] = rig.world.deliveries()
    assert (row.status, row.tries) == ("pending", 0)
    assert circuit(rig).times > 3


@pytest.mark.parametrize(
    ("when", "repeat", "goes"),
    [
        (WhenUncertain.FAILOVER, Repeat.LOOKUP, True),
        (WhenUncertain.FAILOVER, Repeat.KEYED, True),
        (WhenUncertain.HOLD, Repeat.LOOKUP, False),
        (WhenUncertain.HOLD, Repeat.KEYED, False),
    ],
)
async def test_invariant_4_doubt_waits_for_the_probe_and_is_decided_by_policy_when_nobody_can_be_asked(
    rig: Rig, when: WhenUncertain, repeat: Repeat, goes: bool
) -> None:
    rig.world.people(6)
    rig.world.send()
    policy = rig.world.policy.model_copy(update={"when_uncertain": when, "first_wait": 5.0, "lookup_after": 5.0})
    usual: dict[str, Any] = {"policy": policy, "repeat": repeat, "max_in_flight": 6}
    rig.channel.answers = [Uncertain(DOWN)]
    rig.channel.found = [CannotTell(DOWN)]
    await rig.run(breaker=LONG, **usual)
    assert len(rig.channel.sent) == 6
    assert len(rig.channel.asked) == 0
    status = "uncertain" if repeat is Repeat.LOOKUP else "pending"
    assert places(rig) == {("sms-a", status): 6}
    opened = circuit(rig)
    assert opened.probe_at
    assert {row.next_attempt_at for row in rig.world.deliveries()} == {opened.probe_at}
    assert not any(row.maybe_twice for row in rig.world.deliveries())
    failed = replace(opened, times=2, probe_at=opened.probe_at + timedelta(minutes=1))
    with rig.world.ledger.write() as tx:
        assert breakers.step(tx, "sms-a", opened, failed)
    await rig.run(breaker=LONG, **usual)
    assert len(rig.channel.sent) == 6
    if goes:
        assert places(rig) == {("sms-b", "pending"): 6}
        assert all(row.maybe_twice for row in rig.world.deliveries())
        assert all("cannot be looked up" in one.decision for one in rig.world.attempts())
        return
    assert places(rig) == {("sms-a", status): 6}
    opened = circuit(rig)
    assert {row.next_attempt_at for row in rig.world.deliveries()} == {opened.probe_at}
    # An operator knows better: it is used again, and what waited is asked about at once.
    with rig.world.ledger.write() as tx:
        assert breakers.step(tx, "sms-a", opened, Circuit(since=now()))
    rig.channel.answers, rig.channel.found = [Accepted("ref")], [Found("SM1")]
    await rig.run(breaker=LONG, **usual)
    assert places(rig) == {("sms-a", "accepted"): 6}


class CanTry(Scripted):
    """A channel whose account can be tried."""

    tried = 0
    answer: Probed | Fault = DOWN

    async def probe(self, *, timeout: float) -> Probed | Fault:
        assert timeout > 0
        self.tried += 1
        return self.answer


async def test_a_route_without_traffic_is_tried_without_a_message(rig: Rig) -> None:
    channel = CanTry()
    rig.channel = channel
    leave_alone(rig, seconds=-1)
    assert "sms-a" in sweep(rig.world.ledger, rig.world.rules).routes, "the sweep rings for it"
    await rig.run(breaker=LONG)
    assert (channel.tried, channel.sent) == (1, [])
    assert circuit(rig).state is Breaker.OPEN
    assert circuit(rig).times == 2
    assert "sms-a" not in sweep(rig.world.ledger, rig.world.rules).routes
    await rig.run(breaker=LONG)
    assert channel.tried == 1, "once a window"
    with rig.world.ledger.write() as tx:
        guard.set_clock_back(tx, timedelta(seconds=15))
    channel.answer = Probed("account")
    await rig.run(breaker=LONG)
    assert channel.tried == 2
    assert circuit(rig).is_closed


async def test_of_two_workers_one_probes(rig: Rig) -> None:
    rig.world.people(12)
    rig.world.send()
    leave_alone(rig, seconds=-1)
    rig.channel.answers, rig.channel.latency = [Rejected(DOWN)], 0.3
    await asyncio.gather(*(rig.run(breaker=LONG) for _ in range(3)))
    assert len(rig.channel.sent) == 1
    assert places(rig) == {("sms-b", "pending"): 12}


async def test_what_shares_a_vendor_with_all_that_fails_waits_on_its_last_route(rig: Rig) -> None:
    rig.world.people(4)
    rig.world.send()
    for route in ("sms-a", "sms-b", "mail"):
        leave_alone(rig, route)
    for route in ("sms-a", "sms-b", "mail", "sms-a", "sms-b"):
        await rig.run(route, breaker=LONG)
    assert places(rig) == {("mail", "pending"): 4}
    assert not rig.channel.sent
    assert {row.next_attempt_at for row in rig.world.deliveries()} == {circuit(rig, "mail").probe_at}
    with rig.world.ledger.write() as tx:
        guard.beat(tx, guard.SWEEP)
    assert not examine(rig.world.ledger, []).complaints
