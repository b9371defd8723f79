"""The account of a broadcast: what became of everything that was promised, each promise on one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum

#: So many deliveries of a line are named in an account; the numbers are always whole.
NAMED = 1_000


class Line(StrEnum):
    """Where one promise is counted. The first line that fits counts it."""

    #: Nothing will happen to it by itself, and nobody can say why: the ledger is damaged, or nobody sweeps.
    LOST = "lost"
    #: Told, and a second route that it had left says that it delivered too.
    TWO_ROUTES = "two_routes"
    #: Told, and a provider may have been given it twice, or another route may have told them before.
    POSSIBLY_TWICE = "possibly_twice"
    #: Taken as sent by policy; nothing proves it.
    UNPROVEN = "unproven"
    #: A provider has it, once.
    ONCE = "once"
    #: Nobody can say whether they were told: held, or ended after a provider may have had it.
    IN_DOUBT = "in_doubt"
    #: A newer update took its place before it was sent.
    SUPERSEDED = "superseded"
    #: Nobody was reached: failed, unreachable, expired.
    NOT_REACHED = "not_reached"
    #: Something will still happen to it by itself.
    UNDER_WAY = "under_way"


#: The lines whose deliveries are named one by one.
TO_NAME = (Line.LOST, Line.TWO_ROUTES, Line.POSSIBLY_TWICE, Line.UNPROVEN, Line.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Account:
    """`planned` is the sum of all the lines.

    Attributes:
        planned: Promises: one for each leg and person or place.
        lost: Those of them that are lost. One whose very row is missing has no id and is not in `named`. A broadcast
            that nobody has planned for long counts as one: how many people it is for is not known yet.
        named: Delivery ids of the lines in `TO_NAME`, the first `NAMED` of each.
    """

    planned: int = 0
    once: int = 0
    possibly_twice: int = 0
    two_routes: int = 0
    unproven: int = 0
    in_doubt: int = 0
    not_reached: int = 0
    superseded: int = 0
    under_way: int = 0
    lost: int = 0
    named: dict[str, list[int]] = field(default_factory=dict)


def total(accounts: Iterable[Account]) -> Account:
    """The account of several broadcasts together."""
    numbers = [one.name for one in fields(Account) if one.name != "named"]
    sums, named = dict.fromkeys(numbers, 0), dict[str, list[int]]()
    for one in accounts:
        for name in numbers:
            sums[name] += getattr(one, name)
        for line, ids in one.named.items():
            named[line] = [*named.get(line, []), *ids][:NAMED]
    return Account(**sums, named=named)
