"""How long to wait and when to stop, from tenacity's parts, as plain numbers for `decide`.

tenacity's stop and wait objects are small functions of a retry's state. Here that state is built from what the ledger
knows, so that a wait survives the process that began it; nothing of tenacity sleeps or loops.
"""

from __future__ import annotations

from tenacity import RetryCallState, Retrying, stop_after_attempt, stop_before_delay, wait_random_exponential

from dispatcher.model.config import Policy


def _state(tries: int, elapsed: float, sleep: float) -> RetryCallState:
    state = RetryCallState(Retrying(), fn=None, args=(), kwargs={})
    state.attempt_number = tries
    state.start_time = 0.0
    state.outcome_timestamp = elapsed
    state.upcoming_sleep = sleep
    return state


def wait_after(policy: Policy, tries: int) -> float:
    """Seconds to wait after the `tries`-th attempt: full jitter, so that a crowd does not come back as a crowd."""
    wait = wait_random_exponential(multiplier=policy.first_wait, max=policy.longest_wait)
    return float(wait(_state(tries, 0.0, 0.0)))


def is_spent(policy: Policy, *, tries: int, on_route_for: float, wait: float) -> bool:
    """Whether another try on this route is out of the question: too many, or waiting for it would take too long."""
    stop = stop_after_attempt(policy.tries) | stop_before_delay(policy.leave_route_after)
    return bool(stop(_state(tries, on_route_for, wait)))
