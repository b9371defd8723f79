"""Broadcasts that want the same route."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.model.config import Severity
from dispatcher.model.share import WEIGHTS, Wish, share

MINOR, MAJOR, CRITICAL = Severity.MINOR, Severity.MAJOR, Severity.CRITICAL


@pytest.mark.parametrize(
    ("room", "wishes", "given_"),
    [
        (10, [(MINOR, 1000)], [10]),
        (10, [(MINOR, 3)], [3]),
        (10, [(CRITICAL, 5), (MINOR, 1000)], [5, 5]),
        (10, [(MINOR, 5), (CRITICAL, 1000)], [1, 9]),
        (36, [(CRITICAL, 99), (MINOR, 99)], [33, 3]),
        (23, [(MINOR, 99), (MAJOR, 99), (MAJOR, 2), (CRITICAL, 99)], [1, 4, 2, 16]),
        (42, [(MAJOR, 99), (MAJOR, 99)], [21, 21]),
        (3, [(MINOR, 9), (MINOR, 9), (CRITICAL, 9)], [1, 1, 1]),
        (10, [(CRITICAL, 0), (MINOR, 9)], [0, 9]),
        (0, [(CRITICAL, 5), (MINOR, 9)], [0, 0]),
        (10, [], []),
    ],
)
def test_shares(room: int, wishes: list[tuple[Severity, int]], given_: list[int]) -> None:
    asked = [Wish(number, *wish) for number, wish in enumerate(wishes)]
    assert list(share(room, asked, 0.0).values()) == given_


WISHES = st.lists(st.tuples(st.sampled_from(Severity), st.integers(0, 300)), max_size=12)
DRAWS = st.floats(0, 1, exclude_max=True)


@given(st.integers(0, 250), WISHES, DRAWS)
def test_the_room_is_used_and_nobody_gets_more_than_they_want(
    room: int, wishes: list[tuple[Severity, int]], draw: float
) -> None:
    asked = [Wish(number, *wish) for number, wish in enumerate(wishes)]
    shares = share(room, asked, draw)
    assert list(shares) == [one.broadcast_id for one in asked]
    assert sum(shares.values()) == min(room, sum(one.messages for one in asked))
    assert all(0 <= shares[one.broadcast_id] <= one.messages for one in asked)
    if room >= sum(one.messages > 0 for one in asked):
        assert all(shares[one.broadcast_id] for one in asked if one.messages)


@given(st.integers(0, 250), WISHES, DRAWS)
def test_the_more_severe_of_two_that_want_as_much_gets_no_less(
    room: int, wishes: list[tuple[Severity, int]], draw: float
) -> None:
    asked = [Wish(number, severity, 300) for number, (severity, _) in enumerate(wishes)]
    shares = share(room, asked, draw)
    for one in asked:
        for other in asked:
            if WEIGHTS[one.severity] > WEIGHTS[other.severity]:
                # A draw is for a part of one message.
                assert shares[one.broadcast_id] >= shares[other.broadcast_id] - 1


@pytest.mark.parametrize("room", [1, 2])
def test_nobody_starves_where_there_is_room_for_one(room: int) -> None:
    asked = [Wish(1, CRITICAL, 9), Wish(2, MINOR, 9), Wish(3, MINOR, 9)]
    drawn = [share(room, asked, step / 180) for step in range(180)]
    assert [round(mean(one[key] for one in drawn), 3) for key in (1, 2, 3)] == [
        round(room * part / 18, 3) for part in (16, 1, 1)
    ]
