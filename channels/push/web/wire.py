"""Addresses, and what a notification is made of. Pure.

An address is one line: the endpoint, the browser's public key and its secret, with a space between. The last two are as
`PushSubscription.toJSON()` gives them.

Sources: RFC 8030 (TTL, Topic, Urgency), RFC 8291 (keys), the W3C's Push API on declarative messages.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from channels.contract import Envelope, Measure, Words
from channels.push.web.keys import unpadded

#: Title and text together. Phones show a part of it before one opens the notification.
LONGEST_TEXT = 400
#: Bytes before encryption; 4096 are allowed after it.
LARGEST_PAYLOAD = 3000
LONGEST_ADDRESS = 1500
LONGEST_TITLE = 100
#: No push service keeps a message longer than four weeks.
LONGEST_TTL = 28 * 86_400
#: Marks a message that Safari shows without asking a service worker.
_DECLARATIVE = 8030
_TOPIC_BYTES = 24  # 32 characters of base64url, the most that are allowed
_POINT, _SECRET = 65, 16

#: Where subscriptions may lead: an endpoint comes from outside, and we send whatever stands in it a request.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)


@dataclass(frozen=True, slots=True, repr=False)
class Subscription:
    """Where one browser is told, and what it needs to read it."""

    endpoint: str
    p256dh: str
    auth: str

    @property
    def address(self) -> str:
        return f"{self.endpoint} {self.p256dh} {self.auth}"

    def as_told(self) -> dict[str, Any]:
        """As the browser gives it and the library takes it."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}}


def subscription(told: Mapping[str, Any], *, extra_hosts: Iterable[str] = ()) -> Subscription:
    """What a browser says of its subscription.

    Raises:
        ValueError: it is not of the documented form, or its endpoint is not one of a known push service.
    """
    match told:
        case {"endpoint": str(endpoint), "keys": {"p256dh": str(p256dh), "auth": str(auth)}}:
            read = Subscription(endpoint, p256dh.rstrip("="), auth.rstrip("="))
        case _:
            raise ValueError("a subscription has an endpoint, and keys with p256dh and auth")
    _check_endpoint(endpoint, (*PUSH_SERVICES, *extra_hosts))
    try:
        point, secret = unpadded(read.p256dh), unpadded(read.auth)
    except ValueError:
        raise ValueError("the keys of a subscription are base64url") from None
    if len(point) != _POINT or point[0] != 4 or len(secret) != _SECRET:
        raise ValueError(f"p256dh holds {_POINT} bytes that begin with 4, and auth {_SECRET} bytes")
    if len(read.address) > LONGEST_ADDRESS:
        raise ValueError(f"the subscription is longer than {LONGEST_ADDRESS} characters")
    return read


def from_address(address: str, *, extra_hosts: Iterable[str] = ()) -> Subscription:
    """The subscription that an address holds. Raises as `subscription`."""
    parts = address.split(" ")
    if len(parts) != 3:
        raise ValueError("an address for web push is an endpoint and two keys with a space between")
    endpoint, p256dh, auth = parts
    return subscription({"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}, extra_hosts=extra_hosts)


def _check_endpoint(endpoint: str, known: Iterable[str]) -> None:
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise ValueError("the endpoint of a subscription is an https address") from None
    plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint and "\\" not in endpoint
    if not plain or parts.scheme != "https" or parts.username is not None or port not in (None, 443) or parts.fragment:
        raise ValueError("the endpoint of a subscription is an https address")
    host = parts.hostname or ""
    if not any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in known):
        raise ValueError("the endpoint is not one of a known push service; the setting extra_hosts can name others")


def url_at(base_url: str, endpoint: str) -> str:
    """Where a request for this endpoint goes when all push services are reached at one place."""
    return f"{base_url}/{endpoint.removeprefix('https://')}"


def measure(words: Words) -> Measure:
    """In characters, title and text together."""
    return Measure(len(words.subject) + len(words.text), LONGEST_TEXT, "characters")


def payload(envelope: Envelope, open_url: str) -> bytes:
    """What the browser gets: JSON that a service worker and Safari without one both understand.

    `token` is for the service worker, which says by it that the notification was shown.
    """
    text = _plain(envelope.words.text)
    title = _plain(envelope.words.subject).replace("\n", " ").strip() or text.partition("\n")[0]
    told = {
        "web_push": _DECLARATIVE,
        "notification": {
            "title": title[:LONGEST_TITLE],
            "body": text,
            "navigate": open_url,
            "tag": topic(envelope.thread),
            "silent": not envelope.notable,
            "data": {"token": envelope.token, "navigate": open_url},
        },
        # Where there is a service worker, it is asked all the same: only so do we hear that the message arrived.
        "mutable": True,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def topic(thread: str) -> str:
    """Names the incident within 32 characters of base64url: a later message takes the place of one that still waits."""
    return base64.urlsafe_b64encode(sha256(thread.encode("utf-8", "replace")).digest()[:_TOPIC_BYTES]).decode()


def ttl(useful_for: float) -> int:
    """Seconds for which the push service keeps the message for a browser that is off. 0 would mean: not at all."""
    return min(max(1, int(useful_for)), LONGEST_TTL)


def _plain(text: str) -> str:
    """Without control characters, each of which would take six bytes, and without halves of characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(one for one in whole if one == "\n" or one.isprintable() or ord(one) > 0x9F)
