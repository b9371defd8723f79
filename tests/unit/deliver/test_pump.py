"""The pump on a real ledger of both kinds, with a channel that does what the test tells it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from channels.contract import (
    Absent,
    Accepted,
    Blame,
    CannotTell,
    Deferred,
    Envelope,
    Fault,
    Found,
    Outcome,
    Receipt,
    Rejected,
    Repeat,
    Uncertain,
    Word,
    Words,
)
from dispatcher.deliver import books, speak
from dispatcher.deliver import pump as pump_module
from dispatcher.deliver.sweep import close_passed
from dispatcher.ledger import Ledger, LedgerAway, now, receipts, rests
from dispatcher.ledger.receipts import Arrived
from dispatcher.model.delivery import Status
from tests.unit.deliver.pump_rig import BUSY, Rig
from tests.unit.ledger.world import World


@pytest.fixture
def rig(world: World) -> Rig:
    return Rig(world)


async def test_everything_due_is_sent_and_recorded(rig: Rig) -> None:
    rig.world.people(3)
    told = rig.world.send()
    assert await rig.run() is None
    assert rig.world.statuses() == [Status.ACCEPTED] * 3
    envelope = rig.channel.sent[0]
    assert envelope.to == "+15550000000"
    assert envelope.words.text == "Person 0: It is down #1"
    assert envelope.key == f"{told.broadcast.uid}.reach.r1"
    assert envelope.thread == told.incident.label
    assert envelope.receipt_url == f"https://us.example/sms-a/{envelope.token}"
    assert 3500 < envelope.useful_for <= 3600
    assert len({one.key for one in rig.channel.sent}) == len({one.token for one in rig.channel.sent}) == 3


async def test_a_rejection_goes_on_to_the_next_route_and_rings_it(rig: Rig) -> None:
    rig.world.people(2)
    rig.world.send()
    rig.channel.answers = [Rejected(BUSY)]
    await rig.run()
    assert [(row.route, row.status, row.failovers, row.tries) for row in rig.world.deliveries()] == [
        ("sms-b", "pending", 1, 0)
    ] * 2
    assert rig.rung == [{"sms-b"}]
    rig.channel.answers = [Accepted("ref")]
    await rig.run("sms-b")
    assert rig.world.statuses() == [Status.ACCEPTED] * 2


async def test_what_is_heard_of_the_first_attempt_while_its_repeat_is_under_way_is_not_lost(rig: Rig) -> None:
    """The provider took the first, found the number dead, and then only says that it knows the message."""
    world = rig.world
    world.people(1)
    world.send()

    async def had_already(_envelope: Envelope) -> Outcome:
        first, token = world.attempts()[0], rig.channel.sent[0].token
        failed = Receipt(Word.UNDELIVERED, "e1", token, fault=Fault(Blame.RECIPIENT, "landline", "no mobile"))
        with world.ledger.write() as tx:
            receipts.store(tx, [Arrived(first.route, failed, now())])
        world.folder.fold_some()
        return Accepted("", duplicate=True)

    rig.channel.answers = [Uncertain(BUSY), had_already]
    await rig.run(repeat=Repeat.KEYED)
    assert rig.heard
    world.folder.fold_some()
    [row] = world.deliveries()
    assert (row.route, row.status) == ("sms-b", "pending")


async def test_when_no_route_is_left_it_has_failed_and_says_why(rig: Rig) -> None:
    rig.world.people(1)
    rig.world.send()
    rig.channel.answers = [Rejected(BUSY)]
    for route in ("sms-a", "sms-b", "mail"):
        await rig.run(route)
    [row] = rig.world.deliveries()
    assert (row.status, row.failovers) == ("failed", 2)
    assert "no route is left" in row.reason


async def test_a_deferral_is_tried_again_here(rig: Rig) -> None:
    rig.world.people(1)
    rig.world.send()
    rig.channel.answers = [Deferred(BUSY), Deferred(BUSY, wait=0.05), Accepted("ref")]
    await rig.run()
    [row] = rig.world.deliveries()
    assert (row.status, row.tries) == ("accepted", 3)
    assert [one.outcome for one in rig.world.attempts()] == ["deferred", "deferred", "accepted"]
    assert len({one.key for one in rig.channel.sent}) == 1
    assert len({one.token for one in rig.channel.sent}) == 3


async def test_a_route_wide_rest_pauses_the_route_and_costs_no_try(rig: Rig) -> None:
    rig.world.people(20)
    rig.world.send()
    rig.channel.answers = [Deferred(BUSY, wait=60, route_wide=True)]
    started = time.monotonic()
    due = await rig.run(max_in_flight=2, policy=rig.world.policy.model_copy(update={"leave_route_after": 600.0}))
    assert time.monotonic() - started < 3
    assert len(rig.channel.sent) <= 4
    assert due is not None
    assert 50 < (due - now()).total_seconds() <= 60
    assert {(row.status, row.tries) for row in rig.world.deliveries()} == {("pending", 0)}
    with rig.world.ledger.read() as tx:
        assert rests.paused_until(tx, "sms-a") is not None
    before = len(rig.channel.sent)
    rig.world.change(next_attempt_at=now())
    await rig.run()
    assert len(rig.channel.sent) == before


async def test_a_short_rest_is_waited_out(rig: Rig) -> None:
    rig.world.people(6)
    rig.world.send()
    rig.channel.answers = [Deferred(BUSY, wait=0.3, route_wide=True), Accepted("ref")]
    await rig.run(max_in_flight=2)
    assert rig.world.statuses() == [Status.ACCEPTED] * 6


async def test_invariant_4_doubt_is_looked_up_and_found(rig: Rig) -> None:
    rig.world.people(1)
    rig.world.send()
    rig.channel.answers = [Uncertain(BUSY)]
    rig.channel.found = [Absent(), Found("SM9", Receipt(Word.DELIVERED, "event-1", ref="SM9"))]
    await rig.run(repeat=Repeat.LOOKUP)
    assert rig.world.statuses() == [Status.ACCEPTED]
    assert len(rig.channel.sent) == 1
    assert rig.channel.asked[0].token == rig.channel.sent[0].token
    assert rig.channel.asked[0].started_at == rig.channel.sent[0].started_at
    [attempt] = rig.world.attempts()
    assert (attempt.outcome, attempt.ref, attempt.lookup) == ("accepted", "SM9", "found at the provider")
    assert rig.heard == 1


async def test_invariant_4_only_what_is_surely_absent_is_sent_again(rig: Rig) -> None:
    rig.world.people(1)
    rig.world.send()
    rig.channel.answers = [Uncertain(BUSY), Accepted("ref")]
    await rig.run(repeat=Repeat.LOOKUP)
    assert rig.world.statuses() == [Status.ACCEPTED]
    assert (len(rig.channel.sent), len(rig.channel.asked)) == (2, 2)
    assert not rig.world.deliveries()[0].maybe_twice


async def test_invariant_4_what_cannot_be_told_is_asked_on_and_never_sent_again(rig: Rig) -> None:
    rig.world.people(1)
    rig.world.send()
    rig.channel.answers = [Uncertain(BUSY)]
    rig.channel.found = [CannotTell(BUSY)]
    await rig.run(seconds=1, repeat=Repeat.LOOKUP)
    [row] = rig.world.deliveries()
    assert row.status == "uncertain"
    assert row.next_attempt_at is not None
    assert "could not be looked up" in row.reason
    assert len(rig.channel.sent) == 1


async def test_what_is_given_back_has_cost_nothing_however_long_it_stood_in_the_queue(rig: Rig) -> None:
    rig.world.people(20)
    rig.world.send()
    long_ago = now() - timedelta(hours=1)
    rig.world.change(on_route_since=long_ago)
    rig.channel.answers = [Deferred(BUSY, wait=30, route_wide=True)]
    await rig.run(seconds=2, max_in_flight=4)
    assert Counter(rig.world.statuses()) == {Status.PENDING: 20}
    assert {row.tries for row in rig.world.deliveries()} == {0}


async def test_an_adapter_that_raises_takes_nobody_with_it(rig: Rig) -> None:
    rig.world.people(10)
    rig.world.send()

    def raises(envelope: Envelope) -> Outcome:
        if envelope.to.endswith("3"):
            raise ZeroDivisionError(envelope.to)
        return Accepted("ref")

    rig.channel.answers = [raises]
    await rig.run(repeat=Repeat.BLIND)
    assert Counter(rig.world.statuses()) == {Status.ACCEPTED: 9, Status.UNCERTAIN: 1}
    [row] = [row for row in rig.world.deliveries() if row.status == "uncertain"]
    assert "ZeroDivisionError" in row.reason
    assert row.to_sms not in row.reason


async def test_words_that_cannot_be_made_are_certainly_not_sent(rig: Rig) -> None:
    rig.world.people(4)
    rig.world.send()

    def fill(words: Words, name: str) -> Words:
        if name == "Person 2":
            raise KeyError(name)
        return words

    rig.fill = fill
    await rig.run()
    assert Counter(rig.world.statuses()) == {Status.ACCEPTED: 3, Status.PENDING: 1}
    [row] = [row for row in rig.world.deliveries() if row.status == "pending"]
    assert (row.route, row.failovers) == ("sms-b", 1)


async def test_an_adapter_that_hangs_is_cut_off(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speak, "_GUARD", 0.2)
    rig.world.people(5)
    rig.world.send()

    async def hang() -> Outcome:
        await asyncio.sleep(3600)
        raise AssertionError

    rig.channel.answers = [lambda envelope: hang() if envelope.to.endswith("1") else Accepted("ref")]
    started = time.monotonic()
    await rig.run(repeat=Repeat.BLIND, timeout=0.2)
    assert time.monotonic() - started < 3
    assert Counter(rig.world.statuses()) == {Status.ACCEPTED: 4, Status.UNCERTAIN: 1}


async def test_what_a_provider_says_never_breaks_the_record(rig: Rig) -> None:
    """A reference too long for its column, or a character no database keeps, is one delivery's trouble at most."""
    rig.world.people(3)
    rig.world.send()
    odd = Fault(Blame.PROVIDER, "c" * 500, "nul \x00 and half a pair \ud83d", "p" * 500)
    rig.channel.answers = [
        lambda envelope: Rejected(odd) if envelope.to.endswith("1") else Accepted("r\x00" + "r" * 500)
    ]
    await rig.run()
    assert Counter(rig.world.statuses()) == {Status.ACCEPTED: 2, Status.PENDING: 1}
    assert {row.outcome for row in rig.world.attempts()} == {"accepted", "rejected"}


