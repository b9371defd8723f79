"""The mail server, driven by aiosmtplib."""

from __future__ import annotations

import asyncio
import email
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.simulator import Simulator


def mail(to: str = "anna@example.com", text: str = "We are down.\nSorry.") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "status@example.org"
    message["To"] = to
    message["Subject"] = "Störung"
    message["Message-ID"] = f"<attempt-{to}>"
    message.set_content(text)
    message.add_alternative("<p>We are down</p>", subtype="html")
    return message


async def send(simulator: Simulator, message: EmailMessage | None = None, **kwargs: Any) -> Any:
    return await aiosmtplib.send(
        message or mail(),
        hostname=simulator.addresses.smtp_host,
        port=simulator.addresses.smtp_port,
        start_tls=False,
        timeout=3,
        **kwargs,
    )


def fault(simulator: Simulator, do: dict[str, Any], **rest: Any) -> None:
    simulator.add_faults([{"provider": "smtp", "do": do, **rest}])


async def test_a_mail_is_taken(simulator: Simulator) -> None:
    await send(simulator)
    [record] = simulator.received(provider="smtp")
    assert record["to"] == "anna@example.com"
    assert record["subject"] == "Störung"
    assert record["body"] == "We are down.\nSorry."
    assert record["ref"] == "<attempt-anna@example.com>"
    assert record["metadata"]["mail_from"] == "status@example.org"
    assert simulator.recipients()["smtp"]["anna@example.com"][0]["subject"] == "Störung"


async def test_one_record_for_each_recipient(simulator: Simulator) -> None:
    await send(simulator, recipients=["a@example.com", "b@example.com"])
    assert [record["to"] for record in simulator.received()] == ["a@example.com", "b@example.com"]
    assert [record["request"] for record in simulator.received()] == [1, 2]


async def test_logging_in_is_possible_and_checked(simulator: Simulator) -> None:
    accounts = simulator.accounts
    await send(simulator, username=accounts.smtp_username, password=accounts.smtp_password)
    with pytest.raises(aiosmtplib.SMTPAuthenticationError):
        await send(simulator, username=accounts.smtp_username, password="wrong")
    assert len(simulator.received()) == 1


@pytest.mark.parametrize("code", [450, 550])
async def test_a_recipient_is_refused(simulator: Simulator, code: int) -> None:
    fault(simulator, {"what": "smtp", "code": code, "text": "5.1.1 who?"}, match={"to": "*@gone.example"})
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(simulator, mail("anna@gone.example"))
    assert (caught.value.recipients[0].code, caught.value.recipients[0].message) == (code, "5.1.1 who?")
    errors, _ = await send(simulator, recipients=["anna@gone.example", "b@example.com"])
    assert list(errors) == ["anna@gone.example"]
    assert [record["to"] for record in simulator.received()] == ["b@example.com"]
    assert simulator.summary()["providers"]["smtp"]["refused"] == {str(code): 2}


async def test_a_message_is_refused(simulator: Simulator) -> None:
    fault(simulator, {"what": "smtp", "code": 554, "at": "data"})
    with pytest.raises(aiosmtplib.SMTPDataError) as caught:
        await send(simulator)
    assert caught.value.code == 554
    assert simulator.received() == []


@pytest.mark.parametrize(
    ("do", "stored", "seen"),
    [
        ({"what": "reset_before"}, 0, aiosmtplib.SMTPServerDisconnected),
        ({"what": "reset_after"}, 1, aiosmtplib.SMTPServerDisconnected),
        ({"what": "error_after"}, 1, aiosmtplib.SMTPDataError),
        ({"what": "garbled"}, 1, aiosmtplib.SMTPException),
        ({"what": "hang", "seconds": 30}, 0, aiosmtplib.SMTPTimeoutError),
        ({"what": "hang", "seconds": 30, "stored": True}, 1, aiosmtplib.SMTPTimeoutError),
        ({"what": "hang", "seconds": 0.05}, 0, aiosmtplib.SMTPDataError),
    ],
)
async def test_what_goes_wrong_on_the_wire(
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    do: dict[str, Any],
    stored: int,
    seen: type[Exception],
) -> None:
    fault(simulator, do)
    client = aiosmtplib.SMTP(
        hostname=simulator.addresses.smtp_host, port=simulator.addresses.smtp_port, start_tls=False, timeout=0.5
    )
    await client.connect()
    with pytest.raises(seen):
        await client.send_message(mail())
    client.close()
    assert len(simulator.received()) == stored
    assert simulator.faults()[0]["fired"] == 1
    await send_ok_after(simulator, stored)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def send_ok_after(simulator: Simulator, stored: int) -> None:
    """The server itself survives whatever was simulated."""
    simulator.clear_faults()
    await send(simulator)
    assert len(simulator.received()) == stored + 1


