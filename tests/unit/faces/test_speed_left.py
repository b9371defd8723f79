"""What a route may still send today, for the forecast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.faces.forecasting import speed_of
from dispatcher.model.config import Route
from dispatcher.model.pace import Budget, Pace

EVENING = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)
_PACE = Pace.model_validate({"segments": "1/s", "per_day": 2000})
PACED = Route(channel="sms/twilio", depends_on=("twilio",), pace=_PACE)


@pytest.mark.parametrize(
    ("budget", "spent", "busy"),
    [
        (Budget(), 0, 0.0),
        (Budget(EVENING - timedelta(minutes=1), "2026-11-29", 1500), 1500, 0.0),
        (Budget(EVENING + timedelta(seconds=30), "2026-11-29", 1999), 1999, 30.0),
        (Budget(EVENING - timedelta(days=1), "2026-11-28", 2000), 0, 0.0),
    ],
)
def test_what_was_sent_before_counts(budget: Budget, spent: int, busy: float) -> None:
    speed = speed_of(PACED, budget, EVENING)
    assert (speed.per_second, speed.unit, speed.per_day) == (1.0, "segments", 2000)
    assert (speed.spent, speed.day_left, speed.busy_for) == (spent, 7200.0, busy)


def test_a_pace_for_one_destination_counts() -> None:
    mail = PACED.model_copy(update={"pace": Pace.model_validate({"messages": "20/s", "per_destination": "30/m"})})
    assert speed_of(mail, Budget(), EVENING).to_one == 0.5
    assert speed_of(PACED, Budget(), EVENING).to_one is None


def test_a_route_without_a_pace_has_nothing_to_keep() -> None:
    free = PACED.model_copy(update={"pace": None, "max_in_flight": 7})
    speed = speed_of(free, Budget(EVENING, "2026-11-29", 9), EVENING)
    assert (speed.per_second, speed.per_day, speed.max_in_flight, speed.spent) == (None, None, 7, 0)
