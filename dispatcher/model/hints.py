"""What is said to whoever wrote a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def hint(given: str, known: Iterable[str], *, others: str = "there are", most: int | None = None) -> str:
    """The end of a sentence about a name that is not known: the one that was meant, else those there are.

    Args:
        given: As it was written.
        known: All that could have been meant.
        others: What stands before those there are.
        most: So many of them are listed at most.
    """
    names = sorted(known)
    close = get_close_matches(given, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"{others}: {', '.join(names[:most]) or 'none'}"
