"""How long a broadcast will take on each route, what it will cost, and who is told too late. Pure.

A guess, said before sending: nothing fails over in it, and no other broadcast shares the routes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, inf
from typing import Literal

from channels.contract import Kind
from dispatcher.model.pace import said_rate

#: How long a provider is guessed to take for one request, in seconds, where no pace is set.
ANSWERS_IN = 0.25
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a route may go.

    Attributes:
        per_second: Of `unit`, None when we do not limit it.
        unit: What the pace and the daily cap count.
        per_day: Of `unit`, None without a cap.
        to_one: Of `unit` a second to one destination, None without a limit.
        max_in_flight: How many requests are under way at once; with `ANSWERS_IN` it bounds a route without a pace.
        spent: How much of today's cap is gone.
        day_left: Seconds until the next day's cap.
        busy_for: Seconds for which what was sent before keeps it busy.
    """

    per_second: float | None = None
    unit: Literal["messages", "segments"] = "messages"
    per_day: int | None = None
    max_in_flight: int = 32
    spent: int = 0
    day_left: float = DAY
    busy_for: float = 0.0
    to_one: float | None = None

    @property
    def rate(self) -> float:
        """Of `unit` a second: the pace, or what so many requests at once come to."""
        return self.max_in_flight / ANSWERS_IN if self.per_second is None else self.per_second

    @property
    def today(self) -> float:
        """How much may still leave today."""
        if self.per_day is None:
            return inf
        return min(float(max(0, self.per_day - self.spent)), self.rate * max(0.0, self.day_left - self.busy_for))

    @property
    def a_day(self) -> float:
        """How much may leave on each of the days after."""
        return inf if self.per_day is None else min(float(self.per_day), self.rate * DAY)

    def until(self, units: float) -> float | None:
        """Seconds until so many have left, None when they never will have."""
        if units <= self.today:
            return self.busy_for + units / self.rate if units else 0.0
        if not self.a_day:
            return None
        rest = units - self.today
        days = ceil(rest / self.a_day) - 1
        return self.day_left + days * DAY + (rest - days * self.a_day) / self.rate

    def within(self, seconds: float) -> float:
        """How many have left after so long."""
        today = min(self.today, self.rate * max(0.0, seconds - self.busy_for))
        if self.per_day is None or seconds <= self.day_left:
            return today
        days, rest = divmod(seconds - self.day_left, DAY)
        return today + days * self.a_day + min(self.a_day, self.rate * rest)


