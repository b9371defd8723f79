"""What the kit must know of a channel to try it: its author announces one of these under `outage_dispatcher.samples`.

[project.entry-points."outage_dispatcher.samples"]
"sms/twilio" = "channels.sms.twilio.samples:SAMPLES"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from channels.contract import Envelope, Words
from channels.testkit.loopback import Reply, Request

GROUP = "outage_dispatcher.samples"
STARTED_AT = 1_770_000_000.0


def envelope(number: int = 1, *, to: str, text: str = "", **changes: Any) -> Envelope:
    """One of many attempts; everything that may differ does."""
    filled: dict[str, Any] = {
        "key": f"key-{number}",
        "token": f"token{number}",
        "to": to,
        "words": Words(text=text or f"Update {number}: mail is down, we are on it.", subject=f"Update {number}"),
        "thread": "mail-2026-02",
        "sequence": number,
        "started_at": STARTED_AT,
        "useful_for": 900.0,
        "receipt_url": f"https://hooks.example.com/receipts/r/token{number}",
        "unsubscribe_url": None,
        **changes,
    }
    return Envelope(**filled)


@dataclass(frozen=True)
class Http:
    """A channel that speaks HTTP.

    Attributes:
        settings: The account's settings against a server at this URL.
        address: An address in the channel's form; different for every number.
        accepts: The provider's answer to a send.
        ref: What that answer makes the reference of a send.
        secrets: All secrets among the settings.
        oversize: A text that is too long.
        path: What every delivering request's path ends with.
        beside: The provider's answer to a request that delivers nothing, such as signing in; None for any other. Those
            requests are always answered so, and not counted.
    """

    settings: Callable[[str], Mapping[str, Any]]
    address: Callable[[int], str]
    accepts: Callable[[Request], Reply]
    ref: Callable[[Envelope], str]
    secrets: tuple[str, ...]
    oversize: str
    path: str
    beside: Callable[[Request], Reply | None] = lambda _: None


@dataclass(frozen=True)
class Smtp:
    """A channel that speaks SMTP: its settings against a relay on this port, and all secrets among them."""

    settings: Callable[[int], Mapping[str, Any]]
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Inboxed:
    """A channel that keeps its messages in the host's inbox."""


Samples = Http | Smtp | Inboxed


@cache
def enrolled() -> Mapping[str, Samples]:
    """The samples of all installed channels, by the channel's name."""
    return {point.name: point.load() for point in entry_points(group=GROUP)}
