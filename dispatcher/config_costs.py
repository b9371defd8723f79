"""Whether a playbook's cost cap and the prices of the routes go together. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from channels.contract import Kind, Measure
from channels.registry import ChannelType
from dispatcher.config_yaml import Page
from dispatcher.model.config import Playbook, Route

_AT = "cost_cap"


def check_cost_cap(
    playbook: Playbook, routes: Mapping[str, Route], page: Page, channels: Mapping[str, ChannelType]
) -> None:
    """Note on the playbook's page what is wrong with its cap. Routes that are switched off count: they may return."""
    if (_AT,) in page.lines and page.at((_AT,)) is None:
        page.refuse((_AT,), "has no value", "Fill it in, or remove the key.")
    cap = playbook.cost_cap
    if cap is None:
        return
    for key in ("message", "broadcast"):
        if (_AT, key) in page.lines and getattr(cap, key) is None:
            page.refuse((_AT, key), "has no value", "Fill it in, or remove the key.")
    foreign = [(name, one.price.currency) for name, one in routes.items() if one.price is not None]
    foreign = [(name, currency) for name, currency in foreign if currency != cap.currency]
    if foreign:
        name, currency = foreign[0]
        page.refuse(
            (_AT,),
            f"is in {cap.currency}, and the price of {name} is in {currency}",
            "Write the cap and the prices of all routes in one currency.",
        )
        return
    cheapest = _cheapest(playbook, routes, channels)
    if cap.message is not None and cheapest is not None and cheapest[0] > cap.message:
        cost, name = cheapest
        page.refuse(
            (_AT, "message"),
            f"{cap.message} is less than the shortest message costs by any route but mail",
            f"Raise it to {cost} at least, what {name} costs, or remove it.",
        )


def _cheapest(
    playbook: Playbook, routes: Mapping[str, Route], channels: Mapping[str, ChannelType]
) -> tuple[Decimal, str] | None:
    """What the shortest words cost by the cheapest route of the legs that is not mail; None when one has no price."""
    kinds = {kind for leg in playbook.legs for kind in leg.kinds} - {Kind.EMAIL}
    found = []
    for name, route in routes.items():
        channel = channels.get(route.channel)
        if channel is None or channel.capabilities.kind not in kinds:
            continue
        if route.price is None:
            return None
        sizes = (Measure(1, 1, "characters"), Measure(1, 1, "characters", links=1))
        found.append((min(route.price.of(size) for size in sizes), name))
    return min(found, default=None)