@dataclass(frozen=True, slots=True)
class Load:
    """What goes out first by a route: messages of one size.

    Attributes:
        messages: How many, one for each person or place.
        parts: How many segments each has.
        cost: What each costs, None when the route has no price.
        currency: Of the cost.
        instead: How many of these people have an address of another kind that their playbook uses, by kind.
    """

    messages: int
    parts: int = 1
    cost: Decimal | None = None
    currency: str = ""
    instead: Mapping[Kind, int] | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of one route.

    Attributes:
        kind, route: Which one.
        messages: How many go out by it first.
        parts: Segments, or whatever its provider counts, of all of them.
        cost: Of all of them, None when the route has no price.
        currency: Of the cost.
        first: Seconds until the first leaves, None when it never does.
        last: Seconds until the last has left, None when it never does.
        in_time: How many leave while the update is useful.
        pace: What limits it, in words.
        warning: What is wrong with that and what to do, "" when nothing is.
    """

    kind: Kind
    route: str
    messages: int
    parts: int
    cost: Decimal | None
    currency: str
    first: float | None
    last: float | None
    in_time: int
    pace: str
    warning: str


def outlook(
    kind: Kind, route: str, loads: Sequence[Load], speed: Speed, useful_for: float, crowds: Sequence[int] = ()
) -> Outlook:
    """What is to be expected of a route that these loads are given to at once, while they are useful for so long.

    `crowds` says how many of the messages go to one destination each, for those with the most.
    """
    messages = sum(load.messages for load in loads)
    parts = sum(load.messages * load.parts for load in loads)
    units = parts if speed.unit == "segments" else messages
    each = units / messages if messages else 1.0
    first = speed.until(each)
    last = speed.until(units)
    in_time = messages if last is not None and last <= useful_for else floor(speed.within(useful_for) / each)
    in_time = min(messages, in_time)
    takes, late = _crowding(speed, crowds, each, useful_for)
    last = None if last is None else max(last, takes)
    crowd = max(crowds, default=0) if messages - late < in_time else 0
    in_time = max(0, min(in_time, messages - late))
    costs = [load.cost * load.messages for load in loads if load.cost is not None]
    pace = _pace(speed)
    limits = _Limits(pace, last, useful_for, crowd)
    return Outlook(
        kind=kind,
        route=route,
        messages=messages,
        parts=parts,
        cost=sum(costs, Decimal(0)) if costs else None,
        currency=next((load.currency for load in loads if load.currency), ""),
        # The first of them need not wait for its own turn to pass.
        first=None if first is None else max(0.0, first - each / speed.rate),
        last=last,
        in_time=in_time,
        pace=pace,
        warning="" if in_time >= messages else _warning(route, kind, messages, in_time, limits, loads),
    )


def _crowding(speed: Speed, crowds: Sequence[int], each: float, useful_for: float) -> tuple[float, int]:
    """Seconds until the largest destination has got all of its messages, and how many come too late to any of them."""
    if speed.to_one is None:
        return 0.0, 0
    at_once = max(1, floor(speed.to_one / each))
    in_time = at_once + floor(speed.to_one * useful_for / each)
    takes = max(0, max(crowds, default=0) - at_once) * each / speed.to_one
    return takes, sum(max(0, many - in_time) for many in crowds)


def lasting(seconds: float) -> str:
    """`20160` -> `5.6 h`, `0` -> `at once`."""
    for length, unit in ((DAY, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= length:
            return f"{seconds / length:.1f}".removesuffix(".0") + f" {unit}"
    if seconds >= 1:
        return f"{seconds:.0f} s"
    return "under 1 s" if seconds else "at once"


_PERIODS = {"s": "a second", "m": "a minute", "h": "an hour"}


def _pace(speed: Speed) -> str:
    said = []
    if speed.per_second is not None:
        unit = speed.unit.removesuffix("s") if speed.per_second == 1 else speed.unit
        said.append(f"{speed.per_second:g} {unit} a second")
    if speed.to_one is not None:
        number, _, period = said_rate(speed.to_one).partition("/")
        unit = speed.unit.removesuffix("s") if number == "1" else speed.unit
        said.append(f"{number} {unit} {_PERIODS[period]} to one destination")
    if speed.per_day is not None:
        said.append(f"{speed.per_day:,} {speed.unit} a day")
    return ", ".join(said) or "not limited by us"


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a route is too slow by, and how many go to its largest destination when that is what takes so long."""

    pace: str
    last: float | None
    useful_for: float
    crowd: int


#: What counts as one destination, where several people share one.
_SHARED = {Kind.EMAIL: "domain", Kind.SMS: "country"}


def _warning(route: str, kind: Kind, messages: int, in_time: int, limits: _Limits, loads: Sequence[Load]) -> str:
    takes = f"{lasting(limits.last)} for" if limits.last is not None else "never done with"
    told = f"only {in_time:,} are" if in_time else "nobody is"
    instead: dict[Kind, int] = {}
    for load in loads:
        for other, people in (load.instead or {}).items():
            instead[other] = instead.get(other, 0) + people
    # The kind for the most people; mail when there is nothing else, for it is read late.
    best = max(instead, key=lambda one: (one is not Kind.EMAIL, instead[one], one.value), default=None)
    if limits.crowd:
        one = _SHARED.get(kind, "destination")
        faster = (
            f"{limits.crowd:,} of them go to one {one}: raise per_destination if it takes more, or add a second route"
        )
    elif kind is Kind.SMS:
        faster = "add a short code or a faster number"
    else:
        faster = f"add a faster sender for {kind.value}"
    if best is None:
        remedy = faster if limits.crowd else f"add a faster sender or a second route for {kind.value}"
    else:
        name = "in-app" if best is Kind.INAPP else best.value
        remedy = f"{faster}, or let {name} go first: {instead[best]:,} of them can be told by it"
    return (
        f"{route}, {limits.pace}: {takes} {messages:,} messages; {told} told within the {lasting(limits.useful_for)} "
        f"for which this is useful; {remedy}"
    )
