"""When a route is left alone, and when it is tried again. Pure.

    closed  --trip: half of the last answers are errors-->  open, for a while that doubles
    open    --half_open: the while is over-->               half-open: one probe is out, and nothing else
    half-open  --settle: it went well-->                    closed
    half-open  --settle: it went wrong, or nobody told-->   open, twice as long

Each step is from one `Circuit` to the next, and the ledger takes a step only from where it started (`ledger.breakers`):
so of all processes one opens it, and one sends the probe.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from channels.contract import Absent, Accepted, Blame, Deferred, Found, LookUp, Outcome
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.config import BreakerRule

#: A breaker that opens again and again stays open for no longer than this, unless its rule begins with more.
LONGEST = 120.0
#: So many answers are looked at, at most: an old crowd of good ones must not outvote a provider that has just died.
_MOST = 50


class Verdict(StrEnum):
    """What one answer says about its route."""

    GOOD = "good"
    BAD = "bad"
    #: Nothing: a provider that asks for less is well.
    NONE = "none"


def verdict(answer: Outcome | LookUp, took: float, slow: float) -> Verdict:
    """What an answer says about its route.

    Args:
        answer: As the channel gave it. A fault of the recipient or of the message shows that the route works.
        took: How long it took, in seconds.
        slow: An answer that took longer is as bad as none.
    """
    if isinstance(answer, Deferred) and answer.route_wide:
        return Verdict.NONE
    if took >= slow:
        return Verdict.BAD
    if isinstance(answer, Accepted | Found | Absent):
        return Verdict.GOOD
    return Verdict.GOOD if answer.fault.blame in {Blame.RECIPIENT, Blame.MESSAGE} else Verdict.BAD


def described(answer: Outcome | LookUp, took: float) -> str:
    """A bad answer in words, for the cause of a breaker. They hold no address."""
    if isinstance(answer, Accepted | Found | Absent):
        return f"an answer took {took:.1f} s"
    return answer.fault.detail[:150]


class Recent:
    """The last answers of one route in one process."""

    def __init__(self, rule: BreakerRule, max_in_flight: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rule = rule
        self._clock = clock
        # What is in flight when a provider dies comes back together: that alone shall be enough.
        most = min(max(max_in_flight, 2 * rule.at_least), max(_MOST, rule.at_least))
        self._seen: deque[tuple[float, bool]] = deque(maxlen=most)
        self._in_a_row = 0

    def note(self, one: Verdict) -> None:
        if one is not Verdict.NONE:
            self._seen.append((self._clock(), one is Verdict.BAD))
            self._in_a_row = self._in_a_row + 1 if one is Verdict.BAD else 0

    @property
    def is_doubtful(self) -> bool:
        """Whether the last answers, enough to tell, were all errors: what is still out had better be waited for."""
        return self._in_a_row >= self._rule.at_least

    def keep(self, seconds: float) -> None:
        """Forget what is older: the breaker was opened or closed since."""
        oldest = self._clock() - seconds
        while self._seen and self._seen[0][0] < oldest:
            self._seen.popleft()

    def complaint(self) -> str:
        """Why the route should be left alone, "" when it should not."""
        self.keep(self._rule.within)
        bad = sum(was_bad for _, was_bad in self._seen)
        if len(self._seen) < self._rule.at_least or bad < self._rule.errors * len(self._seen):
            return ""
        return f"{bad} of the last {len(self._seen)} answers were errors"


def window(rule: BreakerRule, times: int) -> timedelta:
    """How long it stays open for the `times`-th time in a row."""
    longest = max(rule.open_for, LONGEST)
    return timedelta(seconds=min(rule.open_for * 2 ** min(times - 1, 16), longest))


def trip(circuit: Circuit, rule: BreakerRule, cause: str, now: datetime) -> Circuit | None:
    """Open it; None when it is open already."""
    if not circuit.is_closed:
        return None
    return Circuit(Breaker.OPEN, cause, now, now + window(rule, 1), 1)


def half_open(circuit: Circuit, patience: float, now: datetime) -> Circuit | None:
    """Take the one probe, for which the taker has `patience` seconds; None when it is not time, or another has it.

    A probe of which nobody heard in time (its worker died) is over, and the next may go.
    """
    if circuit.probe_at is None or now < circuit.probe_at:
        return None
    return replace(circuit, state=Breaker.HALF_OPEN, probe_at=now + timedelta(seconds=patience))


def settle(circuit: Circuit, rule: BreakerRule, now: datetime, *, good: bool, cause: str = "") -> Circuit:
    """The probe is back."""
    if good:
        return Circuit(Breaker.CLOSED, circuit.cause, now)
    times = circuit.times + 1
    return replace(
        circuit, state=Breaker.OPEN, cause=cause or circuit.cause, probe_at=now + window(rule, times), times=times
    )
