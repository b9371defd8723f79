"""What every simulated request goes through: counting, latency, faults, and only then the provider's own rules."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

from channels.simulator.accounts import Accounts
from channels.simulator.faults import (
    PROVIDERS,
    ErrorAfter,
    Garbled,
    Hang,
    Plan,
    Provider,
    ResetAfter,
    ResetBefore,
    SlackError,
    Status,
)
from channels.simulator.store import Store

#: Neither text in UTF-8 nor JSON nor form.
GARBAGE = b"\x1f\x8b\xff\xfe{not what anybody expected"


@dataclass(slots=True)
class Reply:
    """What a provider answers: JSON, or the very bytes of a text.

    `refused` says under which name a refusal is counted, "" when it went well.
    """

    status: int
    payload: Any
    refused: str = ""
    headers: Mapping[str, str] | None = None


class Front(Protocol):
    """How one provider words the failures that faults ask for."""

    provider: Provider

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply: ...


@dataclass(slots=True)
class Core:
    """What the parts of one simulator share."""

    accounts: Accounts
    store: Store
    speed: float
    seed: int | str
    plan: Plan = field(default_factory=Plan)
    latency: dict[Provider, float] = field(default_factory=lambda: dict.fromkeys(PROVIDERS, 0.0))
    in_flight: dict[Provider, int] = field(default_factory=lambda: dict.fromkeys(PROVIDERS, 0))
    #: Who has texted STOP, by provider and number.
    stopped: set[tuple[Provider, str]] = field(default_factory=set)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        return time.time()

    async def hang(self, seconds: float) -> None:
        """Wait, but no longer than the simulator lives."""
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return


def reset(transport: asyncio.Transport | None) -> None:
    """Close at once with a TCP reset, as a crashed or cut off peer does, instead of an orderly end."""
    if transport is None or transport.is_closing():
        return
    peer = transport.get_extra_info("socket")
    if peer is not None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def respond(reply: Reply) -> web.Response:
    as_it_is = isinstance(reply.payload, bytes)
    return web.Response(
        body=reply.payload if as_it_is else json.dumps(reply.payload).encode(),
        status=reply.status,
        headers=reply.headers,
        content_type="text/html" if as_it_is else "application/json",
        charset="utf-8",
    )


async def serve(
    core: Core,
    front: Front,
    request: web.Request,
    process: Callable[[int], Reply],
    *,
    to: str,
    sending: bool,
) -> web.Response:
    """Answer one request whose body was read. `process` gets its number and does what the provider does."""
    core.in_flight[front.provider] += 1
    try:
        return await _serve(core, front, request, process, to=to, sending=sending)
    finally:
        core.in_flight[front.provider] -= 1


async def _serve(
    core: Core,
    front: Front,
    request: web.Request,
    process: Callable[[int], Reply],
    *,
    to: str,
    sending: bool,
) -> web.Response:
    provider = front.provider
    number = core.store.arrive(provider, sending=sending)
    if wait := core.latency[provider]:
        await asyncio.sleep(wait / 1000)
    fault = core.plan.fire("request", provider, to=to, sending=sending, number=number, now=core.now())

    def answer(reply: Reply) -> web.Response:
        if reply.refused:
            core.store.refuse(provider, reply.refused)
        return respond(reply)

    match fault:
        case Status(status=status, code=code, retry_after=retry_after):
            return answer(front.failure(status, code, retry_after))
        case SlackError(error=error):
            return answer(Reply(200, {"ok": False, "error": error}, refused=error))
        case Hang(seconds=seconds, stored=True):
            reply = process(number)
            await core.hang(seconds)
            return answer(reply)
        case Hang(seconds=seconds):
            await core.hang(seconds)
            return answer(front.failure(504, None, None))
        case ResetBefore():
            return _cut(core, provider, request)
        case ResetAfter():
            process(number)
            return _cut(core, provider, request)
        case ErrorAfter(status=status):
            process(number)
            return answer(front.failure(status, None, None))
        case Garbled():
            reply = process(number)
            core.store.refuse(provider, "garbled")
            return web.Response(body=GARBAGE, status=reply.status, content_type="application/json")
        case _:
            return answer(process(number))


def _cut(core: Core, provider: Provider, request: web.Request) -> web.Response:
    core.store.refuse(provider, "reset")
    reset(request.transport)
    return web.Response()  # goes nowhere: the connection is gone
