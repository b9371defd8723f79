"""The breaker of a route as all processes know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Breaker(StrEnum):
    """Whether a route is used."""

    #: It is used.
    CLOSED = "closed"
    #: It fails: nothing is sent by it before `Circuit.probe_at`.
    OPEN = "open"
    #: One probe is out, and has until `Circuit.probe_at`; whoever else would use the route goes by the next one.
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Circuit:
    """One route's breaker.

    Attributes:
        state: As above.
        cause: What opened it, in words; "" for one that never opened.
        since: When it was opened, or closed again; None when it never was. A failed probe does not change it.
        probe_at: When the next probe may leave; None while it is closed.
        times: How many windows it has been open for in a row.
    """

    state: Breaker = Breaker.CLOSED
    cause: str = ""
    since: datetime | None = None
    probe_at: datetime | None = None
    times: int = 0

    @property
    def is_closed(self) -> bool:
        return self.state is Breaker.CLOSED

    @property
    def why(self) -> str:
        """Why nothing is sent by the route, for whoever reads the story of a message."""
        since = f" since {self.since:%H:%M:%S} UTC" if self.since else ""
        return f"its breaker is open{since} ({self.cause})"
