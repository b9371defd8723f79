"""Envelope to blocks, and a listed message back to its envelope. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from channels.contract import Envelope, Measure, Words

EVENT_TYPE = "outage_update"
#: Documented: 40,000 characters of text. Observed: the blocks together fail somewhere above 13,000.
LONGEST_MESSAGE = 12_000
LONGEST_SECTION = 3000
LONGEST_HEADER = 150
#: The plain text beside the blocks is what notifications and screen readers use, and what an edit may hold.
LONGEST_FALLBACK = 4000
CLOCK_SLACK = 5.0

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_KEYS = uuid.UUID("5a0c0c8e-6a54-4a3f-9f1b-0d3c4f6f7f10")
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}$")


def is_person(address: str) -> bool:
    """Whether this is a user's id, so that the message becomes a direct message."""
    return _PERSON.fullmatch(address) is not None


def escaped(text: str) -> str:
    """`text` with Slack's three control characters made harmless: no mention, no link, no markup of ours to forge."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def measure(words: Words) -> Measure:
    """As Slack gets it: an escaped character counts as what it is escaped to."""
    length = len(escaped(words.subject)) + len(escaped(words.text))
    return Measure(length, LONGEST_MESSAGE, "characters")


def message_arguments(envelope: Envelope) -> dict[str, Any]:
    """The arguments of the SDK's `chat_postMessage`."""
    words = envelope.words
    fallback = escaped(f"{words.subject}\n{words.text}" if words.subject else words.text)
    if len(fallback) > LONGEST_FALLBACK:
        fallback = next(split(fallback, LONGEST_FALLBACK - 1)) + "…"
    return {
        "channel": envelope.to,
        "text": fallback,
        "blocks": list(_blocks(envelope)),
        "metadata": {
            "event_type": EVENT_TYPE,
            "event_payload": {
                "attempt": envelope.token,
                "key": envelope.key,
                "thread": envelope.thread,
                "sequence": envelope.sequence,
            },
        },
        # Not documented as an argument, though its errors are; where Slack heeds it, a repeat is dropped there.
        "client_msg_id": str(uuid.uuid5(_KEYS, envelope.key)),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _blocks(envelope: Envelope) -> Iterator[dict[str, Any]]:
    subject = escaped(" ".join(envelope.words.subject.split()))
    if subject and len(subject) <= LONGEST_HEADER:
        yield {"type": "header", "text": {"type": "plain_text", "text": subject, "emoji": False}}
    elif subject:
        for part in split(subject, LONGEST_SECTION):
            yield _section(part)
    for part in split(escaped(envelope.words.text), LONGEST_SECTION):
        yield _section(part)
    context = [escaped(f"{envelope.thread} · #{envelope.sequence}")]
    if envelope.unsubscribe_url is not None:
        context.append(escaped(envelope.unsubscribe_url))
    yield {"type": "context", "elements": [{"type": "mrkdwn", "text": text} for text in context]}


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


def find(key: str, messages: Iterable[Any]) -> str | None:
    """The `ts` of the message that carries this key in its metadata."""
    for message in messages:
        match message:
            case {"ts": str(ts), "metadata": {"event_type": str(kind), "event_payload": {"key": str(theirs)}}}:
                if kind == EVENT_TYPE and theirs == key:
                    return ts
    return None


def reference(channel: str, ts: str) -> str:
    """Our name for a posted message: both parts are needed to find it again."""
    return f"{channel}:{ts}"


def posted(answer: Mapping[str, Any]) -> str | None:
    """The reference in an answer to `chat.postMessage`, None when it holds none."""
    match answer:
        case {"ok": True, "channel": str(channel), "ts": str(ts)} if channel and ts:
            return reference(channel, ts)
    return None
