"""A channel and the far end it speaks to, for checks that are the same for all."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from channels.contract import Channel, Envelope, Outcome, Words
from channels.registry import ChannelType, Resources, channel_type, channel_types
from channels.testkit.loopback import HttpServer, Misbehave, SmtpServer, closed_port, http_server, smtp_server
from channels.testkit.samples import GROUP, Http, Inboxed, Smtp, enrolled, envelope
from channels.transport.http import open_session


class MemoryInbox:
    """An inbox that keeps its promise about keys, and can be told to fail."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.puts = 0
        self.before: Callable[[], Any] | None = None

    async def put(self, *, user: str, key: str, token: str, subject: str, text: str, useful_for: float) -> int:
        self.puts += 1
        if self.before is not None:
            await self.before()
        return self.numbers.setdefault(key, len(self.numbers) + 1)


@contextlib.asynccontextmanager
async def built(name: str, settings: Mapping[str, Any], inbox: MemoryInbox | None = None) -> AsyncIterator[Channel]:
    """The channel of this name, built as the host builds it."""
    kind = channel_type(name)
    session = open_session()
    channel = kind.build(kind.settings.model_validate(settings), Resources(session, inbox or MemoryInbox()))
    try:
        yield channel
    finally:
        await channel.aclose()
        await channel.aclose()
        await session.close()


NAMES = sorted(channel_types())
HTTP = [name for name in NAMES if isinstance(enrolled().get(name), Http)]
SOON = 5.0


def http_of(name: str) -> Http:
    entry = enrolled()[name]
    assert isinstance(entry, Http)
    return entry


@dataclass
class Bench:
    """A channel and the far end it speaks to, whatever its kind."""

    channel: Channel
    kind: ChannelType
    far: HttpServer | SmtpServer | MemoryInbox
    secrets: tuple[str, ...]
    oversize: Words

    @property
    def delivering(self) -> int:
        """Delivering requests that the far end has seen."""
        match self.far:
            case HttpServer():
                return len(self.far.posts)
            case SmtpServer():
                return self.far.mails
            case _:
                return self.far.puts

    def envelope(self, number: int = 1, **changes: Any) -> Envelope:
        entry = enrolled()[self.kind.name]
        match entry:
            case Http():
                return envelope(number, to=entry.address(number), **changes)
            case Smtp():
                return envelope(number, to=f"person{number}@customer.example", **changes)
            case Inboxed():
                return envelope(number, to=f"user-{number:06}", **changes)

    def misbehave(self, how: Misbehave) -> None:
        match self.far:
            case HttpServer():
                self.far.answer = lambda _: how
            case SmtpServer():
                self.far.script["BODY"] = how
            case _:
                self.far.before = (lambda: asyncio.sleep(60)) if how is Misbehave.HANG else fail_to_store


async def fail_to_store() -> None:
    raise ConnectionResetError("store is gone: user-000001")


@asynccontextmanager
async def bench(name: str) -> AsyncIterator[Bench]:
    kind = channel_types()[name]
    async with AsyncExitStack() as stack:
        match enrolled().get(name):
            case Http() as entry:
                far = await stack.enter_async_context(http_server(entry.accepts, entry.beside))
                channel = await stack.enter_async_context(built(name, entry.settings(far.url)))
                yield Bench(channel, kind, far, entry.secrets, Words(entry.oversize))
            case Smtp() as entry:
                relay = await stack.enter_async_context(smtp_server())
                channel = await stack.enter_async_context(built(name, entry.settings(relay.port)))
                yield Bench(channel, kind, relay, entry.secrets, Words("x", subject="x" * 201))
            case Inboxed():
                inbox = MemoryInbox()
                channel = await stack.enter_async_context(built(name, {}, inbox))
                yield Bench(channel, kind, inbox, (), Words("x" * 2001))
            case None:
                raise LookupError(f"{name} is installed and announces no samples under {GROUP}")


def http_far(made: Bench) -> HttpServer:
    assert isinstance(made.far, HttpServer)
    return made.far


async def timed(sending: Any) -> tuple[Outcome, float]:
    begun = time.monotonic()
    outcome = await sending
    return outcome, time.monotonic() - begun


def nowhere() -> str:
    """The URL of a server that is not there."""
    return f"http://127.0.0.1:{closed_port()}"
