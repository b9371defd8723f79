"""No interleaving sends an older update after a newer one to the same person and leg."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from sqlalchemy import Select, select
from tenacity import wait_none

from channels.contract import Accepted
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import Tx, broadcasts, guard, now, order, queue, retracing
from dispatcher.ledger.tables import broadcast
from dispatcher.model.delivery import Status
from dispatcher.plan.planner import Planner
from tests.unit.ledger.law_rig import Laws
from tests.unit.ledger.races import EPISODES, FATES, Episode, Fate, Meanwhile
from tests.unit.ledger.stepping import Stepping
from tests.unit.ledger.world import World

#: So many races are played on each database; the hole that there was is found by the second or third.
_RACES = 15
#: And at most so many until a fault is found.
_MOST = 100
#: A race that breaks a law is short enough to be read as it is; one of many threads may not break it twice.
_NOT_MADE_SMALLER = (Phase.explicit, Phase.reuse, Phase.generate)
#: What is said of laws that are broken.
_BROKEN = "an older word|of a word that was over|told twice|that it was wrong"
Play = Callable[[Sequence[Episode], Sequence[Fate]], None]


@pytest.fixture
def play(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Plays a race on the ledger: episodes, and what becomes of requests."""
    # Claims look further ahead than anything waits, so that nothing has to be waited for.
    monkeypatch.setattr(queue, "now", lambda: now() + timedelta(seconds=2))
    monkeypatch.setattr(order, "_A_MOMENT", timedelta(0))
    retrying: Any = Planner.plan
    monkeypatch.setattr(retrying.retry, "wait", wait_none())
    stepping = Stepping(world.ledger)
    with stepping.watching():
        yield lambda episodes, fates: Laws(world, stepping, fates).play(episodes)


def test_invariant_6_no_interleaving_sends_an_older_word_after_a_newer_one(play: Play) -> None:
    @settings(max_examples=_RACES, deadline=None, phases=_NOT_MADE_SMALLER)
    @given(episodes=EPISODES, fates=FATES)
    def hold(episodes: Sequence[Episode], fates: Sequence[Fate]) -> None:
        play(episodes, fates)

    hold()


def _nothing_waits(patch: pytest.MonkeyPatch) -> None:
    """The hole that there was: whatever is due may be begun."""
    patch.setattr(queue, "in_turn", lambda _tx, due, _moment: list(due))


def _only_the_word_before_is_waited_for(patch: pytest.MonkeyPatch) -> None:
    next_one = order._older.c.id == order._mine.c.broadcast_id - 1
    patch.setattr(order, "_overtaking", order._overtaking.where(next_one))


def _stopping_drops_what_waits_and_no_more(patch: pytest.MonkeyPatch) -> None:
    def stop(tx: Tx, incident_id: int, *, by: str, why: str) -> list[int]:
        ids = list(tx.execute(select(broadcast.c.id).where(broadcast.c.incident_id == incident_id)).scalars())
        for one in ids:
            guard.drop(tx, guard.Passed(one, Status.SUPERSEDED, guard.stopped(by, why)), 10)
        return ids

    patch.setattr(broadcasts, "stop", stop)


def _a_correction_waits_for_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retracing, "is_settled", lambda _tx, _of: True)


def _a_claim_holds_no_broadcast(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(order, "_sent", _bare(order._sent))


def _a_claim_locks_nothing(patch: pytest.MonkeyPatch) -> None:
    for which, statement in queue._due.items():
        patch.setitem(queue._due, which, _bare(statement))


def _bare(statement: Select[Any]) -> Select[Any]:
    """The same without its lock."""
    bare = statement._generate()
    bare._for_update_arg = None
    return bare


#: What breaks a law, and where that is looked for: on SQLite nobody comes between two statements.
_EVERYWHERE = ("sqlite", "postgresql")
_FAULTS = [
    (_nothing_waits, _EVERYWHERE),
    (_stopping_drops_what_waits_and_no_more, ("sqlite",)),
    (_only_the_word_before_is_waited_for, ("sqlite",)),
    (_a_correction_waits_for_nobody, ("sqlite",)),
]


@pytest.mark.parametrize(
    ("ledger", "fault"),
    [(database, fault) for fault, databases in _FAULTS for database in databases],
    indirect=["ledger"],
)
def test_the_search_finds(
    play: Play, fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same search every time, so that it always does."""
    fault(monkeypatch)

    @settings(max_examples=_MOST, deadline=None, phases=[Phase.generate], derandomize=True, database=None)
    @given(episodes=EPISODES, fates=FATES)
    def hold(episodes: Sequence[Episode], fates: Sequence[Fate]) -> None:
        play(episodes, fates)

    with pytest.raises(AssertionError, match=_BROKEN):
        hold()


#: One claims and stands at each of its statements in turn; meanwhile something is said and the other works on it.
_AT_EACH_STATEMENT = [
    [Episode("one", "sms-a", place, [Meanwhile(what, 1, None), Meanwhile("work", 3, None)], 3)]
    for place in range(1, 9)
    for what in ("say", "work")
]
_TWO_AT_ONCE = pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)


@_TWO_AT_ONCE
def test_invariant_6_nor_does_it_wherever_a_claim_stands(play: Play) -> None:
    _play_each(play)


def _play_each(play: Play) -> None:
    for race in _AT_EACH_STATEMENT:
        play(race, [Fate.TAKEN])


@_TWO_AT_ONCE
@pytest.mark.parametrize("fault", [_a_claim_holds_no_broadcast, _a_claim_locks_nothing])
def test_it_is_locks_that_hold_the_law(
    play: Play, fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    with pytest.raises(AssertionError, match=_BROKEN):
        _play_each(play)


def test_a_newer_word_waits_while_an_older_one_may_still_leave(world: World) -> None:
    world.people(2)
    told = world.send()
    [held] = world.claim(owner="slow", limit=1)
    world.send(about=told.incident)
    other, *_ = world.claim(owner="quick")
    assert other.subject != held.subject
    assert world.claim(owner="quick") == []
    world.record(held, Accepted("ref"), owner="slow")
    world.change(next_attempt_at=now())
    assert held.subject in {one.subject for one in world.claim(owner="quick")}


def test_nothing_is_said_anew_between_looking_at_a_broadcast_and_claiming_of_it(world: World) -> None:
    """Or somebody could claim of an update that another has just superseded."""
    world.people(1)
    told = world.send()
    newer = threading.Thread(target=world.send, kwargs={"about": told.incident})
    with world.ledger.write() as tx:
        [held] = queue.claim(tx, "sms-a", owner="slow", lease=timedelta(seconds=15), limit=10)
        newer.start()
        newer.join(0.3)
        assert newer.is_alive()
    newer.join()
    assert world.claim(owner="quick") == []
    assert held.broadcast_id == told.broadcast.id


def test_after_a_backlog_a_person_hears_the_newest_word_only(world: World) -> None:
    world.people(3)
    told = world.send()
    for _ in range(3):
        last = world.send(about=told.incident)
    taken = world.claim()
    assert [one.broadcast_id for one in taken] == [last.broadcast.id] * 3
    for one in taken:
        world.record(one, Accepted("ref"))
    sweep(world.ledger, world.rules)
    assert world.claim() == []
    assert [row.status for row in world.deliveries()] == [Status.SUPERSEDED] * 9 + [Status.ACCEPTED] * 3