async def test_stop_finishes_what_is_in_flight_and_gives_back_the_rest(rig: Rig) -> None:
    rig.world.people(50)
    rig.world.send()
    rig.channel.latency = 0.3
    pump = rig.pump(max_in_flight=4)
    running = asyncio.create_task(pump.run(30))
    await asyncio.wait_for(rig.channel.begun.wait(), 10)
    pump.stop()
    due = await asyncio.wait_for(running, 5)
    assert due is not None
    assert rig.channel.in_flight == 0
    sent = len(rig.channel.sent)
    assert sent == 4
    rows = rig.world.deliveries()
    assert Counter(row.status for row in rows) == {"accepted": sent, "pending": 50 - sent}
    assert {row.tries for row in rows if row.status == "pending"} == {0}
    assert all(row.lease_owner is None for row in rows)
    rig.channel.latency = 0
    await rig.run()
    assert Counter(one.to for one in rig.channel.sent).most_common(1)[0][1] == 1
    assert set(rig.world.statuses()) == {Status.ACCEPTED}


async def test_a_look_up_that_was_not_begun_is_given_back_as_if_never_taken(rig: Rig) -> None:
    rig.world.people(1)
    rig.world.send()
    [held] = rig.world.claim(owner="before")
    rig.world.record(held, Uncertain(BUSY), owner="before")
    rig.world.change(status=Status.UNCERTAIN, next_attempt_at=now(), lookups=0)
    pump = rig.pump(repeat=Repeat.LOOKUP)
    await pump._claim()
    pump.stop()
    await pump._give_back()
    [row] = rig.world.deliveries()
    assert (row.status, row.lookups, row.lease_owner) == ("uncertain", 0, None)
    assert row.next_attempt_at is not None
    assert rig.channel.asked == []


