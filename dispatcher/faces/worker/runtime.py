"""What a worker process keeps for its life: its installation, its bells, and the engine that delivers.

It is made on first use, so after any fork. Tasks hand it their work and wait.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Collection
from datetime import datetime

from channels.contract import Kind
from dispatcher.deliver.clock import Clock
from dispatcher.faces.engine import Engine
from dispatcher.faces.worker.app import app
from dispatcher.faces.worker.bells import Bells
from dispatcher.faces.worker.feeds import poll
from dispatcher.faces.worker.making import SWEEP_EVERY
from dispatcher.wiring import Installation, install


class Runtime:
    """One per process."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.bells = Bells(app, {way.route: way.kind.value for way in installation.ways})
        self._engine = Engine(installation, ring=self.bells.deliver, heard=self.bells.fold)
        #: Since it began; knows when somebody puts the time of day forward or back.
        self.clock = Clock()
        self.sweeps = AtMost(SWEEP_EVERY / 2)

    def deliver(self, route: str) -> datetime | None:
        """Empty a route; answers when it is due next. When it is being emptied already, that pump looks again."""
        return self._engine.deliver(route)

    def poll_feeds(self) -> None:
        """Look at the vendors' status feeds that are due."""
        self._engine.ask(lambda session: poll(self.installation, session))

    def confirm(self, route: str) -> bool:
        """Ask a provider about what somebody wants to know; answers whether there is more to ask."""
        return self._engine.confirm(route)

    def warm(self, kinds: Collection[Kind]) -> None:
        """Make ready what deliveries of these kinds need."""
        self._engine.warm(kinds)

    def stop(self) -> None:
        """Let every pump finish what is in flight and give back the rest. Harmless when called twice."""
        self._engine.stop()


class AtMost:
    """Says no to what comes sooner than `every` seconds after the last: two beats, or a heap of old bells."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._next = 0.0
        self._lock = threading.Lock()

    def is_time(self) -> bool:
        with self._lock:
            moment = time.monotonic()
            if moment < self._next:
                return False
            self._next = moment + self._every
            return True


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
