"""Text to record, keys to record keys, and answers read back. Pure.

Sources: the lexicons app.bsky.feed.post, app.bsky.richtext.facet and com.atproto.repo.*; atproto.com on record keys and
TIDs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import regex

from channels.contract import Envelope, Measure, Words
from channels.social.links import spans
from channels.transport.outcomes import bounded_wait, retry_after

COLLECTION = "app.bsky.feed.post"
LONGEST_POST = 300
MOST_BYTES = 3000
#: The windows of writing are of an hour and a day, those of signing in of five minutes and a day.
LONGEST_WAIT = 86_400.0

_CLUSTER = regex.compile(r"\X")
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_REFERENCE = re.compile(rf"at://(did:[a-z0-9]+:[A-Za-z0-9._:%-]+)/{re.escape(COLLECTION)}/([A-Za-z0-9._:~-]{{1,512}})")
#: 1 January 2023 in microseconds. The keys of posts are spread over the two years and some that follow.
_FROM = 1_672_531_200_000_000
_SPREAD = 46


def measure(words: Words) -> Measure:
    """As Bluesky counts: 300 grapheme clusters, an emoji or a letter with its accents being one, and 3,000 bytes."""
    text = whole(words.text)
    length, size = len(_CLUSTER.findall(text)), len(text.encode())
    if length <= LONGEST_POST and size > MOST_BYTES:
        return Measure(size, MOST_BYTES, "characters", note="counted in bytes, of which an emoji takes many")
    return Measure(length, LONGEST_POST, "characters")


def whole(text: str) -> str:
    """The same without halves of surrogate pairs, which no server takes."""
    return text.encode("utf-8", "replace").decode()


def record_key(key: str) -> str:
    """The record key of the post of this delivery: a TID, as the collection demands, made of our key alone.

    A TID is 53 bits of microseconds and 10 that tell writers apart. No moment is known that would be the same for every
    attempt, so ours says none: it is spread by the key over years that have passed, where no new post has its own.
    """
    digest = int.from_bytes(sha256(key.encode()).digest(), "big")
    number = (_FROM + (digest & ((1 << _SPREAD) - 1))) << 10 | (digest >> _SPREAD) & 0x3FF
    return "".join(_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def post(envelope: Envelope, did: str, language: str | None) -> dict[str, Any]:
    """The body of `com.atproto.repo.putRecord`: made only where nothing has that key (`swapRecord: null`)."""
    text = whole(envelope.words.text)
    made = datetime.fromtimestamp(envelope.started_at, UTC).isoformat(timespec="milliseconds")
    record: dict[str, Any] = {"$type": COLLECTION, "text": text, "createdAt": made.replace("+00:00", "Z")}
    if found := facets(text):
        record["facets"] = found
    if language:
        record["langs"] = [language]
    return {
        "repo": did,
        "collection": COLLECTION,
        "rkey": record_key(envelope.key),
        "record": record,
        "swapRecord": None,
    }


def facets(text: str) -> list[dict[str, Any]]:
    """What makes the addresses in a text links. Places are counted in bytes of UTF-8."""
    return [
        {
            "index": {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": text[start:end]}],
        }
        for start, end in spans(text, bare=False)
    ]


def reference(did: str, key: str) -> str:
    """The address of the post of this delivery."""
    return f"at://{did}/{COLLECTION}/{record_key(key)}"


def parts(ref: str) -> tuple[str, str] | None:
    """The account's DID and the record key in the address of a post; None when it is no such address."""
    found = _REFERENCE.fullmatch(ref)
    return (found[1], found[2]) if found else None


def posted(answer: Mapping[str, Any]) -> str | None:
    """The post's address, None when the answer holds none."""
    match answer:
        case {"uri": str(ref), "cid": str()} if parts(ref) is not None:
            return ref
    return None


def error_of(answer: Mapping[str, Any]) -> str:
    """The name of an error, "" when the answer holds none."""
    name = answer.get("error")
    return name if isinstance(name, str) else ""


def wait(headers: Mapping[str, str], now: float) -> float | None:
    """How long a 429 asks to wait: by `Retry-After`, else until `RateLimit-Reset`, in Unix seconds."""
    asked = retry_after(headers, now=now)
    if asked is not None:
        return asked
    reset = next((value for name, value in headers.items() if name.lower() == "ratelimit-reset"), "")
    return bounded_wait(int(reset) - now, longest=LONGEST_WAIT) if reset.isascii() and reset.isdigit() else None
