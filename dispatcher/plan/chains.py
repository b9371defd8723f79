"""The order of routes for one class of people, with the reason for each place. Pure.

Routes stand in the order of the leg's kinds, and within a kind in the order of `config/routes.yaml`. Behind what is
well stands what depends on a degraded vendor, and behind everything what depends on one that is down, or whose own
breaker is open: it is not tried before the others, and it is still there when nothing else is left. Mail depends on who
hosts the mailbox as it does on its route's vendors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from channels.contract import Kind
from dispatcher.model.delivery import Because, Chain, Hop
from dispatcher.model.quiet import LOUD
from dispatcher.model.vendors import Health, VendorState


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


class _Rank(IntEnum):
    WELL, DEGRADED, DOWN = range(3)


def chain(
    kinds: Sequence[Kind],
    ways: Sequence[Way],
    *,
    has: Collection[Kind],
    health: Mapping[str, Health],
    opened: Mapping[str, str] | None = None,
    mail_rides_on: Iterable[str] = (),
    told: Mapping[Kind, str] | None = None,
    too_dear: Mapping[str, str] | None = None,
    refused: Collection[Kind] = (),
    quiet: bool = False,
    of_a_place: bool = False,
) -> Chain:
    """The chain of people who are alike, or of a place.

    Args:
        kinds: Those of the leg, in order.
        ways: All routes.
        has: Of which kinds they have an address.
        health: How the vendors are; one that is missing is not known to be down.
        opened: Routes whose breaker is open, each with a sentence that says so.
        mail_rides_on: The vendors of their mailboxes.
        told: Kinds by which another leg begins -> that leg.
        too_dear: Routes by which a message costs more than it may, each with a sentence that says so.
        refused: Kinds of which they have no address because they said no.
        quiet: Whether this is no time to make a noise for them. What does so is left out, unless there is nothing else;
            then it waits (`waits`).
        of_a_place: Whether this is about a shared place and not about people.
    """
    ranked: list[tuple[_Rank, Hop]] = []
    left_out: list[Hop] = []
    mailboxes = sorted(mail_rides_on)
    for place, kind in enumerate(kinds, 1):
        for way in (way for way in ways if way.kind is kind):
            vendors = tuple(dict.fromkeys((*way.depends_on, *(mailboxes if kind is Kind.EMAIL else ()))))
            absent = _absent(way, has, told or {}, too_dear or {}, refused, of_a_place=of_a_place)
            if absent is not None:
                because, why = absent
                left_out.append(Hop(way.route, kind, why, because, vendors))
            else:
                rank, because, why = _place(way.route, place, vendors, health, opened or {})
                ranked.append((rank, Hop(way.route, kind, why, because, vendors)))
    ranked.sort(key=lambda one: one[0])
    hops = [hop for _, hop in ranked]
    if quiet and any(hop.kind in LOUD for hop in hops):
        if silent := [hop for hop in hops if hop.kind not in LOUD]:
            why = "their quiet hours: it would make a noise"
            left_out += [replace(hop, reason=why, because=Because.QUIET_HOURS) for hop in hops if hop.kind in LOUD]
            hops = silent
        else:
            hops = [replace(hop, reason=f"waits until their quiet hours end; {hop.reason}") for hop in hops]
    return Chain(tuple(hops), tuple(left_out))


def waits(made: Chain) -> bool:
    """Whether a chain of people who are not to be woken begins only when their quiet hours end."""
    return any(hop.kind in LOUD for hop in made.hops)


def _absent(
    way: Way,
    has: Collection[Kind],
    told: Mapping[Kind, str],
    too_dear: Mapping[str, str],
    refused: Collection[Kind],
    *,
    of_a_place: bool,
) -> tuple[Because, str] | None:
    """Why a route is in no place at all, if so."""
    if way.problem:
        return Because.NOT_SET_UP, way.problem
    if way.kind not in has and way.kind in refused:
        return Because.OPTED_OUT, f"they said no to {way.kind.value}"
    if way.kind not in has:
        return Because.NO_ADDRESS, f"they have no address for {way.kind.value}"
    if way.one_place and not of_a_place:
        return Because.ONE_PLACE, "it writes to one shared place and reaches no person"
    if way.kind in told:
        return Because.ALREADY_TOLD, f"the leg {told[way.kind]} tells them by {way.kind.value} already"
    if way.route in too_dear:
        return Because.COST_CAP, too_dear[way.route]
    return None


def _place(
    route: str, place: int, vendors: Iterable[str], health: Mapping[str, Health], opened: Mapping[str, str]
) -> tuple[_Rank, Because, str]:
    def those(state: VendorState) -> str:
        # One that only rides on another of them says nothing new.
        own = [health[name] for name in vendors if name in health and health[name].state is state]
        return "; ".join(one.said for one in own if one.beneath not in {other.vendor for other in own})

    if down := those(VendorState.DOWN):
        return _Rank.DOWN, Because.DOWN, f"behind the others: depends on {down}"
    if route in opened:
        return _Rank.DOWN, Because.BREAKER_OPEN, f"behind the others: {opened[route]}"
    if degraded := those(VendorState.DEGRADED):
        return _Rank.DEGRADED, Because.DEGRADED, f"behind what is well: depends on {degraded}"
    return _Rank.WELL, Because.CHOICE, f"choice {place} of the playbook, depends on nothing that is down"
