"""What a message costs before it is sent, and which routes a playbook's cost cap leaves out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from channels.contract import Kind, Measure, Words
from dispatcher.model.config import CostCap, Price
from dispatcher.plan.chains import Way


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one message by a route comes to.

    Attributes:
        parts: How many SMS segments, posts or mails the provider counts.
        cost: What it costs, None when the route has no price.
        currency: Of the cost.
    """

    parts: int = 1
    cost: Decimal | None = None
    currency: str = ""


#: Estimates words by a route, for somebody with the longest name there can be.
Estimating = Callable[[str, Words], Estimate]
#: Answers, for readers of a language, the routes that are too dear for a person, each with a sentence that says so.
TooDear = Callable[[str], Mapping[str, str]]


def estimate(price: Price | None, size: Measure) -> Estimate:
    """What words of this size come to by a route with this price."""
    return Estimate(size.parts) if price is None else Estimate(size.parts, price.of(size), price.currency)


def unpriced(_route: str, _words: Words) -> Estimate:
    """The estimates where nothing has a price."""
    return Estimate()


class Costs:
    """What a message of one update comes to, by each route and language; each is worked out once, when it is asked for.

    Args:
        words: Answers what is said by a kind in a language, None where nothing is.
        estimating: Estimates words by a route.
    """

    def __init__(self, words: Callable[[Kind, str], Words | None], estimating: Estimating) -> None:
        self._words = words
        self._estimating = estimating
        self._known: dict[tuple[str, Kind, str], Estimate | None] = {}

    def of(self, route: str, kind: Kind, locale: str) -> Estimate | None:
        """One message by a route to a reader of a language, None where there are no words."""
        key = (route, kind, locale)
        if key not in self._known:
            words = self._words(kind, locale)
            self._known[key] = None if words is None else self._estimating(route, words)
        return self._known[key]


def nothing_dear(_locale: str) -> Mapping[str, str]:
    """No route is too dear for anybody."""
    return {}


def too_dear(cap: CostCap | None, ways: Sequence[Way], costs: Costs) -> TooDear:
    """Which routes a cap leaves out; those without a price are never too dear."""
    if cap is None or cap.message is None:
        return nothing_dear
    most, shown = cap.message, money(cap.message, cap.currency)

    @cache
    def found(locale: str) -> Mapping[str, str]:
        dear = {}
        for way in ways:
            one = costs.of(way.route, way.kind, locale)
            if one is not None and one.cost is not None and one.cost > most:
                dear[way.route] = f"a message costs {money(one.cost, one.currency)}, above the cost cap of {shown}"
        return dear

    return found


def money(amount: Decimal, currency: str) -> str:
    """`Decimal("1234.5")` of USD -> `USD 1,234.50`; no digit that counts is left out, and none but cents is added."""
    whole, point, rest = f"{amount.normalize():,f}".partition(".")
    return f"{currency} {whole}{point}{rest.ljust(2, '0') if point else ''}"
