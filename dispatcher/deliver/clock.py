"""Notices that the time of day was put forward or back while this process ran."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Compares the time of day with the monotonic clock, which nobody puts anywhere.

    Args:
        wall: Seconds of the time of day.
        steady: Seconds that only pass.
    """

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()

    def jumped(self) -> float:
        """Seconds by which the time of day was put forward (or, below zero, back) since this was last settled."""
        return self._wall() - self._steady() - self._offset

    def settle(self) -> None:
        """What `jumped` tells has been dealt with."""
        self._offset = self._wall() - self._steady()
