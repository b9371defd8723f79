"""Empties one route: claims what is due, keeps a window of requests in flight, records answers in groups.

    claim (one transaction, intents committed)  ->  ready  ->  in flight (window)  ->  answered  ->  record (one group)

No transaction is open across a network call. The window is refilled while the last answers are being recorded. What is
claimed but not begun when the pump stops is given back.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import structlog

from channels.contract import Blame, Deferred, Fault, Rejected
from dispatcher.deliver.books import DETOUR, LEASE, Books, Taken
from dispatcher.deliver.breaker import window
from dispatcher.deliver.detour import Detoured
from dispatcher.deliver.gate import QUESTION, Gate
from dispatcher.deliver.line import Desk, Line, has_next
from dispatcher.deliver.ringer import Ringer
from dispatcher.deliver.speak import Speaker, Spoken
from dispatcher.ledger import LedgerAway, now
from dispatcher.model.circuit import Circuit
from dispatcher.model.delivery import Claimed, Status
from dispatcher.model.destinations import destination_of

log = structlog.get_logger(__name__)
T = TypeVar("T")

_TICK = 0.1  # answers of so many seconds are written together
_BATCH = 200
_BEAT = 4.0  # seconds between two extensions of the lease of one that lives
_DRY = 0.25  # seconds for which a claim that left nothing is believed
_CALL_EVERY = 1.0  # seconds between two bells for others, while there is more than one pump can do
_NAP = 5.0  # a wait shorter than the time between two sweeps is waited out here
#: What is said of a delivery whose person said no after it was planned.
_SAID_NO = Fault(Blame.RECIPIENT, "opted-out", "this address said no after the message was planned; nothing was sent")


class Pump:
    """One route's work in one process. Runs on the process' event loop; at most one per route and process."""

    def __init__(self, line: Line, desk: Desk) -> None:
        self._line = line
        self._desk = desk
        self._rules = line.rules
        self._ready: deque[Claimed] = deque()
        self._flying: set[asyncio.Task[None]] = set()
        self._answered: list[tuple[Claimed, Spoken]] = []
        self._speaker = Speaker(line, desk)
        self._gate = Gate(line)
        self._books = Books(line, desk, self._gate)
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
        await self._look()
        try:
            while True:
                self._changed.clear()
                if self._gate.end_rest():
                    self._dry_until = 0.0
                if time.monotonic() < until:
                    if self._may_claim() and self._room() >= self._enough():
                        self._claiming = self._start(self._claim())
                    elif self._may_go_round():
                        self._claiming = self._start(self._go_round())
                self._launch()
                if self._may_record():
                    self._recording = self._start(self._record())
                await self._extend()
                if self._is_idle():
                    # A route that rests keeps nobody's delivery meanwhile.
                    await self._give_back()
                    due = await self._next_due()
                    if self._stopping or not self._nap(due, until):
                        break
                await self._until_changed()
        finally:
            self._stopping = True
            await self._give_back()
            await self._bells.settle()
        # Only now does what was given back count as due.
        return await self._next_due()

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

    def _may_go_round(self) -> bool:
        """Whether something can be done for what waits on a route that is left alone."""
        quiet = _is_done(self._claiming) and time.monotonic() >= self._dry_until
        return self._gate.is_open and quiet and not self._must_stop()

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
        # Set before looking, so that a poke while looking is not forgotten.
        self._dry_until = time.monotonic() + _DRY
        taken = await self._off_loop(lambda: self._books.claim(room))
        self._gate.take(taken.seen)
        if self._gate.is_open and not taken.all:
            self._dry_until = 0.0
            return
        if time.monotonic() - taken.asked > LEASE - _BEAT:
            # This process stood still, or the answer was long on its way: others may take these for lost by now.
            await self._return(taken.all)
            return
        self._refuse(taken.said_no)
        self._ready.extend(taken.ready)
        self._wake(taken.gone)
        self._gate.free_at = taken.free_at
        if self._rules.pace is not None:
            self._after_paced(taken)
            return
        if len(taken.all) == room or taken.put_off:
            self._dry_until = 0.0
            self._launch()
            self._call_for_help()

    def _refuse(self, said_no: Sequence[Claimed]) -> None:
        self._answered += [(one, Spoken(Rejected(_SAID_NO))) for one in said_no]

    async def _go_round(self) -> None:
        """The breaker is open: nothing is sent but a probe, when it is time for one; all else goes by other routes."""
        self._dry_until = time.monotonic() + _DRY
        held = list(self._ready)
        self._ready.clear()
        await self._return(held)
        done = await self._off_loop(lambda: self._books.go_round(DETOUR))
        self._gate.take(done.seen)
        self._refuse(done.said_no)
        if done.half is not None:
            self._fly(self._attempt(done.probe, done.half) if done.probe else self._knock(done.half))
        if done.gone.seen == DETOUR or not self._gate.is_open:
            self._dry_until = 0.0
        self._wake(done.gone)

    def _wake(self, gone: Detoured) -> None:
        if gone.woken:
            self._bells.ring(lambda: self._desk.ring(set(gone.woken)))

    def _after_paced(self, taken: Taken) -> None:
        """Nobody claims before the pace lets the next message go; help from others would change nothing."""
        self._launch()
        wait = 0.0 if taken.free_at is None else (taken.free_at - now()).total_seconds()
        if wait > 0:
            self._dry_until = max(self._dry_until, time.monotonic() + wait)
        elif taken.all or taken.put_off or taken.gone.seen == DETOUR:
            self._dry_until = 0.0

    async def _knock(self, half: Circuit) -> None:
        await self._gate.knock(half)
        await self._look()
        self._dry_until = 0.0

    def _call_for_help(self) -> None:
        """There is more than one window holds: a worker that has nothing to do shall have some of it."""
        if time.monotonic() - self._called >= _CALL_EVERY:
            self._called = time.monotonic()
            self._bells.ring(lambda: self._desk.ring({self._rules.route}))

    def _launch(self) -> None:
        moment = now()
        while self._ready and len(self._flying) < self._rules.max_in_flight and not self._must_rest():
            claimed = self._ready.popleft()
            outdated = claimed.broadcast_id in self._books.superseded or claimed.deadline <= moment
            if outdated and claimed.status is Status.SENDING:
                fault = Fault(Blame.MESSAGE, "outdated", "its time passed or a newer update came before it was sent")
                self._answered.append((claimed, Spoken(Deferred(fault, wait=0, route_wide=True))))
                continue
            self._fly(self._attempt(claimed))

    def _fly(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._flying.add(task)
        task.add_done_callback(self._landed)

    def _must_stop(self) -> bool:
        doubtful = time.monotonic() - self._extended > LEASE - _BEAT
        return self._stopping or doubtful

    def _must_rest(self) -> bool:
        hesitates = bool(self._flying) and self._gate.hesitates
        return self._must_stop() or hesitates or self._gate.rests_until is not None or self._gate.is_open

    async def _extend(self) -> None:
        """Keep what is held. What was lost meanwhile (the ledger was away too long) is not begun any more."""
        if not self._flying and not self._ready:
            self._extended = time.monotonic()
        if time.monotonic() - self._extended < _BEAT:
            return

        asked, before = time.monotonic(), {one.delivery_id for one in self._ready}
        lost = before - await self._off_loop(self._books.extend)
        self._ready = deque(one for one in self._ready if one.delivery_id not in lost)
        self._extended = asked

    async def _attempt(self, claimed: Claimed, probe: Circuit | None = None) -> None:
        begun = time.monotonic()
        question = None if probe is None else QUESTION
        spoken = await self._speaker.speak(claimed, *self._books.about(claimed), question=question)
        self._gate.note(spoken.answer, time.monotonic() - begun, probe, destination=self._limited_as(claimed))
        if probe is not None and isinstance(spoken.answer, Deferred) and not has_next(claimed):
            # It was tried for all who wait: that costs it no try.
            wait = max(spoken.answer.wait or 0.0, window(self._rules.breaker, probe.times + 1).total_seconds())
            spoken = replace(spoken, answer=replace(spoken.answer, wait=wait, route_wide=True))
        self._answered.append((claimed, spoken))

    def _limited_as(self, claimed: Claimed) -> str:
        """What a rate limit would hold for, "" for the account."""
        each = self._line.channel.capabilities.limits_destinations
        return destination_of(claimed.kind, claimed.to) if each else ""

    async def _record(self) -> None:
        self._recorded = time.monotonic()
        answered, self._answered = self._answered, []
        # Looked at here: the loop goes on changing what is ready while the ledger is written.
        waiting = {one.broadcast_id for one in self._ready}
        pause, limited = self._gate.rests_until, self._gate.take_limited()
        try:
            done = await self._off_loop(lambda: self._books.record(answered, waiting, pause, limited))
        except Exception:
            # Whatever it was: the answers are known, and get another chance before the pump ends.
            self._answered = answered + self._answered
            raise
        self._gate.take(done.seen)
        route = self._rules.route
        if done.seen or any(one.route == route and one.next_attempt_at is not None for one in done.standings):
            self._dry_until = 0.0
        woken = {one.route for one in done.standings if one.failed_over} - {route}
        # After the commit, so that there is something to find.
        if woken:
            self._bells.ring(lambda: self._desk.ring(woken))
        if done.heard:
            self._bells.ring(self._desk.heard)

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
        at = max(now(), self._gate.rests_until or now())
        if held:
            await self._off_loop(lambda: self._books.give_back(held, at))

    async def _next_due(self) -> datetime | None:
        return self._gate.not_before(await self._off_loop(self._books.next_due))

    async def _look(self) -> None:
        """See how the route's rest and breaker stand, and say what is known of them here."""
        self._gate.take(await self._off_loop(self._books.look))

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
