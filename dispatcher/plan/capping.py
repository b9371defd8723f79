"""What stands against sending a broadcast that has a cost cap. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from channels.contract import Kind
from dispatcher.model.config import CostCap
from dispatcher.model.delivery import Because
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.chains import Way
from dispatcher.plan.costs import Costs, money, too_dear
from dispatcher.plan.planner import Branch
from dispatcher.plan.reach import cut_off


@dataclass(frozen=True, slots=True)
class Weighed:
    """A planned broadcast against its cap.

    Attributes:
        cut_off: How many people the cap leaves with mail alone, or with nothing.
        people: How many there are.
        cost: What the first messages cost together, in the currency of the cap.
        at_worst: What they would cost if each person were told by the dearest route that is left to them.
        left_out: How many people's chains a route is left out of, by route.
        unpriced: How many first messages are texts by a route without a price, by route. They are not in the sums.
    """

    cap: CostCap
    cut_off: int
    people: int
    cost: Decimal
    at_worst: Decimal
    left_out: Mapping[str, int]
    unpriced: Mapping[str, int]

    @property
    def is_over(self) -> bool:
        """Whether it costs more than a broadcast may."""
        return self.cap.broadcast is not None and self.cost > self.cap.broadcast

    def __str__(self) -> str:
        """What it costs against what it may, in a sentence."""
        currency = self.cap.currency
        caps = [
            f"{money(most, currency)} a {what}"
            for what, most in (("message", self.cap.message), ("broadcast", self.cap.broadcast))
            if most is not None
        ]
        out, unpriced = (
            ", ".join(f"{route} for {people:,}" for route, people in some.items())
            for some in (self.left_out, self.unpriced)
        )
        return (
            f"cost cap {' and '.join(caps)}: the first messages cost {money(self.cost, currency)}, "
            f"{money(self.at_worst, currency)} if all go by their dearest route; left out as too dear: "
            f"{out or 'nothing'}{unpriced and f'; without a price, and not counted: {unpriced}'}"
        )

    def problems(self, playbook: str) -> Iterator[str]:
        """What it is refused for without a reason: sentences that say what to do."""
        where = f"of cost_cap in config/playbooks/{playbook}.yaml"
        if self.cut_off and self.cap.message is not None:
            most = money(self.cap.message, self.cap.currency)
            yield (
                f"{self.cut_off} of {self.people} people would hear of it by mail alone, or not at all, because of the "
                f"cost cap of {most} a message; shorten the texts, raise `message` {where}, or send past this with a "
                "reason (override): the cap on a message holds all the same"
            )
        if self.is_over and self.cap.broadcast is not None:
            cost, most = (money(one, self.cap.currency) for one in (self.cost, self.cap.broadcast))
            yield (
                f"its first messages cost {cost} together, above the cost cap of {most} a broadcast; tell fewer "
                f"people, shorten the texts, raise `broadcast` {where}, or send past this with a reason (override)"
            )


def _cost(planned: Iterable[Branch], costs: Costs, *, at_worst: bool) -> Decimal:
    """What the messages of a plan cost that leave first, or that leave by everybody's dearest route."""
    whole = Decimal(0)
    for branch in planned:
        hops = branch.chain.hops if at_worst else branch.chain.hops[:1]
        known = [costs.of(hop.route, hop.kind, branch.who.locale) for hop in hops]
        whole += branch.people * max((one.cost for one in known if one and one.cost is not None), default=Decimal(0))
    return whole


def _left_out(planned: Iterable[Branch]) -> dict[str, int]:
    found: dict[str, dict[PeopleClass, int]] = defaultdict(dict)
    for branch in planned:
        for hop in branch.chain.left_out:
            if hop.because is Because.COST_CAP:
                found[hop.route][branch.who] = branch.who.people
    return {route: sum(people.values()) for route, people in sorted(found.items())}


def _unpriced(planned: Iterable[Branch], costs: Costs) -> dict[str, int]:
    """Texts only: in the app, in chats and by mail a message mostly costs nothing, and few would set a price of 0."""
    found: dict[str, int] = defaultdict(int)
    for branch in planned:
        for hop in branch.chain.hops[:1]:
            one = costs.of(hop.route, hop.kind, branch.who.locale)
            if hop.kind is Kind.SMS and one is not None and one.cost is None:
                found[hop.route] += branch.people
    return dict(sorted(found.items()))


def weigh(cap: CostCap, planned: Sequence[Branch], ways: Sequence[Way], kinds: Iterable[Kind], costs: Costs) -> Weighed:
    """Hold a plan that was made under a cap against it.

    Every price that is set is in the currency of the cap; the configuration is refused otherwise.

    Args:
        cap: The cap that holds.
        planned: The plan, without what is too dear.
        ways: All routes.
        kinds: The kinds that any leg uses.
        costs: What a message costs.
    """
    classes = tuple(dict.fromkeys(branch.who for branch in planned if not branch.place))
    return Weighed(
        cap=cap,
        cut_off=cut_off(classes, ways, kinds, too_dear(cap, ways, costs)),
        people=sum(one.people for one in classes),
        cost=_cost(planned, costs, at_worst=False),
        at_worst=_cost(planned, costs, at_worst=True),
        left_out=_left_out(planned),
        unpriced=_unpriced(planned, costs),
    )
