"""This worker's signs of life: its watchdog, its line on the health page, and the dead man's switch."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Collection
from datetime import timedelta
from http.client import HTTPException

import structlog
from celery.signals import task_postrun, task_prerun
from celery.utils.nodenames import worker_direct

from channels.contract import Kind
from dispatcher.deliver.health import examine
from dispatcher.faces.worker.making import QUEUES, queues_of
from dispatcher.faces.worker.runtime import runtime, stop_runtime
from dispatcher.faces.worker.watchdog import Watchdog
from dispatcher.ledger import LedgerAway, guard

log = structlog.get_logger(__name__)

#: Seconds between two signs of life in the ledger, and between two calls of the dead man's switch.
_TELL_EVERY = 10.0
_CALL_EVERY = 60.0
_CALL_WITHIN = 10.0
#: A worker that has been gone for so long is not missed any more.
_FORGET_AFTER = timedelta(days=1)


class Life:
    """One worker's."""

    def __init__(self, node: str, queues: Collection[str], threads: int) -> None:
        here = runtime()
        here.warm([kind for kind in Kind if kind.value in queues])
        self._node = node
        own = worker_direct(node).name
        self._queues = [name for name in QUEUES if name in queues and name != own]
        self._told = self._called = 0.0
        self._telling = threading.Lock()
        self.watchdog = Watchdog(
            threads=threads,
            ring=lambda: here.bells.canary(node),
            stop=stop_runtime,
            pulse_file=here.installation.settings.pulse_file,
        )

    def tell(self) -> None:
        """Write into the ledger that this worker took work; now and then, and never two at once."""
        if time.monotonic() - self._told < _TELL_EVERY or not self._telling.acquire(blocking=False):
            return
        try:
            with runtime().installation.ledger.write() as tx:
                guard.beat(tx, self._node, self._queues)
                guard.forget_pulses(tx, _FORGET_AFTER)
            self._told = time.monotonic()
        except LedgerAway as away:
            log.warning("ledger away", why=str(away))
        finally:
            self._telling.release()

    def call(self) -> None:
        """Call the dead man's switch, if there is one and all is well."""
        here = runtime().installation
        url = here.settings.heartbeat_url
        if url is None or time.monotonic() - self._called < _CALL_EVERY:
            return
        if complaints := examine(here.ledger, queues_of(here.ways)).complaints:
            log.warning("not all is well; the heartbeat address is not called", complaints=complaints)
            return
        try:
            # The scheme was checked when the environment was read.
            with urllib.request.urlopen(url, timeout=_CALL_WITHIN):  # noqa: S310
                self._called = time.monotonic()
        except (OSError, HTTPException, ValueError) as error:
            # Only what kind of error: its words hold the address, which holds the secret.
            log.warning("heartbeat address not reached", error=type(error).__name__)


_life: Life | None = None


def begin(node: str, queues: Collection[str], threads: int) -> None:
    """The worker is ready to take work."""
    global _life  # noqa: PLW0603 - Celery gives a process no other place to keep things
    _life = Life(node, queues, threads)
    _life.watchdog.start()


def end() -> None:
    """The worker was told to go."""
    if _life is not None:
        _life.watchdog.end()


def life() -> Life | None:
    """This worker's life; None in a process that is no worker, or not ready."""
    return _life


@task_prerun.connect
def _began(**_: object) -> None:
    if _life is not None:
        _life.watchdog.signs.began(time.monotonic())


@task_postrun.connect
def _ended(**_: object) -> None:
    if _life is not None:
        _life.watchdog.signs.ended(time.monotonic())
