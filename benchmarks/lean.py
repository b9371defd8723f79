"""A lean stand-in for Twilio: takes a request, waits, answers 201. Run as `python -m benchmarks.lean PORT LATENCY_MS`.

The simulator (`channels/simulator`) keeps every message, counts segments, calls back and misbehaves on demand; under
full load that costs as much as the engine does, and would hide what the engine costs. This one does as little as a
provider can: it notes when a request was there and whom it names, and answers in Twilio's shape after the latency.

Paths below `/hang/` are never answered. Paths below `/bench/` are for the measuring side:

    GET    /bench/seen      what was seen since the last reset, as `provider.Seen`
    GET    /bench/seen/100  the same, as if nothing had come after the first 100 requests
    DELETE /bench/seen      forget it

Times are of the monotonic clock, which all processes of one machine share.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import cast

_LONGEST_HEAD = 64 * 1024
_TWILIO = (
    '{"account_sid":"AC00000000000000000000000000000000","api_version":"2010-04-01","body":"as sent",'
    '"date_created":"Mon, 02 Nov 2026 10:00:00 +0000","date_sent":null,'
    '"date_updated":"Mon, 02 Nov 2026 10:00:00 +0000",'
    '"direction":"outbound-api","error_code":null,"error_message":null,"from":null,'
    '"messaging_service_sid":"MG00000000000000000000000000000000","num_media":"0","num_segments":"0","price":null,'
    '"price_unit":null,"sid":"%s","status":"accepted","subresource_uris":{"media":"/2010-04-01/media.json"},'
    '"to":"%s","uri":"/2010-04-01/message.json"}'
)


class Counter:
    """What came in since the last reset: the moment of every request, and whom it named."""

    def __init__(self) -> None:
        self.number = 0
        self.moments: list[float] = []
        self.to: set[bytes] = set()

    def reset(self) -> None:
        self.moments.clear()
        self.to.clear()

    def note(self, body: bytes) -> bytes:
        """Count a request; answers whom it names."""
        self.moments.append(time.monotonic())
        self.number += 1
        to = body.partition(b"To=")[2].partition(b"&")[0]
        self.to.add(to)
        return to

    def told(self, most: int | None) -> dict[str, object]:
        moments = self.moments[:most]
        return {
            "count": len(moments),
            "distinct": len(self.to),
            "first": moments[0] if moments else None,
            "last": moments[-1] if moments else None,
        }


class Lean(asyncio.Protocol):
    """One connection. A client that has one request at a time under way on it, as all HTTP/1.1 clients do."""

    def __init__(self, counter: Counter, latency: float) -> None:
        self._counter = counter
        self._latency = latency
        self._loop = asyncio.get_running_loop()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            size = end + 4 + _length(head)
            if len(self._buffer) < size:
                return
            body, self._buffer = self._buffer[end + 4 : size], self._buffer[size:]
            self._answer(head, body)
        if len(self._buffer) > _LONGEST_HEAD:
            self._transport.close()

    def _answer(self, head: bytes, body: bytes) -> None:
        method, path, _ = head.split(b"\r\n", 1)[0].split(b" ", 2)
        if path.startswith(b"/bench/"):
            if method == b"DELETE":
                self._counter.reset()
            most = path.rpartition(b"/")[2]
            self._write("200 OK", json.dumps(self._counter.told(int(most) if most.isdigit() else None)))
        elif not path.startswith(b"/hang/"):
            to = self._counter.note(body).replace(b"%2B", b"+").decode("ascii", "replace")
            answer = _TWILIO % (f"SM{self._counter.number:032x}", to)
            self._loop.call_later(self._latency, self._write, "201 CREATED", answer)

    def _write(self, status: str, content: str) -> None:
        if self._transport.is_closing():
            return
        body = content.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _length(head: bytes) -> int:
    """What the head says of the length of the body; 0 when it says nothing."""
    at = head.lower().find(b"\r\ncontent-length:")
    return int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def _serve(port: int, latency: float) -> None:
    counter = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Lean(counter, latency), "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]) / 1000))