async def test_invariant_6_what_is_superseded_in_flight_is_not_tried_again(rig: Rig) -> None:
    rig.world.people(40)
    first = rig.world.send()
    newer: list[int] = []

    def supersede(_envelope: Envelope) -> Outcome:
        if not newer:
            newer.append(rig.world.send(about=first.incident).broadcast.id)
        return Deferred(BUSY)

    rig.channel.answers = [supersede]
    rig.channel.latency = 0.02
    await rig.run(seconds=0.5, max_in_flight=2)
    mine = [row for row in rig.world.deliveries() if row.broadcast_id == first.broadcast.id]
    assert {row.status for row in mine} == {"superseded"}
    assert all(row.next_attempt_at is None for row in mine)
    old = [one for one in rig.channel.sent if one.sequence == 1]
    assert len(old) <= 20, "claimed before, and noticed with the first group that was recorded"


async def test_invariant_6_what_is_superseded_on_its_last_try_is_called_so(rig: Rig) -> None:
    rig.world.people(1)
    first = rig.world.send()
    rig.world.change(tries=2)
    pump = rig.pump()
    await pump._claim()
    rig.world.tell(about=first.incident)
    pump._books.superseded = {first.broadcast.id}
    pump._launch()
    await pump._give_back()
    [row] = rig.world.deliveries()
    assert row.status == "superseded"
    assert rig.channel.sent == []


