"""What reports are made of: counts, rows of a list, and the whole story of one delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels.contract import Kind
from dispatcher.model.delivery import Chain, Status
from dispatcher.model.recipient import Consent

#: An answer that took less, in seconds, is not said to have taken any time.
_WORTH_TELLING = 0.05


@dataclass(frozen=True, slots=True)
class Count:
    """So many deliveries of a broadcast stand so on this route. `route` is "" where there was none to begin with."""

    kind: str
    route: str
    status: Status
    deliveries: int


@dataclass(frozen=True, slots=True)
class RouteLine:
    """What one route did for one broadcast.

    Attributes:
        planned: Deliveries that were to go by this route first.
        accepted: Deliveries the provider took here.
        delivered: Deliveries the provider, or the person, confirmed here.
        failed_over: Deliveries that were tried here and went on to another route.
        unknown: Deliveries that stand here without a final word: taken and not confirmed, or uncertain.
        failed: Deliveries that ended here and did not arrive, all ways considered.
        superseded: Deliveries that a newer update replaced here before they were sent.
        waiting: Deliveries that wait here, or are under way.
        silent: Deliveries taken here whose receipt did not come in time.
        late: Those of them of which the provider said later that they arrived, whatever was sent by other routes since.
    """

    kind: str
    route: str
    planned: int = 0
    accepted: int = 0
    delivered: int = 0
    failed_over: int = 0
    unknown: int = 0
    failed: int = 0
    waiting: int = 0
    superseded: int = 0
    silent: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong with a delivery: it ended so, is in doubt, or goes another way because of it."""

    at: datetime
    delivery_id: int
    route: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One delivery in a list. `to` is masked. `first_tried_at` is when the first attempt began, by whatever route."""

    id: int
    incident_id: int
    update_number: int
    leg: str
    who: str
    kind: str
    route: str
    to: str
    status: Status
    reason: str
    failovers: int
    maybe_twice: bool
    first_tried_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptStory:
    id: int
    route: str
    kind: Kind
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    blame: str | None
    code: str | None
    provider_code: str | None
    detail: str | None
    lookup: str | None
    decision: str | None
    ref: str | None
    receipts: tuple[ReceiptStory, ...]
    #: When it was clear that no receipt had come in time, and what was decided upon it.
    silent_at: datetime | None = None
    silence: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptStory:
    received_at: datetime
    word: str
    effect: str | None
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the ledger knows about one delivery."""

    line: DeliveryLine
    incident_title: str
    audience: str
    locale: str
    created_at: datetime
    deadline: datetime
    next_attempt_at: datetime | None
    chain: Chain
    words: str
    used_locale: str
    attempts: tuple[AttemptStory, ...]
    #: How the person agreed to be told at the address, if it is on record.
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """When the first and the last message of a broadcast were taken by a provider."""

    accepted_at: datetime
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a delivery.

    Attributes:
        what: `skipped`, `tried`, `answered`, `silent` or `receipt`.
        words: What it was, with why and what followed.
        raw: What the provider really said, for a receipt.
        late: Whether it was heard when another attempt had begun.
    """

    at: datetime
    what: str
    route: str
    words: str
    raw: Mapping[str, Any] = field(default_factory=dict)
    late: bool = False


def events(story: Story) -> list[Event]:
    """All that happened, in the order in which it did. Pure."""
    found: list[Event] = []
    made = [attempt for attempt in story.attempts if attempt.outcome != "skipped"]
    for attempt in story.attempts:
        if attempt.outcome == "skipped":
            why = (attempt.decision or "skipped before trying").removeprefix(f"{attempt.route}: ")
            found.append(Event(attempt.started_at, "skipped", attempt.route, why))
    for attempt, later in zip(made, [*made[1:], None], strict=False):
        found.append(Event(attempt.started_at, "tried", attempt.route, "tried"))
        if attempt.finished_at is not None:
            found.append(Event(attempt.finished_at, "answered", attempt.route, ended(attempt)))
        if attempt.silent_at is not None:
            found.append(Event(attempt.silent_at, "silent", attempt.route, f"no receipt in time: {attempt.silence}"))
        for one in attempt.receipts:
            late = later is not None and one.received_at > later.started_at
            words = f"receipt {one.word!r}: {one.effect or 'not folded yet'}"
            if late and later is not None:
                words += f" (late: {later.route} had been tried by then)"
            found.append(Event(one.received_at, "receipt", attempt.route, words, one.raw, late))
    return sorted(found, key=lambda event: event.at)


def ended(attempt: AttemptStory) -> str:
    """The answer to an attempt and what was decided; a decision that only repeats the answer is left out."""
    took = (attempt.finished_at - attempt.started_at).total_seconds() if attempt.finished_at is not None else 0.0
    after = f" after {took:.1f} s" if took >= _WORTH_TELLING else ""
    blame = f", the fault of the {attempt.blame}" if attempt.blame else ""
    code = f" [{attempt.provider_code}{blame}]" if attempt.provider_code else f" [{blame[2:]}]" if blame else ""
    said = f": {attempt.detail}{code}" if attempt.detail else ""
    ref = f" as {attempt.ref}" if attempt.ref else ""
    lookup = f"; looked up: {attempt.lookup}" if attempt.lookup else ""
    repeated = attempt.decision == f"{attempt.route} {attempt.outcome}: {attempt.detail}"
    so = f"; so: {attempt.decision}" if attempt.decision and not repeated else ""
    return f"{attempt.outcome or 'under way'}{ref}{after}{said}{lookup}{so}"
