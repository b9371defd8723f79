"""Holds many in-app streams open in one process and notes when each gets its message."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Self

#: Opened at once; more only wait in the server's queue.
_AT_ONCE = 200


class Readers:
    """Open streams, each of another person. Belongs to one event loop.

    Args:
        port: Where the web process listens, on loopback.
        tickets: One for each stream.
    """

    def __init__(self, port: int, tickets: Sequence[str]) -> None:
        self._port = port
        self._tickets = tickets
        self._tasks: list[asyncio.Task[None]] = []
        self._all = asyncio.Event()
        self._gate = asyncio.Semaphore(_AT_ONCE)
        #: Moments (monotonic clock) at which messages came since the last `forget`, by stream.
        self.came: dict[int, float] = {}
        #: Streams that were ended by the server.
        self.cut = 0

    async def __aenter__(self) -> Self:
        for number, ticket in enumerate(self._tickets):
            opened = asyncio.Event()
            self._tasks.append(asyncio.create_task(self._read(number, ticket, opened)))
            if (number + 1) % _AT_ONCE == 0:
                await asyncio.wait_for(opened.wait(), 30)
        await asyncio.wait_for(opened.wait(), 30)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until_all(self, within: float) -> None:
        """Wait until every stream has its message, or so many seconds are over."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._all.wait(), within)

    def forget(self) -> None:
        """Wait for the next message of each."""
        self.came.clear()
        self._all.clear()

    def _note(self, number: int) -> None:
        self.came.setdefault(number, time.monotonic())
        if len(self.came) == len(self._tickets):
            self._all.set()

    async def _read(self, number: int, ticket: str, opened: asyncio.Event) -> None:
        async with self._gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=16 * 1024)
            writer.write(f"GET /inapp/stream?ticket={ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise RuntimeError(f"a stream was refused: {head[:100]!r}")
            await reader.readuntil(b": open")
            opened.set()
        try:
            while line := await reader.readline():
                if line.startswith(b"event: message"):
                    self._note(number)
            self.cut += 1
        finally:
            writer.close()
