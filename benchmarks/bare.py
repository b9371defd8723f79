"""The same SDK calls with nothing around them, no ledger. `python -m benchmarks.bare URL FROM TO plain|tuned`.

`plain` is Python as it comes: asyncio's own loop. `tuned` has what the workers have too: uvloop, and a collector that
leaves alone what was loaded at the start.

Twilio's SDK sits on one pooled session, as an attentive developer would put it there; its own asynchronous client is
several times slower, because of its pool. It says "ready" when it could begin, begins when a line comes in, and answers
with the moments (monotonic clock, in seconds) at which it began and had its last answer.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
import uvloop
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from benchmarks.site import WINDOW, phone
from channels.transport.http import open_session

#: As long as what the engine sends; the SDK sends the same fields with it.
TEXT = (
    "Northwind: Parts of our service are slow or cannot be reached right now. If something does not work, please wait "
    "and try again later. Next update by 10:30 EST."
)
CALLBACK = "https://outage.example.com/receipts/twilio-main/0123456789abcdef01234567"


class _Pooled(AsyncHttpClient):
    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__(logging.getLogger(__name__), True)
        self._session = session

    async def request(
        self,
        method: str,
        uri: str,
        *,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = aiohttp.encode_basic_auth(*auth)
        body = urlencode(data, doseq=True).encode() if data else None
        async with self._session.request(method, uri, params=params, data=body, headers=sent) as answer:
            return Response(answer.status, await answer.text(), answer.headers)


async def _send(url: str, numbers: range, *, tuned: bool) -> tuple[float, float]:
    async with open_session() as session:
        client = Client("AC" + "0" * 32, "token", http_client=_Pooled(session))
        client.api.base_url = url
        gate = asyncio.Semaphore(WINDOW)

        async def one(number: int) -> None:
            async with gate:
                await client.messages.create_async(
                    to=phone(number),
                    body=TEXT,
                    validity_period=3600,
                    smart_encoded=True,
                    messaging_service_sid="MG" + "0" * 32,
                    status_callback=CALLBACK,
                )

        if tuned:
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 20, 20)
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        began = time.monotonic()
        await asyncio.gather(*(one(number) for number in numbers))
        return began, time.monotonic()


if __name__ == "__main__":
    address, start, end, manner = sys.argv[1:]
    work = _send(address, range(int(start), int(end)), tuned=manner == "tuned")
    print(json.dumps(uvloop.run(work) if manner == "tuned" else asyncio.run(work)))
