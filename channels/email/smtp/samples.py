"""A mail relay as the conformance kit tries it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from channels.contract import Callback, Word
from channels.testkit.samples import TOKEN, Callbacks, Example, Smtp

SMTP_PASSWORD = "smtp-password"
SMTP_BOUNCE_SECRET = "smtp-bounce-secret-1"
SMTP_SECOND_BOUNCE_SECRET = "smtp-bounce-secret-2"
RETURN_PATH = "bounce+{token}@bounces.example.com"


def smtp_settings(port: int) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "username": "status",
        "password": SMTP_PASSWORD,
        "from_address": "status@example.com",
        "from_name": "Example Status",
        "message_id_domain": "mail.example.com",
    }


def smtp_settings_with_return(port: int) -> dict[str, Any]:
    """The same, with mail that comes back."""
    return smtp_settings(port) | {
        "return_path": RETURN_PATH,
        "bounce_secret": SMTP_BOUNCE_SECRET,
        "second_bounce_secret": SMTP_SECOND_BOUNCE_SECRET,
    }


def smtp_steady(mail: str) -> str:
    """A mail carries its date, a random boundary, and the name of the machine it is sent from."""
    mail = re.sub(r"(?m)^Date: .*$", "Date: …", mail)
    mail = re.sub(r"===============\d+==", "===============…==", mail)
    return re.sub(r"(?m)^(EHLO|HELO) .*$", r"\1 …", mail)


def smtp_signs(callback: Callback, secret: str) -> Mapping[str, str]:
    return {"authorization": f"Bearer {secret}", "content-type": "message/rfc822"}


def _report(action: str, status: str, word: Word) -> Example:
    """What comes back for the mail of the sample attempt, as a mail system writes it."""
    mail = f"""Delivered-To: {RETURN_PATH.replace("{token}", TOKEN)}
From: MAILER-DAEMON@mx.customer.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="of-the-report"

--of-the-report
Content-Type: text/plain

Your message could not be delivered yet, or not at all.

--of-the-report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; person1@customer.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <person1@customer.example>

--of-the-report--
"""
    return Example(mail.replace("\n", "\r\n").encode(), (word,), by_route=True)


CALLBACKS = Callbacks(
    sign=smtp_signs,
    secrets=(SMTP_BOUNCE_SECRET, SMTP_SECOND_BOUNCE_SECRET),
    stranger="smtp-bounce-secret-3",
    examples={
        "failed": _report("failed", "5.1.1", Word.UNDELIVERED),
        "full": _report("failed", "5.2.2", Word.UNDELIVERED),
        "delayed": _report("delayed", "4.4.1", Word.QUEUED),
        "relayed": _report("relayed", "2.0.0", Word.SENT),
        "delivered": _report("delivered", "2.0.0", Word.DELIVERED),
    },
    unknown=_report("pondered", "4.0.0", Word.UNKNOWN),
    covers_body=False,  # a password proves whoever hands the mail over
)

SAMPLES = Smtp(
    settings=smtp_settings_with_return,
    secrets=(SMTP_PASSWORD, SMTP_BOUNCE_SECRET, SMTP_SECOND_BOUNCE_SECRET),
    callbacks=CALLBACKS,
    steady=smtp_steady,
)
