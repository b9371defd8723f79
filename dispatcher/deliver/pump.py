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
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from channels.contract import (
    Blame,
    CanBeAsked,
    CannotTell,
    Deferred,
    Envelope,
    Fault,
    Found,
    LookUp,
    Outcome,
    Receipt,
    Uncertain,
    Words,
)
from dispatcher.deliver.line import Line
from dispatcher.deliver.settle import settle
from dispatcher.ledger import Ledger, LedgerAway, Tx, broadcasts, now, queue, receipts
from dispatcher.model.delivery import Claimed, Status

log = structlog.get_logger(__name__)
T = TypeVar("T")

_TICK = 0.1  # answers of so many seconds are written together
_BATCH = 200
_GRACE = 60.0  # a lease outlives the longest send by this much
_NAP = 5.0  # a wait shorter than the time between two sweeps is waited out here
_GUARD = 5.0  # an adapter that ignores its time limit is cut off so much later


@dataclass(frozen=True, slots=True)
class Desk:
    """What a pump needs of its surroundings.

    Attributes:
        ledger: The record.
        fill: Puts a person's name into frozen words.
        receipt_url: The public address for an attempt's receipts, by route and token; None when there is none.
        ring: Wakes the workers of these routes. Called off the event loop.
        heard: Told, off the event loop, that receipts were stored.
    """

    ledger: Ledger
    fill: Callable[[Words, str], Words]
    receipt_url: Callable[[str, str], str | None]
    ring: Callable[[set[str]], object]
    heard: Callable[[], object]


