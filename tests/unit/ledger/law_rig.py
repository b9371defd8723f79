"""Plays races about two words to the same person on a ledger, and holds the laws against every step."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, Table, or_, select, update

from channels.contract import Absent, Accepted, Blame, Deferred, Fault, Found, Rejected, Repeat, Uncertain, Word
from dispatcher.deliver.detour import detour
from dispatcher.deliver.sweep import sweep
from dispatcher.incidents.desk import Say, Told
from dispatcher.ledger import now, queue, tables
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.delivery import REACHED, Claimed, Status
from tests.unit.ledger.races import FIRST, NOT_TAKEN, OTHER_THAN, OTHERS, TAKEN, Episode, Fate, Meanwhile
from tests.unit.ledger.stepping import Call, Stepping
from tests.unit.ledger.world import HASTY, World

_PEOPLE = 2
_NO = Fault(Blame.PROVIDER, "no", "no")
_LOST = Fault(Blame.PATH, "timeout", "no answer")
#: A call, and what its answer changes.
Work = tuple[Callable[[], Any], Callable[[Any], object]]


@dataclass
class Worker:
    """What a worker process holds. One that was cut off comes back under another name."""

    name: str
    ready: list[Claimed] = field(default_factory=list)
    flying: list[tuple[Claimed, Fate]] = field(default_factory=list)
    asking: list[Claimed] = field(default_factory=list)
    call: Call | None = None

    @property
    def is_free(self) -> bool:
        return self.call is None or self.call.is_over


class Laws:
    """Two workers, a desk, a sweep, a folder and two people.

    - What was begun for a person and leg is never followed by an older word about the same incident.
    - Nothing is claimed of a word that was replaced or stopped before the claim began.
    - Nothing is begun that a provider has, unless it said that it did not arrive.
    - When all is quiet, the newest word has reached everybody whom it was meant for, and a correction exactly those
      who had heard something, or may have.
    """

    def __init__(self, world: World, stepping: Stepping, fates: Sequence[Fate]) -> None:
        self.world = world
        self.stepping = stepping
        self.fates = itertools.cycle(fates)
        world.repeat = dict.fromkeys((FIRST, *OTHERS), Repeat.LOOKUP)
        world.policy = HASTY.model_copy(update={"lookups": 1})
        self._clear_away()
        self.about = world.send().incident
        self.workers = {name: Worker(name) for name in OTHER_THAN}
        self.late: list[tuple[str, Claimed, Fate | None]] = []
        self.others: dict[str, Call] = {}
        #: The broadcasts that were begun, in their order, by leg and subject.
        self.wire: dict[tuple[str, str], list[int]] = defaultdict(list)
        #: What providers have, by delivery, with the attempt that brought it.
        self.has: dict[int, Claimed] = {}
        self.over: set[int] = set()
        #: Attempts of which nobody can say that they were not heard.
        self.heard: dict[int, Claimed] = {}
        self.said = 1
        self.is_retracted = False

    def play(self, episodes: Sequence[Episode]) -> None:
        """Let it all happen, in this order, and then come to its end.

        Raises:
            AssertionError: a law was broken.
        """
        try:
            for one in episodes:
                self._work(one.who, one.route, one.steps)
                for other in one.meanwhile:
                    for _ in range(other.times):
                        self._happens(one.who, other)
                for _ in range(one.after):
                    self._work(one.who, one.route, None)
        finally:
            self.stepping.end()
        self._quieten()
        self._everybody_has_heard()

    def _happens(self, who: str, one: Meanwhile) -> None:
        worker, may_say = self.workers[who], self.said < 5 and not self.is_retracted
        match one.what:
            case "work":
                self._work(OTHER_THAN[who], FIRST, one.steps)
            case "say" if may_say:
                self._start("desk", lambda: self._tell(one.steps), one.steps)
            case "retract" if may_say:
                self._start("desk", lambda: self._retract(one.steps), one.steps)
            case "stop" if not self.is_retracted:
                self._start("desk", self._stop, one.steps)
            case "sweep":
                self._start("sweep", self._sweep, one.steps)
            case "freeze" if worker.is_free:
                self._freeze(who)
                self._start("sweep", self._sweep, one.steps)
            case "late" if self.late:
                self._start("late", self._come_back, one.steps)
            case "return" if worker.is_free and worker.ready:
                held, worker.ready = worker.ready, []
                work, done = self._giving_back(worker.name, held)
                worker.call = self.stepping.start(work, done, one.steps)
            case "detour":
                self._start("detour", self._go_round, one.steps)
            case "bounce" if self.has:
                self._start("folder", self._bounce, one.steps)

    # Workers

    def _work(self, who: str, route: str, steps: int | None) -> None:
        """What a worker does next: go on with its call, begin a request, record an answer, ask, or claim."""
        worker = self.workers[who]
        if not worker.is_free:
            assert worker.call is not None
            self.stepping.go_on(worker.call, steps)
        elif worker.ready:
            self._begin(worker, worker.ready.pop(0))
        elif worker.flying:
            one, fate = worker.flying.pop(0)
            if fate in NOT_TAKEN:
                self.heard.pop(one.attempt_id, None)
            worker.call = self.stepping.start(*self._recording(worker.name, one, _answer(fate)), steps)
        elif worker.asking:
            one = worker.asking.pop(0)
            answer = Found("ref") if one.delivery_id in self.has else Absent()
            worker.call = self.stepping.start(*self._recording(worker.name, one, answer), steps)
        else:
            worker.call = self.stepping.start(*self._claiming(worker, route), steps)

    def _claiming(self, worker: Worker, route: str) -> Work:
        over = set(self.over)

        def claimed(found: list[Claimed]) -> None:
            fresh = [one for one in found if one.status is Status.SENDING]
            assert not {one.broadcast_id for one in fresh} & over, "claimed of a word that was over"
            worker.ready += fresh
            worker.asking += [one for one in found if one.status is not Status.SENDING]

        return (lambda: self.world.claim(route, owner=worker.name)), claimed

    def _begin(self, worker: Worker, one: Claimed) -> None:
        heard, fate = self.wire[one.leg, one.subject], next(self.fates)
        assert one.delivery_id not in self.has, "told twice"
        assert not heard or heard[-1] <= one.broadcast_id, "an older word after a newer one"
        heard.append(one.broadcast_id)
        self.heard[one.attempt_id] = one
        worker.flying.append((one, fate))
        if fate in TAKEN:
            self.has[one.delivery_id] = one

    def _recording(self, owner: str, one: Claimed, answer: Any) -> Work:
        return partial(self.world.record, one, answer, owner=owner), _nothing

    def _giving_back(self, owner: str, held: Sequence[Claimed]) -> Work:
        def give_back() -> None:
            with self.world.ledger.write() as tx:
                queue.give_back(tx, owner, held, at=now())

        return give_back, _nothing

    def _freeze(self, who: str) -> None:
        """It begins nothing any more, since it doubts its leases before they end. What it saw, it may write later."""
        worker = self.workers[who]
        self.late += [(worker.name, one, None) for one in worker.ready]
        self.heard |= {one.attempt_id: one for one in worker.ready}  # nobody knows that they were not begun
        self.late += [(worker.name, one, fate) for one, fate in worker.flying]
        self._lapse(worker.name)
        self.workers[who] = Worker(f"{worker.name}'")

    def _lapse(self, *owners: str) -> None:
        """Their leases end, but for what somebody has locked this moment."""
        held = select(tables.delivery.c.id).where(tables.delivery.c.lease_owner.in_(owners))
        mine = tables.delivery.c.id.in_(held.with_for_update(skip_locked=True))
        with self.world.ledger.write() as tx:
            tx.execute(update(tables.delivery).where(mine).values(lease_until=now() - timedelta(seconds=1)))

    def _come_back(self) -> Work:
        owner, one, fate = self.late.pop(0)
        return self._giving_back(owner, [one]) if fate is None else self._recording(owner, one, _answer(fate))

    # Everybody else

    def _tell(self, steps: int | None, **more: Any) -> Work:
        """Planning goes as far at first as telling."""
        self.said += 1

        def tell() -> Told:
            with self.world.ledger.write() as tx:
                about = self.world.desk.find(tx, self.about.id, lock=True)
                return self.world.desk.tell(tx, about, Say("Ada", **more))

        def replaced(told: Told) -> None:
            self.over |= {row.id for row in self._rows(tables.broadcast) if row.id < told.broadcast.id}
            self._start("planner", lambda: self._planning(told.broadcast.id), steps)

        return tell, replaced

    def _retract(self, steps: int | None) -> Work:
        self.is_retracted = True
        return self._tell(steps, retracts=True)

    def _planning(self, broadcast_id: int) -> Work:
        return (lambda: self.world.planner.plan(broadcast_id)), _nothing

    def _stop(self) -> Any:
        def stop() -> Any:
            with self.world.ledger.write() as tx:
                about = self.world.desk.find(tx, self.about.id, lock=True)
                return self.world.desk.stop(tx, about, author="Ada", why="wrong")

        def stopped(done: Any) -> None:
            self.over |= {row.id for row in self._rows(tables.broadcast) if row.id <= done.broadcast.id}

        return stop, stopped

    def _sweep(self) -> Work:
        return (lambda: sweep(self.world.ledger, self.world.rules)), self._plan_what_waits

    def _plan_what_waits(self, swept: Any) -> None:
        for one in swept.broadcasts:
            self._start("planner", partial(self._planning, one), None)

    def _go_round(self) -> Any:
        circuit = Circuit(Breaker.OPEN, "it fails", now(), now() + timedelta(seconds=1), 1)

        def go_round() -> Any:
            with self.world.ledger.write() as tx:
                return detour(tx, self.world.rules("sms-a"), circuit, 10)

        return go_round, _nothing

    def _bounce(self) -> Any:
        key, one = next(iter(self.has.items()))
        del self.has[key]

        def bounce() -> Any:
            self.world.hear(one, Word.UNDELIVERED)
            return self.world.folder.fold_some()

        return bounce, _nothing

    # The beginning and the end

    def _start(self, who: str, prepare: Callable[[], Work], steps: int | None) -> None:
        """Somebody begins a call, or goes on with the one that is under way."""
        call = self.others.get(who)
        if call is not None and not call.is_over:
            self.stepping.go_on(call, steps)
        else:
            self.others[who] = self.stepping.start(*prepare(), steps)

    def _clear_away(self) -> None:
        """What a law was broken by may still move; what came to its end is in nobody's way."""
        with self.world.ledger.write() as tx:
            if tx.execute(select(tables.recipient.c.id).limit(1)).first() and not tx.execute(_WAITING).first():
                return
            for table in reversed(tables.metadata.sorted_tables):
                tx.execute(table.delete())
        self.world.people(_PEOPLE)

    def _rows(self, table: Table) -> list[Row[Any]]:
        """Those of this incident."""
        with self.world.ledger.read() as tx:
            return list(tx.execute(select(table).where(table.c.incident_id == self.about.id).order_by(table.c.id)))

    def _quieten(self) -> None:
        """Whoever holds something goes on with it; from now on everything is taken."""
        self.fates = itertools.repeat(Fate.TAKEN)
        self._lapse(*{owner for owner, _, _ in self.late})
        took = 0
        for _ in range(40):
            for who, worker in self.workers.items():
                while worker.flying or worker.ready or worker.asking:
                    self._work(who, FIRST, None)
                    took += 1
            if not took:
                for one in sweep(self.world.ledger, self.world.rules).broadcasts:
                    self.world.planner.plan(one)
            with self.world.ledger.read() as tx:
                routes = list(tx.execute(_WAITING).scalars())
            if not routes and not took:
                return
            took = 0
            for route in routes:
                self._work("one", route, None)
        raise AssertionError("something never comes to its end")

    def _everybody_has_heard(self) -> None:
        last = self._rows(tables.broadcast)[-1]
        mine = [row for row in self._rows(tables.delivery) if row.broadcast_id == last.id]
        if last.stopped_at is None:
            standing = {row.status for row in mine}
            assert self.is_retracted or len(mine) == _PEOPLE, "somebody was not planned for"
            assert standing <= {*REACHED, Status.FAILED}, f"somebody was forgotten: {sorted(standing)}"
        if self.is_retracted:
            to = {row.subject for row in mine}
            told = {row.subject for row in self._rows(tables.delivery) if row.id in self.has and row not in mine}
            assert told <= to, "who was told does not hear that it was wrong"
            may_have = {one.subject for one in self.heard.values() if one.broadcast_id != last.id}
            assert to <= may_have, "who heard nothing hears that it was wrong"


_WAITING = (
    select(tables.delivery.c.route)
    .where(or_(tables.delivery.c.next_attempt_at.is_not(None), tables.delivery.c.lease_owner.is_not(None)))
    .distinct()
)


def _nothing(_: object) -> None:
    """What most answers change."""


def _answer(fate: Fate) -> Any:
    match fate:
        case Fate.TAKEN:
            return Accepted("ref")
        case Fate.BUSY:
            return Deferred(_NO, wait=0.05)
        case Fate.REFUSED:
            return Rejected(_NO)
        case _:
            return Uncertain(_LOST)
