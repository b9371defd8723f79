"""Envelope to an Adaptive Card, and the workflow's answer. Pure.

The form of the call, `{"type": "message", "attachments": [card]}`, and that only Adaptive Cards are taken, are
documented by Microsoft ("Create and send messages", Teams platform; "Microsoft Teams - Webhook" trigger). The limit of
about 28 KB for a posted card is documented in the Microsoft Teams connector's reference.

The card is made of text runs, one block for each line: in other text blocks Teams reads Markdown, so that a word of a
customer's could become a link or a heading, and it drops the ends of lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from channels.contract import Envelope, Measure, Words

#: Bytes of headline and text as they stand in a card. Teams takes "approximately 28 KB" with everything around them.
LONGEST_CARD = 24_000
CARD = "application/vnd.microsoft.card.adaptive"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
#: Teams shows cards up to this version on all its clients.
_VERSION = "1.4"


def measure(words: Words) -> Measure:
    """As it goes out: each line has a block of its own around it, and letters beyond ASCII have several bytes."""
    return Measure(len(encoded(_said(words))), LONGEST_CARD, "bytes")


def body(envelope: Envelope) -> bytes:
    """The request that makes the workflow post the message."""
    small = {"type": "TextRun", "text": f"{envelope.thread} · #{envelope.sequence}", "size": "Small", "isSubtle": True}
    card = {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": _VERSION,
        "msteams": {"width": "Full"},
        "body": [*_said(envelope.words), {"type": "RichTextBlock", "inlines": [small], "spacing": "Medium"}],
    }
    return encoded({"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]})


def encoded(data: Any) -> bytes:
    """As JSON in UTF-8. Half a pair of surrogates, which UTF-8 cannot say, becomes a question mark."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _said(words: Words) -> list[dict[str, Any]]:
    subject = " ".join(words.subject.split())
    blocks = [_line(subject, size="Large", weight="Bolder")] if subject else []
    after_a_gap = bool(subject)
    for line in words.text.splitlines():
        if not line.strip():
            after_a_gap = True
            continue
        blocks.append(_line(line) | {"spacing": "Medium" if after_a_gap else "None"})
        after_a_gap = False
    return blocks


def _line(text: str, **look: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}


def error_code(answer: Mapping[str, Any]) -> str:
    """The service's code in an answer, "" when it holds none."""
    match answer:
        case {"error": {"code": str(code)}} if code.isalnum() and len(code) <= 60:
            return code
    return ""
