"""What a worker process keeps for its life: one event loop, one HTTP session, its channels, one pump per route at work.

The loop runs in a thread of its own and is made on first use, so after any fork. Tasks hand it their work and wait.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar

import structlog

from channels.contract import Words
from channels.registry import Resources
from channels.transport.http import open_session
from dispatcher.deliver.abandon import abandon
from dispatcher.deliver.inbox import LedgerInbox
from dispatcher.deliver.line import Line
from dispatcher.deliver.pump import Desk, Pump
from dispatcher.faces.worker.app import app
from dispatcher.faces.worker.bells import Bells
from dispatcher.render import fill
from dispatcher.wiring import Installation, install

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: After so many seconds a pump gives its thread back, and rings for itself if there is more.
_SLICE = 30.0


class Runtime:
    """One per process."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.bells = Bells(app, {way.route: way.kind.value for way in installation.ways})
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="channels", daemon=True)
        self._thread.start()
        self._resources: Resources | None = None
        self._lines: dict[str, Line] = {}
        self._pumps: dict[str, Pump] = {}
        self._stopping = False

    def deliver(self, route: str) -> datetime | None:
        """Empty a route; answers when it is due next. When it is being emptied already, that pump looks again."""
        return self._run(self._deliver(route))

    def stop(self) -> None:
        """Let every pump finish what is in flight and give back the rest. Harmless when called twice."""
        self._stopping = True
        self._loop.call_soon_threadsafe(self._stop_pumps)

    def _stop_pumps(self) -> None:
        for pump in self._pumps.values():
            pump.stop()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _deliver(self, route: str) -> datetime | None:
        if route in self._pumps:
            self._pumps[route].poke()
            return None
        if self._stopping:
            return None
        if why := self._gone(route):
            rules = self.installation.rules(route)
            woken = await asyncio.to_thread(abandon, self.installation.ledger, rules, why)
            await asyncio.to_thread(self.bells.deliver, woken)
            return None
        pump = Pump(await self._line(route), self._desk())
        self._pumps[route] = pump
        try:
            return await pump.run(_SLICE)
        finally:
            del self._pumps[route]

    def _gone(self, route: str) -> str:
        """Why nothing is to be sent by this route any more, "" when it is. A secret that only this process lacks is no
        reason: another one may have it."""
        known = self.installation.config.routes.get(route)
        if known is None:
            return "the route was taken out of the configuration"
        return "" if known.enabled else "the route was switched off"

    async def _line(self, route: str) -> Line:
        if self._resources is None:
            self._resources = Resources(http=open_session(), inbox=LedgerInbox(self.installation.ledger))
        if route not in self._lines:
            self._lines[route] = self.installation.line(route, self._resources)
        return self._lines[route]

    def _desk(self) -> Desk:
        return Desk(
            ledger=self.installation.ledger,
            fill=_fill,
            receipt_url=self.installation.receipt_url,
            unsubscribe_url=self.installation.unsubscribe_url,
            ring=self.bells.deliver,
            heard=self.bells.fold,
        )


def _fill(words: Words, name: str) -> Words:
    return fill(words, name=name)


_runtime: tuple[int, Runtime] | None = None
_lock = threading.Lock()


def runtime() -> Runtime:
    """This process' runtime; a forked child makes its own."""
    global _runtime  # noqa: PLW0603 - Celery gives a process no other place to keep things
    with _lock:
        if _runtime is None or _runtime[0] != os.getpid():
            _runtime = (os.getpid(), Runtime(install()))
        return _runtime[1]


def stop_runtime() -> None:
    """Called when the worker is told to go."""
    if _runtime is not None and _runtime[0] == os.getpid():
        _runtime[1].stop()
