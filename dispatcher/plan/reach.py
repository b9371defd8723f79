"""Proof of reach: who would be told if one vendor died, or two at once. Pure, and exact for any number of people.

It looks at classes of people (the same kinds of address, mailboxes at the same vendors), never at persons. For each
class it knows by which routes it is reached and which of them every vendor takes away, both as the bits of a number; so
the loss of any vendors is one or two operations a class. What a pair does to a class beyond what its two vendors do is
looked at only where both of them carry something of that class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from channels.contract import Kind
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.chains import Way
from dispatcher.plan.costs import nothing_dear

#: Answers, for readers of a language, the routes that a cost cap leaves out.
Dear = Callable[[str], Collection[str]]


class Plight(StrEnum):
    """How badly somebody is off, worst first. The second and third may both be true."""

    UNREACHABLE = "unreachable"
    MAIL_ALONE = "mail-alone"
    SINGLE_ROUTE = "single-route"


@dataclass(frozen=True, slots=True)
class Loss:
    """How many people are how badly off without some vendors; without none, as all is well.

    Attributes:
        vendors: Those that are lost, with all that rides on them.
        unreachable: How many no route reaches.
        mail_alone: How many are reached, and by mail alone.
        single_route: How many are reached, and by one route alone.
    """

    vendors: tuple[str, ...]
    unreachable: int
    mail_alone: int
    single_route: int


@dataclass(frozen=True, slots=True)
class Reach:
    """How well an audience can be reached.

    Attributes:
        people: How many there are.
        whole: How they are off while nothing is lost.
        singles: The loss of every vendor that carries something here, by name.
        pairs: The loss of every two of them, when it was asked for.
    """

    people: int
    whole: Loss
    singles: tuple[Loss, ...]
    pairs: tuple[Loss, ...] = ()

    @property
    def mail_alone(self) -> int:
        """How many could be reached by mail alone even on a good day."""
        return self.whole.mail_alone

    @property
    def unreachable(self) -> int:
        """How many no route can reach even on a good day."""
        return self.whole.unreachable

    @property
    def without(self) -> dict[str, int]:
        """For every vendor whose loss alone would silence somebody: how many."""
        silenced = {loss.vendors[0]: loss.unreachable - self.unreachable for loss in self.singles}
        return {vendor: people for vendor, people in silenced.items() if people}

    @property
    def is_proven(self) -> bool:
        """Whether invariant 1 holds: nobody has mail alone, and no single vendor's loss silences anybody."""
        return not (self.mail_alone or self.unreachable or self.without)

    def worst_pairs(self, limit: int) -> list[Loss]:
        """The pairs that silence the most people beyond what their two vendors do alone already, worst first."""
        alone = {loss.vendors[0]: loss.unreachable for loss in self.singles}
        worse = [loss for loss in self.pairs if loss.unreachable > max(alone[vendor] for vendor in loss.vendors)]
        return sorted(worse, key=lambda loss: (-loss.unreachable, loss.vendors))[:limit]


def reach(
    classes: Iterable[PeopleClass],
    ways: Sequence[Way],
    kinds: Iterable[Kind],
    *,
    pairs: bool = False,
    dear: Dear = nothing_dear,
) -> Reach:
    """The reach of a playbook's kinds to these people.

    Args:
        classes: The people.
        ways: All configured routes.
        kinds: The kinds that any leg of the playbook uses.
        pairs: Also what the loss of any two vendors at once would do.
        dear: The routes that a cost cap leaves out.
    """
    routes = _Routes(ways, kinds, dear)
    people: dict[tuple[int, frozenset[str]], int] = defaultdict(int)
    for one in classes:
        people[routes.of(one)] += one.people
    vendors = sorted(routes.vendors.union(*(mail for _, mail in people)))
    sums = _Sums()
    for (mask, mail), count in people.items():
        sums.add(routes, mask, routes.taken(mask, mail), count, pairs=pairs)
    return Reach(
        people=sum(people.values()),
        whole=sums.loss(),
        singles=tuple(sums.loss(vendor) for vendor in vendors),
        pairs=tuple(sums.loss(*pair) for pair in combinations(vendors, 2)) if pairs else (),
    )


def without(
    classes: Iterable[PeopleClass],
    ways: Sequence[Way],
    kinds: Iterable[Kind],
    lost: Collection[str],
    dear: Dear = nothing_dear,
) -> Loss:
    """How these people are off without any number of vendors."""
    routes = _Routes(ways, kinds, dear)
    counted = [0, 0, 0]
    for one in classes:
        for at, plight in enumerate(routes.plights(routes.left(one, lost))):
            counted[at] += one.people * plight
    return Loss(tuple(sorted(lost)), *counted)


