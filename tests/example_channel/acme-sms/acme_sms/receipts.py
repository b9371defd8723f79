"""Acme's callbacks: verified, then read."""

import hmac
from collections.abc import Sequence

from channels.contract import Blame, Callback, Fault, Forged, Heard, Receipt, Unreadable, Word
from channels.transport.bodies import json_object

#: Acme signs with the time; a call that is older or newer than this many seconds is somebody else's copy.
FRESH_FOR = 300.0

WORDS = {
    "queued": Word.QUEUED,
    "sent": Word.SENT,
    "delivered": Word.DELIVERED,
    "failed": Word.UNDELIVERED,
}


def signature(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()


def heard(callback: Callback, secrets: Sequence[str]) -> Heard:
    """The one receipt of a callback.

    Raises:
        Forged: none of the secrets signed it, or not now.
        Unreadable: it is not of the form that Acme documents.
    """
    _verify(callback, secrets)
    said = json_object(callback.body)
    event, ref, status = said.get("event"), said.get("id"), said.get("status")
    if not (isinstance(event, str) and isinstance(ref, str) and isinstance(status, str) and event and ref):
        raise Unreadable("the callback names no event, no message or no status")
    word = WORDS.get(status, Word.UNKNOWN)
    failed = Fault(Blame.RECIPIENT, "undelivered", "Acme could not deliver it.", str(said.get("reason", ""))[:60])
    return Heard(
        [
            Receipt(
                word=word,
                event=event,
                token=callback.token,
                ref=ref,
                raw={"status": status, "reason": str(said.get("reason", ""))},
                fault=failed if word is Word.UNDELIVERED else None,
            )
        ]
    )


def _verify(callback: Callback, secrets: Sequence[str]) -> None:
    stamp, given = (callback.headers.get(name, "") for name in ("acme-timestamp", "acme-signature"))
    if not (given.isascii() and stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        raise Forged("no signature with a time")
    if abs(callback.received_at - int(stamp)) > FRESH_FOR:
        raise Forged("the signature is not of now")
    if not any(hmac.compare_digest(given, signature(secret, stamp, callback.body)) for secret in secrets):
        raise Forged("the signature is not of this account")
