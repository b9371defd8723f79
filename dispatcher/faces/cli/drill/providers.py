"""The simulated providers of a drill: those of the vendor, which fail, and all others. In a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from channels.simulator import PROVIDERS, Accounts, Addresses, Provider, Simulator
from dispatcher.faces.cli.broker import free_port
from dispatcher.faces.cli.drill.faults import rules
from dispatcher.faces.cli.drill.trouble import DOING, Trouble

T = TypeVar("T")
_SPEED = 2.0


class Providers:
    """Running from the beginning of a `with` until `release`, or its end."""

    def __init__(self, accounts: Accounts, trouble: Trouble, failing: Sequence[Provider]) -> None:
        self._trouble = trouble
        self._failing = tuple(failing)
        self.well, self.cut_off = (Addresses.at("127.0.0.1", free_port(), free_port()) for _ in range(2))
        self._well, self._cut_off = (self._made(accounts, at) for at in (self.well, self.cut_off))
        self._running: list[Simulator] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="providers", daemon=True)

    @staticmethod
    def _made(accounts: Accounts, at: Addresses) -> Simulator:
        port = int(at.http.rpartition(":")[2])
        return Simulator(accounts, http_port=port, smtp_port=at.smtp_port, speed=_SPEED)

    def __enter__(self) -> Providers:
        self._thread.start()
        doing = DOING[self._trouble]
        for provider in PROVIDERS:
            self._cut_off.set_latency(provider, doing.slow)
            self._well.set_latency(provider, doing.slow_others)
        try:
            for one in (self._well, *([self._cut_off] if doing.listens else [])):
                self._do(one.start())
                self._running.append(one)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def fail(self) -> None:
        """From now on the vendor's providers do what they are here for."""
        self._do(self._begin_to_fail())

    def release(self) -> None:
        """Stop them: whoever waits for an answer waits no longer. What was received stays."""
        while self._running:
            self._do(self._running.pop().stop())

    def received(self) -> list[dict[str, Any]]:
        """Everything that reached anybody, in the order in which it did."""
        return self._do(self._gathered())

    def under_way(self) -> int:
        """How many messages were handed in so far."""
        return self._do(self._sends())

    async def _begin_to_fail(self) -> None:
        self._cut_off.add_faults(rules(self._trouble, self._failing))

    async def _gathered(self) -> list[dict[str, Any]]:
        found = [line for one in (self._well, self._cut_off) for line in one.received() if line["got"]]
        return sorted(found, key=lambda line: float(line["at"]))

    async def _sends(self) -> int:
        tallies = [one.summary()["providers"].values() for one in (self._well, self._cut_off)]
        return sum(tally["sends"] for each in tallies for tally in each)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
