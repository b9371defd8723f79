"""Who may go where a route has a pace for one destination, and until when the others wait. Pure.

What a destination cannot take yet is put off, each message to the moment when its turn should come. So it is looked at
about twice, when it is due first and when it goes, and stands in nobody's way meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatcher.model.config import Severity
from dispatcher.model.destinations import Comer, Occupied
from dispatcher.model.pace import Budget, Pace, leave, spend
from dispatcher.model.share import Wish, share


@dataclass(frozen=True, slots=True)
class Passage:
    """Who goes, until when each of the others waits, and what is known of the destinations after that."""

    go: frozenset[int] = frozenset()
    waits: Mapping[int, datetime] = field(default_factory=dict)
    known: Mapping[str, Occupied] = field(default_factory=dict)


def admit(
    comers: Sequence[Comer],
    known: Mapping[str, Occupied],
    pace: Pace,
    now: datetime,
    *,
    cost: Callable[[Comer], int],
    severities: Mapping[int, Severity],
    draw: float,
) -> Passage:
    """Let through what each destination may have now: a second's worth at most, at least one message, as with the pace
    of a route (`pace.leave`). Broadcasts that want the same destination share that by their severity.

    Args:
        comers: In the order in which they wait.
        known: What is known of their destinations; one that is missing is free.
        pace: Of one destination.
        now: The present moment.
        cost: What a message costs of the pace.
        severities: Of the broadcasts, as far as known.
        draw: As for `share`.
    """
    go: set[int] = set()
    waits: dict[int, datetime] = {}
    after: dict[str, Occupied] = {}
    for destination, here in _by_destination(comers).items():
        at = known.get(destination, Occupied())
        going = _first_of(here, leave(pace, Budget(at.free_at), now).messages, severities, draw)
        ids = {one.delivery_id for one in going}
        if going:
            spent = spend(pace, Budget(at.free_at), sum(map(cost, going)), now)
            at = Occupied(spent.free_at, at.lines)
        go |= ids
        staying, after[destination] = _line_up([one for one in here if one.delivery_id not in ids], at, pace, now, cost)
        waits |= staying
    return Passage(frozenset(go), waits, after)


def hold_back(
    comers: Sequence[Comer], known: Mapping[str, Occupied], pace: Pace, now: datetime, *, cost: Callable[[Comer], int]
) -> Passage:
    """Let nobody through, and put off those whose destination is not free, so that others come forward. Arguments as
    `admit`."""
    waits: dict[int, datetime] = {}
    after: dict[str, Occupied] = {}
    for destination, here in _by_destination(comers).items():
        at = known.get(destination, Occupied())
        if at.free_at is not None and at.free_at > now:
            staying, after[destination] = _line_up(here, at, pace, now, cost)
            waits |= staying
    return Passage(waits=waits, known=after)


def wait_out(comers: Sequence[Comer], resting: Mapping[str, Occupied], now: datetime) -> Passage:
    """Let through whose destination does not rest; the others wait until it has rested."""
    ends = {name: at.free_at for name, at in resting.items() if at.free_at is not None and at.free_at > now}
    waits = {one.delivery_id: ends[one.destination] for one in comers if one.destination in ends}
    return Passage(frozenset(one.delivery_id for one in comers) - waits.keys(), waits)


def _by_destination(comers: Sequence[Comer]) -> Mapping[str, list[Comer]]:
    found: dict[str, list[Comer]] = defaultdict(list)
    for one in comers:
        found[one.destination].append(one)
    return found


def _first_of(here: Sequence[Comer], room: int, severities: Mapping[int, Severity], draw: float) -> list[Comer]:
    """Who of those for one destination goes, if so many may."""
    if len(here) <= room or not room:
        return list(here[:room])
    of: dict[int, list[Comer]] = defaultdict(list)
    for one in here:
        of[one.broadcast_id].append(one)
    wishes = [Wish(key, severities.get(key, Severity.MAJOR), len(some)) for key, some in of.items()]
    return [one for key, portion in share(room, wishes, draw).items() for one in of[key][:portion]]


def _line_up(
    waiting: Sequence[Comer], at: Occupied, pace: Pace, now: datetime, cost: Callable[[Comer], int]
) -> tuple[dict[int, datetime], Occupied]:
    """When each comes to its turn if its broadcast is the only one; behind what of it was put off before.

    The first is due as soon as the destination is free: whoever looks late moves that moment, and not the lines, whose
    next one comes too early then. Behind all others, it would leave the destination idle.
    """
    lines = {key: end for key, end in at.lines.items() if end > now}
    waits: dict[int, datetime] = {}
    start, rate = at.free_at or now, pace.per_second or 1.0
    for place, one in enumerate(waiting):
        end = lines.get(one.broadcast_id, start)
        turn = max(start, end) if place else start
        waits[one.delivery_id] = turn
        lines[one.broadcast_id] = max(end, turn + timedelta(seconds=cost(one) / rate))
    return waits, Occupied(at.free_at, lines)
