"""What a planned broadcast will take and cost, by the routes as they are set up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from channels.contract import Kind
from dispatcher.ledger import Tx, now, paces
from dispatcher.ledger.who import crowds
from dispatcher.model.config import Audience, Route
from dispatcher.model.delivery import Because
from dispatcher.model.pace import Budget, spent_today, tomorrow
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.costs import Costs, Estimate
from dispatcher.plan.forecast import Load, Outlook, Speed, outlook
from dispatcher.plan.planner import Branch
from dispatcher.wiring import Installation

#: Of so many of the largest destinations it is looked whether their people are told in time.
_CROWDS = 1000


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
    here: Installation,
    tx: Tx,
    planned: Iterable[Branch],
    costs: Costs,
    useful_for: float,
    audience: Audience | None = None,
) -> Forecast:
    """What is to be expected of a plan whose messages come to this much.

    With the `audience`, it is also looked how its people crowd where a destination has a pace of its own.
    """
    spent, moment = paces.every(tx), now()
    loads: dict[tuple[Kind, str], list[Load]] = defaultdict(list)
    firsts: dict[str, list[PeopleClass]] = defaultdict(list)
    for branch in planned:
        if branch.chain.hops:
            first = branch.chain.hops[0]
            loads[first.kind, first.route].append(_load(branch, costs.of(first.route, first.kind, branch.who.locale)))
            if not branch.place:
                firsts[first.route].append(branch.who)
    routes = []
    for (kind, route), given in loads.items():
        speed = speed_of(here.config.routes[route], spent.get(route, Budget()), moment)
        crowded = crowds(tx, audience, firsts[route], kind, _CROWDS) if audience and speed.to_one else []
        routes.append(outlook(kind, route, given, speed, useful_for, crowded))
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
        to_one=route.pace.per_destination,
    )


def _load(branch: Branch, each: Estimate | None) -> Load:
    others = {hop.kind for hop in branch.chain.hops if hop.because is Because.CHOICE} - {branch.chain.hops[0].kind}
    instead = dict.fromkeys(others, branch.people)
    one = each or Estimate()
    return Load(branch.people, one.parts, one.cost, one.currency, instead)
