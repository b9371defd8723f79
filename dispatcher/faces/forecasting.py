"""What a planned broadcast will take and cost, by the routes as they are set up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from channels.contract import Kind, Words
from dispatcher.ledger import Tx, now, paces
from dispatcher.ledger.broadcasts import Wording
from dispatcher.model.config import Route
from dispatcher.model.delivery import Because
from dispatcher.model.pace import Budget, spent_today, tomorrow
from dispatcher.plan.forecast import Load, Outlook, Speed, outlook
from dispatcher.plan.planner import Branch
from dispatcher.render import longest
from dispatcher.wiring import Installation


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected.

    Attributes:
        routes: Of every route that messages go out by first.
        useful_for: Seconds after which nothing more is sent.
    """

    routes: tuple[Outlook, ...]
    useful_for: float

    @property
    def messages(self) -> int:
        """How many have a route."""
        return sum(one.messages for one in self.routes)

    @property
    def in_time(self) -> int:
        """How many of them leave while they are useful."""
        return sum(one.in_time for one in self.routes)

    @property
    def last(self) -> float | None:
        """Seconds until the last has left; None when some route never gets there."""
        ends = [one.last for one in self.routes]
        return None if None in ends else max((end for end in ends if end is not None), default=0.0)

    @property
    def costs(self) -> dict[str, Decimal]:
        """What is known to be paid, by currency."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for one in self.routes:
            if one.cost is not None:
                found[one.currency] += one.cost
        return dict(sorted(found.items()))

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The routes whose price is not known."""
        return tuple(one.route for one in self.routes if one.cost is None)


def forecast(
    here: Installation, tx: Tx, planned: Iterable[Branch], wording: Sequence[Wording], useful_for: float
) -> Forecast:
    """What is to be expected of a plan with these words, each as long as the longest name makes it."""
    spent, moment = paces.every(tx), now()
    words = {(one.kind, one.locale): longest(one.words) for one in wording}
    loads: dict[tuple[Kind, str], list[Load]] = defaultdict(list)
    for branch in planned:
        if branch.chain.hops:
            first = branch.chain.hops[0]
            load = _load(here, branch, words.get((first.kind, branch.who.locale)))
            loads[first.kind, first.route].append(load)
    routes = [
        outlook(kind, route, given, speed_of(here.config.routes[route], spent.get(route, Budget()), moment), useful_for)
        for (kind, route), given in loads.items()
    ]
    return Forecast(tuple(sorted(routes, key=lambda one: (-one.messages, one.route))), useful_for)


def speed_of(route: Route, budget: Budget, moment: datetime) -> Speed:
    """How fast a route may go, as it is configured, and after what was sent by it already."""
    if route.pace is None:
        return Speed(max_in_flight=route.max_in_flight)
    return Speed(
        route.pace.per_second,
        route.pace.unit,
        route.pace.per_day,
        route.max_in_flight,
        spent=spent_today(budget, moment),
        day_left=(tomorrow(moment) - moment).total_seconds(),
        busy_for=0.0 if budget.free_at is None else max(0.0, (budget.free_at - moment).total_seconds()),
    )


def _load(here: Installation, branch: Branch, words: Words | None) -> Load:
    first, price = branch.chain.hops[0], here.config.routes[branch.chain.hops[0].route].price
    others = {hop.kind for hop in branch.chain.hops if hop.because is Because.CHOICE} - {first.kind}
    instead = dict.fromkeys(others, branch.people)
    if words is None:
        return Load(branch.people, instead=instead)
    size = here.measure_by(first.route, words)
    cost, currency = (None, "") if price is None else (price.of(size), price.currency)
    return Load(branch.people, size.parts, cost, currency, instead)
