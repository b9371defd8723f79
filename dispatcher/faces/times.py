"""Moments and lengths of time as people read them: on the company's clock, always with its zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_time

from dispatcher.render.times import clock, day_and_clock

_ENGLISH = Locale("en")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True)
class Clock:
    """The company's clock, as customers read it in messages too."""

    zone: ZoneInfo

    def short(self, moment: datetime, now: datetime) -> str:
        """`2:30 PM EST`, with the day when it is not close to `now`."""
        return clock(moment, now, self.zone, _ENGLISH)

    def seconds(self, moment: datetime) -> str:
        """`2:30:05 PM EST`."""
        zone = clock(moment, moment, self.zone, _ENGLISH).rpartition(" ")[2]
        time = format_time(moment, "medium", tzinfo=self.zone, locale=_ENGLISH)
        return f"{time} {zone}".replace("\u202f", " ")

    def full(self, moment: datetime) -> str:
        """`Nov 23, 2:30:05 PM EST`."""
        day = day_and_clock(moment, self.zone, _ENGLISH).partition(",")[0]
        return f"{day}, {self.seconds(moment)}"


def span(seconds: float) -> str:
    """`12 min`, `3 h 5 min`, `2 days`. To the minute, so that a page that has not changed stays the same text."""
    length = int(abs(seconds))
    if length < _MINUTE:
        return "less than a minute"
    if length < _HOUR:
        return f"{length // _MINUTE} min"
    if length < 2 * _DAY:
        return f"{length // _HOUR} h {length % _HOUR // _MINUTE} min"
    return f"{length // _DAY} days"


def ago(moment: datetime, now: datetime) -> str:
    """`12 min ago`."""
    return f"{span((now - moment).total_seconds())} ago"


def left(moment: datetime, now: datetime) -> str:
    """`in 12 min`, or `overdue by 3 min` once it has passed."""
    seconds = (moment - now).total_seconds()
    return f"in {span(seconds)}" if seconds > 0 else f"overdue by {span(seconds)}"
