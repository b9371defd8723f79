"""Where a text holds what a network makes a link of. Pure."""

from __future__ import annotations

from functools import cache

from linkify_it import LinkifyIt
from linkify_it.tlds import TLDS


def spans(text: str, *, bare: bool) -> list[tuple[int, int]]:
    """Begin and end of every link, first to last, in characters.

    Args:
        text: Any words.
        bare: Whether a domain without `https://` before it, such as `status.example.com`, counts as well.
    """
    return [(found.index, found.last_index) for found in _finder(bare).match(text) or ()]


@cache
def _finder(bare: bool) -> LinkifyIt:
    finder = LinkifyIt(None, {"fuzzy_email": False, "fuzzy_link": bare}).tlds(TLDS)
    for scheme in ("ftp:", "//", "mailto:"):
        finder.add(scheme, None)
    return finder
