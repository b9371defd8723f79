"""Callbacks: signed as each provider documents it, sent over one pooled session, and only ever to this machine."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from yarl import URL

#: How long Twilio waits for an answer to a webhook.
TIMEOUT = 15.0


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """X-Twilio-Signature: base64 of HMAC-SHA1 over the address and the sorted names each followed by its value."""
    text = url + "".join(name + params[name] for name in sorted(params))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_local(url: URL) -> bool:
    """Does this address lead to this very machine? Judged by the same parser that will open the connection."""
    if url.scheme not in {"http", "https"} or url.host is None:
        return False
    if url.host == "localhost":
        return True
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Call:
    """One callback, ready to go."""

    url: URL
    body: bytes
    headers: Mapping[str, str]


def _form(params: Mapping[str, str]) -> str:
    """As `urlencode` does it, without its cost for the many values that need no quoting."""
    return "&".join(
        f"{name}={value if value.isalnum() and value.isascii() else quote_plus(value)}"
        for name, value in params.items()
    )


def prepare(token: str, address: str, params: Mapping[str, str]) -> Call:
    """A fragment in the address holds Twilio's own connection settings; it is neither signed nor sent."""
    bare = address.partition("#")[0]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "X-Twilio-Signature": signature(token, bare, params),
    }
    return Call(URL(bare, encoded=True), _form(params).encode(), headers)


def prepare_telnyx(signer: Ed25519PrivateKey, address: str, event: Mapping[str, Any], now: float) -> Call:
    """A webhook as Telnyx signs it: Ed25519 over the moment in seconds, a bar, and the body."""
    body, stamp = json.dumps(event).encode(), str(int(now))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "telnyx-webhooks",
        "telnyx-timestamp": stamp,
        "telnyx-signature-ed25519": base64.b64encode(signer.sign(stamp.encode() + b"|" + body)).decode(),
    }
    return Call(URL(address, encoded=True), body, headers)


class Caller:
    """Sends callbacks, so many at a time, each once. What fails is counted and never tried again."""

    def __init__(self, *, concurrency: int = 32, timeout: float = TIMEOUT) -> None:
        self._concurrency = concurrency
        self._timeout = timeout
        self._queue: asyncio.Queue[Sequence[Call]] = asyncio.Queue()
        self._session: aiohttp.ClientSession | None = None
        self._workers: list[asyncio.Task[None]] = []
        self.forget()

    def forget(self) -> None:
        """Start counting anew and drop what waits."""
        self.sent = 0
        self.failed = 0
        self.refused = 0
        while not self._queue.empty():
            self._queue.get_nowait()
            self._queue.task_done()

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._concurrency),
            timeout=aiohttp.ClientTimeout(total=self._timeout),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept": "*/*"},
            skip_auto_headers={"Accept-Encoding"},
        )
        self._workers = [asyncio.create_task(self._work(self._session)) for _ in range(self._concurrency)]

    async def stop(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._workers.clear()
        if self._session is not None:
            await self._session.close()

    def call(self, *calls: Call) -> None:
        """Send these, one after the other when there are several."""
        allowed = [call for call in calls if is_local(call.url)]
        self.refused += len(calls) - len(allowed)
        if allowed:
            self._queue.put_nowait(allowed)

    async def idle(self) -> None:
        """Until all that was handed over has been answered or has failed."""
        await self._queue.join()

    async def ask(self, call: Call) -> tuple[int, bytes]:
        """Send one now; answers status and body of what the other side says.

        Raises:
            ValueError: the address does not lead to this machine.
            aiohttp.ClientError, TimeoutError: nothing was answered.
        """
        if not is_local(call.url):
            self.refused += 1
            raise ValueError("only addresses of this machine are called")
        if self._session is None:
            raise RuntimeError("not started")
        async with self._session.post(
            call.url, data=call.body, headers=call.headers, allow_redirects=False
        ) as response:
            return response.status, await response.read()

    def as_data(self) -> dict[str, Any]:
        waiting = self._queue.qsize()
        return {"sent": self.sent, "failed": self.failed, "refused": self.refused, "waiting": waiting}

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while True:
            calls = await self._queue.get()
            try:
                for call in calls:
                    await self._send(session, call)
            finally:
                self._queue.task_done()

    async def _send(self, session: aiohttp.ClientSession, call: Call) -> None:
        try:
            async with session.post(call.url, data=call.body, headers=call.headers, allow_redirects=False) as response:
                await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            self.failed += 1
            return
        if response.status < 300:
            self.sent += 1
        else:
            self.failed += 1
