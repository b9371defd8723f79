"""What goes to Acme and what comes back. Pure."""

from collections.abc import Mapping
from typing import Any

from acme_sms.settings import AcmeSettings
from channels.contract import Blame, Envelope, Fault, Measure, Words

LONGEST = 480


def measure(words: Words, _: AcmeSettings | None = None) -> Measure:
    return Measure(len(words.text), LONGEST, "characters")


def message(envelope: Envelope, sender: str) -> dict[str, Any]:
    fields = {"to": envelope.to, "from": sender, "text": envelope.words.text}
    return fields | ({"callback_url": envelope.receipt_url} if envelope.receipt_url else {})


def taken(answer: Mapping[str, Any]) -> str | None:
    """Acme's name for the message; None when the answer holds none."""
    ref = answer.get("id")
    return ref if isinstance(ref, str) and ref else None


def refused(code: str) -> Fault | None:
    """What one of Acme's codes means, where it means more than the status beside it."""
    if code == "opted-out":
        return Fault(Blame.RECIPIENT, "opted-out", "They have opted out.", code, opt_out=True)
    return None
