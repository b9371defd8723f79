"""Everything the workers do, in one process and on one file: plan, send, sweep, fold, until nothing is left to do.

For break-glass. There is no broker: a bell is a name in a queue of this process.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from channels.contract import Kind
from dispatcher.deliver.clock import Clock
from dispatcher.deliver.sweep import Swept, sweep
from dispatcher.faces.engine import Engine
from dispatcher.ledger import LedgerAway, breakglass, now
from dispatcher.plan.chains import Way
from dispatcher.settings import Settings
from dispatcher.wiring import Installation

#: Seconds between two sweeps, as the workers have it: what is due later than a pump waits is found by them.
_SWEEP_EVERY = 5.0
_TICK = 0.25
_FOLD = 500
_NO_INBOX = "left out by break-glass: the in-app inbox is in the shared ledger, which break-glass does without"


@dataclass(frozen=True)
class Apart(Installation):
    """An installation whose ledger is a break-glass file. What needs the shared ledger is left out of the chains."""

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        return tuple(
            replace(way, problem=way.problem or _NO_INBOX) if way.kind is Kind.INAPP else way for way in super().ways
        )


def apart(settings: Settings, file: Path) -> Apart:
    """The installation on a file, whatever ledger and broker the environment names."""
    return Apart(replace(settings, ledger_url=f"sqlite:///{file}", broker_url=None))


class Solo:
    """Works on the ledger of an installation until nothing is left to do, or until told to stop.

    Args:
        here: The installation. Nobody else works on its ledger.
        tell: Takes sentences about trouble, such as a full disk.
    """

    def __init__(self, here: Installation, tell: Callable[[str], None]) -> None:
        self._here = here
        self._tell = tell
        self._rung: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._changed = threading.Event()
        self._heard = threading.Event()
        self._stopping = threading.Event()
        self._flying: dict[str, Future[datetime | None]] = {}
        self._sweep_at = 0.0
        self._clock = Clock()
        self._trouble = ""
        self._engine = Engine(here, ring=self._ring, heard=self._hear)

    def stop(self) -> None:
        """Finish what is in flight and leave the rest in the file. Harmless when called twice, also by a signal."""
        self._stopping.set()
        self._engine.stop()
        self._changed.set()

    def run(self, look: Callable[[], None]) -> None:
        """Work; `look` is called several times a second, to show how far it is.

        Raises:
            MissingSecret, WrongSetting: a route that is needed now cannot be used in this environment.
        """
        try:
            while self._flying or not (self._stopping.is_set() or self._is_done()):
                self._changed.clear()
                try:
                    self._work()
                    look()
                    self._trouble = ""
                except LedgerAway as away:
                    # A full disk, say: what is known is kept in memory until there is room again.
                    if str(away) != self._trouble:
                        self._trouble = str(away)
                        self._tell(self._trouble)
                self._changed.wait(_TICK)
        finally:
            self.stop()
            for future in self._flying.values():
                future.exception()
            self._engine.close()
        look()

    def _work(self) -> None:
        for route, future in list(self._flying.items()):
            if future.done():
                del self._flying[route]
                due = future.result()
                if due is not None and due <= now():
                    self._rung.put(route)
        if self._stopping.is_set():
            return
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + _SWEEP_EVERY
            self._follow(sweep(self._here.ledger, self._here.rules, self._clock))
        if self._heard.is_set():
            self._fold()
        while not self._rung.empty():
            self._begin(self._rung.get())

    def _follow(self, found: Swept) -> None:
        for broadcast_id in found.broadcasts:
            self._ring(self._here.planner.plan(broadcast_id))
        self._ring(set(found.routes))
        if found.receipts:
            self._heard.set()

    def _begin(self, route: str) -> None:
        begun = self._engine.begin(route)
        begun.add_done_callback(lambda _: self._changed.set())
        # While it is being emptied this only pokes the pump that does it.
        self._flying.setdefault(route, begun)

    def _fold(self) -> None:
        self._heard.clear()
        folded = _FOLD
        while folded == _FOLD:
            folded, woken = self._here.folder.fold_some(_FOLD)
            self._ring(woken)

    def _ring(self, routes: set[str]) -> None:
        for route in routes:
            self._rung.put(route)
        self._changed.set()

    def _hear(self) -> None:
        self._heard.set()
        self._changed.set()

    def _is_done(self) -> bool:
        if self._sweep_at and self._rung.empty():
            try:
                with self._here.ledger.read() as tx:
                    return not breakglass.has_work(tx)
            except LedgerAway:
                return False
        return False
