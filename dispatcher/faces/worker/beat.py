"""The one clock of the system, kept by the monotonic one: celery's own goes by the time of day, and is silent for an
hour when that is put back by an hour."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedstate, schedule


class Steady(schedule):
    """Due at once, and then every `every` seconds after it was last rung, whatever the time of day does."""

    def __init__(self, every: float) -> None:
        super().__init__(every)
        self._every = every
        self._rung: float | None = None

    def rung(self) -> None:
        """It is being rung now."""
        self._rung = time.monotonic()

    def is_due(self, last_run_at: datetime) -> schedstate:
        wait = 0.0 if self._rung is None else self._rung + self._every - time.monotonic()
        return schedstate(wait <= 0, self._every if wait <= 0 else wait)

    def __reduce__(self) -> tuple[type[Steady], tuple[float]]:
        return type(self), (self._every,)


class SteadyScheduler(Scheduler):
    """Keeps nothing between starts, so there is no file: the first thing it does is to ring."""

    def reserve(self, entry: ScheduleEntry) -> Any:
        """Celery is about to ring for this entry."""
        if isinstance(entry.schedule, Steady):
            entry.schedule.rung()
        return super().reserve(entry)

    def _when(self, entry: Any, next_time_to_run: float | None, mktime: object = None) -> float:
        return time.monotonic() + (next_time_to_run or 0.0)
