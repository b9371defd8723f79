"""Mail by aiosmtplib on a small pool of connections."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from functools import partial

import aiosmtplib
from pydantic import SecretStr

from channels.contract import (
    Accepted,
    Blame,
    Callback,
    Deferred,
    Envelope,
    Fault,
    Heard,
    Measure,
    Outcome,
    Probed,
    Rejected,
    Words,
)
from channels.email.smtp import wire
from channels.email.smtp.bounces import Bounces
from channels.email.smtp.codes import Hide, Step, of_break, of_reply
from channels.email.smtp.pool import Line, Pool
from channels.email.smtp.settings import CAPABILITIES, SmtpSettings
from channels.transport.masking import masked
from channels.transport.outcomes import Failure

_GO_AHEAD = 354
_TAKEN = 250
_CLOSING = 421


class _Progress:
    """How far a send has come, for whoever must say what its failure means."""

    step = Step.CONNECT


class SmtpChannel:
    """One mail relay."""

    capabilities = CAPABILITIES

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._pool = Pool(settings)
        proofs = _told(settings.bounce_secret, settings.second_bounce_secret)
        self._secrets = (*_told(settings.password), *proofs)
        self._bounces = Bounces(proofs, settings.return_path, settings.message_id_domain)

    def measure(self, words: Words) -> Measure:
        return wire.measure(words)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        size = wire.measure(envelope.words)
        if size.over:
            detail = f"The subject has {size.length} characters of at most {size.limit}."
            return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
        try:
            to = wire.recipient(envelope.to)
        except wire.BadAddress as error:
            return Rejected(Fault(Blame.RECIPIENT, "bad-address", f"The recipient has {error}."))
        mail = wire.mail(envelope, self._settings, to=to)
        hide = partial(masked, addresses=(envelope.to, to), secrets=(*self._secrets, envelope.token))

        async def deliver(progress: _Progress) -> Failure | None:
            return await self._deliver(envelope, to, mail, progress, hide)

        failure = await _within(timeout, deliver, hide)
        return failure or Accepted(wire.message_id(envelope, self._settings))

    async def probe(self, *, timeout: float) -> Probed | Fault:
        """Connects and logs in as for a mail, and ends before there is one."""
        failure = await _within(timeout, self._greet, partial(masked, secrets=self._secrets))
        if failure is not None:
            return failure.fault
        settings = self._settings
        who = "without a login" if settings.username is None else "logged in"
        return Probed(f"{settings.host}:{settings.port}, security {settings.security}, {who}")

    def hear(self, callback: Callback) -> Heard:
        return self._bounces.read(callback)

    async def _greet(self, progress: _Progress) -> Failure | None:
        async with self._pool.lend() as line:
            try:
                await line.client.noop()
            except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPResponseException):
                if not line.uses:
                    raise
                await self._pool.renew(line)
                await line.client.noop()
        return None

    async def _deliver(
        self, envelope: Envelope, to: str, mail: bytes, progress: _Progress, hide: Hide
    ) -> Failure | None:
        sender = wire.return_path(envelope, self._settings)
        async with self._pool.lend() as line:
            try:
                await self._begin(line, envelope, sender, progress)
                progress.step = Step.RECIPIENT
                await line.client.rcpt(to)
                progress.step = Step.DATA
                code, text = await _transfer(line.client, mail, progress)
            except aiosmtplib.SMTPResponseException as reply:
                code, text = reply.code, str(reply.message)
            if progress.step is Step.BODY and code == _TAKEN:
                return None
            line.begun = progress.step is not Step.CONNECT
            line.broken = code == _CLOSING or not 400 <= code < 600
            return of_reply(progress.step, code, text, hide=hide)

    async def _begin(self, line: Line, envelope: Envelope, sender: str, progress: _Progress) -> None:
        """MAIL FROM, on a new connection if a used one turns out to be dead. No mail is begun before it is answered."""
        progress.step = Step.SENDER
        try:
            if line.begun:
                await line.client.rset()
                line.begun = False
            await _name_sender(line.client, sender, envelope.token)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPResponseException) as error:
            closing = isinstance(error, aiosmtplib.SMTPServerDisconnected) or error.code == _CLOSING
            if not (closing and line.uses):
                raise
            progress.step = Step.CONNECT
            await self._pool.renew(line)
            progress.step = Step.SENDER
            await _name_sender(line.client, sender, envelope.token)

    async def aclose(self) -> None:
        await self._pool.aclose()


def _told(*secrets: SecretStr | None) -> list[str]:
    return [secret.get_secret_value() for secret in secrets if secret is not None]


async def _within(timeout: float, work: Callable[[_Progress], Awaitable[Failure | None]], hide: Hide) -> Failure | None:
    """What `work` comes to within so many seconds, whatever happens to the connection meanwhile."""
    progress = _Progress()
    try:
        async with asyncio.timeout(timeout):
            return await work(progress)
    except (TimeoutError, aiosmtplib.SMTPTimeoutError):
        return of_break(progress.step, timed_out=True)
    except aiosmtplib.SMTPResponseException as reply:  # while connecting: later ones are met where they come
        return of_reply(progress.step, reply.code, str(reply.message), hide=hide)
    except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPConnectError, OSError) as error:
        if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return Deferred(Fault(Blame.PATH, "tls", "No trusted TLS connection to the relay could be made."))
        return of_break(progress.step, timed_out=False)
    except aiosmtplib.SMTPException:
        # Raised before a mail is begun, when the relay does not offer the TLS or the login that the settings want.
        detail = "The relay offers no such security or login as the route's settings ask for."
        return Rejected(Fault(Blame.ACCOUNT, "not-offered", detail))


async def _name_sender(client: aiosmtplib.SMTP, sender: str, token: str) -> None:
    """MAIL FROM. A relay that knows delivery reports (RFC 3461) is asked to name the attempt in them, and to send back
    no more than the headers.
    """
    wishes = [f"ENVID={token}", "RET=HDRS"] if client.supports_extension("dsn") else []
    await client.mail(sender, options=wishes)


async def _transfer(client: aiosmtplib.SMTP, mail: bytes, progress: _Progress) -> tuple[int, str]:
    """DATA and the body, as two steps: only between them does it become a mail that may have been sent."""
    reply = await client.execute_command(b"DATA")
    if reply.code != _GO_AHEAD:
        return reply.code, reply.message
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("Connection lost")
    protocol.write(mail + b".\r\n")  # raises only if none of it can be written
    progress.step = Step.BODY
    reply = await protocol.read_response()
    return reply.code, reply.message
