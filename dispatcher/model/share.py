"""How broadcasts that want the same route share what it can take: all get something, the severe ones more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatcher.model.config import Severity

#: Against each other, while all of them have messages waiting.
WEIGHTS = {Severity.MINOR: 1, Severity.MAJOR: 4, Severity.CRITICAL: 16}


@dataclass(frozen=True, slots=True)
class Wish:
    """So many messages of a broadcast are due on a route; counting need go no further than there is room."""

    broadcast_id: int
    severity: Severity
    messages: int


def share(room: int, wishes: Sequence[Wish], draw: float) -> dict[int, int]:
    """How many messages each broadcast may have of the room, in the order of the wishes. Pure.

    Each has one if there is room for that; the rest goes by weight, and what one has no use for goes to the others.
    Parts of a message are drawn for, so that in many small rooms, too, everybody comes to their share.

    Args:
        room: How many messages may be claimed.
        wishes: One for each broadcast.
        draw: By chance, from 0 up to but not including 1.
    """
    due = {one.broadcast_id: one.messages for one in wishes if one.messages > 0}
    weights = {one.broadcast_id: WEIGHTS[one.severity] for one in wishes}
    given = {one.broadcast_id: 0 for one in wishes}
    if room >= len(due):
        given |= dict.fromkeys(due, 1)
    while True:
        left = room - sum(given.values())
        still = [key for key, most in due.items() if given[key] < most]
        if not left or not still:
            return given
        total = sum(weights[key] for key in still)
        passed = int(draw * total)
        for key in still:
            # In whole numbers, with the draw as the start: the parts add up to what is left, to the message.
            before, passed = passed, passed + left * weights[key]
            given[key] = min(given[key] + passed // total - before // total, due[key])
