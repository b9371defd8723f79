"""Delivering, as one process hosts it: one event loop, one HTTP session, its channels, one pump per route at work.

The loop runs in a thread of its own and is made with the engine, so after any fork. It knows no broker: whom it wakes
is handed in. The workers use it, and so does break-glass, which has neither broker nor workers.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
import structlog
import uvloop

from channels.contract import CanWarm, Kind, Words
from channels.registry import Resources
from channels.transport.http import open_session
from dispatcher.deliver.abandon import abandon
from dispatcher.deliver.confirm import confirm
from dispatcher.deliver.inbox import LedgerInbox
from dispatcher.deliver.line import Desk, Line
from dispatcher.deliver.pump import Pump
from dispatcher.faces.longlived import settle_in
from dispatcher.ledger import confirming
from dispatcher.render import fill
from dispatcher.settings import MissingSecret, WrongSetting
from dispatcher.wiring import Installation

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: After so many seconds a pump gives its thread back; whoever hosts the engine begins it again if there is more.
_SLICE = 30.0


class Engine:
    """Delivers by the routes of an installation.

    Args:
        installation: The parts.
        ring: Wakes whoever delivers by these routes. Called off the event loop.
        heard: Told, off the event loop, that receipts were stored.
    """

    def __init__(
        self, installation: Installation, *, ring: Callable[[set[str]], object], heard: Callable[[], object]
    ) -> None:
        self._installation = installation
        self._ring = ring
        self._heard = heard
        self._loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="channels", daemon=True)
        self._thread.start()
        self._resources: Resources | None = None
        self._lines: dict[str, Line] = {}
        self._pumps: dict[str, Pump] = {}
        self._stopping = False

    def begin(self, route: str) -> Future[datetime | None]:
        """Begin to empty a route; the future answers when it is due next, None for never.

        When it is being emptied already, that pump looks again, and None is the answer at once.
        """
        return self._start(self._deliver(route))

    def deliver(self, route: str) -> datetime | None:
        """The same, and wait for it."""
        return self.begin(route).result()

    def confirm(self, route: str) -> bool:
        """Ask the route's provider about what somebody wants to know; answers whether there is more to ask."""
        return self._start(self._confirm(route)).result()

    def warm(self, kinds: Collection[Kind]) -> None:
        """Make the channels of these kinds now: the first message must not wait for a provider's library to load."""
        self._start(self._warm([way.route for way in self._installation.ways if way.kind in kinds and not way.problem]))

    def ask(self, work: Callable[[aiohttp.ClientSession], Coroutine[Any, Any, T]]) -> T:
        """Do something else with the shared session on the loop, and wait for it."""
        return self._start(self._ask(work)).result()

    def stop(self) -> None:
        """Let every pump finish what is in flight and give back the rest. Harmless when called twice."""
        self._stopping = True
        self._loop.call_soon_threadsafe(self._stop_pumps)

    def close(self) -> None:
        """Close channels, session and loop, when nothing that was begun is left."""
        self._start(self._close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _stop_pumps(self) -> None:
        for pump in self._pumps.values():
            pump.stop()

    def _start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _deliver(self, route: str) -> datetime | None:
        if route in self._pumps:
            self._pumps[route].poke()
            return None
        if self._stopping:
            return None
        if why := self._gone(route):
            rules = self._installation.rules(route)
            woken = await asyncio.to_thread(abandon, self._installation.ledger, rules, why)
            await asyncio.to_thread(self._ring, woken)
            return None
        pump = Pump(await self._line(route), self._desk())
        self._pumps[route] = pump
        try:
            return await pump.run(_SLICE)
        finally:
            del self._pumps[route]

    async def _confirm(self, route: str) -> bool:
        if self._stopping:
            return False
        try:
            line = await self._line(route)
        except (KeyError, MissingSecret, WrongSetting) as error:
            why = "the route was taken out of the configuration" if isinstance(error, KeyError) else str(error)
            await asyncio.to_thread(self._give_up, route, why)
            return False
        until = time.monotonic() + _SLICE
        return await confirm(line, self._desk(), lambda: not self._stopping and time.monotonic() < until)

    def _give_up(self, route: str, why: str) -> None:
        with self._installation.ledger.write() as tx:
            confirming.give_up(tx, route, why)

    def _gone(self, route: str) -> str:
        """Why nothing is to be sent by this route any more, "" when it is. A secret that only this process lacks is no
        reason: another one may have it."""
        known = self._installation.config.routes.get(route)
        if known is None:
            return "the route was taken out of the configuration"
        return "" if known.enabled else "the route was switched off"

    async def _warm(self, routes: Iterable[str]) -> None:
        for route in routes:
            try:
                line = await self._line(route)
                if isinstance(line.channel, CanWarm):
                    await line.channel.warm()
            except Exception as error:  # noqa: BLE001 - the others shall be ready; this one says so when it is used
                log.warning("channel not ready", route=route, error=type(error).__name__)
        settle_in()

    async def _ask(self, work: Callable[[aiohttp.ClientSession], Coroutine[Any, Any, T]]) -> T:
        return await work(self._shared().http)

    def _shared(self) -> Resources:
        if self._resources is None:
            self._resources = Resources(http=open_session(), inbox=LedgerInbox(self._installation.ledger))
        return self._resources

    async def _line(self, route: str) -> Line:
        if route not in self._lines:
            self._lines[route] = self._installation.line(route, self._shared())
        return self._lines[route]

    def _desk(self) -> Desk:
        return Desk(
            ledger=self._installation.ledger,
            fill=_fill,
            receipt_url=self._installation.receipt_url,
            unsubscribe_url=self._installation.unsubscribe_url,
            ring=self._ring,
            heard=self._heard,
        )

    async def _close(self) -> None:
        for line in self._lines.values():
            await line.channel.aclose()
        if self._resources is not None:
            await self._resources.http.close()
        await self._loop.shutdown_default_executor()


def _fill(words: Words, name: str) -> Words:
    return fill(words, name=name)