class Pump:
    """One route's work in one process. Runs on the process' event loop; at most one per route and process."""

    def __init__(self, line: Line, desk: Desk) -> None:
        self._line = line
        self._desk = desk
        self._rules = line.rules
        self._owner = secrets.token_hex(8)
        self._ready: deque[Claimed] = deque()
        self._flying: set[asyncio.Task[None]] = set()
        self._answered: list[tuple[Claimed, Outcome | LookUp]] = []
        self._frozen: dict[int, broadcasts.Frozen] = {}
        self._superseded: set[int] = set()
        self._paused_until: datetime | None = None
        self._stopping = False
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """There may be new work: look again before ending."""
        self._poked.set()

    def stop(self) -> None:
        """Finish what is in flight, give back the rest, and end."""
        self._stopping = True
        self._poked.set()

    async def run(self, time_slice: float) -> datetime | None:
        """Work until nothing is due or the time slice ends; answers when the route is due next, None for never."""
        until = time.monotonic() + time_slice
        await self._recall_pause()
        recorded = time.monotonic()
        try:
            while True:
                if self._may_claim(until):
                    await self._claim()
                self._launch()
                await self._wait()
                if self._answered and (time.monotonic() - recorded >= _TICK or not self._flying):
                    await self._record()
                    recorded = time.monotonic()
                if not self._flying and not self._ready and not self._answered:
                    due = await self._off_loop(self._next_due)
                    if self._stopping or not await self._nap(due, until):
                        return due
        finally:
            await self._give_back()

    def _may_claim(self, until: float) -> bool:
        return (
            not self._stopping
            and time.monotonic() < until
            and self._paused_until is None
            and len(self._ready) < self._rules.max_in_flight
        )

    async def _claim(self) -> None:
        self._poked.clear()
        lease = timedelta(seconds=self._rules.timeout + _GRACE)

        def work() -> tuple[list[Claimed], dict[int, broadcasts.Frozen]]:
            with self._desk.ledger.write() as tx:
                taken = queue.claim(tx, self._rules.route, owner=self._owner, lease=lease, limit=_BATCH)
                missing = {one.broadcast_id for one in taken} - self._frozen.keys()
                return taken, {key: broadcasts.frozen(tx, key) for key in missing}

        taken, frozen = await self._off_loop(work)
        self._frozen.update(frozen)
        self._ready.extend(taken)

    def _launch(self) -> None:
        moment = now()
        while self._ready and len(self._flying) < self._rules.max_in_flight and not self._must_rest():
            claimed = self._ready.popleft()
            outdated = claimed.broadcast_id in self._superseded or claimed.deadline <= moment
            if outdated and claimed.status is Status.SENDING:
                fault = Fault(Blame.MESSAGE, "outdated", "its time passed or a newer update came before it was sent")
                self._answered.append((claimed, Deferred(fault, wait=0)))
                continue
            task = asyncio.create_task(self._attempt(claimed))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)

    def _must_rest(self) -> bool:
        return self._stopping or self._paused_until is not None

    async def _wait(self) -> None:
        if self._flying:
            await asyncio.wait(self._flying, timeout=_TICK, return_when=asyncio.FIRST_COMPLETED)

    async def _attempt(self, claimed: Claimed) -> None:
        envelope = self._envelope(claimed)
        asking = claimed.status is Status.ASKING
        try:
            async with asyncio.timeout(self._rules.timeout + _GUARD):
                answer: Outcome | LookUp = await (self._ask(envelope) if asking else self._send(envelope))
        except Exception as error:  # noqa: BLE001 - a faulty adapter must not take the other deliveries with it
            log.error("adapter failed", route=self._rules.route, attempt=claimed.attempt_id, error=type(error).__name__)
            fault = Fault(Blame.PATH, "adapter-error", f"the adapter failed with {type(error).__name__}")
            answer = CannotTell(fault) if asking else Uncertain(fault)
        self._note_pause(answer)
        self._answered.append((claimed, answer))

    def _send(self, envelope: Envelope) -> Awaitable[Outcome]:
        return self._line.channel.send(envelope, timeout=self._rules.timeout)

    async def _ask(self, envelope: Envelope) -> LookUp:
        if isinstance(self._line.channel, CanBeAsked):
            return await self._line.channel.look_up(envelope, timeout=self._rules.timeout)
        return CannotTell(Fault(Blame.PROVIDER, "no-look-up", "this provider cannot be asked"))

    def _envelope(self, claimed: Claimed) -> Envelope:
        frozen = self._frozen[claimed.broadcast_id]
        words = frozen.words_for(claimed.kind, claimed.locale)
        return Envelope(
            key=f"{frozen.uid}.{claimed.leg}.{claimed.subject}",
            token=claimed.token,
            to=claimed.to,
            words=self._desk.fill(words, claimed.name),
            thread=f"INC-{frozen.incident_id}",
            sequence=frozen.number,
            started_at=claimed.started_at.timestamp(),
            useful_for=max(1.0, (claimed.deadline - now()).total_seconds()),
            receipt_url=self._desk.receipt_url(self._rules.route, claimed.token),
        )

    def _note_pause(self, answer: Outcome | LookUp) -> None:
        if isinstance(answer, Deferred) and answer.route_wide:
            until = now() + timedelta(seconds=answer.wait or self._rules.policy.first_wait)
            self._paused_until = max(until, self._paused_until or until)

    async def _record(self) -> None:
        answered, self._answered = self._answered, []
        route, pause = self._rules.route, self._paused_until

        def work() -> set[str]:
            with self._desk.ledger.write() as tx:
                moment = now()
                seen = {one.broadcast_id for one, _ in answered} | {one.broadcast_id for one in self._ready}
                self._superseded = queue.superseded_among(tx, seen)
                results = [
                    (one, *settle(one, answer, self._rules, moment, superseded=one.broadcast_id in self._superseded))
                    for one, answer in answered
                ]
                queue.record(tx, self._owner, results)
                self._store_receipts(tx, [answer for _, answer in answered], moment)
                if pause is not None and pause > moment:
                    queue.pause(tx, route, pause, "the provider asked us to slow down")
                return {standing.route for _, _, standing in results if standing.failed_over} - {route}

        woken = await self._off_loop(work)
        if woken:
            await asyncio.to_thread(self._desk.ring, woken)
        if pause is not None:
            await self._give_back()

    def _store_receipts(self, tx: Tx, answers: list[Outcome | LookUp], moment: datetime) -> None:
        told: list[Receipt] = [answer.receipt for answer in answers if isinstance(answer, Found) and answer.receipt]
        if told and receipts.store(tx, self._rules.route, told, received_at=moment):
            self._desk.heard()

    async def _give_back(self) -> None:
        """What was claimed and not begun waits again, as if it had not been taken."""
        if not self._ready and not self._answered:
            return
        fault = Fault(Blame.PATH, "given-back", "not begun; given back")
        rest = 0.0 if self._paused_until is None else max(0.0, (self._paused_until - now()).total_seconds())
        for claimed in self._ready:
            answer = CannotTell(fault) if claimed.status is Status.ASKING else Deferred(fault, rest, route_wide=True)
            self._answered.append((claimed, answer))
        self._ready.clear()
        pause, self._paused_until = self._paused_until, None
        await self._record()
        self._paused_until = pause

    def _next_due(self) -> datetime | None:
        with self._desk.ledger.read() as tx:
            due = queue.next_due(tx, self._rules.route)
        if due is None or self._paused_until is None:
            return due
        return max(due, self._paused_until)

    async def _nap(self, due: datetime | None, until: float) -> bool:
        """Wait out a short pause; answers whether to go on."""
        if self._poked.is_set():
            self._poked.clear()
            return time.monotonic() < until
        if due is None:
            return False
        wait = (due - now()).total_seconds()
        if wait > _NAP or time.monotonic() + wait >= until:
            return False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poked.wait(), max(wait, 0.01))
        if self._paused_until is not None and self._paused_until <= now():
            self._paused_until = None
        return True

    async def _recall_pause(self) -> None:
        def work() -> datetime | None:
            with self._desk.ledger.read() as tx:
                return queue.paused_until(tx, self._rules.route)

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