async def test_invariant_6_a_deadline_that_passes_while_waiting_ends_it(rig: Rig) -> None:
    rig.world.people(6)
    rig.world.send()
    rig.world.change(deadline=datetime.fromtimestamp(time.time() + 0.4, tz=now().tzinfo))
    rig.channel.latency = 0.5
    await rig.run(seconds=2, max_in_flight=1)
    close_passed(rig.world.ledger)
    assert Counter(rig.world.statuses()) == {Status.ACCEPTED: 1, Status.EXPIRED: 5}
    assert len(rig.channel.sent) == 1


async def test_the_window_is_used_and_never_exceeded(rig: Rig) -> None:
    rig.world.people(1000)
    rig.world.send()
    rig.channel.latency = 0.005
    await rig.run(seconds=60, max_in_flight=32)
    assert Counter(rig.world.statuses()) == {Status.ACCEPTED: 1000}
    assert len(rig.channel.sent) == 1000
    assert rig.channel.most_in_flight == 32


async def test_invariant_8_two_pumps_on_one_route_send_everything_once(rig: Rig) -> None:
    rig.world.people(400)
    rig.world.send()
    rig.channel.latency = 0.002
    await asyncio.gather(rig.run(seconds=30), rig.run(seconds=30))
    if Status.PENDING in rig.world.statuses():
        await rig.run(seconds=30)
    assert Counter(rig.world.statuses()) == {Status.ACCEPTED: 400}
    per_person = defaultdict(int)
    for one in rig.channel.sent:
        per_person[one.key] += 1
    assert set(per_person.values()) == {1}


async def test_a_poke_brings_new_work_into_a_running_pump(rig: Rig) -> None:
    rig.world.people(1)
    first = rig.world.send()
    rig.channel.latency = 0.3
    pump = rig.pump()
    running = asyncio.create_task(pump.run(10))
    await asyncio.sleep(0.15)
    await asyncio.to_thread(rig.world.send, about=first.incident)
    pump.poke()
    await running
    assert [one.sequence for one in rig.channel.sent] == [1, 2]


async def test_invariant_3_answers_outlive_a_ledger_that_is_away(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.world.people(5)
    rig.world.send()
    real, away = Ledger.write, [3]

    def write(self: Ledger) -> Any:
        if rig.channel.sent and away[0]:
            away[0] -= 1
            raise LedgerAway("gone for a moment")
        return real(self)

    monkeypatch.setattr(Ledger, "write", write)
    await rig.run()
    assert away == [0]
    assert rig.world.statuses() == [Status.ACCEPTED] * 5
    assert len(rig.channel.sent) == 5


async def test_a_hold_that_was_lost_while_waiting_is_not_begun(rig: Rig) -> None:
    rig.world.people(4)
    rig.world.send()
    pump = rig.pump()
    await pump._claim()
    rig.world.change(lease_owner="somebody else")
    pump._extended -= 10
    await pump._extend()
    assert not pump._ready


async def test_invariant_4_what_was_claimed_by_one_who_then_stood_still_is_not_begun(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease may have ended while the answer was on its way: others may be looking into it by now."""
    rig.world.people(3)
    rig.world.send()
    monkeypatch.setattr(pump_module, "LEASE", pump_module._BEAT + 0.2)
    real = books.queue.claim

    def slow(*args: Any, **more: Any) -> list[Any]:
        taken = real(*args, **more)
        time.sleep(0.3)
        return taken

    monkeypatch.setattr(books.queue, "claim", slow)
    pump = rig.pump()
    await pump._claim()
    assert rig.channel.sent == []
    assert rig.world.statuses() == [Status.PENDING] * 3
    assert rig.world.attempts() == []


async def test_invariant_3_answers_outlive_whatever_goes_wrong_while_they_are_recorded(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.world.people(3)
    rig.world.send()
    real, wrong = books.outcomes.record, [ValueError("nobody expected this")]

    def once(*args: Any) -> None:
        if wrong:
            raise wrong.pop()
        real(*args)

    monkeypatch.setattr(books.outcomes, "record", once)
    with pytest.raises(ValueError, match="nobody expected"):
        await rig.run()
    assert rig.world.statuses() == [Status.ACCEPTED] * 3


async def test_a_broker_that_hangs_holds_up_no_message(rig: Rig) -> None:
    rig.world.people(6)
    rig.world.send()
    rig.channel.answers = [Rejected(BUSY)]
    hang = threading.Event()
    pump = rig.pump(max_in_flight=2)
    pump._desk = replace(pump._desk, ring=lambda _routes: hang.wait(20))
    began = time.monotonic()
    await pump.run(10)
    hang.set()
    assert time.monotonic() - began < 8
    assert {row.route for row in rig.world.deliveries()} == {"sms-b"}
