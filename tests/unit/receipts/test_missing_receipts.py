"""A receipt that does not come in time: a state of its own, and a reason to go on where policy says so."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from channels.contract import Accepted, Blame, Fault, Kind, Rejected, Word
from dispatcher.deliver.clock import Clock
from dispatcher.deliver.sweep import Swept, sweep
from dispatcher.ledger import account, now, queue, receipts, reports, tables
from dispatcher.ledger.outcomes import told_elsewhere
from dispatcher.model.account import Line
from dispatcher.model.config import WhenUnconfirmed
from dispatcher.model.delivery import Claimed, Status
from dispatcher.plan.chains import Way
from tests.unit.ledger.world import HASTY, World

_HEARING = frozenset({"sms-a", "sms-b", "app"})
_GOING_ON = HASTY.model_copy(
    update={"confirm_within": 300.0, "when_unconfirmed": WhenUnconfirmed.FAILOVER, "contacts": 2}
)
_NO = Rejected(Fault(Blame.RECIPIENT, "no", "no"))


def taken(world: World, people: int = 1, **policy: object) -> list[Claimed]:
    world.hearing, world.policy = _HEARING, _GOING_ON.model_copy(update=policy)
    world.people(people, Kind.SMS, Kind.INAPP)
    world.send()
    return take(world, "sms-a")


def take(world: World, route: str) -> list[Claimed]:
    held = world.claim(route)
    for one in held:
        world.record(one, Accepted("ref"))
    return held


def time_passes(world: World) -> Swept:
    """Whoever waits for a receipt has waited long enough."""
    with world.ledger.write() as tx:
        waits = tables.delivery.c.confirm_by.is_not(None)
        tx.execute(update(tables.delivery).where(waits).values(confirm_by=now() - timedelta(seconds=1)))
    return sweep(world.ledger, world.rules)


def hear(world: World, about: Claimed, word: Word) -> None:
    world.hear(about, word)
    world.folder.fold_some()


def stands(world: World) -> tuple[Status, str]:
    [row] = world.deliveries()
    return Status(row.status), row.route


def line(world: World) -> Line:
    with world.ledger.read() as tx:
        counted = account.count(tx, 1)
    return next(one for one in Line if getattr(counted, one.value))


def test_invariant_5_what_is_not_confirmed_in_time_is_unknown_and_stays_where_policy_says_so(world: World) -> None:
    [first] = taken(world, when_unconfirmed=WhenUnconfirmed.STAY)
    assert sweep(world.ledger, world.rules).unheard == 0
    assert time_passes(world).unheard == 1
    assert stands(world) == (Status.UNCONFIRMED, "sms-a")
    assert line(world) is Line.ONCE
    with world.ledger.read() as tx:
        [here] = reports.by_route(tx, 1, _HEARING)
    assert (here.unknown, here.failed, here.silent, here.late) == (1, 0, 1, 0)
    assert time_passes(world).unheard == 0
    hear(world, first, Word.SENT)
    assert stands(world) == (Status.UNCONFIRMED, "sms-a")
    hear(world, first, Word.DELIVERED)
    assert stands(world) == (Status.DELIVERED, "sms-a")
    assert world.deliveries()[0].silent == 0


def test_no_receipt_is_waited_for_where_none_comes_or_policy_does_not_ask(world: World) -> None:
    taken(world, confirm_within=None)
    world.policy, world.hearing = _GOING_ON, frozenset()
    world.people(1, start=5)
    world.send()
    take(world, "sms-a")
    assert [row.confirm_by for row in world.deliveries()] == [None] * 3


def test_a_missing_receipt_moves_on_and_says_so(world: World) -> None:
    [first] = taken(world)
    assert time_passes(world).routes == ("sms-b",)
    assert stands(world) == (Status.PENDING, "sms-b")
    [attempt] = world.attempts()
    assert "no receipt came in time" in attempt.silence
    assert (attempt.outcome, attempt.decision) == ("accepted", "accepted by the provider")
    take(world, "sms-b")
    assert line(world) is Line.POSSIBLY_TWICE
    hear(world, first, Word.DELIVERED)
    assert stands(world) == (Status.ACCEPTED, "sms-b")
    assert line(world) is Line.TWO_ROUTES
    with world.ledger.read() as tx:
        lines = {one.route: one for one in reports.by_route(tx, 1, _HEARING)}
    assert (lines["sms-a"].silent, lines["sms-a"].late, lines["sms-b"].late) == (1, 1, 0)


def test_a_late_receipt_settles_it_before_the_next_route_was_tried(world: World) -> None:
    [first] = taken(world)
    time_passes(world)
    hear(world, first, Word.DELIVERED)
    assert stands(world) == (Status.DELIVERED, "sms-a")
    assert world.claim("sms-b") == []
    assert line(world) is Line.ONCE
    hear(world, first, Word.READ)
    assert stands(world) == (Status.READ, "sms-a")


def test_contacts_are_capped(world: World) -> None:
    taken(world)
    time_passes(world)
    take(world, "sms-b")
    time_passes(world)
    status, route = stands(world)
    assert (status, route) == (Status.UNCONFIRMED, "sms-b")
    assert "2 providers have this update" in world.deliveries()[0].reason
    assert line(world) is Line.POSSIBLY_TWICE


def test_who_says_that_it_did_not_arrive_is_no_contact(world: World) -> None:
    [first] = taken(world)
    time_passes(world)
    [second] = take(world, "sms-b")
    hear(world, first, Word.UNDELIVERED)
    assert world.deliveries()[0].silent == 0
    time_passes(world)
    assert stands(world) == (Status.PENDING, "app")
    hear(world, second, Word.UNDELIVERED)
    assert stands(world) == (Status.PENDING, "app")
    [third] = take(world, "app")
    hear(world, third, Word.UNDELIVERED)
    assert stands(world) == (Status.FAILED, "app")


def test_when_the_others_fail_it_is_unknown_until_the_silent_one_speaks(world: World) -> None:
    world.ways = (Way("sms-a", Kind.SMS, ("a",)), Way("sms-b", Kind.SMS, ("b",)))
    [first, second] = taken(world, 2)
    time_passes(world)
    for one in world.claim("sms-b"):
        world.record(one, _NO)
    assert world.statuses() == [Status.UNCONFIRMED, Status.UNCONFIRMED]
    hear(world, first, Word.DELIVERED)
    hear(world, second, Word.UNDELIVERED)
    assert world.statuses() == [Status.DELIVERED, Status.FAILED]
    assert [row.route for row in world.deliveries()] == ["sms-a", "sms-b"]


def test_a_newer_update_or_the_end_of_its_time_leaves_it_unknown(world: World) -> None:
    taken(world, 2)
    with world.ledger.write() as tx:
        mine = tables.delivery.c.id == 1
        tx.execute(update(tables.delivery).where(mine).values(confirm_by=now() - timedelta(seconds=1)))
    sweep(world.ledger, world.rules)
    with world.ledger.read() as tx:
        about = world.desk.find(tx, 1)
    world.tell(about=about)
    assert time_passes(world).unheard == 1
    assert world.statuses() == [Status.UNCONFIRMED, Status.UNCONFIRMED]


def test_past_its_deadline_nothing_is_sent_again(world: World) -> None:
    taken(world)
    world.change(deadline=now() - timedelta(seconds=1))
    time_passes(world)
    assert stands(world) == (Status.UNCONFIRMED, "sms-a")


def test_a_word_that_is_not_folded_yet_is_no_missing_one(world: World) -> None:
    [first] = taken(world)
    world.hear(first, Word.DELIVERED)
    assert time_passes(world).unheard == 0
    world.folder.fold_some()
    assert stands(world) == (Status.DELIVERED, "sms-a")


def test_a_word_of_the_first_route_counts_when_the_second_comes_to_nothing(world: World) -> None:
    """It came while a request was under way, so it was only noted."""
    [first] = taken(world, contacts=3)
    time_passes(world)
    [second] = world.claim("sms-b")
    hear(world, first, Word.DELIVERED)
    assert stands(world) == (Status.SENDING, "sms-b")
    world.record(second, _NO)
    with world.ledger.write() as tx:
        assert receipts.fold_left(tx, [second.delivery_id])
    assert world.claim("app") == [], "a worker that is quicker than the folder tells nobody again"
    world.folder.fold_some()
    assert stands(world) == (Status.DELIVERED, "sms-a")


def test_a_word_of_the_first_route_counts_when_the_worker_of_the_second_is_lost(world: World) -> None:
    [first] = taken(world, contacts=3)
    time_passes(world)
    world.claim("sms-b", lease=-1)
    hear(world, first, Word.DELIVERED)
    assert sweep(world.ledger, world.rules).receipts
    time.sleep(0.2)
    assert world.claim("sms-b") == [], "a worker that is quicker than the folder tells nobody again"
    world.folder.fold_some()
    assert stands(world) == (Status.DELIVERED, "sms-a")


def test_a_word_of_the_first_route_counts_when_the_second_was_never_begun(world: World) -> None:
    """Claimed and given back, because the pump stopped or the route rests: nothing left by it."""
    [first] = taken(world, contacts=3)
    time_passes(world)
    held = world.claim("sms-b")
    hear(world, first, Word.DELIVERED)
    with world.ledger.write() as tx:
        queue.give_back(tx, "worker", held, at=now())
    assert world.claim("sms-b") == [], "a worker that is quicker than the folder tells nobody again"
    world.folder.fold_some()
    assert stands(world) == (Status.DELIVERED, "sms-a")


def test_a_late_good_word_of_the_first_route_counts_when_the_second_says_no_by_receipt(world: World) -> None:
    """Nobody is told by a third route who is known to have it by the first."""
    [first] = taken(world, contacts=3)
    time_passes(world)
    [second] = take(world, "sms-b")
    hear(world, first, Word.DELIVERED)
    assert stands(world) == (Status.ACCEPTED, "sms-b")
    hear(world, second, Word.UNDELIVERED)
    assert world.claim("app") == [], "a worker that is quicker than the folder tells nobody again"
    world.folder.fold_some()
    assert stands(world) == (Status.DELIVERED, "sms-a")


def test_the_cap_counts_what_other_legs_have_told_the_person(world: World) -> None:
    world.hearing, world.policy = frozenset({"mail", "app"}), _GOING_ON
    world.people(1, Kind.SMS, Kind.EMAIL, Kind.INAPP)
    world.send("two-legs")
    take(world, "sms-a")
    [mail] = take(world, "mail")
    with world.ledger.read() as tx:
        assert told_elsewhere(tx, [mail]) == {mail.delivery_id: 1}
    time_passes(world)
    rows = {row.leg: row for row in world.deliveries()}
    assert (rows["look-up"].status, rows["look-up"].route) == (Status.UNCONFIRMED, "mail")
    assert "2 providers have" in rows["look-up"].reason


def test_nobody_is_told_again_because_the_clock_was_put_forward(world: World) -> None:
    taken(world)
    wall = [0.0]
    clock = Clock(wall=lambda: wall[0], steady=lambda: 0.0)
    wall[0] = 3600.0
    for ago, unheard in ((30, 0), (90, 1)):
        with world.ledger.write() as tx:
            tx.execute(update(tables.delivery).values(confirm_by=now() - timedelta(minutes=ago)))
        assert sweep(world.ledger, world.rules, clock).unheard == unheard
        wall[0] += 3600.0


@pytest.mark.parametrize("word", [Word.QUEUED, Word.SENT])
def test_a_first_word_proves_an_attempt_and_its_last_word_is_waited_for(world: World, word: Word) -> None:
    world.hearing, world.policy = _HEARING, _GOING_ON
    world.people(1, Kind.SMS, Kind.INAPP)
    world.send()
    [held] = world.claim()
    hear(world, held, word)
    [row] = world.deliveries()
    assert row.status == (Status.SENT if word is Word.SENT else Status.ACCEPTED)
    assert row.confirm_by is not None
    assert time_passes(world).unheard == 1
