"""A route as the engine uses it: what to decide by, and the channel that speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from channels.contract import Channel, Repeat
from dispatcher.model.config import Policy, Severity
from dispatcher.model.decision import Situation
from dispatcher.model.delivery import Claimed


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions about a route depend on; known without talking to anybody.

    `policy` is what holds for the route whatever is sent by it; `by_severity` is where a severity says something else.
    """

    route: str
    repeat: Repeat
    policy: Policy
    max_in_flight: int
    timeout: float
    by_severity: Mapping[Severity, Policy] = field(default_factory=dict)

    def policy_for(self, severity: Severity) -> Policy:
        """How hard to try with a delivery of this severity."""
        return self.by_severity.get(severity, self.policy)


@dataclass(frozen=True, slots=True)
class Line:
    """A route that can be spoken through, on the running event loop."""

    rules: Rules
    channel: Channel


def situation(claimed: Claimed, rules: Rules, now: datetime) -> Situation:
    """Where a held delivery stands, for `decide`."""
    return Situation(
        tries=claimed.tries,
        lookups=claimed.lookups,
        on_route_for=max(0.0, (now - claimed.on_route_since).total_seconds()),
        remaining=(claimed.deadline - now).total_seconds(),
        has_next=claimed.position + 1 < len(claimed.chain.hops),
        repeat=rules.repeat,
    )
