"""Mail that comes back: reports as mail systems write them, handed over as a mail domain's pipe does it.

Only ever to this machine.
"""

from __future__ import annotations

import asyncio
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid

import aiohttp
from yarl import URL

from channels.simulator.callbacks import is_local
from channels.simulator.faults import Bounce
from channels.simulator.gate import Core

HOST = "mx.simulator.example"
TIMEOUT = 15.0
_SAID = {"5.1.1": "550 5.1.1 user unknown", "5.2.2": "552 5.2.2 mailbox full", "5.7.1": "554 5.7.1 refused"}


def report(bounce: Bounce, *, came_from: str, to: str, mail: EmailMessage) -> bytes:
    """The mail that a mail system sends to the return path of one that it could not deliver, or got a complaint of."""
    complaint = bounce.action == "complaint"
    whole = MIMEMultipart("report")
    whole.set_param("report-type", "feedback-report" if complaint else "delivery-status")
    whole["From"] = f"Mail Delivery System <MAILER-DAEMON@{HOST}>"
    whole["To"] = came_from
    whole["Date"] = formatdate()
    whole["Subject"] = "Complaint about a message" if complaint else "Undelivered Mail Returned to Sender"
    whole["Message-ID"] = make_msgid(domain=HOST)
    whole["Auto-Submitted"] = "auto-replied"
    whole.attach(MIMEText(f"This is the mail system at host {HOST}, about your message to one recipient.\n"))
    fields = MIMEBase("message", "feedback-report" if complaint else "delivery-status")
    if complaint:
        fields.set_payload([_block({"Feedback-Type": "abuse", "User-Agent": "simulator/1", "Version": "1"})])
    else:
        said = _SAID.get(bounce.status, f"550 {bounce.status} simulated")
        about = {
            "Final-Recipient": f"rfc822; {to}",
            "Action": bounce.action,
            "Status": bounce.status,
            "Remote-MTA": f"dns; {HOST}",
            "Diagnostic-Code": f"smtp; {said} <{to}>",
        }
        fields.set_payload([_block({"Reporting-MTA": f"dns; {HOST}", "Arrival-Date": formatdate()}), _block(about)])
    whole.attach(fields)
    headers = MIMEBase("text", "rfc822-headers")
    headers.set_payload(
        "".join(f"{name}: {value}\n" for name, value in mail.items()).encode("ascii", "replace").decode()
    )
    whole.attach(headers)
    # As it lies in a mailbox, with the address it came to.
    return f"Return-Path: <>\nDelivered-To: {came_from}\n".encode("ascii", "replace") + whole.as_bytes()


def _block(fields: dict[str, str]) -> Message:
    block = Message()
    for name, value in fields.items():
        block[name] = value
    return block


class Postman:
    """Hands reports over, each once. What is not taken is counted among the mail server's refusals."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._session: aiohttp.ClientSession | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def forget(self) -> None:
        """Drop what waits."""
        for task in self._under_way:
            task.cancel()

    def report(self, bounce: Bounce, *, came_from: str, to: str, mail: EmailMessage) -> None:
        """Send a report about a mail that was taken, when it is time."""
        url = URL(bounce.url)
        if not is_local(url):
            self._core.store.refuse("smtp", "report to another machine")
            return
        body = report(bounce, came_from=came_from, to=to, mail=mail)
        task = asyncio.get_running_loop().create_task(self._post(url, body, bounce.seconds))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def idle(self) -> None:
        """Until all that was begun has been answered or has failed."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def stop(self) -> None:
        self.forget()
        await self.idle()
        if self._session is not None:
            await self._session.close()

    async def _post(self, url: URL, body: bytes, wait: float) -> None:
        await asyncio.sleep(wait)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        secret = self._core.accounts.smtp_bounce_secret
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "message/rfc822"}
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                if response.status >= 300:
                    self._core.store.refuse("smtp", f"report answered {response.status}")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            self._core.store.refuse("smtp", "report not taken")
