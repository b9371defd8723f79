"""What shall happen next to a delivery, and the row that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from channels.contract import Kind, Repeat
from dispatcher.model.delivery import Status


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision may depend on, besides what just happened.

    Attributes:
        tries: Attempts made on this route, the present one included.
        lookups: Look-ups made for the present attempt, the present one included.
        on_route_for: Seconds since the chain came to this route.
        remaining: Seconds until nobody should hear this any more.
        has_next: Whether the chain goes on.
        repeat: What the provider does with the same message sent twice.
        told: Providers that have taken it from us before, by this leg or another, and may have told the person.
    """

    tries: int
    lookups: int
    on_route_for: float
    remaining: float
    has_next: bool
    repeat: Repeat
    told: int = 0


@dataclass(frozen=True, slots=True)
class NoReceipt:
    """The provider took it and has not said in time whether it arrived."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing more is sent. `on_trust` means that policy takes it as sent and nothing proves it."""

    status: Status
    reason: str
    on_trust: bool = False


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again here in `wait` seconds. `free` costs no try (the route was asked to rest).

    `maybe_twice` means that the provider might have it already and cannot tell: the report names it.
    """

    wait: float
    reason: str
    free: bool = False
    maybe_twice: bool = False


@dataclass(frozen=True, slots=True)
class FailOver:
    """Go on to the next route. `maybe_twice` as in `RetryAt`: this one may have it already.

    `blamed` says that a vendor of this route is at fault: those that share one with it wait.
    """

    reason: str
    maybe_twice: bool = False
    blamed: bool = False


@dataclass(frozen=True, slots=True)
class LookUpIn:
    wait: float
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Leave it as uncertain; only a late receipt settles it."""

    reason: str


Decision = Finish | RetryAt | FailOver | LookUpIn | Hold


@dataclass(frozen=True, slots=True)
class Standing:
    """The changing part of a delivery's row."""

    status: Status
    position: int
    route: str
    kind: Kind
    tries: int
    lookups: int
    failed_over: bool
    on_route_since: datetime
    next_attempt_at: datetime | None
    reason: str
    maybe_twice: bool = False
    on_trust: bool = False
    turns: str = ""
    #: Until when a receipt is waited for; None where none is expected.
    confirm_by: datetime | None = None
