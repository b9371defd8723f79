"""Mail that comes back, as mail systems write it: which attempt it is about, what it says, and what is not believed."""

from __future__ import annotations

import base64
import time
import tracemalloc
from contextlib import suppress

import pytest
from pydantic import ValidationError

from channels.contract import Blame, Callback, Forged, Receipt, Unreadable, Word
from channels.email.smtp.bounces import Bounces
from channels.email.smtp.samples import smtp_settings
from channels.email.smtp.settings import SmtpSettings
from channels.email.smtp.statuses import STATUSES, SUBJECTS, undelivered

SECRET, OTHER = "the-secret-of-the-pipe", "the-next-secret-of-it"
TOKEN = "aB3_x-Yz09qWertyUiopAsDf"
PATH = "bounce+{token}@bounces.example.com"
BACK = PATH.replace("{token}", TOKEN)

POSTFIX = """\
Return-Path: <>
Delivered-To: {back}
Date: Tue, 24 Nov 2026 10:00:00 +0000
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {back}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Gx.1700000000/mx.example.net"
Message-Id: <20261124100000.1@mx.example.net>

This is a MIME-encapsulated message.

--4Gx.1700000000/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4Gx.1700000000/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4Gx
Arrival-Date: Tue, 24 Nov 2026 09:59:58 +0000 (UTC)

Final-Recipient: rfc822; ann@customer.example
Original-Recipient: rfc822;ann@customer.example
Action: {action}
Status: {status}
Remote-MTA: dns; mail.customer.example
Diagnostic-Code: smtp; {diagnostic}

--4Gx.1700000000/mx.example.net
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{back}>
Message-ID: <{token}@mail.example.com>
From: status@example.com
To: ann@customer.example

--4Gx.1700000000/mx.example.net--
"""
COMPLAINT = """\
From: <abuse@isp.example>
Date: Tue, 24 Nov 2026 10:00:00 +0000
Subject: FW: Mail is down
To: <complaints@example.com>
Content-Type: multipart/report; report-type=feedback-report; boundary="part1_2"

--part1_2
Content-Type: text/plain

This is an email abuse report.

--part1_2
Content-Type: message/feedback-report

Feedback-Type: {about}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{back}>

--part1_2
Content-Type: message/rfc822
Content-Disposition: inline

From: status@example.com
Message-ID: <{token}@mail.example.com>
To: <redacted>
Subject: Mail is down

Words.
--part1_2--
"""


def postfix(
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 <ann@customer.example>: unknown",
    *,
    back: str = BACK,
    token: str = TOKEN,
) -> bytes:
    filled = POSTFIX.format(action=action, status=status, diagnostic=diagnostic, back=back, token=token)
    return filled.replace("\n", "\r\n").encode()


def read(body: bytes, *, secret: str | None = SECRET, token: str = "", path: str | None = PATH) -> Receipt:
    headers = {} if secret is None else {"authorization": f"Bearer {secret}"}
    callback = Callback("https://x.example/receipts/mail", token, headers, body, 1.0)
    heard = Bounces([SECRET, OTHER], path, "mail.example.com").read(callback)
    (receipt,) = heard.receipts
    assert not heard.said
    return receipt


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_a_mailbox_that_is_not_there(secret: str) -> None:
    receipt = read(postfix(), secret=secret)
    assert receipt.word is Word.UNDELIVERED
    assert (receipt.token, receipt.ref) == (TOKEN, f"<{TOKEN}@mail.example.com>")
    assert receipt.fault is not None
    assert (receipt.fault.blame, receipt.fault.code, receipt.fault.provider_code) == (
        Blame.RECIPIENT,
        "unknown-address",
        "5.1.1",
    )
    assert not receipt.fault.opt_out
    assert receipt.raw["Remote-MTA"] == "dns; mail.customer.example"
    assert "ann@" not in repr(receipt)
    assert TOKEN not in receipt.fault.detail


@pytest.mark.parametrize(
    ("action", "word"),
    [
        ("failed", Word.UNDELIVERED),
        ("Failed", Word.UNDELIVERED),
        ("delayed", Word.QUEUED),
        ("relayed", Word.SENT),
        ("expanded", Word.SENT),
        ("delivered", Word.DELIVERED),
        ("thought about", Word.UNKNOWN),
    ],
)
def test_every_action(action: str, word: Word) -> None:
    receipt = read(postfix(action, "4.4.1"))
    assert receipt.word is word
    assert (receipt.fault is not None) == (word is Word.UNDELIVERED)


