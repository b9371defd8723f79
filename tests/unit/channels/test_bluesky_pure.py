"""Bluesky's record keys, links in bytes, addresses of posts, lives of tokens."""

from __future__ import annotations

import math
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Words
from channels.social.bluesky import wire
from channels.social.bluesky.samples import bluesky_token
from channels.social.bluesky.session import Tokens, lifetime

#: As atproto.com writes it down.
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


def microseconds(tid: str) -> int:
    number = 0
    for letter in tid:
        number = number << 5 | "234567abcdefghijklmnopqrstuvwxyz".index(letter)
    return number >> 10


@given(st.text(max_size=80))
def test_every_key_makes_a_tid_of_the_past(key: str) -> None:
    made = wire.record_key(key)
    assert TID.fullmatch(made)
    assert made == wire.record_key(key)
    assert 1_672_531_200 <= microseconds(made) / 1e6 < time.time()


def test_different_keys_make_different_record_keys() -> None:
    assert len({wire.record_key(f"key-{number}") for number in range(20_000)}) == 20_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nothing here", []),
        ("status.example.com is down", []),
        ("see https://example.com/a?b=c.", [(4, 29, "https://example.com/a?b=c")]),
        ("⚠ see https://example.com now", [(8, 27, "https://example.com")]),
        ("👩‍👧 http://a.example/ü!", [(12, 31, "http://a.example/ü")]),
        ("https://a.io, https://b.io", [(0, 12, "https://a.io"), (14, 26, "https://b.io")]),
        ("mailto:ada@example.com and @status.example.com #down", []),
    ],
)
def test_links_are_placed_in_bytes(text: str, found: list[tuple[int, int, str]]) -> None:
    made = [
        (facet["index"]["byteStart"], facet["index"]["byteEnd"], facet["features"][0]["uri"])
        for facet in wire.facets(text)
    ]
    assert made == found
    for start, end, uri in made:
        assert text.encode()[start:end].decode() == uri


@given(st.text(max_size=200))
def test_any_text_has_a_length_and_links_within_it(text: str) -> None:
    whole = wire.whole(text)
    assert 0 <= wire.measure(Words(text)).length <= len(whole.encode())
    for facet in wire.facets(whole):
        index = facet["index"]
        whole.encode()[index["byteStart"] : index["byteEnd"]].decode()


@pytest.mark.parametrize(
    ("ref", "parts"),
    [
        ("at://did:plc:abc/app.bsky.feed.post/3kabc", ("did:plc:abc", "3kabc")),
        ("at://did:web:status.example.com/app.bsky.feed.post/3kabc", ("did:web:status.example.com", "3kabc")),
        ("at://status.example.com/app.bsky.feed.post/3kabc", None),
        ("at://did:plc:abc/app.bsky.feed.like/3kabc", None),
        ("at://did:plc:abc/app.bsky.feed.post/3kabc/more", None),
        ("at://did:plc:abc/app.bsky.feed.post/", None),
        ("", None),
    ],
)
def test_addresses_of_posts(ref: str, parts: tuple[str, str] | None) -> None:
    assert wire.parts(ref) == parts


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"RateLimit-Reset": "1770000300"}, 300.0),
        ({"ratelimit-reset": "1769999999"}, 0.0),
        ({"RateLimit-Reset": "1790000000"}, wire.LONGEST_WAIT),
        ({"RateLimit-Reset": "soon"}, None),
        ({"RateLimit-Reset": "1770000300", "Retry-After": "7"}, 7.0),
        ({}, None),
    ],
)
def test_when_to_come_again(headers: dict[str, str], wait: float | None) -> None:
    assert wire.wait(headers, 1_770_000_000.0) == wait


@pytest.mark.parametrize(
    ("token", "seconds"),
    [
        (bluesky_token("appPass", 7200), 7140.0),
        (bluesky_token("appPass", 100), 90.0),
        (bluesky_token("appPass", 0), 0.0),
        ("opaque", math.inf),
        ("a.b.c", math.inf),
        ("a.W10.c", math.inf),
        ("a.eyJpYXQiOiAxfQ.c", math.inf),
        ("", math.inf),
    ],
)
def test_how_long_a_token_may_be_used(token: str, seconds: float) -> None:
    assert lifetime(token) == seconds


def test_tokens_do_not_show_themselves() -> None:
    assert "secret" not in repr(Tokens("did:plc:abc", "secret-access", "secret-refresh", 1.0))
