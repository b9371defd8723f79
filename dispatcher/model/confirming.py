"""Asking providers once more what became of messages of which nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatcher.model.delivery import Status

#: A provider has it, or may have it, and nobody knows whether it arrived.
UNPROVEN = frozenset({Status.ACCEPTED, Status.SENT, Status.UNCONFIRMED})
#: The engine asks about these by itself, or has given up asking.
DOUBTFUL = frozenset({Status.UNCERTAIN, Status.ASKING})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How far one route of one broadcast has been asked about since somebody last wanted to know.

    Attributes:
        after: The last delivery that was asked about.
        told: How many answers said what became of the message.
        problem: Why it ended before all were asked about, "" when all were.
    """

    broadcast_id: int
    route: str
    requested_at: datetime
    after: int
    asked: int
    told: int
    finished_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """So many deliveries of an incident stand on a route and nobody knows whether they arrived.

    `why_not` says why their provider is not asked, "" when it can be.
    """

    kind: str
    route: str
    deliveries: int
    why_not: str
