"""The words of a playbook as every route would send them: how long, how dear, and what would not fit.

Needs no ledger, no broker and no credentials: nothing is kept or sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from channels.contract import Kind, Measure, Words
from dispatcher.ledger import now
from dispatcher.model.config import FactValue, Playbook
from dispatcher.model.facts import merge_facts
from dispatcher.model.incident import Reason, State, Telling
from dispatcher.model.wording import Composed
from dispatcher.plan.costs import estimate, too_dear
from dispatcher.plan.planner import kinds_of
from dispatcher.render import EXAMPLE_FACTS, REQUIRED_FACTS, UnfitWords, does_not_fit, fill, longest
from dispatcher.wiring import Installation

#: How a name is shown that differs from person to person.
NAME = "[name]"


@dataclass(frozen=True, slots=True)
class Fit:
    """Some words as one route would send them.

    Attributes:
        route: Its name.
        channel: What speaks there.
        size: How long they are for somebody with the longest name there can be.
        cost: What one message costs, None when the route has no price.
        currency: Of the cost.
        problem: Why they cannot be sent there, "" when they can.
    """

    route: str
    channel: str
    size: Measure
    cost: Decimal | None
    currency: str
    problem: str


@dataclass(frozen=True, slots=True)
class Look:
    """One kind in one language. Without `composed` there are no words, and `problems` say why."""

    kind: Kind
    locale: str
    composed: Composed | None
    fits: tuple[Fit, ...]
    problems: tuple[str, ...]

    @property
    def words(self) -> Words | None:
        """As they are shown: with a placeholder for the name."""
        return None if self.composed is None else fill(self.composed.words, name=NAME)

    @property
    def instead(self) -> str:
        """What readers of the language get that is not in it, in a sentence; "" when all of it is."""
        if self.composed is None or not self.composed.fell_back:
            return ""
        if self.composed.borrowed:
            facts = ", ".join(self.composed.borrowed)
            return f"in {self.composed.used_locale}, but in English where it speaks of: {facts}"
        return f"in {self.composed.used_locale}: there is no text in {self.locale}"

    @property
    def wrong(self) -> tuple[str, ...]:
        """Everything that stands against sending it, a sentence each."""
        return (*self.problems, *(f"{fit.route}: {fit.problem}" for fit in self.fits if fit.problem))


def telling(
    name: str, playbook: Playbook, reason: Reason, facts: Mapping[str, FactValue], moment: datetime
) -> tuple[Telling, tuple[str, ...]]:
    """What a first word, an update, an end would be made from, and the facts for which an example stands in."""
    known = merge_facts(playbook.facts, facts)
    missing = tuple(fact for fact in REQUIRED_FACTS.get(reason, ()) if fact not in known)
    examples = {fact: dict(EXAMPLE_FACTS[fact]) for fact in missing}
    first, over = reason is Reason.OPENED, reason in (Reason.RESOLVED, Reason.RETRACTED)
    made = Telling(
        playbook=name,
        messages=playbook.messages,
        title=playbook.title,
        reason=reason,
        state=State.INVESTIGATING if first else State.RESOLVED if over else State.IDENTIFIED,
        number=1 if first else 2,
        facts={**known, **examples},
        next_update_at=None if over else moment + timedelta(seconds=playbook.next_update_in),
        now=moment,
    )
    return made, missing


def look(here: Installation, told: Telling, playbook: Playbook, locales: Sequence[str]) -> tuple[Look, ...]:
    """Every kind that has a route, in every language; the playbook's own kinds first."""
    configured = dict.fromkeys(here.capabilities(route).kind for route in here.config.routes)
    kinds = dict.fromkeys([kind for kind in kinds_of(playbook.legs) if kind in configured])
    return tuple(_one(here, told, kind, locale) for locale in locales for kind in {**kinds, **configured})


def _one(here: Installation, told: Telling, kind: Kind, locale: str) -> Look:
    try:
        (made,) = here.composer.compose(told, [kind], [locale], _whatever_its_length)
    except UnfitWords as unfit:
        return Look(kind, locale, None, (), tuple(str(problem) for problem in unfit.problems))
    sized = longest(made.words)
    routes = [name for name in here.config.routes if here.capabilities(name).kind is kind]
    return Look(kind, locale, made, tuple(_fit(here, name, kind, sized) for name in routes), ())


def _fit(here: Installation, name: str, kind: Kind, words: Words) -> Fit:
    route = here.config.routes[name]
    size = here.measure_by(name, words)
    one = estimate(route.price, size)
    return Fit(name, route.channel, size, one.cost, one.currency, does_not_fit(kind, size))


def _whatever_its_length(kind: Kind, words: Words) -> Measure:
    """Words that are too long shall be seen as well."""
    return Measure(0, 0, "characters")


def too_dear_as_it_stands(here: Installation, name: str, locales: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Languages with the routes that a playbook's cost cap leaves out, by any of its words as they stand.

    Words that cannot be composed are too dear for nothing.
    """
    playbook = here.config.playbooks[name]
    cap = playbook.cap_at(playbook.severity)
    if cap is None or cap.message is None:
        return frozenset()
    wanted, kinds = tuple(locales), {way.kind for way in here.ways}
    found: set[tuple[str, str]] = set()
    for reason in (reason for reason in Reason if reason is not Reason.RETRACTED):
        told, _ = telling(name, playbook, reason, {}, now())
        try:
            composed = here.composer.compose(told, kinds, wanted, _whatever_its_length)
        except UnfitWords:
            continue
        dear = too_dear(cap, here.ways, here.costs({(one.kind, one.locale): one.words for one in composed}))
        found |= {(locale, route) for locale in wanted for route in dear(locale)}
    return frozenset(found)
