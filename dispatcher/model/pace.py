"""How fast a route may go, by our own rule: what an account's sender can carry, not what a worker could push."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import isclose
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LEAST, _MOST = 1 / 3600, 100_000.0
#: A claim that comes so much late loses nothing: nobody looks at the clock all the time.
LATE = timedelta(seconds=0.25)

Unit = Literal["messages", "segments"]


def parse_rate(value: object) -> float:
    """`"10/s"` -> 10.0, `"30/m"` -> 0.5: so many a second.

    Raises:
        ValueError: not a rate.
    """
    match = _FORM.fullmatch(str(value).strip()) if isinstance(value, (str, int, float)) else None
    rate = float(match[1]) / _SECONDS[match[2]] if match else 0.0
    if not rate:
        raise ValueError(f"{value!r} is not a rate; write for example 10/s, 30/m or 500/h")
    if not _LEAST <= rate <= _MOST:
        raise ValueError(f"{value!r} is out of bounds; from {said_rate(_LEAST)} to {said_rate(_MOST)} can be kept")
    return rate


def said_rate(rate: float) -> str:
    """0.5 -> `30/m`: as it would be written in configuration, in whole numbers if they are."""
    whole = (period for period, seconds in _SECONDS.items() if isclose(rate * seconds, round(rate * seconds)))
    period = next(whole, "s" if rate >= 1 else "h")
    return f"{rate * _SECONDS[period]:g}/{period}"


Rate = Annotated[float, BeforeValidator(parse_rate)]


class Pace(BaseModel):
    """At most so much a second, in messages or in the segments that a text has, by all workers together.

    In the same unit: at most so much a second to one destination (`model.destinations`), and so much a day, by UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: Rate | None = None
    segments: Rate | None = None
    per_destination: Rate | None = None
    per_day: Annotated[int, Field(ge=1, le=100_000_000)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Pace:
        if self.messages is not None and self.segments is not None:
            raise ValueError("names messages and segments; a pace has one of them")
        if self.messages is None and self.segments is None and self.per_day is None and self.per_destination is None:
            raise ValueError("says nothing; write messages, segments, per_destination or per_day")
        return self

    @model_validator(mode="after")
    def _slower_for_one(self) -> Pace:
        if self.per_destination is not None and self.per_second is not None and self.per_destination >= self.per_second:
            one, all_ = said_rate(self.per_destination), said_rate(self.per_second)
            raise ValueError(
                f"per_destination ({one}) changes nothing beside {self.unit} ({all_}), which it does not stay below; "
                "make it smaller or leave it out"
            )
        return self

    def __str__(self) -> str:
        said = [] if self.per_second is None else [f"{self.per_second:g} {self.unit}/s"]
        if self.per_destination is not None:
            said.append(f"{self.unit} to one destination {said_rate(self.per_destination)}")
        if self.per_day is not None:
            said.append(f"{self.per_day:,} {self.unit} a day")
        return ", ".join(said)

    @property
    def unit(self) -> Unit:
        return "messages" if self.segments is None else "segments"

    @property
    def per_second(self) -> float | None:
        return self.messages if self.segments is None else self.segments

    @cached_property
    def to_one(self) -> Pace | None:
        """What holds for each destination alone; None where nothing does."""
        one, by_segments = self.per_destination, self.unit == "segments"
        if one is None:
            return None
        return Pace.model_construct(messages=None if by_segments else one, segments=one if by_segments else None)


@dataclass(frozen=True, slots=True)
class Budget:
    """What has been spent of a route's pace, as all workers know it.

    Attributes:
        free_at: When the next message may leave; None when nothing was sent yet.
        day: The day, by UTC, to which `spent` belongs.
        spent: How much of the cap of that day is gone.
    """

    free_at: datetime | None = None
    day: str = ""
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    """How many messages may be claimed now; when none may, until when, and whether the cap of the day forbids it."""

    messages: int
    until: datetime | None = None
    capped: bool = False


def leave(pace: Pace, budget: Budget, now: datetime) -> Leave:
    """What may be claimed: a second's worth at most, at least one message. Pure."""
    most = _MOST
    if pace.per_day is not None:
        left = pace.per_day - spent_today(budget, now)
        if left <= 0:
            return Leave(0, tomorrow(now), capped=True)
        most = left
    if pace.per_second is not None:
        if budget.free_at is not None and budget.free_at > now:
            return Leave(0, budget.free_at)
        most = min(most, max(1.0, pace.per_second))
    return Leave(int(most))


def spend(pace: Pace, budget: Budget, cost: int, now: datetime) -> Budget:
    """What is left after so much was claimed. More than allowed (texts of several segments) is paid for with time."""
    start = now if budget.free_at is None else max(budget.free_at, now - LATE)
    free_at = budget.free_at if pace.per_second is None else start + timedelta(seconds=cost / pace.per_second)
    return Budget(free_at, _day(now), cost + spent_today(budget, now))


def spent_today(budget: Budget, now: datetime) -> int:
    """What is gone of the cap of the day, by UTC."""
    return budget.spent if budget.day == _day(now) else 0


def _day(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%d}"


def tomorrow(now: datetime) -> datetime:
    """When the next day begins, by UTC, and with it a new cap."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
