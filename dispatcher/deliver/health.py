"""Whether all is well: somebody sweeps, somebody takes the work of every queue, and nothing is left lying.

One judgement for the page, the metrics and the dead man's switch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatcher.ledger import Ledger, Tx, breakers, broadcasts, guard, now, paces
from dispatcher.ledger.guard import Pulse
from dispatcher.model.pace import Budget

#: Seconds without a sign of life after which somebody is missed. Signs come every 5 s (sweep) and 10 s (workers).
MISSED_AFTER = 30.0


@dataclass(frozen=True, slots=True)
class Health:
    """How it stands.

    Attributes:
        complaints: What is wrong, a sentence each; none when all is well.
        is_manned: Whether somebody sweeps and every queue has a worker, whatever else is wrong.
        oldest_due: Seconds since which the oldest delivery waits that should have been tried; 0 when none does.
        swept: Seconds since the last sweep; None when there never was one.
        workers: Seconds since each worker last took work, by its name.
    """

    complaints: tuple[str, ...]
    is_manned: bool
    oldest_due: float
    swept: float | None
    workers: Mapping[str, float]


def examine(ledger: Ledger, queues: Iterable[str]) -> Health:
    """Look at the ledger.

    Args:
        ledger: The record.
        queues: The queues that somebody must take from.

    Raises:
        LedgerAway: it cannot be looked at.
    """
    with ledger.read() as tx:
        moment = now()
        pulses = guard.pulses(tx)
        due = guard.due_since(tx)
        late = [route for route, since in due.items() if _age(since, moment) > MISSED_AFTER]
        # A route at rest or left alone waits for its provider. One that somebody works on has much to do: no complaint.
        left = {
            route: _age(due[route], moment)
            for route in late
            if _is_used(tx, route) and not guard.is_worked_on(tx, route)
        }
        kept = {one: _age(at, moment) for one, at in broadcasts.unplanned_since(tx).items()}
        unplanned = {one: age for one, age in kept.items() if age > MISSED_AFTER}
    return judge(
        pulses, left, unplanned, queues, moment, oldest_due=max((_age(at, moment) for at in due.values()), default=0.0)
    )


def _is_used(tx: Tx, route: str) -> bool:
    """Whether work that lies there is left lying: not where the route rests, is left alone, or goes at its pace."""
    rests_until, circuit = breakers.state_of(tx, route)
    free_at = paces.every(tx).get(route, Budget()).free_at
    paced = free_at is not None and _age(free_at, now()) < MISSED_AFTER
    return rests_until is None and circuit.is_closed and not paced


def judge(
    pulses: Sequence[Pulse],
    left: Mapping[str, float],
    unplanned: Mapping[int, float],
    queues: Iterable[str],
    moment: datetime,
    *,
    oldest_due: float,
) -> Health:
    """What the signs of life mean. Pure.

    Args:
        pulses: Everybody's last sign.
        left: Routes whose work nobody takes, and for how many seconds.
        unplanned: Broadcasts of which no delivery is made, and seconds since they were kept.
        queues: The queues that somebody must take from.
        moment: Now.
        oldest_due: As in `Health`.
    """
    ages = {one.name: _age(one.at, moment) for one in pulses}
    swept = ages.pop(guard.SWEEP, None)
    complaints = []
    if swept is None or swept > MISSED_AFTER:
        since = "ever" if swept is None else f"for {swept:.0f} s"
        complaints.append(f"no sweep has run {since}; do beat and the control worker run?")
    for queue in queues:
        taking = [ages[one.name] for one in pulses if queue in one.queues]
        if not taking:
            complaints.append(f"no worker has ever taken work of the queue {queue}; does one run?")
        elif min(taking) > MISSED_AFTER:
            complaints.append(f"no worker has taken work of the queue {queue} for {min(taking):.0f} s; does one run?")
    is_manned = not complaints
    for route, waited in sorted(left.items()):
        complaints.append(f"work of the route {route} has been waiting for {waited:.0f} s and nobody takes it")
    for broadcast, waited in sorted(unplanned.items()):
        complaints.append(
            f"broadcast {broadcast} was kept {waited:.0f} s ago and nobody can plan it; the control worker's log says "
            "why: if config/ was changed, restart the web and the workers"
        )
    return Health(tuple(complaints), is_manned, oldest_due, swept, ages)


def _age(at: datetime, moment: datetime) -> float:
    return max(0.0, (moment - at).total_seconds())
