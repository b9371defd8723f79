"""An account with Telnyx as the conformance kit tries it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import telnyx.resources.messages  # noqa: F401 - it takes seconds, once, and the kit measures how long a send takes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.contract import Callback, Wish, Word
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Callbacks, Example, Http

TELNYX_KEY = "KEY0123456789ABCDEF_telnyx-api-key-1"
#: Whose public halves the account shows: these sign the webhooks.
SIGNERS = tuple(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
_STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)


def _shown(signer: Ed25519PrivateKey) -> str:
    return base64.b64encode(signer.public_key().public_bytes_raw()).decode()


PUBLIC_KEYS = tuple(_shown(one) for one in SIGNERS)
_BY_PUBLIC_KEY = {_shown(one): one for one in (*SIGNERS, _STRANGER)}


def telnyx_settings(base_url: str) -> dict[str, Any]:
    return {
        "api_key": TELNYX_KEY,
        "public_key": PUBLIC_KEYS[0],
        "second_public_key": PUBLIC_KEYS[1],
        "messaging_profile_id": "400174af-0a13-4e28-b4f5-000000000000",
        "base_url": base_url,
    }


def telnyx_accepts(request: Request) -> Reply:
    to = json.loads(request.body)["to"]
    message = {"id": "T" + to.removeprefix("+"), "to": [{"phone_number": to, "status": "queued"}]}
    return Reply(200, json.dumps({"data": message}).encode())


def telnyx_signs(callback: Callback, public_key: str) -> Mapping[str, str]:
    """As the owner of this public key signs."""
    stamp = str(int(callback.received_at))
    signature = _BY_PUBLIC_KEY[public_key].sign(stamp.encode() + b"|" + callback.body)
    return {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": base64.b64encode(signature).decode()}


def _event(kind: str, **payload: object) -> bytes:
    told = {"event_type": kind, "id": "e1", "occurred_at": "2026-02-02T02:40:00.000+00:00", "payload": payload}
    return json.dumps({"data": {"record_type": "event", **told}}).encode()


def _status(status: str, word: Word, *failures: dict[str, str], kind: str = "message.finalized") -> Example:
    to = [{"phone_number": "+15550000001", "status": status, "carrier": "T-MOBILE USA, INC."}]
    return Example(_event(kind, id="T1", direction="outbound", to=to, errors=list(failures)), (word,))


def _text(ref: str, text: str, wish: Wish, autoresponse: str | None = None) -> Example:
    sender = {"phone_number": "+15550000001", "carrier": "T-MOBILE USA, INC."}
    body = _event(
        "message.received", id=ref, direction="inbound", text=text, autoresponse_type=autoresponse, **{"from": sender}
    )
    return Example(body, wishes=(wish,), by_route=True)


CALLBACKS = Callbacks(
    sign=telnyx_signs,
    secrets=PUBLIC_KEYS,
    stranger=_shown(_STRANGER),
    examples={
        "sent": _status("sent", Word.SENT, kind="message.sent"),
        "delivered": _status("delivered", Word.DELIVERED),
        "without a word from the carrier": _status("delivery_unconfirmed", Word.SENT),
        "undelivered": _status(
            "delivery_failed", Word.UNDELIVERED, {"code": "40001", "title": "Not routable", "detail": "a landline"}
        ),
        "a stop": _text("T2", "STOP", Wish.STOP, "STOP"),
        "a no in other words": _text("T3", "please stop texting me", Wish.STOP),
        "a start": _text("T4", "Start", Wish.START, "START"),
        "a call for help": _text("T5", "HELP", Wish.HELP, "HELP"),
        "a question": _text("T6", "When will it stop?", Wish.OTHER),
    },
    unknown=_status("teleported", Word.UNKNOWN),
    fresh_for=300.0,
)


SAMPLES = Http(
    settings=telnyx_settings,
    address=lambda number: f"+1555{number:07}",
    accepts=telnyx_accepts,
    ref=lambda sent: "T" + sent.to.removeprefix("+"),
    secrets=(TELNYX_KEY, *PUBLIC_KEYS),
    oversize="x" * 613,
    path="/messages",
    callbacks=CALLBACKS,
    # What the SDK says of itself and of the machine.
    steady=lambda request: re.sub(r"(x-stainless-(?:arch|os|package-version|runtime-version): )\S+", r"\1…", request),
)
