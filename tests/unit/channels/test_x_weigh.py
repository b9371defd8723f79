"""How X counts, against values that its own library gave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.social.x.weigh import links, weighted_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hello, world! 👋", 16),
        ("status.example.com is down", 31),
        ("see https://example.com/a?b=c. ok", 31),
        ("z.B. so, bzw. das. Es geht.nicht", 32),
        ("mail a@example.com now", 22),
        ("10.5 und 12.30 Uhr", 18),
        ("example.dev and foo.app", 51),
        ("日本語 text", 11),
        ("é é", 3),
        ("a.b.co.uk/x", 23),
        ("ftp://example.com x", 19),
        ("👩‍👩‍👧 ok 🇩🇪🇩🇪 1️⃣", 13),
        ("©2024 ™", 9),
        ("Microsoft365.com!", 24),
        ("...com", 6),
        ("", 0),
    ],
)
def test_counts_as_x_does(text: str, length: int) -> None:
    assert weighted_length(text) == length


def test_finds_what_x_makes_a_link_of() -> None:
    assert links("down, see status.example.com or https://example.org/now.") == [
        "status.example.com",
        "https://example.org/now",
    ]
    assert links("Teams.Dann und z.B. mailto:a@example.com") == []


@given(st.text(max_size=400))
def test_any_text_has_a_length(text: str) -> None:
    assert 0 <= weighted_length(text) <= 4 * len(text) + 23
