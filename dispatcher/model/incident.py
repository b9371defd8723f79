"""What broke, and what was said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatcher.model.config import FactValue, Severity


class State(StrEnum):
    """How far an incident has come, in order."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Reason(StrEnum):
    """Why something is said. Chooses the template and is kept with the broadcast."""

    OPENED = "opened"
    UPDATE = "update"
    RESOLVED = "resolved"
    #: What was said before was wrong: it is taken back where that is possible, and set right everywhere.
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Incident:
    id: int
    title: str
    playbook: str
    state: State
    severity: Severity
    vendors: tuple[str, ...]
    audience: str
    facts: Mapping[str, FactValue]
    source: str
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None = None
    #: Set when the alerts that opened it have ended and a person is asked whether to tell so.
    resolve_offered_at: datetime | None = None

    @property
    def label(self) -> str:
        """How people speak of it."""
        return f"INC-{self.id}"


@dataclass(frozen=True, slots=True)
class Update:
    """One thing said, or ready to be said, about an incident."""

    id: int
    incident_id: int
    number: int
    reason: Reason
    state: State
    facts: Mapping[str, FactValue]
    author: str
    created_at: datetime
    next_update_at: datetime | None


class BroadcastStatus(StrEnum):
    """Where one update sent to one audience stands."""

    #: Kept; the deliveries are not made yet.
    ACCEPTED = "accepted"
    #: Deliveries exist and are being worked on, or are done.
    PLANNED = "planned"
    #: A later update took its place, or somebody stopped it; nothing more of it is sent.
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Broadcast:
    id: int
    uid: str
    update_id: int
    incident_id: int
    audience: str
    severity: Severity
    status: BroadcastStatus
    valid_until: datetime
    created_at: datetime
    planned_at: datetime | None
    author: str
    override: str
    #: When its deliveries went into a file; the ledger keeps their totals.
    archived_at: datetime | None = None
    #: When somebody halted it: from then on nothing more of it was begun.
    stopped_at: datetime | None = None
    stopped_by: str = ""
    stopped_why: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """All that the words of one update are made from."""

    playbook: str
    messages: str
    title: str
    reason: Reason
    state: State
    number: int
    facts: Mapping[str, FactValue]
    next_update_at: datetime | None
    now: datetime
