"""Empties one route: claims what is due, keeps a window of requests in flight, records answers in groups.

    claim (one transaction, intents committed)  ->  ready  ->  in flight (window)  ->  answered  ->  record (one group)

No transaction is open across a network call. The window is refilled while the last answers are being recorded. What is
claimed but not begun when the pump stops is given back.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from channels.contract import (
    Accepted,
    Blame,
    Deferred,
    Fault,
    Found,
    LookUp,
    Outcome,
    Receipt,
    Rejected,
)
from dispatcher.deliver.line import Desk, Line
from dispatcher.deliver.ringer import Ringer
from dispatcher.deliver.settle import settle
from dispatcher.deliver.speak import Speaker, Spoken
from dispatcher.ledger import LedgerAway, Tx, broadcasts, earlier, guard, now, optouts, outcomes, queue, receipts, rests
from dispatcher.ledger.receipts import Arrived
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import Claimed, Status

log = structlog.get_logger(__name__)
T = TypeVar("T")

_TICK = 0.1  # answers of so many seconds are written together
_BATCH = 200
LEASE = 15.0  # seconds; what a dead worker held is looked at again after so long
_LEASE = timedelta(seconds=LEASE)
_BEAT = 4.0  # seconds between two extensions of the lease of one that lives
_DRY = 0.25  # seconds for which a claim that left nothing is believed
_CALL_EVERY = 1.0  # seconds between two bells for others, while there is more than one pump can do
_NAP = 5.0  # a wait shorter than the time between two sweeps is waited out here
#: What is said of a delivery whose person said no after it was planned.
_SAID_NO = Fault(Blame.RECIPIENT, "opted-out", "this address said no after the message was planned; nothing was sent")


#: The provider has a message of an earlier attempt, and does not say which.
_REPEAT = Accepted("", duplicate=True)


class Pump:
    """One route's work in one process. Runs on the process' event loop; at most one per route and process."""

    def __init__(self, line: Line, desk: Desk) -> None:
        self._line = line
        self._desk = desk
        self._rules = line.rules
        self._owner = secrets.token_hex(8)
        self._ready: deque[Claimed] = deque()
        self._flying: set[asyncio.Task[None]] = set()
        self._answered: list[tuple[Claimed, Spoken]] = []
        self._speaker = Speaker(line, desk)
        #: What the provider took before, for those ready whose channel wants to know.
        self._earlier: dict[int, tuple[str, ...]] = {}
        self._frozen: dict[int, broadcasts.Frozen] = {}
        self._superseded: set[int] = set()
        self._paused_until: datetime | None = None
        self._stopping = False
        #: Something happened: an answer came, ledger work ended, somebody poked.
        self._changed = asyncio.Event()
        self._claiming: asyncio.Task[None] | None = None
        self._recording: asyncio.Task[None] | None = None
        #: Before this moment there is no sense in claiming: the last claim left nothing.
        self._dry_until = 0.0
        self._recorded = self._extended = time.monotonic()
        self._called = -_CALL_EVERY
        self._bells = Ringer()

    def poke(self) -> None:
        """There may be new work: look again before ending."""
        self._dry_until = 0.0
        self._changed.set()

    def stop(self) -> None:
        """Finish what is in flight, give back the rest, and end."""
        self._stopping = True
        self._changed.set()

    async def run(self, time_slice: float) -> datetime | None:
        """Work until nothing is due or the time slice ends; answers when the route is due next, None for never."""
        until = time.monotonic() + time_slice
        await self._recall_pause()
        try:
            while True:
                self._changed.clear()
                self._end_rest()
                if self._may_claim() and self._room() >= self._enough() and time.monotonic() < until:
                    self._claiming = self._start(self._claim())
                self._launch()
                if self._may_record():
                    self._recording = self._start(self._record())
                await self._extend()
                if self._is_idle():
                    # A route that rests keeps nobody's delivery meanwhile.
                    await self._give_back()
                    due = await self._off_loop(self._next_due)
                    if self._stopping or not self._nap(due, until):
                        break
                await self._until_changed()
        finally:
            self._stopping = True
            await self._give_back()
            await self._bells.settle()
        # Only now does what was given back count as due.
        return await self._off_loop(self._next_due)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(lambda _: self._changed.set())
        return task

    def _landed(self, task: asyncio.Task[None]) -> None:
        """One request less is in flight. Looked at at once only when there is something to do about it: the rest is
        found with the next tick, at a small part of the cost of waking for each."""
        self._flying.discard(task)
        if not self._flying or (self._may_claim() and self._room() >= self._enough()):
            self._changed.set()

    def _may_claim(self) -> bool:
        return _is_done(self._claiming) and time.monotonic() >= self._dry_until and not self._must_rest()

    def _enough(self) -> int:
        """So much room is worth a claim: a few large ones cost less than many small ones."""
        return max(1, self._rules.max_in_flight // 4)

    def _room(self) -> int:
        """No more is claimed than can be begun at once: what a dead worker held and had not begun is in doubt too."""
        return self._rules.max_in_flight - len(self._flying) - len(self._ready)

    def _may_record(self) -> bool:
        waited = time.monotonic() - self._recorded >= _TICK
        return bool(self._answered) and _is_done(self._recording) and (waited or not self._flying)

    def _is_idle(self) -> bool:
        nothing_held = not self._ready or self._must_rest()
        quiet = _is_done(self._claiming) and _is_done(self._recording)
        return nothing_held and quiet and not self._flying and not self._answered

    def _nap(self, due: datetime | None, until: float) -> bool:
        """Whether something is due so soon that waiting for it is better than ending; then nobody claims before."""
        if due is None:
            return False
        wait = (due - now()).total_seconds()
        until_due = time.monotonic() + max(wait, 0.0)
        if wait > _NAP or until_due >= until:
            return False
        self._dry_until = max(self._dry_until, until_due)
        return True

    async def _until_changed(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TICK):
                await self._changed.wait()

    async def _claim(self) -> None:
        room = min(self._room(), _BATCH)

        def work() -> tuple[float, list[Claimed], set[int]]:
            asked = time.monotonic()
            with self._desk.ledger.write() as tx:
                taken = queue.claim(tx, self._rules.route, owner=self._owner, lease=_LEASE, limit=room)
                for key in {one.broadcast_id for one in taken} - self._frozen.keys():
                    self._frozen[key] = broadcasts.frozen(tx, key)
                if self._speaker.looks_back:
                    self._earlier |= earlier.references(tx, self._rules.route, [one.delivery_id for one in taken])
                to_send = [one for one in taken if one.status is Status.SENDING]
                no = optouts.among(tx, {(one.kind, one.to) for one in to_send})
                return asked, taken, {one.delivery_id for one in to_send if (one.kind, one.to) in no}

        # Set before looking, so that a poke while looking is not forgotten.
        self._dry_until = time.monotonic() + _DRY
        asked, taken, said_no = await self._off_loop(work)
        if time.monotonic() - asked > LEASE - _BEAT:
            # This process stood still, or the answer was long on its way: others may take these for lost by now.
            await self._return(taken)
            return
        self._ready.extend(one for one in taken if one.delivery_id not in said_no)
        self._answered += [(one, Spoken(Rejected(_SAID_NO))) for one in taken if one.delivery_id in said_no]
        if len(taken) == room:
            self._dry_until = 0.0
            self._launch()
            self._call_for_help()

    def _call_for_help(self) -> None:
        """There is more than one window holds: a worker that has nothing to do shall have some of it."""
        if time.monotonic() - self._called >= _CALL_EVERY:
            self._called = time.monotonic()
            self._bells.ring(lambda: self._desk.ring({self._rules.route}))

    def _launch(self) -> None:
        moment = now()
        while self._ready and len(self._flying) < self._rules.max_in_flight and not self._must_rest():
            claimed = self._ready.popleft()
            outdated = claimed.broadcast_id in self._superseded or claimed.deadline <= moment
            if outdated and claimed.status is Status.SENDING:
                fault = Fault(Blame.MESSAGE, "outdated", "its time passed or a newer update came before it was sent")
                self._answered.append((claimed, Spoken(Deferred(fault, wait=0, route_wide=True))))
                continue
            task = asyncio.create_task(self._attempt(claimed))
            self._flying.add(task)
            task.add_done_callback(self._landed)

    def _must_rest(self) -> bool:
        doubtful = time.monotonic() - self._extended > LEASE - _BEAT
        return self._stopping or self._paused_until is not None or doubtful

    def _end_rest(self) -> None:
        if self._paused_until is not None and self._paused_until <= now():
            self._paused_until = None
            self._dry_until = 0.0

    async def _extend(self) -> None:
        """Keep what is held. What was lost meanwhile (the ledger was away too long) is not begun any more."""
        if not self._flying and not self._ready:
            self._extended = time.monotonic()
        if time.monotonic() - self._extended < _BEAT:
            return

        def work() -> set[int]:
            with self._desk.ledger.write() as tx:
                return queue.extend(tx, self._owner, _LEASE)

        asked, before = time.monotonic(), {one.delivery_id for one in self._ready}
        lost = before - await self._off_loop(work)
        self._ready = deque(one for one in self._ready if one.delivery_id not in lost)
        self._extended = asked

    async def _attempt(self, claimed: Claimed) -> None:
        earlier = self._earlier.get(claimed.delivery_id, ())
        spoken = await self._speaker.speak(claimed, self._frozen[claimed.broadcast_id], earlier)
        self._note_pause(spoken.answer)
        self._answered.append((claimed, spoken))

    def _note_pause(self, answer: Outcome | LookUp) -> None:
        if isinstance(answer, Deferred) and answer.route_wide:
            until = now() + timedelta(seconds=answer.wait or self._rules.policy.first_wait)
            self._paused_until = max(until, self._paused_until or until)

    async def _record(self) -> None:
        self._recorded = time.monotonic()
        answered, self._answered = self._answered, []
        for one, _ in answered:
            self._earlier.pop(one.delivery_id, None)
        route, pause = self._rules.route, self._paused_until
        # Looked at here: the loop goes on changing what is ready while the ledger is written.
        seen = {one.broadcast_id for one, _ in answered} | {one.broadcast_id for one in self._ready}

        def work() -> tuple[list[Standing], bool]:
            with self._desk.ledger.write() as tx:
                moment = now()
                self._superseded = queue.superseded_among(tx, seen)
                results = [
                    (
                        one,
                        *settle(
                            one,
                            spoken.answer,
                            self._rules,
                            moment,
                            superseded=one.broadcast_id in self._superseded,
                            note=spoken.note,
                        ),
                    )
                    for one, spoken in answered
                ]
                outcomes.record(tx, self._owner, results)
                heard = self._store_receipts(tx, [spoken.answer for _, spoken in answered], moment)
                repeats = [one.delivery_id for one, spoken in answered if spoken.answer == _REPEAT]
                heard = (bool(repeats) and receipts.fold_anew(tx, repeats)) or heard
                for one, spoken in answered:
                    if isinstance(spoken.answer, Rejected) and spoken.answer.fault.opt_out:
                        optouts.note(tx, one.kind, one.to, source=f"{route}: {spoken.answer.fault.detail}"[:200])
                if pause is not None and pause > moment:
                    rests.pause(tx, route, pause, "the provider asked us to slow down")
                return [standing for _, _, standing in results], heard

        try:
            standings, heard = await self._off_loop(work)
        except Exception:
            # Whatever it was: the answers are known, and get another chance before the pump ends.
            self._answered = answered + self._answered
            raise
        if any(one.route == route and one.next_attempt_at is not None for one in standings):
            self._dry_until = 0.0
        woken = {one.route for one in standings if one.failed_over} - {route}
        # After the commit, so that there is something to find.
        if woken:
            self._bells.ring(lambda: self._desk.ring(woken))
        if heard:
            self._bells.ring(self._desk.heard)

    def _store_receipts(self, tx: Tx, answers: list[Outcome | LookUp], moment: datetime) -> bool:
        told: list[Receipt] = [answer.receipt for answer in answers if isinstance(answer, Found) and answer.receipt]
        return bool(told) and receipts.store(tx, [Arrived(self._rules.route, one, moment) for one in told]) > 0

    async def _give_back(self) -> None:
        """Record what is answered; what was claimed and not begun waits again, as if never taken."""
        if self._flying:
            await asyncio.wait(self._flying)
        at_work = [task for task in (self._claiming, self._recording) if task is not None]
        ends = await asyncio.gather(*at_work, return_exceptions=True)
        held = list(self._ready)
        self._ready.clear()
        await self._return(held)
        if self._answered:
            await self._record()
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _return(self, held: list[Claimed]) -> None:
        """What was never begun waits again, for as long as the route rests."""
        at = max(now(), self._paused_until or now())

        def work() -> None:
            with self._desk.ledger.write() as tx:
                queue.give_back(tx, self._owner, held, at=at)

        if held:
            await self._off_loop(work)

    def _next_due(self) -> datetime | None:
        with self._desk.ledger.read() as tx:
            due = guard.next_due(tx, self._rules.route)
        if due is None or self._paused_until is None:
            return due
        return max(due, self._paused_until)

    async def _recall_pause(self) -> None:
        def work() -> datetime | None:
            with self._desk.ledger.read() as tx:
                return rests.paused_until(tx, self._rules.route)

        self._paused_until = await self._off_loop(work)

    async def _off_loop(self, work: Callable[[], T]) -> T:
        """Ledger work in a thread; while the ledger is away, wait and try again: nothing that is known gets lost."""
        wait = 0.2
        while True:
            try:
                return await asyncio.to_thread(work)
            except LedgerAway as away:
                log.warning("ledger away", route=self._rules.route, why=str(away))
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)


def _is_done(task: asyncio.Task[None] | None) -> bool:
    """Whether ledger work may be started again; what it failed with is raised here, not lost."""
    if task is None:
        return True
    if task.done():
        task.result()
        return True
    return False
