"""A preview as a page shows it: who hears it first by what, why in that order, who is left, and every word."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Kind, Measure, Words
from dispatcher.faces.preview import Person, Preview, today
from dispatcher.ledger import broadcasts, recipients
from dispatcher.model.delivery import Chain
from dispatcher.plan.planner import Branch
from dispatcher.render.personal import fill, longest
from dispatcher.wiring import Installation

_NAMED = 20
#: Stands where each person's own name will be.
NAME = "[name]"


@dataclass(frozen=True, slots=True)
class Group:
    """People with one and the same chain. `kinds` are those of which they have an address."""

    people: int
    kinds: tuple[Kind, ...]
    locales: tuple[str, ...]
    chain: Chain


@dataclass(frozen=True, slots=True)
class First:
    """Those who hear it first by one route."""

    kind: str
    route: str
    people: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    kind: Kind
    to: str
    locale: str
    chain: Chain


@dataclass(frozen=True, slots=True)
class Said:
    """The words in one language."""

    locale: str
    used_locale: str
    words: Words
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class SaidBy:
    kind: Kind
    languages: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class View:
    """All of a preview's page."""

    preview: Preview
    firsts: tuple[First, ...]
    places: tuple[Place, ...]
    unreachable: int
    unreachable_named: tuple[Person, ...]
    today: tuple[tuple[str, tuple[Person, ...]], ...]
    words: tuple[SaidBy, ...]

    @property
    def needs_reason(self) -> bool:
        """Whether sending it anyway takes a reason."""
        return bool(self.preview.problems)

    @property
    def is_only_dear(self) -> bool:
        """Whether nothing but the price stands against it."""
        weighed = self.preview.weighed
        capped = weighed is not None and weighed.is_over and not weighed.cut_off
        return capped and not self.preview.audit.problems and not self.unreachable


def view(here: Installation, seen: Preview) -> View:
    """Put a preview in order for reading."""
    people = [branch for branch in seen.branches if branch.people and not branch.place]
    firsts = _firsts(people)
    silent = [branch for branch in people if not branch.chain.hops]
    return View(
        preview=seen,
        firsts=tuple(one for one in firsts if one.route),
        places=tuple(_place(here, branch) for branch in seen.branches if branch.place),
        unreachable=sum(branch.people for branch in silent),
        unreachable_named=_named(here, seen.told.incident.audience, silent),
        today=tuple(today(seen)),
        words=said(seen.wording, here),
    )


def said(wording: tuple[broadcasts.Wording, ...], here: Installation | None = None) -> tuple[SaidBy, ...]:
    """Frozen words by kind and language; measured when an installation is given to measure by."""
    by_kind: dict[Kind, list[Said]] = {}
    for one in wording:
        size = here.measure(one.kind, longest(one.words)) if here is not None else None
        by_kind.setdefault(one.kind, []).append(Said(one.locale, one.used_locale, fill(one.words, name=NAME), size))
    return tuple(SaidBy(kind, tuple(languages)) for kind, languages in by_kind.items())


def _firsts(branches: list[Branch]) -> list[First]:
    by_first: dict[tuple[str, str], dict[tuple[frozenset[Kind], Chain], list[Branch]]] = {}
    for branch in branches:
        hops = branch.chain.hops
        key = (hops[0].kind.value, hops[0].route) if hops else ("", "")
        by_first.setdefault(key, {}).setdefault((branch.who.kinds, branch.chain), []).append(branch)
    firsts = []
    for (kind, route), grouped in by_first.items():
        groups = [
            Group(
                people=sum(branch.people for branch in alike),
                kinds=tuple(one for one in Kind if one in kinds),
                locales=tuple(dict.fromkeys(branch.who.locale for branch in alike)),
                chain=chain,
            )
            for (kinds, chain), alike in grouped.items()
        ]
        groups.sort(key=lambda group: -group.people)
        firsts.append(First(kind, route, sum(group.people for group in groups), tuple(groups)))
    return sorted(firsts, key=lambda first: -first.people)


def _place(here: Installation, branch: Branch) -> Place:
    place = here.config.destinations[branch.place]
    return Place(branch.place, place.kind, place.to, place.locale, branch.chain)


def _named(here: Installation, audience: str, silent: list[Branch]) -> tuple[Person, ...]:
    found: dict[int, Person] = {}
    to = here.config.audiences[audience]
    with here.ledger.read() as tx:
        for kinds in dict.fromkeys(branch.who.kinds for branch in silent):
            for row in recipients.with_only(tx, to, kinds, _NAMED):
                found.setdefault(row[0], Person(*row))
    return tuple(found.values())[:_NAMED]
