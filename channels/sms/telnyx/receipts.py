"""Telnyx's webhooks: verified, then read. What became of a message, and what people text back.

Signed by Ed25519 over `timestamp|body`, both as they came, in the headers `telnyx-signature-ed25519` (base64) and
`telnyx-timestamp` (Unix seconds); source: developers.telnyx.com, "Receiving webhooks". The address that was called is
not part of what is signed; but the message's own `webhook_url` is, so an event cannot be moved to another attempt.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from channels.contract import Callback, Forged, Heard, Receipt, Said, Unreadable, Wish, Word
from channels.sms.telnyx import wire
from channels.sms.telnyx.codes import undelivered
from channels.sms.wishes import wish
from channels.transport.masking import masked, masked_address

SIGNATURE = "telnyx-signature-ed25519"
TIMESTAMP = "telnyx-timestamp"
#: Seconds by which the signed moment may be off, either way. Telnyx names no figure; its SDKs take 300.
TOLERANCE = 300.0
LARGEST_BODY = 64 * 1024
#: What Telnyx itself took a text for, and answered.
_ANSWERED = {"STOP": Wish.STOP, "START": Wish.START, "HELP": Wish.HELP}


class Webhooks:
    """Reads the webhooks of one account.

    Args:
        keys: Public keys, 32 bytes each. Any of their owners may have signed; several while one is being replaced.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [Ed25519PublicKey.from_public_bytes(key) for key in keys]

    def read(self, callback: Callback) -> Heard:
        """What one event tells. Events of other kinds are genuine and tell nothing.

        Raises:
            Forged: no signature, none of our keys' owners made it, or long ago, or it is about another attempt.
            Unreadable: too large, or not of the documented form.
        """
        if len(callback.body) > LARGEST_BODY:
            raise Unreadable(f"the webhook has more than {LARGEST_BODY} bytes")
        self._verify(callback)
        event = _object(_parsed(callback.body).get("data"), "data")
        payload = _object(event.get("payload"), "payload")
        match event.get("event_type"):
            case "message.sent" | "message.finalized":
                return Heard(receipts=[_receipt(callback, event, payload)])
            case "message.received":
                return Heard(said=[_said(payload)])
            case str():
                return Heard()
            case _:
                raise Unreadable("the webhook names no event")

    def _verify(self, callback: Callback) -> None:
        given, stamp = callback.headers.get(SIGNATURE, ""), callback.headers.get(TIMESTAMP, "")
        if not given or not stamp:
            raise Forged(f"no {SIGNATURE} or {TIMESTAMP} header")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Forged(f"{TIMESTAMP} is no number of seconds")
        try:
            signature = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            raise Forged("the signature is not base64") from None
        signed = stamp.encode() + b"|" + callback.body
        if not any(_is_signed(key, signature, signed) for key in self._keys):
            raise Forged("the signature is not of this account")
        if abs(callback.received_at - int(stamp)) > TOLERANCE:
            raise Forged("the webhook was signed too long ago, or this machine's clock is wrong")


def _is_signed(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        return _object(json.loads(body.decode(), object_pairs_hook=_each_once), "body")
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the webhook is not JSON of the documented form ({type(error).__name__})") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field is there twice")
    return fields


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"the webhook's {name} is no object")
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _receipt(callback: Callback, event: Mapping[str, Any], payload: Mapping[str, Any]) -> Receipt:
    called = _text(payload.get("webhook_url"))
    if callback.token and called and called != callback.url:
        raise Forged("the event belongs to another address than the one that was called")
    ref, to = _text(payload.get("id")), payload.get("to")
    told = to[0] if isinstance(to, list) and to and isinstance(to[0], dict) else {}
    status = _text(told.get("status")).lower()
    if not ref or not status:
        raise Unreadable("the webhook names no message or no status")
    failures = wire.errors(payload)
    code, said = (failures[0].code, failures[0].said) if failures else ("", "")
    word = wire.WORDS.get(status, Word.UNKNOWN)
    address = _text(told.get("phone_number"))
    return Receipt(
        word=word,
        event=f"{ref}:{status}:{code}",
        token=callback.token,
        ref=ref,
        raw={
            "event_type": str(event.get("event_type")),
            "id": _text(event.get("id")),
            "occurred_at": _text(event.get("occurred_at")),
            "status": status,
            "carrier": _text(told.get("carrier")),
            "to": masked_address(address) if address else "",
            "code": code,
            "said": masked(said, addresses=[address] if address else []),
        },
        fault=undelivered(code, said, status) if word is Word.UNDELIVERED else None,
        at=_moment(event.get("occurred_at")),
    )


def _said(payload: Mapping[str, Any]) -> Said:
    sender, ref, text = payload.get("from"), _text(payload.get("id")), _text(payload.get("text"))
    address = _text(sender.get("phone_number")) if isinstance(sender, dict) else ""
    if not ref or not address:
        raise Unreadable("the webhook names no message or no sender")
    means = wish(text)
    if means is not Wish.STOP:
        # Its profile may know words that we do not. A no that we heard stays one.
        means = _ANSWERED.get(_text(payload.get("autoresponse_type")).upper(), means)
    return Said(means, address, ref, text)


def _moment(value: object) -> float | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo is not None else None
