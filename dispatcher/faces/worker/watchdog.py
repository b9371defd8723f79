"""Notices a worker that is alive and takes no work, and lets it go, so that whoever supervises it starts another.

Celery on Redis is known to fall silent after a reconnect: the process lives, the broker answers, and nothing is taken.
So every worker rings for itself, on a queue of its own: the canary. A canary that the broker took and this worker did
not is the proof. While the broker is away nothing is proven, and nothing happens.

While all is well, a file is touched (`DISPATCHER_PULSE_FILE`): a supervisor sees by it that the process is not frozen.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

#: Seconds between two canaries.
EVERY = 5.0
_LOOK_EVERY = 1.0
#: Seconds without taking anything, while the broker took canaries, after which a worker is deaf. With the time until
#: the next look that is less than the 30 s within which it must be noticed.
_DEAF_AFTER = 20.0
#: The same while all threads are busy: a pump gives its thread back after 30 s, so this is no longer being busy.
_STUCK_AFTER = 120.0
#: A broker that needs more seconds to take a canary proves nothing about who hears it.
_PROMPT = 3.0
#: Seconds for what is in flight before the process ends.
_GRACE = 12.0
#: A supervisor may start it again: "temporary failure" (sysexits.h).
_EXIT = 75


class Signs:
    """What is known of whether a worker takes work. Pure; all moments are seconds of a clock that only goes forward."""

    def __init__(self, moment: float) -> None:
        self._took = moment
        #: Since when the broker has been taking canaries.
        self._taking_since: float | None = None
        self._ringing_since: float | None = None
        self._busy = 0
        self._lock = threading.Lock()

    def rings(self, moment: float) -> None:
        """A canary is about to be rung."""
        with self._lock:
            self._ringing_since = moment

    def rang(self, moment: float, *, taken: bool) -> None:
        """It was rung; `taken` is whether the broker took it."""
        with self._lock:
            if not taken or self._is_hanging(moment):
                self._taking_since = None
            if taken and self._taking_since is None:
                self._taking_since = moment
            self._ringing_since = None

    def began(self, moment: float) -> None:
        """The worker began a task."""
        with self._lock:
            self._took = moment
            self._busy += 1

    def ended(self, moment: float) -> None:
        """The worker ended a task: it can take the next one from now on."""
        with self._lock:
            self._took = moment
            self._busy -= 1

    def is_deaf(self, moment: float, threads: int) -> bool:
        """Whether it takes no work although there is some."""
        with self._lock:
            if self._taking_since is None or self._is_hanging(moment):
                return False
            limit = _DEAF_AFTER if self._busy < threads else _STUCK_AFTER
            return moment - max(self._took, self._taking_since) > limit

    def _is_hanging(self, moment: float) -> bool:
        return self._ringing_since is not None and moment - self._ringing_since > _PROMPT


class Watchdog:
    """Watches the worker that it is started in.

    Args:
        threads: How many tasks the worker can do at once.
        ring: Rings a canary for this worker; answers whether the broker took it.
        stop: Lets what is in flight finish and begins nothing new.
        pulse_file: What to touch while all is well, if anything.
    """

    def __init__(
        self, *, threads: int, ring: Callable[[], bool], stop: Callable[[], None], pulse_file: Path | None
    ) -> None:
        self.signs = Signs(time.monotonic())
        self._threads = threads
        self._ring = ring
        self._stop = stop
        self._pulse_file = pulse_file
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to watch, in threads of its own: a broker that hangs must not hold up the one that looks."""
        # Before anything else: until its first sign of life a supervisor takes it for one that is still starting.
        self._touch()
        for work in (self._keep_ringing, self._watch):
            threading.Thread(target=work, name=f"watchdog{work.__name__}", daemon=True).start()

    def end(self) -> None:
        """The worker was told to go: from now on it is right that it takes nothing."""
        self._ended.set()

    def _keep_ringing(self) -> None:
        while not self._ended.is_set():
            self.signs.rings(time.monotonic())
            try:
                taken = self._ring()
            except Exception as error:  # noqa: BLE001 - whatever it was, the watch must go on
                log.warning("canary not rung", error=type(error).__name__)
                taken = False
            self.signs.rang(time.monotonic(), taken=taken)
            self._ended.wait(EVERY)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY)
            # One that was told to go takes nothing, and rightly; it still shows that it is not frozen.
            if not self._ended.is_set() and self.signs.is_deaf(time.monotonic(), self._threads):
                self._leave()
                return
            self._touch()

    def _touch(self) -> None:
        if self._pulse_file is None:
            return
        try:
            self._pulse_file.touch(mode=0o600)
        except OSError as error:
            log.warning("pulse file not touched", error=type(error).__name__)

    def _leave(self) -> None:
        log.error("this worker takes no work although the broker has some; it ends, to be started again")
        try:
            self._stop()
            time.sleep(_GRACE)
        finally:
            # Not by an exception: the main thread hangs where Celery hangs.
            os._exit(_EXIT)
