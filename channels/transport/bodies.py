"""Reading what claims to come from a provider: bounded in size and depth, and never of two minds. Pure.

A field that is there twice is refused, because one who verifies may read the first and one who acts the last.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from channels.contract import Unreadable

LARGEST = 64 * 1024
MOST_FIELDS = 128


def json_object(body: bytes, *, largest: int = LARGEST) -> dict[str, Any]:
    """The JSON object that is this body.

    Raises:
        Unreadable: more than `largest` bytes, not UTF-8, no JSON object, nested too deeply, or with a field twice.
    """
    try:
        found = json.loads(_text(body, largest), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the call is no JSON document that can be read ({type(error).__name__})") from None
    if not isinstance(found, dict):
        raise Unreadable("the call is a JSON document, and no object")
    return found


def form(body: bytes, *, largest: int = LARGEST, most: int = MOST_FIELDS) -> dict[str, str]:
    """The fields of the form that is this body, empty ones included.

    Raises:
        Unreadable: more than `largest` bytes or `most` fields, not UTF-8, no form, or with a field twice.
    """
    try:
        pairs = parse_qsl(_text(body, largest), keep_blank_values=True, max_num_fields=most, errors="strict")
        return _once(pairs)
    except ValueError as error:
        raise Unreadable(f"the call is no form that can be read ({type(error).__name__})") from None


class Twice(ValueError):
    """A field is there twice."""


def _text(body: bytes, largest: int) -> str:
    if len(body) > largest:
        raise Unreadable(f"the call has more than {largest} bytes")
    return body.decode("utf-8")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Twice
    return found
