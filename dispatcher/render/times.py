"""Times as the reader writes them, on the company's clock, always with the zone: readers sit in others."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time, get_timezone_name

#: Times further away than this are told with their day.
_SAME_DAY = timedelta(hours=12)


def clock(moment: datetime, now: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """`2:30 PM EST`; with the day when it is not close to `now`."""
    if abs(moment - now) > _SAME_DAY:
        return day_and_clock(moment, zone, locale)
    return _plain(f"{format_time(moment, 'short', tzinfo=zone, locale=locale)} {_zone(moment, zone, locale)}")


def day_and_clock(moment: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """`Nov 23, 2:30 PM EST`."""
    day = format_skeleton("MMMd", moment, tzinfo=zone, locale=locale)
    time = format_time(moment, "short", tzinfo=zone, locale=locale)
    return _plain(f"{day}, {time} {_zone(moment, zone, locale)}")


def _zone(moment: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """The short name the locale knows, else the usual letters, else the distance from UTC."""
    local = moment.astimezone(zone)
    for name in (get_timezone_name(local, width="short", locale=locale), local.tzname() or ""):
        if name.isalpha() and len(name) <= 5:
            return name
    return local.strftime("UTC%z")[:-2] + (
        "" if local.strftime("%z").endswith("00") else f":{local.strftime('%z')[-2:]}"
    )


def _plain(text: str) -> str:
    """Narrow and unbreakable spaces would double the price of an SMS."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")
