"""The browsers' push services, and the browsers behind them: what is taken in is decrypted, as the browser would.

A device exists by its name: its keys are derived from that, so that a subscription made before a restart can still be
read after it. Every device is on; nothing waits, so nothing is collapsed by its topic. No service worker runs, so
nobody says that a notification was shown.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import http_ece
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from channels.simulator import gate
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.store import Held

#: Under which push service's name devices are reached.
HOST = "fcm.googleapis.com"
LARGEST = 4096
_LONGEST_CLAIM = 24 * 3600
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _number(name: str) -> int:
    return int.from_bytes(sha256(f"key of simulated device {name}".encode()).digest(), "big") % (_ORDER - 1) + 1


def _secret(name: str) -> bytes:
    return sha256(f"secret of simulated device {name}".encode()).digest()[:16]


def _point(key: ec.EllipticCurvePrivateKey) -> str:
    return _text(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def subscription(name: str) -> dict[str, Any]:
    """What the browser on a device of this name would say of its subscription, as `PushSubscription.toJSON()`."""
    key = ec.derive_private_key(_number(name), ec.SECP256R1())
    return {
        "endpoint": f"https://{HOST}/fcm/send/{quote(name, safe='')}",
        "expirationTime": None,
        "keys": {"p256dh": _point(key), "auth": _text(_secret(name))},
    }


class Push:
    provider: Provider = "push"

    def __init__(self, core: Core) -> None:
        self._core = core
        raw = base64.urlsafe_b64decode(core.accounts.push_vapid_private_key + "=")
        self._vapid = ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1()).public_key()
        self._known_as = _text(self._vapid.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sim/push/{name}", self.subscribe),
            web.post("/push/{host}/{path:.+}", self.send),
            web.route("*", "/push/{rest:.*}", self.unknown),
        ]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        headers = None if retry_after is None else {"Retry-After": str(retry_after)}
        return Reply(status, {"code": status, "error": str(code or status)}, refused=str(status), headers=headers)

    async def subscribe(self, request: web.Request) -> web.Response:
        return web.json_response(subscription(request.match_info["name"]))

    async def unknown(self, request: web.Request) -> web.Response:
        return gate.respond(self.failure(405 if request.method != "POST" else 404, "no such subscription", None))

    async def send(self, request: web.Request) -> web.Response:
        body = await request.read()
        host, path = request.match_info["host"], request.match_info["path"]
        name = path.rpartition("/")[2]
        return await gate.serve(
            self._core,
            self,
            request,
            lambda number: self._take(host, path, name, request.headers, body, number),
            to=name,
            sending=True,
        )

    def _take(self, host: str, path: str, name: str, headers: Mapping[str, str], body: bytes, number: int) -> Reply:
        wrong = self._wrong(host, headers, body)
        if wrong is not None:
            return wrong
        payload = _read(name, body)
        notification = payload.get("notification") if payload is not None else None
        shown = notification if isinstance(notification, dict) else {}
        note = Held(
            provider="push",
            kind="push",
            to=name,
            body=str(shown.get("body", "")),
            subject=str(shown.get("title", "")),
            ref=f"https://{host}/message/{self._core.store.tallies['push'].stored + 1}",
            at=self._core.now(),
            status="shown",
            request=number,
            delivered=bool(shown),
            metadata={
                "endpoint": f"https://{host}/{path}",
                "ttl": int(headers["TTL"]),
                "topic": headers.get("Topic", ""),
                "urgency": headers.get("Urgency", ""),
                "payload": payload,
            },
        )
        self._core.store.hold(note)
        if not shown:  # the push service cannot know; nobody sees anything
            self._core.store.settle(note, "undelivered", "unreadable")
        return Reply(201, {}, headers={"Location": note.ref})

    def _wrong(self, host: str, headers: Mapping[str, str], body: bytes) -> Reply | None:
        """Why a push service would refuse this, as RFC 8030 and RFC 8292 have it."""
        refused = self._unproven(host, headers.get("Authorization", ""))
        if refused is not None:
            return refused
        if not headers.get("TTL", "").isdecimal():
            return self.failure(400, "TTL is missing or no number", None)
        if (topic := headers.get("Topic")) is not None and not _TOPIC.fullmatch(topic):
            return self.failure(400, "Topic is not of at most 32 characters of base64url", None)
        if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
            return self.failure(400, "Urgency is unknown", None)
        if headers.get("Content-Encoding") != "aes128gcm":
            return self.failure(400, "Content-Encoding is not aes128gcm", None)
        if len(body) > LARGEST:
            return self.failure(413, "the message is too large", None)
        return None

    def _unproven(self, host: str, authorization: str) -> Reply | None:
        scheme, _, rest = authorization.partition(" ")
        parts = {name.strip(): value for name, _, value in (part.partition("=") for part in rest.split(","))}
        if scheme.lower() != "vapid" or not parts.get("t"):
            return self.failure(401, "VAPID is missing", None)
        if parts.get("k") != self._known_as:
            return self.failure(403, "the subscription was made with another key", None)
        try:
            claims = jwt.decode(
                parts["t"],
                self._vapid,
                algorithms=["ES256"],
                audience=f"https://{host}",
                options={"require": ["exp", "sub", "aud"]},
            )
        except jwt.InvalidTokenError as error:
            return self.failure(403, type(error).__name__, None)
        if claims["exp"] > self._core.now() + _LONGEST_CLAIM:
            return self.failure(403, "exp is more than a day away", None)
        return None


def _read(name: str, body: bytes) -> dict[str, Any] | None:
    """What the browser makes of it: the decrypted JSON, None when it cannot be read."""
    try:
        key = ec.derive_private_key(_number(name), ec.SECP256R1())
        plain = http_ece.decrypt(body, private_key=key, auth_secret=_secret(name), version="aes128gcm")
        found = json.loads(plain)
    except Exception:  # noqa: BLE001 - the library raises many kinds for what is not meant for this key
        return None
    return found if isinstance(found, dict) else None
