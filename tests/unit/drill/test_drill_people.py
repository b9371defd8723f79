"""Who takes part in a drill: every class, in proportion, and nobody real."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.faces.cli.drill.people import DOMAIN, MOST, invented, scaled
from dispatcher.model.drill import Sort

TEXT = frozenset({Kind.SMS})
ALL = frozenset(Kind)


def sort(people: int, locale: str = "en", kinds: frozenset[Kind] = TEXT) -> Sort:
    return Sort(locale, kinds, frozenset(), people)


@pytest.mark.parametrize(
    ("people", "at_most", "chosen"),
    [
        ([3, 2], 10, [3, 2]),
        ([900, 100], 100, [90, 10]),
        ([999_999, 1], 100, [99, 1]),
        ([5, 5, 5], 2, [1, 1, 1]),
        ([1, 1], 2, [1, 1]),
        ([], 5, []),
    ],
)
def test_classes_are_scaled_and_none_is_lost(people: list[int], at_most: int, chosen: list[int]) -> None:
    assert scaled([sort(number) for number in people], at_most) == chosen


@given(st.lists(st.integers(1, 10**7), max_size=60), st.integers(1, MOST))
def test_the_sum_is_kept_and_no_class_grows(people: list[int], at_most: int) -> None:
    chosen = scaled([sort(number) for number in people], at_most)
    assert sum(chosen) == min(sum(people), max(at_most, len(people)))
    assert all(1 <= some <= number for some, number in zip(chosen, people, strict=True))


def test_everybody_is_invented_and_nobody_shares_an_address() -> None:
    cast = invented([sort(5000, kinds=ALL), sort(5000, "de")], MOST, {})
    assert len(cast) == MOST
    assert Counter(one.person.locale for one in cast) == {"en": 500, "de": 500}
    addresses = [item for one in cast for item in one.person.addresses.items()]
    assert len(set(addresses)) == len(addresses)
    for kind, address in addresses:
        match kind:
            case Kind.SMS:
                assert address[5:].startswith("55501"), "a number that is kept for fiction"
            case Kind.EMAIL:
                assert address.endswith(f"@{DOMAIN}")
            case _:
                assert "drill" in address.lower()
    assert all(one.person.name.startswith("Drill ") for one in cast)


def test_the_largest_classes_take_part_when_there_are_more_than_people() -> None:
    cast = invented([sort(number) for number in range(1, MOST + 11)], 10, {})
    assert len(cast) == MOST
    assert min(one.sort.people for one in cast) == 11
