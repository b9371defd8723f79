"""From when on a provider may have a message, by its own clock. Ours may be wrong, or may have been put right."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

#: Seconds that are looked back when nothing is known of when an attempt began. What a dead worker held is looked up
#: sooner than that.
WINDOW = 600.0


def begun(started_at: float, headers: Mapping[str, str], *, now: float | None = None) -> float:
    """The earliest moment at which the provider can have taken what was begun at `started_at`.

    Too late a moment would overlook the message, and it would be sent twice. So of two readings the earlier one holds:
    that our clock was right when the attempt began, or that it was then as wrong as it is now.

    Args:
        started_at: Unix seconds by our clock, as it was then.
        headers: Of the provider's last answer; its `Date` says what time it is there. Without one ours counts.
        now: Unix seconds by our clock, as it is now.
    """
    here = time.time() if now is None else now
    there = _date(headers)
    if there is None:
        there = here
    moment = min(started_at, started_at - (here - there))
    # Begun in the future: our clock was ahead then, and has been put back since.
    return moment if moment <= there + 1.0 else there - WINDOW


def _date(headers: Mapping[str, str]) -> float | None:
    try:
        return parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
