"""Makes prepared HTTP requests as fast as they are answered, on some connections that stay open."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence


async def make(port: int, requests: Sequence[bytes], *, connections: int) -> tuple[float, Counter[int]]:
    """Make all requests once; answers how many seconds that took, and how often each status came.

    Args:
        port: Where the server listens, on loopback.
        requests: Whole requests, head and body.
        connections: How many of them are under way at once.
    """
    waiting = iter(requests)
    statuses: Counter[int] = Counter()
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    began = time.monotonic()
    await asyncio.gather(*(_work(reader, writer, waiting, statuses) for reader, writer in opened))
    return time.monotonic() - began, statuses


async def _work(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: Iterator[bytes], statuses: Counter[int]
) -> None:
    try:
        for request in waiting:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            statuses[int(head.split(b" ", 2)[1])] += 1
            length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            if length:
                await reader.readexactly(int(length))
    finally:
        writer.close()
