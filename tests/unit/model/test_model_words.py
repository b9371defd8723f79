"""Masked addresses, lengths of time and facts from several places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.model.config import FactValue
from dispatcher.model.durations import parse_seconds
from dispatcher.model.facts import merge_facts
from dispatcher.model.masking import mask


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+15551234567", "+1********67"),
        ("ann@example.com", "a**@example.com"),
        ("x@example.com", "*@example.com"),
        ("ann@home@example.com", "a*******@example.com"),
        ("U024BE7LH", "U0*****LH"),
        ("abcd", "****"),
        ("https://push.example/" + "x" * 500 + " B4 yz", "ht********yz"),
        ("", ""),
    ],
)
def test_masks(address: str, shown: str) -> None:
    assert mask(address) == shown


@given(st.text(st.characters(exclude_characters="*"), min_size=1))
def test_invariant_10_no_address_is_shown_in_full(address: str) -> None:
    assert mask(address) != address
    assert "*" in mask(address)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("1.5h", 5400), ("30 m", 1800), ("2d", 172_800), (45, 45), (" 7 ", 7)]
)
def test_lengths_of_time(text: object, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "0", 0, "-5m", "5 weeks", "1h30m", None, True, float("nan"), float("inf"), []])
def test_what_is_no_length_of_time_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="not a length of time"):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("layers", "merged"),
    [
        ([], {}),
        ([{"a": "1"}, {"b": "2"}], {"a": "1", "b": "2"}),
        ([{"a": "1"}, {"a": "2"}], {"a": "2"}),
        ([{"a": {"en": "1", "de": "eins"}}, {"a": {"en": "2"}}], {"a": {"en": "2", "de": "eins"}}),
        ([{"a": {"en": "1", "de": "eins"}}, {"a": "2"}], {"a": "2"}),
        ([{"a": "1"}, {"a": {"de": "zwei"}}], {"a": {"de": "zwei"}}),
    ],
)
def test_later_facts_win(layers: list[dict[str, FactValue]], merged: dict[str, FactValue]) -> None:
    assert merge_facts(*layers) == merged
