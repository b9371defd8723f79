"""What every chat refuses before any request, and how its providers' refusals are written down as data. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from channels.contract import Blame, Fault, Measure, Rejected, Words
from channels.transport.outcomes import Failure


def rejected(blame: Blame, code: str, words: Mapping[str, str]) -> dict[str, Failure]:
    """Provider's word -> the same refusal, each with its own sentence."""
    return {word: Rejected(Fault(blame, code, reason, word)) for word, reason in words.items()}


def unsendable(words: Words, size: Measure) -> Rejected | None:
    """The refusal of words that are too long or none; None when they can be sent."""
    if size.over:
        detail = f"The message has {size.length} {size.unit} of at most {size.limit}."
        return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
    if not (words.text.strip() or words.subject.strip()):
        return Rejected(Fault(Blame.MESSAGE, "empty", "The message has no text."))
    return None
