"""A channel and the far end it speaks to, for checks that are the same for all."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from channels.contract import Channel, Envelope, Words
from channels.registry import ChannelType, Resources, channel_type
from channels.testkit.loopback import (
    Answer,
    HttpServer,
    Misbehave,
    Reply,
    Request,
    SmtpServer,
    closed_port,
    http_server,
    smtp_server,
)
from channels.testkit.samples import GROUP, Http, Inboxed, Samples, Smtp, envelope, samples_of
from channels.transport.http import open_session

T = TypeVar("T")

#: A timeout that no check is meant to use up, in seconds.
SOON = 5.0
#: And for many at once, on a machine that has other things to do.
IN_THE_END = 30.0


class MemoryInbox:
    """An inbox that keeps its promise about keys, and can be told to fail."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.kept: list[dict[str, Any]] = []
        self.before: Callable[[], Awaitable[None]] | None = None

    @property
    def puts(self) -> int:
        return len(self.kept)

    async def put(self, *, user: str, key: str, **more: Any) -> int:
        self.kept.append({"user": user, "key": key, **more})
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


@dataclass
class Bench:
    """A channel and the far end it speaks to, whatever its kind.

    Attributes:
        given: The settings the channel was built with.
        secrets: All secrets among them.
        oversize: Words that are too long by one character.
    """

    channel: Channel
    kind: ChannelType
    entry: Samples
    far: HttpServer | SmtpServer | MemoryInbox
    given: Mapping[str, Any]
    secrets: tuple[str, ...]
    oversize: Words

    @property
    def http(self) -> Http:
        """The samples of a channel that speaks HTTP."""
        assert isinstance(self.entry, Http)
        return self.entry

    @property
    def server(self) -> HttpServer:
        """The far end of a channel that speaks HTTP."""
        assert isinstance(self.far, HttpServer)
        return self.far

    @property
    def deliveries(self) -> list[Request]:
        """The delivering requests that the server has seen."""
        return [request for request in self.server.requests if self.http.delivers(request)]

    @property
    def delivering(self) -> int:
        """How many delivering requests the far end has seen."""
        match self.far:
            case HttpServer():
                return len(self.deliveries)
            case SmtpServer():
                return self.far.mails
            case _:
                return self.far.puts

    def envelope(self, number: int = 1, **changes: Any) -> Envelope:
        if "to" not in changes:
            changes["to"] = address(self.entry, number, self.far.url if isinstance(self.far, HttpServer) else "")
        return envelope(number, **changes)

    def answer(self, answer: Answer) -> None:
        """From now on the server answers so to all that does not only prepare a send."""
        self.server.answer = answer

    def misbehave(self, how: Misbehave) -> None:
        match self.far:
            case HttpServer():
                self.answer(lambda _: how)
            case SmtpServer():
                self.far.script["BODY"] = how
            case _:
                self.far.before = _hang if how is Misbehave.HANG else _fail_to_store


def address(entry: Samples, number: int, url: str) -> str:
    """The address of this number in the form of the channel."""
    match entry:
        case Http():
            return entry.to(url, number)
        case Smtp():
            return f"person{number}@customer.example"
        case Inboxed():
            return f"user-{number:06}"


async def _hang() -> None:
    await asyncio.sleep(60)


async def _fail_to_store() -> None:
    raise ConnectionResetError("store is gone: user-000001")


@asynccontextmanager
async def bench(name: str) -> AsyncIterator[Bench]:
    """The channel of this name with a far end that takes everything.

    Raises:
        LookupError: the channel announces no samples. The message says what to add.
    """
    kind = channel_type(name)
    async with AsyncExitStack() as stack:
        match samples_of(name):
            case Http() as entry:
                far = await stack.enter_async_context(http_server(entry.accepts, entry.beside))
                given = entry.settings(far.url)
                channel = await stack.enter_async_context(built(name, given))
                yield Bench(channel, kind, entry, far, given, entry.secrets, Words(entry.oversize))
            case Smtp() as entry:
                relay = await stack.enter_async_context(smtp_server())
                given = entry.settings(relay.port)
                channel = await stack.enter_async_context(built(name, given))
                yield Bench(channel, kind, entry, relay, given, entry.secrets, Words("x", subject="x" * 201))
            case Inboxed() as entry:
                inbox = MemoryInbox()
                channel = await stack.enter_async_context(built(name, {}, inbox))
                yield Bench(channel, kind, entry, inbox, {}, (), Words("x" * 2001))
            case None:
                raise LookupError(no_samples(name))


def prepared_by(entry: Http, way: Reply | Misbehave) -> AbstractAsyncContextManager[HttpServer]:
    """A server that answers so to what only prepares a send, and takes everything else."""
    return http_server(entry.accepts, lambda request: None if entry.beside(request) is None else way)


def no_samples(name: str) -> str:
    """What to say of a channel that cannot be tried."""
    return (
        f'{name} is installed and announces no samples: add "{name}" = "<your package>.samples:SAMPLES" under '
        f'[project.entry-points."{GROUP}"], and install it again'
    )


async def timed(sending: Awaitable[T]) -> tuple[T, float]:
    """The answer, and after how many seconds it came."""
    begun = time.monotonic()
    outcome = await sending
    return outcome, time.monotonic() - begun


def nowhere() -> str:
    """The URL of a server that is not there."""
    return f"http://127.0.0.1:{closed_port()}"
