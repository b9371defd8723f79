"""The one clock of the system, kept by the monotonic one: celery's own goes by the time of day, and is silent for an
hour when that is put back by an hour."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from celery.beat import Scheduler
from celery.schedules import schedstate, schedule


class Steady(schedule):
    """Due at once, and then every `every` seconds after it was last rung, whatever the time of day does."""

    def __init__(self, every: float) -> None:
        super().__init__(every)
        self._every = every
        self._seen: datetime | None = None
        self._rung: float | None = None

    def is_due(self, last_run_at: datetime) -> schedstate:
        # Celery moves `last_run_at` whenever it has rung; what it moves it to does not matter here.
        moment = time.monotonic()
        if self._seen is None:
            self._seen = last_run_at
        elif last_run_at != self._seen:
            self._seen, self._rung = last_run_at, moment
        wait = 0.0 if self._rung is None else self._rung + self._every - moment
        return schedstate(wait <= 0, self._every if wait <= 0 else wait)

    def __reduce__(self) -> tuple[type[Steady], tuple[float]]:
        return type(self), (self._every,)


class SteadyScheduler(Scheduler):
    """Keeps nothing between starts, so there is no file: the first thing it does is to ring."""

    def _when(self, entry: Any, next_time_to_run: float | None, mktime: object = None) -> float:
        return time.monotonic() + (next_time_to_run or 0.0)
