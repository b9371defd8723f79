"""Whose turn it is in a chain."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.model.delivery import Chain, Hop
from dispatcher.model.turns import Turns, next_turn, turns_from


def chain(*vendors: str) -> Chain:
    """A route for each word; the letters of the word are its vendors."""
    return Chain(tuple(Hop(f"route-{place}", Kind.SMS, "", vendors=tuple(one)) for place, one in enumerate(vendors)))


@pytest.mark.parametrize(
    ("vendors", "blamed", "order"),
    [
        # Nobody's vendor is at fault: in order.
        (["a", "a", "b"], [], [0, 1, 2]),
        # The second route of the vendor that failed waits for the other vendor's.
        (["a", "a", "b"], [0], [0, 2, 1]),
        # A vendor that the failed one rides on silences its neighbour too.
        (["ac", "bc", "d"], [0], [0, 2, 1]),
        # It goes on waiting while others fail by a fault of their own or of the person's.
        (["a", "a", "b", "c"], [0], [0, 2, 3, 1]),
        (["a", "a", "b", "c"], [0, 2], [0, 2, 3, 1]),
        (["a", "b", "a", "b", "c"], [0, 1], [0, 1, 4, 2, 3]),
        # All of one vendor: none is left out.
        (["a", "a", "a"], [0, 1, 2], [0, 1, 2]),
        # What an older release planned names no vendors.
        (["", "", ""], [0, 1], [0, 1, 2]),
        ([], [], []),
    ],
)
def test_the_order_of_turns(vendors: Sequence[str], blamed: Sequence[int], order: Sequence[int]) -> None:
    made, turns, had = chain(*vendors), Turns(), []
    while (place := next_turn(made, turns)) is not None:
        had.append(place)
        turns = turns.leave(place, blamed=place in blamed)
    assert had == order


@given(st.lists(st.text("abcd", max_size=3), max_size=8), st.data())
def test_every_route_has_one_turn_and_no_failed_vendor_comes_before_another(
    vendors: list[str], data: st.DataObject
) -> None:
    made, turns, had, failed = chain(*vendors), Turns(), list[int](), set[str]()
    while (place := next_turn(made, turns)) is not None:
        left = set(range(len(vendors))) - set(had)
        if failed & set(vendors[place]):
            assert all(failed & set(vendors[other]) for other in left)
        had.append(place)
        blamed = data.draw(st.booleans())
        failed |= set(vendors[place]) if blamed else set()
        turns = turns.leave(place, blamed=blamed)
        assert turns_from(turns.to_text()) == turns
    assert sorted(had) == list(range(len(vendors)))


def test_what_an_older_release_left_behind_counts_as_over() -> None:
    assert Turns().leave(2, blamed=True) == Turns(frozenset({0, 1, 2}), frozenset({2}))
    assert turns_from("") == Turns()
