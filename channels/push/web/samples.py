"""Web push as the conformance kit tries it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from channels.contract import Accepted
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

#: 32 bytes that open nothing.
VAPID_KEY = base64.urlsafe_b64encode(hashlib.sha256(b"a sample of a VAPID key").digest()).rstrip(b"=").decode()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def browser(number: int) -> ec.EllipticCurvePrivateKey:
    """The private key of the browser with this number."""
    return ec.derive_private_key(1_000_003 + number, ec.SECP256R1())


def secret(number: int) -> bytes:
    """The secret that the browser with this number shares with whoever may send to it."""
    return hashlib.sha256(b"browser %d" % number).digest()[:16]


def push_address(number: int) -> str:
    point = browser(number).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return f"https://fcm.googleapis.com/fcm/send/sub-{number:04} {_text(point)} {_text(secret(number))}"


def push_settings(base_url: str) -> dict[str, Any]:
    return {
        "vapid_private_key": VAPID_KEY,
        "vapid_subject": "mailto:ops@northwind.example",
        "open_url": "https://northwind.example/status",
        "base_url": base_url,
    }


def push_accepts(request: Request) -> Reply:
    return Reply(201, b"", {"Location": f"https://fcm.googleapis.com/message{request.target}"})


def _steady(requests: str) -> str:
    """Each message is encrypted with a key of its own, and each claim is signed anew."""
    requests = re.sub(r"\bt=[\w.-]+,", "t=<signed>,", requests)
    return re.sub(r"(?s)(\nurgency: high\n)\n.*?(?=\n+##### |\Z)", r"\1\n<encrypted>\n", requests)


SAMPLES = Http(
    settings=push_settings,
    address=push_address,
    accepts=push_accepts,
    ref=lambda sent: "https://fcm.googleapis.com/message/" + sent.to.split(" ")[0].removeprefix("https://"),
    secrets=(VAPID_KEY,),
    oversize="x" * 401,
    path="",
    # A push service answers by its status alone.
    statuses={200: Accepted, 201: Accepted, 202: Accepted},
    steady=_steady,
)
