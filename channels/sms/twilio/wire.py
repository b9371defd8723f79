"""Envelope to request, and a listed message back to its envelope. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from channels.contract import (
    Absent,
    Blame,
    CannotTell,
    Envelope,
    Fault,
    Found,
    LookUp,
    Measure,
    Receipt,
    Word,
    Words,
)
from channels.sms.segments import plain, segments
from channels.sms.twilio.codes import undelivered
from channels.sms.twilio.settings import MAX_SEGMENTS, TwilioSettings

LONGEST_BODY = 1600
LONGEST_VALIDITY = 36_000
#: Our clock and Twilio's need not agree. Too little here would send a text twice; too much could at worst take the same
#: words, sent to the same number a minute before, for this attempt.
CLOCK_SLACK = 60.0

WORDS = {
    "accepted": Word.QUEUED,
    "scheduled": Word.QUEUED,
    "queued": Word.QUEUED,
    "sending": Word.QUEUED,
    "sent": Word.SENT,
    "delivered": Word.DELIVERED,
    "read": Word.READ,
    "undelivered": Word.UNDELIVERED,
    "failed": Word.UNDELIVERED,
    "canceled": Word.UNDELIVERED,
}
#: Nothing more is to be expected after these.
_FINAL = (Word.DELIVERED, Word.READ, Word.UNDELIVERED)


@dataclass(frozen=True, slots=True)
class Listed:
    """What we look at in a message that Twilio lists. `created` is in Unix seconds."""

    sid: str
    body: str
    direction: str
    status: str
    error_code: str
    created: float


def create_arguments(envelope: Envelope, settings: TwilioSettings) -> dict[str, Any]:
    """The arguments of the SDK's `messages.create`."""
    arguments: dict[str, Any] = {
        "to": envelope.to,
        "body": envelope.words.text,
        "validity_period": max(1, min(LONGEST_VALIDITY, int(envelope.useful_for))),
        "smart_encoded": settings.smart_encoded,
    }
    if settings.messaging_service_sid is not None:
        arguments["messaging_service_sid"] = settings.messaging_service_sid
    else:
        arguments["from_"] = settings.from_number
    if envelope.receipt_url is not None:
        arguments["status_callback"] = envelope.receipt_url
    return arguments


def measure(words: Words, settings: TwilioSettings | None) -> Measure:
    """In segments, unless the body is longer than Twilio takes however cheap its characters are.

    Without settings the defaults hold.
    """
    smart, most = (settings.smart_encoded, settings.max_segments) if settings else (True, MAX_SEGMENTS)
    count = segments(plain(words.text) if smart else words.text)
    if len(words.text) > LONGEST_BODY:
        note = f"Twilio takes at most {LONGEST_BODY} characters"
        return Measure(len(words.text), LONGEST_BODY, "characters", parts=count.parts, note=note)
    return Measure(count.parts, most, "segments", parts=count.parts, note=count.note)


def receipt(status: str, error_code: str, *, sid: str, token: str, raw: dict[str, str]) -> Receipt:
    """One status of one message, whether called back or looked up."""
    word = WORDS.get(status, Word.UNKNOWN)
    return Receipt(
        word=word,
        event=f"{sid}:{status}:{error_code}",
        token=token,
        ref=sid,
        raw=raw,
        fault=undelivered(error_code, status) if word is Word.UNDELIVERED else None,
    )


def pick(envelope: Envelope, listed: Iterable[Listed], *, since: float | None = None) -> LookUp:
    """Which of the messages to this number is the one of this attempt.

    Two attempts never overlap, so a message with these words since the intent was recorded is this attempt's.

    Args:
        envelope: What was to be sent.
        listed: What Twilio has for the number.
        since: When the attempt began, by Twilio's clock; left out, ours is believed.
    """
    since = envelope.started_at if since is None else since
    withheld = False
    for message in sorted(listed, key=lambda message: message.created):
        if message.direction != "outbound-api" or message.created < since - CLOCK_SLACK:
            continue
        if same_words(envelope.words.text, message.body):
            raw = {"MessageStatus": message.status, "ErrorCode": message.error_code}
            seen = receipt(message.status, message.error_code, sid=message.sid, token=envelope.token, raw=raw)
            return Found(message.sid, seen if seen.word in _FINAL else None)
        withheld = withheld or not message.body
    if withheld:
        detail = "Twilio has a message to this number from that time but does not keep the words of messages."
        return CannotTell(Fault(Blame.ACCOUNT, "words-withheld", detail))
    return Absent()


def same_words(ours: str, theirs: str) -> bool:
    """Whether Twilio's copy of a text is ours.

    Smart encoding replaces punctuation and spaces, and a trial account puts a sentence in front. So letters and digits
    are compared, and more than those only where a text has too few to be told from another.
    """
    mine, other = _letters(ours), _letters(theirs)
    if len(mine) < 8:
        return ours.strip() == theirs.strip()
    return other == mine or other.endswith(mine)


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if character.isalnum()).casefold()
