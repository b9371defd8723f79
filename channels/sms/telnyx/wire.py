"""Envelope to request, and an answer's errors to codes. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.contract import Envelope, Measure, Word, Words
from channels.sms.segments import segments
from channels.sms.telnyx.settings import MAX_SEGMENTS, TelnyxSettings

#: Telnyx does not document the sentence; these tell a key that was there before from one that is refused as such.
_SAME_KEY = re.compile(r"already|another|different|same|reus|was used|been used|in use|mismatch|conflict")

WORDS = {
    "scheduled": Word.QUEUED,
    "queued": Word.QUEUED,
    "sending": Word.QUEUED,
    "sent": Word.SENT,
    "delivered": Word.DELIVERED,
    # The end of the road without a word from the carrier: it was passed on, and more is not known.
    "delivery_unconfirmed": Word.SENT,
    "sending_failed": Word.UNDELIVERED,
    "delivery_failed": Word.UNDELIVERED,
    "expired": Word.UNDELIVERED,
    "cancelled": Word.UNDELIVERED,
    "canceled": Word.UNDELIVERED,
}


@dataclass(frozen=True, slots=True)
class Error:
    """One error as Telnyx words it: its code, and its title and detail as one text."""

    code: str
    said: str


def send_arguments(envelope: Envelope, settings: TelnyxSettings) -> dict[str, Any]:
    """The arguments of the SDK's `messages.send`."""
    arguments: dict[str, Any] = {
        "to": envelope.to,
        "text": envelope.words.text,
        "type": "SMS",
        "idempotency_key": idempotency_key(envelope.key, settings),
    }
    if settings.from_number is not None:
        arguments["from_"] = settings.from_number
    if settings.messaging_profile_id is not None:
        arguments["messaging_profile_id"] = settings.messaging_profile_id
    if envelope.receipt_url is not None:
        arguments["webhook_url"] = envelope.receipt_url
    return arguments


def idempotency_key(key: str, settings: TelnyxSettings) -> str:
    """A digest of the delivery's key and of the sender, so that it holds nothing about the person.

    Telnyx knows keys by account, and of a message that it took and could not deliver too. A second route of the account
    exists to send such a message from another number: with the delivery's key alone it would count as had already.
    """
    whole = "\n".join((key, settings.from_number or "", settings.messaging_profile_id or ""))
    return f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}"


def measure(words: Words, settings: TelnyxSettings | None) -> Measure:
    """In segments, of the text as it is: replacing typographic characters is a switch of the messaging profile."""
    count = segments(words.text)
    most = settings.max_segments if settings else MAX_SEGMENTS
    return Measure(count.parts, most, "segments", parts=count.parts, note=count.note)


def taken(answer: Mapping[str, Any]) -> str:
    """Telnyx's id of the message that an answer says was taken; "" when it holds none."""
    data = answer.get("data")
    ref = data.get("id") if isinstance(data, dict) else None
    return ref if isinstance(ref, str) else ""


def errors(body: Mapping[str, Any]) -> list[Error]:
    """The errors of an answer or of a webhook's payload; none where it is not of the documented form."""
    given = body.get("errors")
    listed: Iterable[object] = given if isinstance(given, list) else ()
    return [
        Error(str(one["code"])[:64], f"{one.get('title') or ''} {one.get('detail') or ''}".strip())
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("code"), str | int)
    ]


def says_same_key(error: Error) -> bool:
    """Whether an error says that a request with this key was made before, with another body.

    Every attempt has an address of its own for its receipts, so the body of a second attempt differs. Telnyx answers
    422 as long as it has the record of a first one that went well, which is the proof that it has the message.
    """
    return names_key(error) and _SAME_KEY.search(error.said.lower()) is not None


def names_key(error: Error) -> bool:
    """Whether an error speaks of the request's key at all. It may also say that the key itself is no good."""
    return "idempoten" in error.said.lower()
