"""Slack's text rules. No network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.chat.mrkdwn import escaped, split
from channels.chat.slack.wire import find, is_person, posted

lines = st.text(st.sampled_from("ab &<>\n"), max_size=300)


@given(lines, st.integers(min_value=10, max_value=60))
def test_parts_are_short_whole_and_never_cut_an_entity(text: str, longest: int) -> None:
    safe = escaped(text)
    parts = list(split(safe, longest))
    assert all(0 < len(part) <= longest for part in parts)
    assert all(part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(safe.split())
    for part in parts:
        bare = part.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
        assert not set("&<>;") & set(bare)


@given(st.text(max_size=200))
def test_nothing_can_be_smuggled_in(text: str) -> None:
    safe = escaped(text)
    assert "<" not in safe
    assert ">" not in safe
    assert safe.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


def test_parts_end_where_lines_end() -> None:
    assert list(split("one two\nthree four\nfive", 12)) == ["one two\n", "three four\n", "five"]
    assert list(split("x" * 25, 10)) == ["x" * 10, "x" * 10, "x" * 5]


@pytest.mark.parametrize(
    ("address", "person"),
    [
        ("U0123ABC", True),
        ("W0123ABC", True),
        ("C0123ABC", False),
        ("D0123ABC", False),
        ("#general", False),
        ("U", False),
    ],
)
def test_is_person(address: str, person: bool) -> None:
    assert is_person(address) is person


def test_find_survives_anything() -> None:
    junk = [None, 7, "x", {}, {"ts": 1}, {"ts": "1", "metadata": []}, {"ts": "1", "metadata": {"event_type": None}}]
    assert find("key-1", junk) is None
    ours = {"ts": "9", "metadata": {"event_type": "outage_update", "event_payload": {"key": "key-1"}}}
    assert find("key-1", [*junk, ours]) == "9"


@pytest.mark.parametrize(
    "answer", [{}, {"ok": True}, {"ok": True, "channel": "C1", "ts": ""}, {"ok": 1.5, "channel": "C1", "ts": "2"}]
)
def test_posted_needs_both(answer: dict[str, object]) -> None:
    assert posted(answer) is None
