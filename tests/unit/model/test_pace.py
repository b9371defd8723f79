"""How much may leave by a route, whoever asks and whenever."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dispatcher.model.pace import LATE, Budget, Leave, Pace, leave, parse_rate, said_rate, spend

START = datetime(2026, 11, 29, 23, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(("text", "rate"), [("10/s", 10), ("30/m", 0.5), (" 500 / h", 500 / 3600), ("0.5/s", 0.5)])
def test_a_rate_is_so_many_a_second(text: str, rate: float) -> None:
    assert parse_rate(text) == pytest.approx(rate)


@pytest.mark.parametrize("wrong", ["10", 10, "10/d", "0/s", "/s", "-1/s", "1/s/s", "1e9/s", None, True])
def test_what_is_no_rate_says_what_one_looks_like(wrong: object) -> None:
    with pytest.raises(ValueError, match="10/s, 30/m or 500/h"):
        parse_rate(wrong)


@pytest.mark.parametrize(
    ("rate", "said"),
    [("10/s", "10/s"), ("90/m", "90/m"), ("120/m", "2/s"), ("500/h", "500/h"), ("2.5/s", "150/m"), ("1.5/h", "1.5/h")],
)
def test_a_rate_is_said_as_it_would_be_written(rate: str, said: str) -> None:
    assert said_rate(parse_rate(rate)) == said


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"messages": "1/s", "per_destination": "2/s"}, "per_destination (2/s) changes nothing beside messages (1/s)"),
        ({"segments": "60/m", "per_destination": "1/s"}, "per_destination (1/s) changes nothing beside segments (1/s)"),
        ({"per_destination": "0/s"}, "'0/s' is not a rate; write for example 10/s, 30/m or 500/h"),
        ({"per_destination": "-1/s"}, "'-1/s' is not a rate"),
        ({"per_destination": 5}, "5 is not a rate"),
        ({"per_destination": "99999999999/s"}, "is out of bounds; from 1/h to 100000/s can be kept"),
        ({"per_destination": "0.5/h"}, "'0.5/h' is out of bounds"),
        ({"per_destinations": "1/s"}, "per_destinations"),
    ],
)
def test_a_wrong_pace_for_one_destination_is_told(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(why)):
        Pace.model_validate(wrong)


def test_a_pace_for_one_destination_has_the_unit_of_the_route() -> None:
    mail = Pace.model_validate({"messages": "10/s", "per_destination": "30/m", "per_day": 2000})
    assert mail.to_one == Pace.model_construct(messages=0.5)
    assert str(mail) == "10 messages/s, messages to one destination 30/m, 2,000 messages a day"
    texts = Pace.model_validate({"segments": "10/s", "per_destination": "1/s"})
    assert texts.to_one == Pace.model_construct(segments=1.0)
    alone = Pace.model_validate({"per_destination": "1/s"})
    assert (alone.per_second, alone.unit, str(alone)) == (None, "messages", "messages to one destination 1/s")
    assert Pace(per_day=5).to_one is None


@pytest.mark.parametrize("wrong", [{}, {"messages": "1/s", "segments": "1/s"}, {"per_day": 0}, {"letters": "1/s"}])
def test_a_pace_has_one_unit_and_says_something(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Pace.model_validate(wrong)


@given(
    rate=st.floats(0.05, 200),
    asks=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 3), st.integers(1, 500)), max_size=60),
)
def test_whoever_asks_never_gets_more_than_pace_and_a_second(rate: float, asks: list[tuple[float, int, int]]) -> None:
    """Texts of several segments, few or many waiting: never more than pace x time and one burst."""
    pace = Pace.model_validate({"segments": f"{rate:.4f}/s"})
    assert pace.segments
    budget, moment, sent, largest = Budget(), START, 0, 0.0
    for passes, parts, waiting in asks:
        moment += timedelta(seconds=passes)
        may = leave(pace, budget, moment)
        assert (may.messages > 0) == (may.until is None)
        cost = min(may.messages, waiting) * parts
        largest = max(largest, cost)
        sent += cost
        if cost:
            budget = spend(pace, budget, cost, moment)
        since = (moment - START + LATE).total_seconds()
        assert sent <= pace.segments * since + largest + 1e-6
        assert largest <= max(1.0, pace.segments) * 3


def test_a_cap_holds_for_a_day_by_utc() -> None:
    pace = Pace(per_day=5)
    budget = spend(pace, Budget(), 3, START)
    assert leave(pace, budget, START) == Leave(2)
    budget = spend(pace, budget, 2, START)
    assert leave(pace, budget, START) == Leave(0, MIDNIGHT, capped=True)
    assert leave(pace, budget, MIDNIGHT) == Leave(5)
    assert spend(pace, budget, 1, MIDNIGHT) == Budget(None, "2026-11-30", 1)
    pace = Pace.model_validate({"segments": "1/s", "per_day": 2000})
    assert str(pace) == "1 segments/s, 2,000 segments a day"