def who(
    classes: Iterable[PeopleClass],
    ways: Sequence[Way],
    kinds: Iterable[Kind],
    lost: Collection[str],
    plight: Plight,
    dear: Dear = nothing_dear,
) -> list[PeopleClass]:
    """Which of these people are off like this without these vendors."""
    routes = _Routes(ways, kinds, dear)
    at = list(Plight).index(plight)
    return [one for one in classes if routes.plights(routes.left(one, lost))[at]]


def cut_off(classes: Iterable[PeopleClass], ways: Sequence[Way], kinds: Iterable[Kind], dear: Dear) -> int:
    """How many people what is too dear leaves with mail alone, or with nothing, who would be better off otherwise."""
    wanted = tuple(kinds)
    all_routes, cheap = _Routes(ways, wanted), _Routes(ways, wanted, dear)

    def badness(routes: _Routes, one: PeopleClass) -> int:
        unreachable, mail_alone, _ = routes.plights(routes.left(one, ()))
        return 2 * unreachable + mail_alone

    return sum(one.people for one in classes if badness(cheap, one) > badness(all_routes, one))


class _Routes:
    """The routes that count, each a bit."""

    def __init__(self, ways: Sequence[Way], kinds: Iterable[Kind], dear: Dear = nothing_dear) -> None:
        self._dear = dear
        self._bit: dict[str, int] = {}
        wanted = set(kinds)
        usable = [way for way in ways if not way.problem and not way.one_place and way.kind in wanted]
        self._of_kind: dict[Kind, int] = defaultdict(int)
        self._on: dict[str, int] = defaultdict(int)
        for at, way in enumerate(usable):
            self._bit[way.route] = 1 << at
            self._of_kind[way.kind] |= 1 << at
            for vendor in way.depends_on:
                self._on[vendor] |= 1 << at
        self._mail = self._of_kind.get(Kind.EMAIL, 0)

    @property
    def vendors(self) -> set[str]:
        """All that some route rides on."""
        return set(self._on)

    def of(self, who: PeopleClass) -> tuple[int, frozenset[str]]:
        """The routes that reach somebody, and what takes away all of the mail among them."""
        mask = sum(self._of_kind.get(kind, 0) for kind in who.kinds)
        for route in self._dear(who.locale):
            mask &= ~self._bit.get(route, 0)
        return mask, who.mail_rides_on if mask & self._mail else frozenset()

    def taken(self, mask: int, mail: Iterable[str]) -> dict[str, int]:
        """Which of the routes each vendor takes away; those that take none are missing."""
        hit = {vendor: routes & mask for vendor, routes in self._on.items() if routes & mask}
        for vendor in mail:
            hit[vendor] = hit.get(vendor, 0) | (mask & self._mail)
        return hit

    def left(self, who: PeopleClass, lost: Collection[str]) -> int:
        """The routes that still reach somebody."""
        mask, mail = self.of(who)
        for vendor, routes in self.taken(mask, mail).items():
            if vendor in lost:
                mask &= ~routes
        return mask

    def plights(self, left: int) -> tuple[bool, bool, bool]:
        """Whether who has these routes left is off so, in the order of `Plight`."""
        return left == 0, left != 0 and left & ~self._mail == 0, left != 0 and left & (left - 1) == 0


class _Sums:
    """Adds up how many people are off how: without loss, what one loss adds to it, and what a second adds to both."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, routes: _Routes, mask: int, taken: Mapping[str, int], people: int, *, pairs: bool) -> None:
        """Add people who have the routes `mask`, of which each vendor takes away some."""
        whole = routes.plights(mask)
        self._count((), people, whole)
        alone = {}
        for vendor, hit in taken.items():
            alone[vendor] = routes.plights(mask & ~hit)
            self._count((vendor,), people, _minus(alone[vendor], whole))
        if not pairs:
            return
        for one, other in combinations(sorted(taken), 2):
            both = routes.plights(mask & ~(taken[one] | taken[other]))
            beyond = tuple(a - b - c + d for a, b, c, d in zip(both, alone[one], alone[other], whole, strict=True))
            self._count((one, other), people, beyond)

    def loss(self, *vendors: str) -> Loss:
        """How everybody is off without these one or two vendors; a pair in the order of names."""
        counted = [0, 0, 0]
        for part in _parts(vendors):
            for at, people in enumerate(self._sums.get(part, ())):
                counted[at] += people
        return Loss(vendors, *counted)

    def _count(self, part: tuple[str, ...], people: int, plights: Iterable[int]) -> None:
        if any(plights):
            counted = self._sums[part]
            for at, plight in enumerate(plights):
                counted[at] += people * plight


def _minus(these: Sequence[bool], those: Sequence[bool]) -> tuple[int, ...]:
    return tuple(this - that for this, that in zip(these, those, strict=True))


def _parts(vendors: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield ()
    yield from ((vendor,) for vendor in vendors)
    if len(vendors) == 2:
        yield vendors
