"""A mail server that takes everything and delivers nothing. One record per recipient of a message."""

from __future__ import annotations

import asyncio
import hmac
import weakref
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from channels.simulator.bounces import Postman
from channels.simulator.faults import Bounce, ErrorAfter, Garbled, Hang, Provider, ResetAfter, ResetBefore, SmtpReply
from channels.simulator.gate import Core, reset
from channels.simulator.store import Held

PROVIDER: Provider = "smtp"
MAX_MESSAGE = 32 * 1024 * 1024


def text_of(message: EmailMessage) -> str:
    """The plain text part, else the HTML part, without the line end that closes every mail."""
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        content = part.get_content() if part is not None else ""
    except (LookupError, ValueError):  # an unknown charset, a broken part
        return ""
    return str(content).replace("\r\n", "\n").rstrip("\n")


class _Handler:
    """What aiosmtpd calls. Faults are chosen when a recipient is named, and act there or when the message is in."""

    def __init__(self, core: Core, postman: Postman) -> None:
        self._core = core
        self._postman = postman

    async def handle_RCPT(  # noqa: N802  (the name is aiosmtpd's)
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        core = self._core
        number = core.store.arrive(PROVIDER, sending=True)
        fault = core.plan.fire("request", PROVIDER, to=address, sending=True, number=number, now=core.now())
        match fault:
            case ResetBefore():
                return await self._cut(server)
            case SmtpReply(at="rcpt"):
                return self._refuse(fault.code, fault.text)
        envelope.rcpt_tos.append(address)
        # One envelope per transaction; aiosmtpd leaves it to handlers to keep notes on it.
        if not hasattr(envelope, "turns"):
            envelope.turns = []
        envelope.turns.append((address, number, fault))
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (as above)
        core = self._core
        turns: list[tuple[str, int, Any]] = envelope.turns
        fault = next((fault for _, _, fault in turns if fault is not None), None)
        if wait := core.latency[PROVIDER]:
            await asyncio.sleep(wait / 1000)
        match fault:
            case SmtpReply():
                return self._refuse(fault.code, fault.text)
            case Hang(stored=False):
                await core.hang(fault.seconds)
                return self._refuse(451, "4.4.2 Timed out")
        self._store(envelope, turns)
        match fault:
            case Hang():
                await core.hang(fault.seconds)
            case ResetAfter():
                return await self._cut(server)
            case ErrorAfter():
                return self._refuse(451, "4.3.0 Local error in processing")
            case Garbled():
                core.store.refuse(PROVIDER, "garbled")
                return "(not what anybody expected)"
        return "250 2.0.0 OK"

    def _refuse(self, code: int, text: str) -> str:
        self._core.store.refuse(PROVIDER, str(code))
        return f"{code} {text}"

    async def _cut(self, server: Any) -> str:
        self._core.store.refuse(PROVIDER, "reset")
        reset(server.transport)
        # The lost connection cancels this very coroutine; nothing may be written any more.
        await self._core.hang(60)
        return "421 gone"

    def _store(self, envelope: Any, turns: list[tuple[str, int, Any]]) -> None:
        message = BytesParser(policy=policy.default).parsebytes(envelope.content)
        body = text_of(message)
        headers = {name.lower(): str(value) for name, value in message.items()}
        now = self._core.now()
        for address, number, _ in turns:
            fate = self._core.plan.fire("fate", PROVIDER, to=address, sending=True, number=number, now=now)
            self._core.store.hold(
                Held(
                    provider=PROVIDER,
                    kind="mail",
                    to=address,
                    body=body,
                    subject=headers.get("subject", ""),
                    ref=headers.get("message-id", ""),
                    at=now,
                    status="accepted",
                    request=number,
                    delivered=True,
                    metadata={"mail_from": envelope.mail_from, "headers": headers},
                )
            )
            if isinstance(fate, Bounce):
                self._postman.report(fate, came_from=envelope.mail_from, to=address, mail=message)


class MailServer:
    """Speaks SMTP on the event loop that everything else runs on. Logging in is possible, never needed."""

    def __init__(self, core: Core, postman: Postman) -> None:
        self._core = core
        self._handler = _Handler(core, postman)
        self._server: asyncio.Server | None = None
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()

    async def start(self, host: str, port: int) -> int:
        self._server = await asyncio.get_running_loop().create_server(self._protocol, host, port, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for protocol in list(self._open):
            if protocol.transport is not None:
                protocol.transport.abort()
        await self._server.wait_closed()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    def _protocol(self) -> Any:
        protocol = SMTP(
            self._handler,
            loop=asyncio.get_running_loop(),
            hostname="simulator",
            ident="ESMTP",
            data_size_limit=MAX_MESSAGE,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._authenticate,
        )
        self._open.add(protocol)
        return protocol

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        accounts = self._core.accounts
        good = (
            isinstance(data, LoginPassword)
            and hmac.compare_digest(bytes(data.login), accounts.smtp_username.encode())
            and hmac.compare_digest(bytes(data.password), accounts.smtp_password.encode())
        )
        return AuthResult(success=good, handled=False)
