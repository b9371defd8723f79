"""Slack's markup, blocks and limits, for every way into Slack. Pure.

Limits: 50 blocks a message, 3,000 characters a section, 150 a header, 75 a button's label (docs.slack.dev, Block Kit
reference). The blocks together fail somewhere above 13,000 characters (observed, python-slack-sdk and bolt-js issues).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from channels.contract import Measure, Words

#: Documented: 40,000 characters of text. Observed: the blocks together fail somewhere above 13,000.
LONGEST_MESSAGE = 12_000
LONGEST_SECTION = 3000
LONGEST_HEADER = 150
LONGEST_LABEL = 75
#: The plain text beside the blocks is what notifications and screen readers use, and what an edit may hold.
LONGEST_FALLBACK = 4000

_CUT_ENTITY = re.compile(r"&[a-z]{0,3}$")


def escaped(text: str) -> str:
    """`text` with Slack's three control characters made harmless: no mention, no link, no markup of ours to forge."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def measure(words: Words) -> Measure:
    """As Slack gets it: an escaped character counts as what it is escaped to."""
    return Measure(len(escaped(words.subject)) + len(escaped(words.text)), LONGEST_MESSAGE, "characters")


def fallback(words: Words) -> str:
    """What notifications and screen readers get instead of the blocks, cut where it is too long for them."""
    text = escaped(f"{words.subject}\n{words.text}" if words.subject else words.text)
    if len(text) <= LONGEST_FALLBACK:
        return text
    return next(split(text, LONGEST_FALLBACK - 1)) + "…"


def blocks(words: Words, context: Sequence[str]) -> list[dict[str, Any]]:
    """A headline, the text, and a line of small print made of `context`."""
    return [
        *_headline(escaped(" ".join(words.subject.split()))),
        *(_section(part) for part in split(escaped(words.text), LONGEST_SECTION)),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": escaped(text)} for text in context]},
    ]


def _headline(subject: str) -> Iterator[dict[str, Any]]:
    if subject and len(subject) <= LONGEST_HEADER:
        yield {"type": "header", "text": {"type": "plain_text", "text": subject, "emoji": False}}
    else:
        yield from map(_section, split(subject, LONGEST_SECTION))


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def split(text: str, longest: int) -> Iterator[str]:
    """Cuts escaped text into parts of at most `longest`: at a line's end, else at a space, and never in an entity.

    The parts joined are the text again. A part of nothing but white space, which Slack refuses, is left out.
    """
    while text:
        part = text[:longest]
        if len(text) > longest:
            end = part.rfind("\n") + 1 or part.rfind(" ") + 1
            part = part[:end] if end else _CUT_ENTITY.sub("", part)
        if part.strip():
            yield part
        text = text[len(part) :]
