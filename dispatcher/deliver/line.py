"""A route as the engine uses it: what to decide by, and the channel that speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from channels.contract import Channel, Repeat, Words
from dispatcher.deliver.breaker import Recent
from dispatcher.ledger import Ledger
from dispatcher.model.config import BreakerRule, Policy, Severity
from dispatcher.model.decision import Situation
from dispatcher.model.delivery import Claimed
from dispatcher.model.pace import Pace
from dispatcher.model.turns import next_turn, turns_from


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions about a route depend on; known without talking to anybody.

    `policy` is what holds for the route whatever is sent by it; `by_severity` is where a severity says something else.
    `key_lifetime` as in `Capabilities`: for so many seconds a repeat is harmless where the provider goes by keys.
    `hears` says that its provider tells of messages that arrived, so that it means something when it does not.
    """

    route: str
    repeat: Repeat
    policy: Policy
    max_in_flight: int
    timeout: float
    by_severity: Mapping[Severity, Policy] = field(default_factory=dict)
    breaker: BreakerRule = field(default_factory=BreakerRule)
    hears: bool = False
    pace: Pace | None = None
    key_lifetime: float | None = None

    def repeat_after(self, seconds: float) -> Repeat:
        """What the provider does with a message that was sent to it first so many seconds ago."""
        forgotten = self.key_lifetime is not None and seconds >= self.key_lifetime
        return Repeat.BLIND if forgotten else self.repeat

    def policy_for(self, severity: Severity) -> Policy:
        """How hard to try with a delivery of this severity."""
        return self.by_severity.get(severity, self.policy)


@dataclass(frozen=True, slots=True)
class Line:
    """A route that can be spoken through, on the running event loop.

    `recent` is what it answered lately to this process, whichever pump asked.
    """

    rules: Rules
    channel: Channel
    recent: Recent = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recent", Recent(self.rules.breaker, self.rules.max_in_flight))


@dataclass(frozen=True, slots=True)
class Desk:
    """What a pump needs of its surroundings.

    Attributes:
        ledger: The record.
        fill: Puts a person's name into frozen words.
        receipt_url: The public address for an attempt's receipts, by route and token; None when there is none.
        unsubscribe_url: The public address where a reader says no, by token.
        ring: Wakes the workers of these routes. Called off the event loop.
        heard: Told, off the event loop, that receipts were stored.
    """

    ledger: Ledger
    fill: Callable[[Words, str], Words]
    receipt_url: Callable[[str, str], str | None]
    unsubscribe_url: Callable[[str], str]
    ring: Callable[[set[str]], object]
    heard: Callable[[], object]


def situation(claimed: Claimed, rules: Rules, now: datetime, *, elsewhere: int = 0) -> Situation:
    """Where a held delivery stands, for `decide`. `elsewhere` counts the providers that have it by other legs."""
    on_route_for = max(0.0, (now - claimed.on_route_since).total_seconds())
    return Situation(
        tries=claimed.tries,
        lookups=claimed.lookups,
        on_route_for=on_route_for,
        remaining=(claimed.deadline - now).total_seconds(),
        has_next=has_next(claimed),
        repeat=rules.repeat_after(on_route_for),
        told=claimed.silent + elsewhere,
    )


def has_next(claimed: Claimed) -> bool:
    """Whether a route of its chain has not had its turn."""
    return next_turn(claimed.chain, turns_from(claimed.turns).leave(claimed.position, blamed=False)) is not None
