"""What a route's pace for one destination (`model.pace`) counts as one, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from channels.contract import Kind

_LONGEST_CODE = 3


def destination_of(kind: Kind, address: str) -> str:
    """What a provider, or whoever stands behind it, counts messages for: the domain of a mail address in small letters,
    the calling code of a phone number, and of all else the address itself. Pure.

    Mail hosts limit a sender per domain. Nobody limits what one phone gets, but senders, and how fast they may be,
    differ by country. Slack limits a channel, a push service a device, and a webhook is one place anyhow.
    """
    if kind is Kind.EMAIL:
        return address.rpartition("@")[2].strip().rstrip(".").lower()
    if kind is Kind.SMS and address.startswith("+"):
        codes = _calling_codes()
        starts = (address[: 1 + digits] for digits in range(1, _LONGEST_CODE + 1))
        return next((start for start in starts if start in codes), address)
    return address


@cache
def _calling_codes() -> frozenset[str]:
    """`+1`, `+49` and all others. None is the beginning of another."""
    # Its tables take a moment to read, and not every command needs them.
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(f"+{code}" for code in COUNTRY_CODE_TO_REGION_CODE)


@dataclass(frozen=True, slots=True)
class Occupied:
    """What is known of one destination of a route.

    Attributes:
        free_at: When the next message to it may leave; None for now.
        lines: For each broadcast, the moment for which the last of its messages that wait for this destination was put
            off. It is a guess when that comes to its turn; it only keeps them from being looked at all at once.
    """

    free_at: datetime | None = None
    lines: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comer:
    """A delivery that waits and is due, as the pace for its destination sees it."""

    delivery_id: int
    broadcast_id: int
    destination: str
    kind: Kind
    locale: str
    name: str