async def test_many_at_once_and_latency(simulator: Simulator) -> None:
    simulator.set_latency("smtp", 100)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await asyncio.gather(*(send(simulator, mail(f"p{n}@example.com")) for n in range(20)))
    assert 0.1 <= loop.time() - started < 1.5
    assert simulator.summary()["providers"]["smtp"]["got"] == 20


async def test_a_mail_without_text_is_no_accident(simulator: Simulator) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.com"
    message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream")
    await send(simulator, message)
    assert simulator.received()[0]["body"] == ""


# mail that comes back


@dataclass
class Pipe:
    """Takes the mail that comes back, as the receipts address of a route does."""

    url: str
    taken: list[tuple[str, str, bytes]]


@pytest.fixture
async def pipe() -> AsyncIterator[Pipe]:
    taken: list[tuple[str, str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        headers = request.headers
        taken.append((headers["Authorization"], headers["Content-Type"], await request.read()))
        return web.Response(status=204)

    app = web.Application()
    app.add_routes([web.post("/receipts/mail", take)])
    server = TestServer(app)
    await server.start_server()
    yield Pipe(str(server.make_url("/receipts/mail")), taken)
    await server.close()


@pytest.mark.parametrize("action", ["failed", "delayed", "delivered"])
async def test_a_mail_comes_back_with_a_report_that_any_reader_of_mail_understands(
    simulator: Simulator, pipe: Pipe, action: str
) -> None:
    fault(simulator, {"what": "bounce", "url": pipe.url, "action": action, "status": "5.2.2"}, match={"to": "anna@*"})
    await send(simulator, sender="bounce+tok@b.example", recipients=["anna@example.com", "ben@example.com"])
    await simulator.callbacks_idle()
    ((proof, kind, raw),) = pipe.taken
    assert proof == f"Bearer {simulator.accounts.smtp_bounce_secret}"
    assert kind == "message/rfc822"
    report = email.message_from_bytes(raw)
    assert report["Delivered-To"] == "bounce+tok@b.example"
    assert report.get_content_type() == "multipart/report"
    _, status, original = report.get_payload()
    about, one = status.get_payload()
    assert about["Reporting-MTA"]
    assert (one["Final-Recipient"], one["Action"], one["Status"]) == ("rfc822; anna@example.com", action, "5.2.2")
    assert "<attempt-anna@example.com>" in original.get_payload()
    assert [record["status"] for record in simulator.received()] == ["accepted", "accepted"]


async def test_a_reader_complains(simulator: Simulator, pipe: Pipe) -> None:
    fault(simulator, {"what": "bounce", "url": pipe.url, "action": "complaint", "seconds": 0.01}, times=1)
    await send(simulator)
    await send(simulator)
    await simulator.callbacks_idle()
    ((_, _, raw),) = pipe.taken
    assert b"Feedback-Type: abuse" in raw


async def test_reports_go_to_this_machine_only(simulator: Simulator) -> None:
    fault(simulator, {"what": "bounce", "url": "http://192.0.2.1/receipts/mail"})
    await send(simulator)
    await simulator.callbacks_idle()
    assert len(simulator.received()) == 1
    assert simulator.summary()["providers"]["smtp"]["refused"] == {"report to another machine": 1}
    with pytest.raises(ValueError, match="bounce"):
        simulator.add_faults([{"provider": "twilio", "do": {"what": "bounce", "url": "http://127.0.0.1/"}}])
