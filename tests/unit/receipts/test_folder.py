"""Receipts folded into deliveries on a real ledger of both kinds."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from channels.contract import Accepted, Blame, Deferred, Fault, Receipt, Rejected, Repeat, Uncertain, Word
from dispatcher.deliver.settle import settle
from dispatcher.ledger import Ledger, listing, now, outcomes, receipts, reports, tables
from dispatcher.ledger.listing import Filter
from dispatcher.ledger.receipts import Arrived, Folded, Heard, Tried
from dispatcher.model.delivery import Claimed, Status
from tests.unit.ledger.world import World

FAULT = Fault(Blame.RECIPIENT, "landline", "this is a landline", "30006")


def one_sent(world: World) -> Claimed:
    world.people(1)
    world.send()
    [claimed] = world.claim()
    world.record(claimed, Accepted("SM1"))
    return claimed


def test_a_delivered_receipt_raises_the_delivery(world: World) -> None:
    claimed = one_sent(world)
    assert world.hear(claimed, Word.DELIVERED) == 1
    assert world.folder.fold_some() == (1, set())
    assert world.statuses() == [Status.DELIVERED]
    assert world.folder.fold_some() == (0, set())
    [attempt] = world.attempts()
    assert (attempt.receipt_word, attempt.outcome, attempt.ref) == ("delivered", "accepted", "SM1")


def test_a_negative_receipt_moves_the_leg_on(world: World) -> None:
    claimed = one_sent(world)
    world.hear(claimed, Word.UNDELIVERED, fault=FAULT)
    assert world.folder.fold_some() == (1, {"sms-b"})
    [row] = world.deliveries()
    assert (row.status, row.route, row.failovers) == ("pending", "sms-b", 1)
    assert "landline" in row.reason
    [again] = world.claim("sms-b")
    assert again.token != claimed.token


def test_a_negative_receipt_on_the_last_route_is_the_end(world: World) -> None:
    claimed = one_sent(world)
    for route in ("sms-b", "mail"):
        world.hear(claimed, Word.UNDELIVERED)
        world.folder.fold_some()
        [claimed] = world.claim(route)
        world.record(claimed, Accepted("ref"))
    world.hear(claimed, Word.UNDELIVERED)
    world.folder.fold_some()
    assert world.statuses() == [Status.FAILED]


def test_invariant_6_a_negative_receipt_sends_nothing_that_is_superseded(world: World) -> None:
    world.people(1)
    first = world.send()
    [claimed] = world.claim()
    world.record(claimed, Accepted("SM1"))
    world.tell(about=first.incident)
    world.hear(claimed, Word.UNDELIVERED, fault=FAULT)
    assert world.folder.fold_some() == (1, set())
    assert world.statuses() == [Status.SUPERSEDED]


@pytest.mark.parametrize(
    ("word", "status", "route"),
    [(Word.DELIVERED, Status.DELIVERED, "sms-a"), (Word.UNDELIVERED, Status.PENDING, "sms-b")],
)
def test_what_is_said_of_the_first_attempt_counts_when_the_second_was_its_repeat(
    world: World, word: Word, status: Status, route: str
) -> None:
    world.people(1)
    world.send()
    [first] = world.claim()
    world.record(first, Uncertain(FAULT))
    time.sleep(0.15)
    [second] = world.claim()
    assert second.token != first.token
    world.record(second, Accepted("", duplicate=True))
    world.hear(first, word, fault=FAULT if word is Word.UNDELIVERED else None)
    world.folder.fold_some()
    [row] = world.deliveries()
    assert (row.status, row.route) == (status, route)


def test_what_is_said_of_the_first_attempt_is_only_recorded_when_the_second_is_another_message(world: World) -> None:
    world.people(1)
    world.send()
    [first] = world.claim()
    world.record(first, Uncertain(FAULT))
    time.sleep(0.15)
    [second] = world.claim()
    world.record(second, Accepted("SM2"))
    world.hear(first, Word.UNDELIVERED, fault=FAULT)
    world.folder.fold_some()
    assert world.statuses() == [Status.ACCEPTED]


def test_a_receipt_that_says_no_is_an_opt_out_and_its_copy_is_none(world: World) -> None:
    stopped = Fault(Blame.RECIPIENT, "opted-out", "The person answered STOP to this sender.", "40300", opt_out=True)
    claimed = one_sent(world)
    for event in ("e1", "e2"):
        world.hear(claimed, Word.UNDELIVERED, event, fault=stopped)
        world.folder.fold_some()
    [kept] = world.rows(tables.opt_out)
    assert (kept.kind, kept.address, kept.source) == (
        "sms",
        claimed.to,
        "sms-a: The person answered STOP to this sender.",
    )
    assert [row.wish for row in world.rows(tables.said)] == ["stop"]
    assert [row.to_sms for row in world.rows(tables.recipient)] == [None]


def test_what_arrives_after_all_before_the_next_route_began_stops_it(world: World) -> None:
    claimed = one_sent(world)
    world.hear(claimed, Word.UNDELIVERED, fault=FAULT)
    world.folder.fold_some()
    assert world.statuses() == [Status.PENDING]
    world.hear(claimed, Word.DELIVERED)
    world.folder.fold_some()
    [row] = world.deliveries()
    assert (row.status, row.route, row.next_attempt_at) == ("delivered", "sms-a", None)
    assert world.claim("sms-b") == []


def test_a_late_receipt_of_a_left_route_is_recorded_and_changes_nothing(world: World) -> None:
    claimed = one_sent(world)
    world.hear(claimed, Word.UNDELIVERED, fault=FAULT)
    world.folder.fold_some()
    assert len(world.claim("sms-b")) == 1
    before = world.deliveries()
    world.hear(claimed, Word.DELIVERED)
    world.folder.fold_some()
    assert world.deliveries() == before
    assert "had left" in world.rows(tables.receipt)[-1].effect
    assert world.attempts()[0].receipt_word == "delivered"


def test_an_unknown_token_is_kept_and_counted(world: World) -> None:
    with world.ledger.write() as tx:
        receipts.store(tx, [Arrived("sms-a", Receipt(Word.DELIVERED, "e1", "nobody", raw={"Sid": "1"}), now())])
    assert world.folder.fold_some() == (1, set())
    with world.ledger.read() as tx:
        assert receipts.unknown(tx) == 1
    [row] = world.rows(tables.receipt)
    assert (row.attempt_id, row.raw) == (None, {"Sid": "1"})
    assert row.folded_at is not None


def test_a_doubled_event_is_stored_once(world: World) -> None:
    claimed = one_sent(world)
    assert [world.hear(claimed, Word.SENT, event="e1") for _ in range(3)] == [1, 0, 0]
    twice = [Receipt(Word.READ, "e2", claimed.token)] * 2
    with world.ledger.write() as tx:
        assert receipts.store(tx, [Arrived("sms-a", one, now()) for one in twice]) == 1
        another = [Arrived("sms-b", twice[0], now())]
        assert receipts.store(tx, another) == 1, "another route's event is another one"
        assert receipts.store(tx, []) == 0


def test_what_is_too_long_for_its_column_is_still_kept_once(world: World) -> None:
    with world.ledger.write() as tx:
        for _ in range(2):
            long = [Receipt(Word.SENT, "e" * 500 + end, "t" * 500, "r" * 500, {"x": "\x00"}) for end in ("1", "2")]
            receipts.store(tx, [Arrived("sms-a", one, now()) for one in long])
    assert len(world.rows(tables.receipt)) == 2
    assert world.folder.fold_some() == (2, set())


def test_a_receipt_that_comes_before_the_outcome_settles_the_doubt(world: World) -> None:
    world.people(1)
    world.send()
    [claimed] = world.claim()
    world.hear(claimed, Word.DELIVERED, ref="SM1")
    world.folder.fold_some()
    before = world.deliveries()
    assert [row.status for row in before] == ["delivered"]
    assert before[0].accepted_at is not None
    world.record(claimed, Uncertain(FAULT))
    assert world.deliveries() == before
    [attempt] = world.attempts()
    assert (attempt.outcome, attempt.decision, attempt.ref) == ("accepted", "settled by a receipt", "SM1")
    with world.ledger.read() as tx:
        [line] = [line for line in reports.by_route(tx, before[0].broadcast_id, {"sms-a"}) if line.route == "sms-a"]
        assert (line.accepted, line.delivered, line.unknown) == (1, 1, 0)
        span = reports.span(tx, before[0].broadcast_id)
    assert span is not None
    assert span.first is not None


@pytest.mark.parametrize("answer", [Uncertain(FAULT), Deferred(FAULT, wait=20)])
def test_invariant_4_a_receipt_stops_the_second_try_of_what_the_provider_has(
    world: World, answer: Uncertain | Deferred
) -> None:
    world.people(1)
    world.send()
    [claimed] = world.claim()
    world.record(claimed, answer)
    assert world.statuses() == [Status.PENDING]
    world.hear(claimed, Word.SENT)
    world.folder.fold_some()
    world.change(updated_at=now())
    [row] = world.deliveries()
    assert (row.status, row.next_attempt_at) == ("sent", None)
    assert world.claim() == []


def test_a_held_doubt_is_settled_by_a_late_receipt(world: World) -> None:
    world.repeat = {"sms-a": Repeat.BLIND}
    world.people(1)
    world.send()
    [claimed] = world.claim()
    world.record(claimed, Uncertain(FAULT))
    assert world.statuses() == [Status.UNCERTAIN]
    world.hear(claimed, Word.DELIVERED)
    world.folder.fold_some()
    assert world.statuses() == [Status.DELIVERED]


@pytest.mark.parametrize("order", list(itertools.permutations([Word.SENT, Word.UNDELIVERED, Word.DELIVERED])))
@pytest.mark.parametrize("together", [True, False])
def test_the_word_of_an_attempt_is_the_same_in_any_order(
    sqlite_ledger: Ledger, order: tuple[Word, ...], together: bool
) -> None:
    world = World(sqlite_ledger)
    claimed = one_sent(world)
    for word in order:
        world.hear(claimed, word, fault=FAULT if word is Word.UNDELIVERED else None)
        if not together:
            world.folder.fold_some()
    world.folder.fold_some()
    assert world.attempts()[0].receipt_word == "delivered"
    [row] = world.deliveries()
    moved_on = order.index(Word.UNDELIVERED) < order.index(Word.DELIVERED)
    assert (row.status, row.failovers) == ("delivered", int(moved_on))


def test_words_do_not_fall_when_two_fold_at_once(world: World) -> None:
    """Each of many attempts gets its receipts in halves that different folders take."""
    world.people(120)
    world.send()
    claimed = world.claim(limit=200)
    for one in claimed:
        world.record(one, Accepted("ref"))
    for word in (Word.DELIVERED, Word.SENT, Word.READ, Word.QUEUED):
        for one in claimed:
            world.hear(one, word)

    def fold_all(limit: int) -> None:
        while world.folder.fold_some(limit)[0]:
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fold_all, [37, 41, 43, 53]))
    fold_all(100)
    assert set(world.statuses()) == {Status.READ}
    assert {row.receipt_word for row in world.attempts()} == {"read"}


def test_recording_and_folding_never_lock_each_other_out(postgresql_ledger: Ledger) -> None:
    """Receipts that come back before the outcomes are written, in another order than these."""
    world = World(postgresql_ledger)
    world.people(300)
    world.send()
    claimed = world.claim(limit=300)
    done = threading.Event()

    def fold() -> None:
        while not done.is_set():
            world.folder.fold_some(97)

    def hear_and_record() -> None:
        for start in range(0, 300, 30):
            some = claimed[start : start + 30]
            for one in reversed(some):
                world.hear(one, Word.DELIVERED)
            results = [
                (one, *settle(one, Accepted("ref"), world.rules("sms-a"), now(), superseded=False))
                for one in reversed(some)
            ]
            with world.ledger.write() as tx:
                outcomes.record(tx, "worker", results)

    with ThreadPoolExecutor(3) as pool:
        folding = [pool.submit(fold) for _ in range(2)]
        pool.submit(hear_and_record).result()
        done.set()
        for one in folding:
            one.result()
    world.folder.fold_some()
    assert set(world.statuses()) == {Status.DELIVERED}
    with world.ledger.read() as tx:
        assert tx.execute(text("SELECT sum(deadlocks) FROM pg_stat_database")).scalar_one() == 0


def test_invariant_10_receipts_are_shown_with_masked_addresses(world: World) -> None:
    claimed = one_sent(world)
    world.hear(claimed, Word.DELIVERED, raw={"To": claimed.to, "From": "+15559999999", "MessageStatus": "delivered"})
    world.folder.fold_some()
    with world.ledger.read() as tx:
        story = reports.story(tx, claimed.delivery_id)
        lines = listing.page(tx, Filter())
    assert claimed.to not in repr(story)
    assert claimed.to not in repr(lines)
    assert "+15559999999" not in repr(story)
    assert "delivered" in repr(story)


def test_a_rejection_after_a_receipt_does_not_move_the_leg(world: World) -> None:
    world.people(1)
    world.send()
    [claimed] = world.claim()
    world.hear(claimed, Word.READ)
    world.folder.fold_some()
    world.record(claimed, Rejected(FAULT))
    assert world.statuses() == [Status.READ]
    assert world.deliveries()[0].failovers == 0


def two_held(ledger: Ledger) -> tuple[World, Claimed, Claimed]:
    world = World(ledger)
    world.people(2)
    world.send()
    one, two = world.claim()
    return world, one, two


def test_a_folder_that_waited_for_another_sees_the_word_that_was_written(postgresql_ledger: Ledger) -> None:
    world, one, _ = two_held(postgresql_ledger)

    def look() -> Tried:
        with world.ledger.write() as tx:
            return receipts.tried(tx, [one.token])[one.token]

    with ThreadPoolExecutor(1) as pool:
        with world.ledger.write() as tx:
            receipts.tried(tx, [one.token])
            waiting = pool.submit(look)
            time.sleep(0.3)
            heard = Heard(1, now(), one.token, Word.DELIVERED, None, "SM1")
            receipts.folded(tx, [Folded(heard, one.attempt_id, "told", Word.DELIVERED)])
        assert waiting.result(10).receipt_word is Word.DELIVERED


def test_outcomes_are_recorded_in_the_order_in_which_receipts_lock(postgresql_ledger: Ledger) -> None:
    world, one, two = two_held(postgresql_ledger)
    results = [
        (held, *settle(held, Accepted("ref"), world.rules("sms-a"), now(), superseded=False)) for held in (two, one)
    ]

    def record() -> None:
        with world.ledger.write() as tx:
            outcomes.record(tx, "worker", results)

    with ThreadPoolExecutor(1) as pool:
        with world.ledger.write() as tx:
            receipts.tried(tx, [one.token])
            waiting = pool.submit(record)
            time.sleep(0.3)
            receipts.tried(tx, [two.token])
        waiting.result(10)
    assert world.statuses() == [Status.ACCEPTED] * 2