@pytest.mark.parametrize(
    ("status", "diagnostic", "blame", "code", "shown"),
    [
        ("5.1.1", "", Blame.RECIPIENT, "unknown-address", "5.1.1"),
        ("5.1.10", "", Blame.RECIPIENT, "unknown-address", "5.1.10"),
        ("5.1.2", "", Blame.RECIPIENT, "unknown-address", "5.1.2"),
        ("5.1.7", "", Blame.ACCOUNT, "bad-sender", "5.1.7"),
        ("5.2.1", "", Blame.RECIPIENT, "mailbox-disabled", "5.2.1"),
        ("4.2.2", "", Blame.RECIPIENT, "mailbox-full", "4.2.2"),
        ("5.2.3", "", Blame.MESSAGE, "too-long", "5.2.3"),
        ("5.3.9", "", Blame.RECIPIENT, "their-system", "5.3.9"),
        ("4.4.7", "", Blame.PATH, "no-way-there", "4.4.7"),
        ("5.4.6", "", Blame.RECIPIENT, "mail-loop", "5.4.6"),
        ("5.5.4", "", Blame.PROVIDER, "protocol", "5.5.4"),
        ("5.6.0", "", Blame.MESSAGE, "refused", "5.6.0"),
        ("5.7.1", "", Blame.MESSAGE, "refused", "5.7.1"),
        ("5.7.26", "", Blame.ACCOUNT, "not-authenticated", "5.7.26"),
        ("5.7.606", "", Blame.ACCOUNT, "sender-blocked", "5.7.606"),
        ("5.0.0", "smtp; 550 5.7.13 disabled", Blame.RECIPIENT, "mailbox-disabled", "5.7.13"),
        ("", "smtp; 550 5.2.2 quota", Blame.RECIPIENT, "mailbox-full", "5.2.2"),
        ("5.0.0", "smtp; 550 no", Blame.RECIPIENT, "undelivered", "5.0.0"),
        ("", "", Blame.RECIPIENT, "undelivered", ""),
        ("5.99.1", "", Blame.RECIPIENT, "undelivered", "5.99.1"),
        ("nonsense", "", Blame.RECIPIENT, "undelivered", ""),
    ],
)
def test_statuses(status: str, diagnostic: str, blame: Blame, code: str, shown: str) -> None:
    fault = undelivered(status, diagnostic)
    assert (fault.blame, fault.code, fault.provider_code) == (blame, code, shown)


def test_every_row_is_a_sentence_for_people() -> None:
    for row in (*STATUSES.values(), *SUBJECTS.values()):
        assert row.reason[0].isupper()
        assert row.reason.endswith(".")
        assert row.code.replace("-", "").isalpha()


@pytest.mark.parametrize(
    "mail",
    [
        postfix(),
        postfix().replace(b"\r\n", b"\n"),
        b"From MAILER-DAEMON Tue Nov 24 10:00:00 2026\r\n" + postfix(),
        b"\r\n\r\n" + postfix(),
        # The address it came to is not told; the mail that is attached is.
        postfix(back="somewhere@else.example"),
        # The other way round.
        postfix(token="x").replace(b"@mail.example.com>", b"@elsewhere.example>"),
        # A mail system that writes addresses in small letters.
        postfix(back=BACK.lower()),
        postfix(back=BACK.upper()),
        # A gateway that wraps what passes, to add its footer.
        b'Content-Type: multipart/mixed; boundary="w"\r\n\r\n--w\r\n' + postfix() + b"\r\n--w\r\n\r\nfooter\r\n--w--",
    ],
)  # fmt: skip
def test_the_attempt_is_found(mail: bytes) -> None:
    assert read(mail).token == TOKEN
    assert read(mail).word is Word.UNDELIVERED


def test_a_report_in_base64_and_one_with_an_envelope_id_are_read() -> None:
    fields = (
        f"Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; x\nAction: failed\nStatus: 5.2.2\n\n"
        f"Final-Recipient: rfc822; y\nAction: failed\nStatus: 5.1.1\nOriginal-Envelope-Id: {TOKEN}\n"
    )
    coded = base64.encodebytes(fields.encode()).decode()
    mail = (
        "From: x\nContent-Type: multipart/report; boundary=b\n\n--b\n"
        f"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{coded}\n--b--\n"
    )
    receipt = read(mail.encode())
    assert (receipt.token, receipt.word) == (TOKEN, Word.UNDELIVERED)
    assert receipt.fault is not None
    assert receipt.fault.code == "mailbox-full"


def test_who_has_it_in_one_mailbox_has_it() -> None:
    mail = postfix().replace(
        b"Action: failed", b"Action: failed\r\n\r\nFinal-Recipient: rfc822; second\r\nAction: delivered"
    )
    assert read(mail).word is Word.DELIVERED


def test_what_is_only_late_in_one_mailbox_is_not_given_up() -> None:
    mail = postfix().replace(
        b"Action: failed", b"Action: failed\r\n\r\nFinal-Recipient: rfc822; second\r\nAction: delayed"
    )
    assert read(mail).word is Word.QUEUED


