"""Beat goes by the monotonic clock: the time of day may be put anywhere."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dispatcher.faces.worker.beat import Steady, SteadyScheduler
from dispatcher.faces.worker.making import make_app

LATER = datetime(2026, 1, 1, tzinfo=UTC)


def test_it_is_due_at_once_and_then_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    steady = Steady(5.0)
    assert steady.is_due(LATER) == (True, 5.0)
    assert steady.is_due(LATER).is_due, "asking changes nothing"
    steady.rung()
    assert steady.is_due(LATER) == (False, 5.0)
    moment += 3.5
    assert steady.is_due(LATER) == (False, 1.5)
    moment += 1.5
    assert steady.is_due(LATER).is_due


@pytest.mark.parametrize("hours", [1, -1, -1000])
def test_a_clock_that_jumps_holds_up_nothing(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    app = make_app(None)
    app.conf.update(broker_url="memory://", broker_transport_options={})
    scheduler = SteadyScheduler(app=app)
    rung: list[str] = []
    scheduler.apply_entry = lambda entry, producer=None: rung.append(entry.name)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(SteadyScheduler, "sync_every", 10**9)
    scheduler.tick()
    assert rung == ["sweep"]
    jumped = _put(hours)
    monkeypatch.setattr("celery.beat.ScheduleEntry.default_now", jumped)
    monkeypatch.setattr(time, "time", lambda: 1.8e9 + hours * 3600)
    assert scheduler.tick() <= 5.0
    monkeypatch.setattr(time, "monotonic", lambda: 105.1)
    scheduler.tick()
    assert rung == ["sweep", "sweep"]


def _put(hours: int) -> Any:
    return lambda _self: datetime.now(UTC) + timedelta(hours=hours)
