"""What is peculiar to mail: against a scripted relay for faults, against aiosmtpd for the real thing."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from channels.contract import Accepted, Blame, CanProbe, Deferred, Fault, Outcome, Probed, Rejected, Uncertain, Words
from channels.email.smtp.samples import SMTP_PASSWORD, smtp_settings
from channels.testkit.bench import built
from channels.testkit.loopback import Misbehave, SmtpServer, smtp_server
from channels.testkit.samples import envelope

TO = "person@customer.example"


async def sent(script: dict[str, str | Misbehave], timeout: float = 5.0) -> tuple[Outcome, SmtpServer]:
    async with smtp_server(script) as relay, built("email/smtp", smtp_settings(relay.port)) as channel:
        return await channel.send(envelope(to=TO), timeout=timeout), relay


@pytest.mark.parametrize(
    ("verb", "reply", "kind", "blame"),
    [
        ("GREETING", "421 too busy", Deferred, Blame.PROVIDER),
        ("GREETING", "554 go away", Rejected, Blame.ACCOUNT),
        ("GREETING", "what?", Deferred, Blame.PROVIDER),
        ("AUTH", "535 5.7.8 no such user", Rejected, Blame.ACCOUNT),
        ("AUTH", "454 4.7.0 try later", Deferred, Blame.PROVIDER),
        ("MAIL", "451 4.3.0 later", Deferred, Blame.PROVIDER),
        ("MAIL", "421 4.3.2 closing", Deferred, Blame.PROVIDER),
        ("MAIL", "550 5.1.8 bad sender", Rejected, Blame.ACCOUNT),
        ("MAIL", "530 5.7.0 log in first", Rejected, Blame.ACCOUNT),
        ("RCPT", "450 4.2.0 greylisted", Deferred, Blame.RECIPIENT),
        ("RCPT", "452 4.2.2 full", Deferred, Blame.RECIPIENT),
        ("RCPT", "421 closing", Deferred, Blame.PROVIDER),
        ("RCPT", "550 5.1.1 unknown user", Rejected, Blame.RECIPIENT),
        ("RCPT", "550 no such user", Rejected, Blame.RECIPIENT),
        ("RCPT", "554 5.7.1 relay access denied", Rejected, Blame.ACCOUNT),
        ("DATA", "451 later", Deferred, Blame.PROVIDER),
        ("DATA", "554 no valid recipients", Rejected, Blame.MESSAGE),
        ("BODY", "451 4.3.0 later", Deferred, Blame.PROVIDER),
        ("BODY", "554 5.7.1 looks like spam", Rejected, Blame.MESSAGE),
        ("BODY", "what?", Uncertain, Blame.PROVIDER),
        ("BODY", "299 hm", Uncertain, Blame.PROVIDER),
        ("GREETING", Misbehave.CLOSE, Deferred, Blame.PATH),
        ("EHLO", Misbehave.CLOSE, Deferred, Blame.PATH),
        ("MAIL", Misbehave.CLOSE, Deferred, Blame.PATH),
        ("RCPT", Misbehave.RESET, Deferred, Blame.PATH),
        ("DATA", Misbehave.CLOSE, Deferred, Blame.PATH),
        ("BODY", Misbehave.CLOSE, Uncertain, Blame.PATH),
        ("BODY", Misbehave.RESET, Uncertain, Blame.PATH),
    ],
)
async def test_every_step(verb: str, reply: str | Misbehave, kind: type, blame: Blame) -> None:
    outcome, relay = await sent({verb: reply})
    assert isinstance(outcome, kind), outcome
    assert not isinstance(outcome, Accepted)
    assert outcome.fault.blame is blame, outcome
    assert relay.mails == (1 if verb == "BODY" else 0)


@pytest.mark.parametrize("verb", ["GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
async def test_silence_before_the_body_is_deferred_in_time(verb: str) -> None:
    outcome, relay = await sent({verb: Misbehave.HANG}, timeout=0.2)
    assert isinstance(outcome, Deferred)
    assert outcome.fault.code in ("timeout", "connect-timeout")
    assert relay.mails == 0


async def test_the_enhanced_code_is_kept_and_the_address_is_not() -> None:
    outcome, _ = await sent({"RCPT": f"550 5.1.1 <{TO}>: unknown, says {SMTP_PASSWORD}"})
    assert isinstance(outcome, Rejected)
    assert outcome.fault.provider_code == "550 5.1.1"
    assert "…@customer.example" in outcome.fault.detail
    assert "person@" not in outcome.fault.detail
    assert SMTP_PASSWORD not in outcome.fault.detail


async def test_a_refused_mail_does_not_cost_the_connection() -> None:
    async with smtp_server({"RCPT": "550 5.1.1 unknown"}) as relay:
        async with built("email/smtp", smtp_settings(relay.port)) as channel:
            assert isinstance(await channel.send(envelope(1, to=TO), timeout=5), Rejected)
            relay.script = {}
            assert isinstance(await channel.send(envelope(2, to=TO), timeout=5), Accepted)
        assert relay.connections == 1
        assert "RSET" in relay.commands
        assert relay.commands[-1] == "QUIT"


@pytest.mark.parametrize("how", [Misbehave.CLOSE, "421 4.4.2 idle too long"])
async def test_a_used_connection_that_has_died_is_replaced(how: str | Misbehave) -> None:
    async with smtp_server() as relay, built("email/smtp", smtp_settings(relay.port)) as channel:
        assert isinstance(await channel.send(envelope(1, to=TO), timeout=5), Accepted)
        relay.once = {"MAIL": how}
        assert isinstance(await channel.send(envelope(2, to=TO), timeout=5), Accepted)
        assert (relay.mails, relay.connections) == (2, 2)


async def test_a_connection_closed_while_idle_is_noticed() -> None:
    async with smtp_server() as relay, built("email/smtp", smtp_settings(relay.port)) as channel:
        assert isinstance(await channel.send(envelope(1, to=TO), timeout=5), Accepted)
        await relay.hang_up()
        await asyncio.sleep(0.02)
        assert isinstance(await channel.send(envelope(2, to=TO), timeout=5), Accepted)
        assert relay.connections == 2


async def test_no_more_connections_than_allowed() -> None:
    async with smtp_server() as relay:
        async with built("email/smtp", {**smtp_settings(relay.port), "max_connections": 3}) as channel:
            sends = [channel.send(envelope(number, to=TO), timeout=5) for number in range(40)]
            assert all(isinstance(outcome, Accepted) for outcome in await asyncio.gather(*sends))
        assert relay.connections <= 3
        assert relay.mails == 40


async def test_tls_that_is_not_offered_is_not_done_without() -> None:
    async with smtp_server({"EHLO": "250 relay.test"}) as relay:
        async with built("email/smtp", {**smtp_settings(relay.port), "security": "starttls"}) as channel:
            outcome = await channel.send(envelope(to=TO), timeout=5)
        assert isinstance(outcome, Rejected)
        assert outcome.fault.code == "not-offered"
        assert not any(command.startswith(("AUTH", "MAIL")) for command in relay.commands)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "person",
        "a@b@c",
        "a b@c.example",
        "a@c.example\r\nRCPT TO:<b@c.example>",
        "é@c.example",
        "a..b@c.example",
        "a@" + "x" * 300,
        "<a@c.example>",
    ],
)
async def test_a_bad_address_never_reaches_the_relay(to: str) -> None:
    async with smtp_server() as relay, built("email/smtp", smtp_settings(relay.port)) as channel:
        outcome = await channel.send(envelope(to=to), timeout=5)
        assert isinstance(outcome, Rejected)
        assert outcome.fault.blame is Blame.RECIPIENT
        assert relay.connections == 0


# the real thing


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, parsed))
        return "250 OK"


@asynccontextmanager
async def mailbox() -> AsyncIterator[tuple[Mailbox, int]]:
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, hostname="mx.test", loop=loop), "127.0.0.1", 0)
    try:
        yield box, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def plain_settings(port: int) -> dict[str, Any]:
    settings = smtp_settings(port)
    return {name: value for name, value in settings.items() if name not in ("username", "password")}


async def test_a_whole_mail_arrives() -> None:
    words = Words(
        "Störung der Mail.\n.Punkt\n", subject="Störung 停电\r\nBcc: all@customer.example", html="<p>Störung</p>"
    )
    url = "https://status.example.com/u/" + "x" * 120 + "?a=b&ü=1"
    async with mailbox() as (box, port):
        async with built("email/smtp", {**plain_settings(port), "reply_to": "help@example.com"}) as channel:
            outcome = await channel.send(
                envelope(to="person@bücher.example", words=words, unsubscribe_url=url, token="t" * 43), timeout=5
            )
        ((sender, recipients, mail),) = box.mails
    assert outcome == Accepted(f"<{'t' * 43}@mail.example.com>")
    assert (sender, recipients) == ("status@example.com", ["person@xn--bcher-kva.example"])
    assert mail["Message-ID"] == f"<{'t' * 43}@mail.example.com>"
    assert mail["Subject"] == "Störung 停电 Bcc: all@customer.example"
    assert mail["Bcc"] is None
    assert mail["From"] == "Example Status <status@example.com>"
    assert mail["Reply-To"] == "help@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Date"].datetime.timestamp() == 1_770_000_000
    assert mail["List-Unsubscribe"] == f"<{url.replace('ü', '%C3%BC')}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["References"].endswith("@mail.example.com>")
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == "Störung der Mail.\n.Punkt\n"
    assert html.get_content().strip() == "<p>Störung</p>"


async def test_plain_words_make_a_plain_mail_and_updates_of_one_incident_gather() -> None:
    async with mailbox() as (box, port):
        async with built("email/smtp", plain_settings(port)) as channel:
            for number in (1, 2):
                await channel.send(envelope(number, to=TO), timeout=5)
        first, second = (mail for _, _, mail in box.mails)
    assert first.get_content_type() == "text/plain"
    assert first["List-Unsubscribe"] is None
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]


# the return path


async def test_each_attempt_has_an_address_of_its_own_to_come_back_to() -> None:
    path = "bounce+{token}@bounces.example.com"
    async with (
        mailbox() as (box, port),
        built("email/smtp", {**plain_settings(port), "return_path": path}) as channel,
    ):
        for token in ("aB-1", "aB_2"):
            assert isinstance(await channel.send(envelope(to=TO, token=token), timeout=5), Accepted)
    assert [sender for sender, _, _ in box.mails] == [
        "bounce+aB-1@bounces.example.com",
        "bounce+aB_2@bounces.example.com",
    ]
    assert box.mails[0][2]["From"] == "Example Status <status@example.com>"


@pytest.mark.parametrize(("offers", "wishes"), [("250 DSN", " ENVID=aB-1 RET=HDRS"), ("250 SIZE 1000000", "")])
async def test_a_relay_that_knows_reports_is_asked_to_name_the_attempt(offers: str, wishes: str) -> None:
    async with (
        smtp_server({"EHLO": f"250-relay.test\r\n250-AUTH PLAIN\r\n{offers}"}) as relay,
        built("email/smtp", smtp_settings(relay.port)) as channel,
    ):
        assert isinstance(await channel.send(envelope(to=TO, token="aB-1"), timeout=5), Accepted)
    (line,) = [command for command in relay.commands if command.startswith("MAIL")]
    assert line == f"MAIL FROM:<status@example.com>{wishes}"


async def test_a_relay_that_repeats_the_return_path_tells_no_token() -> None:
    secret = "hands-over-what-came-back"
    settings = {"return_path": "bounce+{token}@bounces.example.com", "bounce_secret": secret}
    async with (
        smtp_server({"MAIL": f"550 5.1.8 <bounce+aB-1@bounces.example.com> aB-1 is unknown, {secret}"}) as relay,
        built("email/smtp", smtp_settings(relay.port) | settings) as channel,
    ):
        outcome = await channel.send(envelope(to=TO, token="aB-1"), timeout=5)
    assert isinstance(outcome, Rejected)
    assert outcome.fault.code == "bad-sender"
    assert "aB-1" not in repr(outcome)
    assert secret not in repr(outcome)


# probing


async def probed(port: int, **more: Any) -> Probed | Fault:
    async with built("email/smtp", smtp_settings(port) | more) as channel:
        assert isinstance(channel, CanProbe)
        return await channel.probe(timeout=1)


async def test_a_probe_logs_in_and_begins_no_mail() -> None:
    async with smtp_server() as relay:
        found = await probed(relay.port)
    assert isinstance(found, Probed)
    assert SMTP_PASSWORD not in repr(found)
    assert [command.split()[0] for command in relay.commands] == ["EHLO", "AUTH", "NOOP", "QUIT"]


@pytest.mark.parametrize(
    ("script", "blame", "code"),
    [
        ({"AUTH": f"535 5.7.8 {SMTP_PASSWORD} is wrong"}, Blame.ACCOUNT, "not-allowed"),
        ({"GREETING": "421 too busy"}, Blame.PROVIDER, "not-now"),
        ({"NOOP": "421 closing"}, Blame.PROVIDER, "not-now"),
        ({"NOOP": Misbehave.CLOSE}, Blame.PATH, "no-connection"),
        ({"EHLO": Misbehave.HANG}, Blame.PATH, "connect-timeout"),
    ],
)
async def test_a_probe_says_why_not(script: dict[str, str | Misbehave], blame: Blame, code: str) -> None:
    async with smtp_server(script) as relay:
        found = await probed(relay.port)
    assert isinstance(found, Fault)
    assert (found.blame, found.code) == (blame, code)
    assert SMTP_PASSWORD not in repr(found)


async def test_a_probe_on_a_connection_that_has_died_makes_a_new_one() -> None:
    async with smtp_server() as relay, built("email/smtp", smtp_settings(relay.port)) as channel:
        assert isinstance(channel, CanProbe)
        assert isinstance(await channel.send(envelope(to=TO), timeout=5), Accepted)
        relay.once = {"NOOP": Misbehave.CLOSE}
        assert isinstance(await channel.probe(timeout=5), Probed)
        assert relay.connections == 2