def test_a_complaint_is_a_no() -> None:
    mail = COMPLAINT.format(about="abuse", back=BACK, token=TOKEN).encode()
    for path in (PATH, None):
        receipt = read(mail, path=path)
        assert (receipt.word, receipt.token) == (Word.DELIVERED, TOKEN)
        assert receipt.fault is not None
        assert receipt.fault.opt_out
    taken_back = read(COMPLAINT.format(about="not-spam", back=BACK, token=TOKEN).encode())
    assert (taken_back.word, taken_back.fault) == (Word.UNKNOWN, None)


def test_an_answer_to_the_address_is_kept_and_means_nothing() -> None:
    mail = f"To: {BACK}\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away. ann@x.example"
    receipt = read(mail.encode())
    assert (receipt.word, receipt.token, receipt.fault) == (Word.UNKNOWN, TOKEN, None)
    assert receipt.raw["Subject"] == "Out of office"


def test_copies_of_a_report_are_one_event_and_a_later_word_is_another() -> None:
    assert read(postfix()).event == read(postfix().replace(b"10:00:00", b"10:00:09")).event
    assert read(postfix("delayed", "4.4.1")).event != read(postfix("failed", "4.4.1")).event
    assert read(postfix()).event != read(postfix(status="5.2.2")).event


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "gehe\u00efm", SECRET.upper()])
def test_who_does_not_know_the_secret_is_not_believed(secret: str | None) -> None:
    with pytest.raises(Forged) as error:
        read(postfix(), secret=secret)
    assert SECRET not in str(error.value)


def test_without_a_secret_nobody_is_believed() -> None:
    callback = Callback("u", "", {"authorization": "Bearer "}, postfix(), 1.0)
    with pytest.raises(Forged, match="bounce_secret"):
        Bounces([], PATH, "mail.example.com").read(callback)


def deep(levels: int) -> bytes:
    mail = f"Delivered-To: {BACK}\n"
    for level in range(levels):
        mail += f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"
    return mail.encode() + b"\nend"


MEGABYTE = 1024 * 1024
TO = f"Delivered-To: {BACK}\n".encode()
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
REPORT = TO + b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * MEGABYTE,
        b"\xff\xfe" * (MEGABYTE // 2),
        b"no mail at all",
        b"MessageStatus=delivered&MessageSid=SM1",
        b'{"a": ' * 100_000,
        b"Subject: x\n\nno token",
        b"Subject: x\n" * (MEGABYTE // 11),
        b"To: " + b"bounce+" * (MEGABYTE // 8) + b"\n\n",
        b"To: " + b"a," * (MEGABYTE // 3) + b"\n\n",
        b"Content-Type: multipart/mixed; " + b'a=";' * 200_000 + b"\n\n",
        MIXED + b"\n--b\n" * 150_000,
        b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 20_000,
        MIXED + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 20_000,
        b"\n" * MEGABYTE,
        b":" * MEGABYTE,
        b" " * MEGABYTE,
        b"x" * (MEGABYTE + 1),
        deep(10_000),
        REPORT + b"A: b\n\n" * 150_000,
        REPORT + b"Action: failed\n" * 60_000,
        REPORT + b"Content-Transfer-Encoding: base64\n\n\xff\xff" * 20_000,
        REPORT,
    ],
)
def test_hostile_mail_is_refused_or_kept_in_bounded_time_and_memory(body: bytes) -> None:
    tracemalloc.start()
    begun = time.process_time()
    receipt = None
    with suppress(Unreadable):
        receipt = read(body)
    if receipt is not None:
        assert receipt.token == TOKEN
        assert receipt.word in (Word.UNKNOWN, Word.UNDELIVERED)
        assert len(repr(receipt)) < 10_000
    seconds, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 2
    assert peak < 60 * MEGABYTE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("bounce@example.com", "write {token} once"),
        ("bounce@{token}.example.com", "write {token} once"),
        ("{token}{token}@example.com", "write {token} once"),
        ("b ounce+{token}@example.com", "must be a mail address"),
        ("{token}", "must be a mail address"),
        ("bö+{token}@example.com", "must be a mail address"),
        ("b" * 25 + "{token}@example.com", "24 characters"),
    ],
)
def test_a_return_path_that_cannot_work_is_refused(given: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace("{", r"\{")):
        SmtpSettings.model_validate({**smtp_settings(25), "return_path": given})


def test_a_short_secret_is_refused_and_not_shown() -> None:
    with pytest.raises(ValidationError) as error:
        SmtpSettings.model_validate({**smtp_settings(25), "bounce_secret": "hunter2"})
    assert "16 random characters" in str(error.value)
    assert "hunter2" not in str(error.value)
