"""How Mastodon counts, and when it says to come again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Words
from channels.social.mastodon import wire

NOW = 1_770_000_000.0


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("We are down.", 12),
        ("é👩‍👩‍👧🇩🇪字", 4),
        ("see https://example.com/a/very/long/path/that/goes/on?and=on&and=on", 27),
        ("see https://a.io now", 31),
        ("status.example.com", 18),
        ("ask @support@mastodon.example now", 16),
        ("ask @support now", 16),
        ("mail ada@example.com", 20),
        ("https://mastodon.example/@support@other.example", 23),
    ],
)
def test_counts_as_mastodon_does(text: str, length: int) -> None:
    assert wire.measure(Words(text), 500).length == length


def test_says_why_a_link_is_long() -> None:
    assert "23" in wire.measure(Words("see https://example.com"), 500).note
    assert wire.measure(Words("see example.com"), 500).note == ""


@given(st.text(max_size=600))
def test_any_text_has_a_length(text: str) -> None:
    assert 0 <= wire.measure(Words(text), 500).length <= 23 * len(text)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X-RateLimit-Reset": "2026-02-02T02:45:00.123456Z"}, 300.123456),
        ({"x-ratelimit-reset": "2026-02-02T03:40:00+01:00"}, 0.0),
        ({"X-RateLimit-Reset": "2026-02-02T02:45:00"}, 300.0),
        ({"X-RateLimit-Reset": "2026-02-02T02:00:00Z"}, 0.0),
        ({"X-RateLimit-Reset": "2027-02-02T02:00:00Z"}, wire.LONGEST_WAIT),
        ({"X-RateLimit-Reset": "1770000300"}, None),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({"X-RateLimit-Reset": "2026-02-02T02:45:00Z", "Retry-After": "7"}, 7.0),
        ({}, None),
    ],
)
def test_when_to_come_again(headers: dict[str, str], wait: float | None) -> None:
    assert wire.wait(headers, NOW) == pytest.approx(wait)
