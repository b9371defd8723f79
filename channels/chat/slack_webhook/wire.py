"""Envelope to a webhook's message, and its answer. Pure."""

from __future__ import annotations

from typing import Any

from channels.chat import mrkdwn
from channels.contract import Envelope

#: The whole answer to a message that was posted.
POSTED = b"ok"
#: Longer texts are no word of Slack's.
LONGEST_WORD = 60


def message(envelope: Envelope) -> dict[str, Any]:
    """The arguments of the SDK's `send`."""
    return {
        "text": mrkdwn.fallback(envelope.words),
        "blocks": mrkdwn.blocks(envelope.words, [f"{envelope.thread} · #{envelope.sequence}"]),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def said(body: bytes | None) -> str:
    """The word in an answer, "" when it holds none."""
    try:
        word = (body or b"").decode("ascii").strip()
    except UnicodeDecodeError:
        return ""
    return word if len(word) <= LONGEST_WORD and word.replace("_", "").isalnum() else ""
