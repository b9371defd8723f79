"""Rings bells beside the work: a broker that hangs holds up neither claims nor records nor leases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

log = structlog.get_logger(__name__)

#: One thread for the whole process. Ledger work has threads of its own, so it never stands behind a bell.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="bells")
#: So many bells wait behind one that hangs; a further one is left to the sweep.
_MOST = 8
#: Seconds for which the end of a pump waits for its bells.
_PATIENCE = 1.0


class Ringer:
    """One pump's bells. Belongs to one event loop."""

    def __init__(self) -> None:
        self._ringing: set[asyncio.Future[object]] = set()

    def ring(self, bell: Callable[[], object]) -> None:
        """Ring soon, without waiting for it. A bell that is lost costs one sweep."""
        if len(self._ringing) >= _MOST:
            return
        future = asyncio.get_running_loop().run_in_executor(_THREAD, bell)
        self._ringing.add(future)
        future.add_done_callback(self._rung)

    def _rung(self, future: asyncio.Future[object]) -> None:
        self._ringing.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            log.warning("bell not rung; the sweep will find the work", error=type(error).__name__)

    async def settle(self) -> None:
        """Wait a moment for what is being rung."""
        if self._ringing:
            await asyncio.wait(self._ringing, timeout=_PATIENCE)
