"""Bodies of callbacks: read when they are of one mind, else refused in bounded time."""

from __future__ import annotations

import time

import pytest

from channels.contract import Unreadable
from channels.transport.bodies import LARGEST, MOST_FIELDS, form, json_object


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"{}", {}),
        (b' {"a": {"b": [1, null]}, "c": "\\u00e9"}\n', {"a": {"b": [1, None]}, "c": "é"}),
        ('{"é": "停"}'.encode(), {"é": "停"}),
    ],
)
def test_a_json_object_is_read(body: bytes, found: object) -> None:
    assert json_object(body) == found


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"null",
        b'{"a": 1',
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": 2}}',
        b'{"a": "\xff"}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 60_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b" " * (LARGEST + 1),
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_anything_else_is_unreadable_and_not_repeated(body: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(Unreadable) as refused:
        json_object(body)
    assert time.process_time() - begun < 0.2
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", {}),
        (b"a=1&b=&c=%C3%A9+x", {"a": "1", "b": "", "c": "é x"}),
    ],
)
def test_a_form_is_read_with_its_empty_fields(body: bytes, found: object) -> None:
    assert form(body) == found


@pytest.mark.parametrize(
    "body",
    [
        b"a=1&a=1",
        b"a=1&b=2&%61=3",
        b"a=\xff",
        b"a=%FF",
        b"&".join(b"f%d=1" % number for number in range(MOST_FIELDS + 1)),
        b"a=" + b"x" * LARGEST,
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_a_form_of_two_minds_or_of_no_end_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        form(body)
