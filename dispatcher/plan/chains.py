"""The order of routes for one class of people, with the reason for each place. Pure.

Routes stand in the order of the leg's kinds, and within a kind in the order of `config/routes.yaml`. A route that
depends on a vendor the incident names goes behind all the others: it is not tried before them, and it is still there
when nothing else is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from channels.contract import Kind
from dispatcher.model.delivery import Because, Chain, Hop


@dataclass(frozen=True, slots=True)
class Way:
    """A configured route as planning sees it.

    `depends_on` are all vendors whose failure silences it, those that others ride on included. `problem` says why it
    cannot be used at all, "" when it can. `one_place` marks a route that writes to one shared place and reaches no
    person, whatever address they have.
    """

    route: str
    kind: Kind
    depends_on: tuple[str, ...]
    problem: str = ""
    one_place: bool = False


def chain(
    kinds: Sequence[Kind],
    ways: Sequence[Way],
    *,
    has: Collection[Kind],
    down: Collection[str],
    mail_rides_on: Iterable[str] = (),
    of_a_place: bool = False,
) -> Chain:
    """The chain of people with addresses of the kinds `has`, or of a place, while the vendors `down` are down.

    `mail_rides_on` are the vendors of their mailboxes: mail depends on them too, whatever route it leaves by.
    """
    mailboxes = sorted(mail_rides_on)
    hops: list[Hop] = []
    behind: list[Hop] = []
    left_out: list[Hop] = []
    for place, kind in enumerate(kinds, 1):
        for way in (way for way in ways if way.kind is kind):
            vendors = tuple(dict.fromkeys((*way.depends_on, *(mailboxes if kind is Kind.EMAIL else ()))))
            affected = [vendor for vendor in vendors if vendor in down]
            if way.problem:
                left_out.append(Hop(way.route, kind, way.problem, Because.NOT_SET_UP, vendors))
            elif kind not in has:
                why = f"they have no address for {kind.value}"
                left_out.append(Hop(way.route, kind, why, Because.NO_ADDRESS, vendors))
            elif way.one_place and not of_a_place:
                why = "it writes to one shared place and reaches no person"
                left_out.append(Hop(way.route, kind, why, Because.ONE_PLACE, vendors))
            elif affected:
                why = f"behind the others: depends on {', '.join(affected)}, which this incident names"
                behind.append(Hop(way.route, kind, why, Because.DOWN, vendors))
            else:
                why = f"choice {place} of the playbook, depends on nothing that is down"
                hops.append(Hop(way.route, kind, why, Because.CHOICE, vendors))
    return Chain((*hops, *behind), tuple(left_out))
