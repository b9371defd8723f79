"""Two small servers on loopback that do exactly what a test tells them, misbehaviour included."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Misbehave(Enum):
    """What a server may do instead of answering, after it has read the whole request."""

    HANG = "hang"
    CLOSE = "close"
    RESET = "reset"
    TRUNCATE = "truncate"
    NOT_HTTP = "not http"
    #: A byte of the answer every now and then, for ever.
    DRIP = "drip"


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass(frozen=True)
class Reply:
    """An answer. `interim` goes out before it, as it is."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    interim: bytes = b""


Answer = Callable[[Request], Reply | Misbehave]
Beside = Callable[[Request], Reply | Misbehave | None]


def nothing_beside(_: Request) -> None:
    """Every request is one that the test answers."""


def saying(reply: Reply | Misbehave) -> Answer:
    """Always the same answer."""
    return lambda _: reply


def reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class HttpServer:
    """Answers every request as `answer` says, and remembers it.

    What `beside` answers instead is remembered apart, in `others`. When either raises, the connection is closed, and
    `failures` has what was raised.
    """

    def __init__(self, answer: Answer, beside: Beside = nothing_beside) -> None:
        self.answer = answer
        self.beside = beside
        self.others: list[Request] = []
        self.failures: list[Exception] = []
        self.requests: list[Request] = []
        self.connections = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        try:
            while await self._one(reader, writer, number):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, target, _ = first.split(" ")
        request = Request(method, target, headers, body, number)
        try:
            reply = self._reply(request)
        except Exception as failure:  # noqa: BLE001 - whatever a test or a sample does wrong is told by the test
            self.failures.append(failure)
            return False
        match reply:
            case Misbehave.HANG:
                await asyncio.sleep(60)
                return False
            case Misbehave.CLOSE:
                return False
            case Misbehave.RESET:
                reset(writer)
                return False
            case Misbehave.TRUNCATE:
                writer.write(
                    b'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"si'
                )
                await writer.drain()
                return False
            case Misbehave.NOT_HTTP:
                writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
                await writer.drain()
                return False
            case Misbehave.DRIP:
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n")
                while True:
                    writer.write(b" ")
                    await writer.drain()
                    await asyncio.sleep(0.02)
            case Reply():
                head_lines = [f"HTTP/1.1 {reply.status} X"]
                head_lines += [f"{name}: {value}" for name, value in reply.headers.items()]
                body = b"" if reply.status in (204, 304) else reply.body  # these have none by definition
                if reply.status not in (204, 304):
                    head_lines.append(f"Content-Length: {len(body)}")
                writer.write(reply.interim + ("\r\n".join(head_lines) + "\r\n\r\n").encode() + body)
                await writer.drain()
                return True

    def _reply(self, request: Request) -> Reply | Misbehave:
        aside = self.beside(request)
        if aside is not None:
            self.others.append(request)
            return aside
        self.requests.append(request)
        return self.answer(request)


@contextlib.asynccontextmanager
async def http_server(answer: Answer, beside: Beside = nothing_beside) -> AsyncIterator[HttpServer]:
    server = HttpServer(answer, beside)
    try:
        async with listening(server.serve) as server.port:
            yield server
    finally:
        # Before what came of it, which is all the same a connection that broke.
        if server.failures:
            raise AssertionError("the test or the samples could not answer a request") from server.failures[0]


class SmtpServer:
    """Plays a relay from a script: for each command, the reply to give or the misbehaviour.

    `script` maps the verb (GREETING, EHLO, AUTH, MAIL, RCPT, DATA, BODY, RSET, QUIT) to replies; what is missing is
    granted. What is in `once` goes before, one time.
    """

    GRANTED = {  # noqa: RUF012 - never changed
        "GREETING": "220 relay.test",
        "EHLO": "250-relay.test\r\n250 AUTH PLAIN",
        "AUTH": "235 welcome",
        "DATA": "354 go on",
        "QUIT": "221 bye",
    }

    def __init__(self, script: dict[str, str | Misbehave]) -> None:
        self.script = script
        self.once: dict[str, str | Misbehave] = {}
        self.commands: list[str] = []
        self.bodies: list[bytes] = []
        self._writers: list[asyncio.StreamWriter] = []
        self.connections = 0
        self.port = 0

    async def hang_up(self) -> None:
        """Closes all connections that are open."""
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    @property
    def mails(self) -> int:
        return len(self.bodies)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            alive = await self._answer(writer, "GREETING")
            while alive:
                line = (await reader.readuntil(b"\r\n")).decode("latin-1").strip()
                self.commands.append(line)
                verb = line.split(" ")[0].split(":")[0].upper()
                alive = await self._answer(writer, verb)
                if alive and verb == "DATA" and str(self.script.get("DATA", "354")).startswith("354"):
                    self.bodies.append(await reader.readuntil(b"\r\n.\r\n"))
                    alive = await self._answer(writer, "BODY")
                alive = alive and verb != "QUIT"
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    async def _answer(self, writer: asyncio.StreamWriter, verb: str) -> bool:
        reply = self.once.pop(verb, None) or self.script.get(verb, self.GRANTED.get(verb, "250 ok"))
        match reply:
            case Misbehave.HANG:
                await asyncio.sleep(60)
                return False
            case Misbehave.RESET:
                reset(writer)
                return False
            case Misbehave():
                return False
            case str():
                writer.write(reply.encode("latin-1") + b"\r\n")
                await writer.drain()
                return True


@contextlib.asynccontextmanager
async def smtp_server(script: dict[str, str | Misbehave] | None = None) -> AsyncIterator[SmtpServer]:
    server = SmtpServer(script or {})
    async with listening(server.serve) as server.port:
        yield server


@contextlib.asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """A server on loopback; gives its port, and leaves nothing open."""
    tasks: set[asyncio.Task[object]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
            tasks.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        waiting: Sequence[asyncio.Task[object]] = list(tasks)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await server.wait_closed()
