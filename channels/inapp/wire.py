"""What fits into an in-app message. Pure."""

from __future__ import annotations

from channels.contract import Measure, Words

#: As much as a panel in an app shows without becoming a page of its own.
LONGEST_TEXT = 2000


def measure(words: Words) -> Measure:
    """In characters of the text."""
    return Measure(len(words.text), LONGEST_TEXT, "characters")
