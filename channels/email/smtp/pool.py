"""A few open connections to one relay, used again and again."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiosmtplib

from channels.email.smtp.settings import SmtpSettings

#: Relays close idle connections, some after a minute.
IDLE = 20.0
#: Some relays allow only so many mails on a connection.
MAILS_PER_CONNECTION = 50
GOODBYE = 1.0


@dataclass(slots=True)
class Line:
    """One connection.

    Attributes:
        client: The open connection.
        uses: How often it was lent before. A used one may have died unnoticed.
        idle_since: Loop time at which it came back.
        begun: A mail was begun and refused; the relay must be told to forget it before the next.
        broken: It must not be used again.
    """

    client: aiosmtplib.SMTP
    uses: int = 0
    idle_since: float = 0.0
    begun: bool = False
    broken: bool = False


class Pool:
    """Lends connections, each to one send at a time."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._free = asyncio.Semaphore(settings.max_connections)
        self._idle: list[Line] = []
        self._closed = False
        self._tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Line]:
        """A connection that is open and logged in, the most recently used first.

        It goes back into the pool unless the block fails or says that it is broken.

        Raises:
            aiosmtplib.SMTPException, OSError: no connection can be made.
        """
        async with self._free:
            line = self._take() or Line(await self._connect())
            try:
                yield line
            except BaseException:
                line.broken = True
                raise
            finally:
                self._give_back(line)

    async def renew(self, line: Line) -> None:
        """Puts a new connection into the place of a dead one."""
        line.client.close()
        line.client, line.uses, line.begun = await self._connect(), 0, False

    async def _connect(self) -> aiosmtplib.SMTP:
        settings = self._settings
        if self._tls is None and settings.security != "none":
            self._tls = await asyncio.to_thread(ssl.create_default_context)
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=None if settings.password is None else settings.password.get_secret_value(),
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
            # The default asks the DNS for our own name, which may hang when we are needed most.
            local_hostname=settings.message_id_domain,
            timeout=None,  # the whole send has one deadline, which its caller watches
        )
        await client.connect()
        return client

    def _take(self) -> Line | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            line = self._idle.pop()
            if line.client.is_connected and now - line.idle_since < IDLE:
                return line
            line.client.close()
        return None

    def _give_back(self, line: Line) -> None:
        line.uses += 1
        if line.broken or self._closed or line.uses >= MAILS_PER_CONNECTION or not line.client.is_connected:
            line.client.close()
            return
        line.idle_since = asyncio.get_running_loop().time()
        self._idle.append(line)

    async def aclose(self) -> None:
        """Says goodbye on what is idle. What is lent is closed when it comes back."""
        self._closed = True
        lines, self._idle = self._idle, []
        await asyncio.gather(*(_say_goodbye(line.client) for line in lines))


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=GOODBYE)
    client.close()
