"""A mail relay as the conformance kit tries it."""

from __future__ import annotations

import re
from typing import Any

from channels.testkit.samples import Smtp

SMTP_PASSWORD = "smtp-password"


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


def smtp_steady(mail: str) -> str:
    """A mail carries its date, a random boundary, and the name of the machine it is sent from."""
    mail = re.sub(r"(?m)^Date: .*$", "Date: …", mail)
    mail = re.sub(r"===============\d+==", "===============…==", mail)
    return re.sub(r"(?m)^(EHLO|HELO) .*$", r"\1 …", mail)


SAMPLES = Smtp(settings=smtp_settings, secrets=(SMTP_PASSWORD,), steady=smtp_steady)
