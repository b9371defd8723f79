"""Deliveries as a queue, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from channels.contract import Accepted, Blame, Deferred, Fault, Kind, Rejected, Repeat, Uncertain, Word
from dispatcher.deliver.sweep import close_passed, sweep
from dispatcher.ledger import guard, now, queue, rests, tables
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import World

_FAULT = Fault(Blame.PROVIDER, "busy", "the provider is busy")


def test_claiming_writes_the_intent_before_anything_leaves(world: World) -> None:
    world.people(2)
    world.send()
    claimed = world.claim()
    assert [(one.to, one.status, one.tries) for one in claimed] == [
        ("+15550000000", Status.SENDING, 1),
        ("+15550000001", Status.SENDING, 1),
    ]
    assert [(row.token, row.outcome, row.finished_at) for row in world.attempts()] == [
        (one.token, None, None) for one in claimed
    ]
    assert world.claim() == []


@pytest.mark.parametrize("limit", [1, 7, 40])
def test_invariant_8_no_delivery_is_claimed_by_two(world: World, limit: int) -> None:
    world.people(200)
    world.send()

    def take(worker: int) -> list[int]:
        mine: list[int] = []
        while claimed := world.claim(owner=f"worker-{worker}", limit=limit):
            assert len(claimed) <= limit
            mine += [one.delivery_id for one in claimed]
        return mine

    with ThreadPoolExecutor(6) as pool:
        taken = [one for mine in pool.map(take, range(6)) for one in mine]
    assert len(taken) == len(set(taken))
    # A worker that found the rest locked goes home early; nothing is lost by that.
    taken += take(7)
    assert sorted(taken) == sorted(row.id for row in world.deliveries())
    assert len(world.attempts()) == 200


def test_invariant_6_what_has_passed_its_deadline_is_not_taken(world: World) -> None:
    world.people(3)
    world.send()
    world.change(deadline=now() - timedelta(seconds=1))
    assert world.claim() == []
    assert close_passed(world.ledger) == 3
    assert set(world.statuses()) == {Status.EXPIRED}
    assert "time passed" in world.deliveries()[0].reason


def test_invariant_6_what_a_newer_update_superseded_is_not_taken(world: World) -> None:
    world.people(3)
    first = world.send()
    held = world.claim(limit=1)
    second = world.send(about=first.incident)
    assert world.statuses()[:3] == [Status.SENDING, Status.SUPERSEDED, Status.SUPERSEDED]
    assert {one.broadcast_id for one in world.claim()} == {second.broadcast.id}
    world.record(held[0], Deferred(_FAULT))
    assert world.statuses()[0] is Status.SUPERSEDED


def test_a_doubtful_message_of_a_superseded_broadcast_is_still_looked_up(world: World) -> None:
    world.people()
    first = world.send()
    [held] = world.claim()
    world.tell(about=first.incident)
    world.change(status=Status.UNCERTAIN, next_attempt_at=now() - timedelta(seconds=1))
    [asked] = world.claim()
    assert (asked.status, asked.token, asked.lookups) == (Status.ASKING, held.token, 1)


def test_what_is_not_due_or_of_another_route_is_left(world: World) -> None:
    world.people(2)
    world.send()
    assert world.claim("sms-b") == []
    later = now() + timedelta(minutes=5)
    world.change(next_attempt_at=later)
    with world.ledger.read() as tx:
        assert guard.due_since(tx) == {}
        assert guard.next_due(tx, "sms-a") == later
        assert guard.next_due(tx, "sms-b") is None
    assert world.claim() == []
    since = now()
    world.change(next_attempt_at=since)
    with world.ledger.read() as tx:
        assert guard.due_since(tx) == {"sms-a": since}


def test_outcomes_are_recorded_with_their_reasons(world: World) -> None:
    world.people(3)
    world.send()
    one, two, three = world.claim()
    world.record(one, Accepted("SM1"))
    world.record(two, Rejected(_FAULT))
    world.record(three, Uncertain(_FAULT))
    rows = world.deliveries()
    assert [row.status for row in rows] == ["accepted", "pending", "pending"]
    assert [row.route for row in rows] == ["sms-a", "sms-b", "sms-a"]
    assert [row.failovers for row in rows] == [0, 1, 0]
    assert [row.tries for row in rows] == [1, 0, 1]
    assert rows[0].accepted_at is not None
    assert all(row.reason and row.lease_owner is None for row in rows)
    assert [(row.outcome, row.ref, row.code) for row in world.attempts()] == [
        ("accepted", "SM1", None),
        ("rejected", None, "busy"),
        ("uncertain", None, "busy"),
    ]
    assert all(row.decision for row in world.attempts())


def test_a_worker_that_lost_its_hold_changes_nothing(world: World) -> None:
    world.people()
    world.send()
    [held] = world.claim(owner="slow", lease=-1)
    with world.ledger.write() as tx:
        [stale] = guard.stale(tx)
    assert stale.delivery_id == held.delivery_id
    sweep(world.ledger, world.rules)
    before = world.deliveries()
    world.record(held, Rejected(_FAULT), owner="slow")
    assert world.deliveries() == before


def test_a_lease_is_kept_by_its_owner_alone(world: World) -> None:
    world.people(2)
    world.send()
    [mine] = world.claim(owner="one", limit=1, lease=-1)
    [other] = world.claim(owner="two", limit=1, lease=-1)
    with world.ledger.write() as tx:
        assert queue.extend(tx, "one", timedelta(seconds=30)) == {mine.delivery_id}
        assert [one.delivery_id for one in guard.stale(tx)] == [other.delivery_id]


def test_invariant_4_a_lost_worker_leaves_doubt_not_a_second_message(world: World) -> None:
    world.people()
    world.send()
    world.claim(lease=-1)
    swept = sweep(world.ledger, lambda route: world.rules(route, repeat=Repeat.LOOKUP))
    assert swept.lost == 1
    [row] = world.deliveries()
    assert (row.status, row.lease_owner) == ("uncertain", None)
    assert "lost" in row.reason
    assert world.attempts()[0].outcome == "uncertain"


def test_invariant_4_a_receipt_for_an_attempt_still_counts_after_a_later_claim_was_given_back(world: World) -> None:
    world.people()
    world.send()
    [first] = world.claim()
    world.record(first, Uncertain(_FAULT))
    world.change(next_attempt_at=now())
    [second] = world.claim()
    with world.ledger.write() as tx:
        queue.give_back(tx, "worker", [second], at=now())
    assert world.deliveries()[0].attempt_id == first.attempt_id
    world.hear(first, Word.DELIVERED)
    world.folder.fold_some()
    assert world.statuses() == [Status.DELIVERED]
    assert world.claim() == []


def test_a_longer_pause_stays(world: World) -> None:
    soon, late = now() + timedelta(seconds=5), now() + timedelta(seconds=60)
    for until in (soon, late, soon):
        with world.ledger.write() as tx:
            rests.pause(tx, "sms-a", until, "asked to slow down")
    with world.ledger.read() as tx:
        assert rests.paused_until(tx, "sms-a") == late
        assert rests.paused_until(tx, "sms-b") is None
    with world.ledger.write() as tx:
        tx.execute(tables.route_state.update().values(paused_until=now() - timedelta(seconds=1)))
        assert rests.paused_until(tx, "sms-a") is None


def test_the_sweep_says_what_should_be_under_way(world: World) -> None:
    world.people(2, Kind.EMAIL)
    assert sweep(world.ledger, world.rules).routes == ()
    told = world.tell()
    assert sweep(world.ledger, world.rules).broadcasts == (told.broadcast.id,)
    world.planner.plan(told.broadcast.id)
    swept = sweep(world.ledger, world.rules)
    assert (swept.routes, swept.broadcasts, swept.receipts) == (("mail",), (), False)
