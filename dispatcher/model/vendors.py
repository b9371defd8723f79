"""How a vendor is, who says so, and how old that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class VendorState(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    #: Nobody who could know says anything.
    UNKNOWN = "unknown"

    @property
    def is_bad(self) -> bool:
        """Whether a route that depends on it gives way to others."""
        return self in (VendorState.DEGRADED, VendorState.DOWN)


class Source(StrEnum):
    """Who says how a vendor is, strongest first."""

    #: The very incident that people are told about names it.
    THIS_INCIDENT = "this incident"
    OPERATOR = "operator"
    INCIDENT = "incident"
    BREAKERS = "breakers"
    FEED = "feed"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says about one vendor.

    Attributes:
        vendor: About whom.
        state: What they say.
        source: Who.
        since: Since when it is so.
        seen_at: When they were last heard.
        why: Their words: who it was, which incident, what a page says.
        until: When an operator's word ends by itself.
    """

    vendor: str
    state: VendorState
    source: Source
    since: datetime | None
    seen_at: datetime | None
    why: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What is held to be true of one vendor.

    `beneath` is the vendor it rides on from which it has its state, "" when the state is its own.
    """

    vendor: str
    state: VendorState
    source: Source
    since: datetime | None = None
    seen_at: datetime | None = None
    why: str = ""
    beneath: str = ""
    until: datetime | None = None

    @property
    def said(self) -> str:
        """For the reason of a route's place: `twilio, down since 12:04 UTC, our own breakers: timeouts`."""
        if self.source is Source.THIS_INCIDENT:
            return f"{self.vendor}, which this incident names"
        since = f" since {_clock(self.since, self.seen_at)}" if self.since else ""
        return f"{self.vendor}, {self.state.value}{since}" + (f", {self.why}" if self.why else "")


def _clock(moment: datetime, seen_at: datetime | None) -> str:
    same_day = seen_at is None or moment.date() == seen_at.date()
    return f"{moment:%H:%M} UTC" if same_day else f"{moment:%Y-%m-%d %H:%M} UTC"
