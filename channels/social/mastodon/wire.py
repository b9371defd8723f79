"""Text to status, and answers read back. Pure.

How long a status is: in grapheme clusters; a link with http:// or https:// counts 23 whatever its length; of a mention
`@name@server` only `@name` counts. Source: StatusLengthValidator of Mastodon itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import regex

from channels.contract import Measure, Words
from channels.social.links import spans
from channels.social.mastodon.settings import MastodonSettings
from channels.transport.outcomes import bounded_wait, retry_after

LINK = 23
#: The windows are of five minutes for all calls, half an hour for deletions, three hours for new statuses.
LONGEST_WAIT = 3 * 3600.0

_CLUSTER = regex.compile(r"\X")
_SERVER = re.compile(r"(?<![\w/=])(@[a-zA-Z0-9_]+(?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?)@[\w.-]*\w")


def measure(words: Words, limit: int) -> Measure:
    """As Mastodon counts, with what makes the count surprising in the note."""
    text = words.text.encode("utf-8", "replace").decode()  # half a surrogate pair counts, and does not break the count
    found = spans(text, bare=False)
    note = f"a link counts {LINK} characters" if found else ""
    return Measure(_length(text, found), limit, "characters", note=note)


def _length(text: str, links: list[tuple[int, int]]) -> int:
    length = at = 0
    for start, end in links:
        length += _clusters(text[at:start]) + LINK
        at = end
    return length + _clusters(text[at:])


def _clusters(text: str) -> int:
    return len(_CLUSTER.findall(_SERVER.sub(r"\1", text)))


def status(words: Words, settings: MastodonSettings) -> dict[str, Any]:
    """The body of `POST /api/v1/statuses`."""
    made = {"status": words.text.encode("utf-8", "replace").decode(), "visibility": settings.visibility}
    return made | ({"language": settings.language} if settings.language else {})


def posted(answer: Mapping[str, Any]) -> str | None:
    """The status' id, None when the answer holds none."""
    match answer:
        case {"id": str(ref)} if ref:
            return ref
    return None


def wait(headers: Mapping[str, str], now: float) -> float | None:
    """How long a 429 asks to wait: by `Retry-After`, else until `X-RateLimit-Reset`, a time in ISO 8601."""
    asked = retry_after(headers, now=now)
    if asked is not None:
        return asked
    reset = next((value for name, value in headers.items() if name.lower() == "x-ratelimit-reset"), "")
    try:
        moment = datetime.fromisoformat(reset)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return bounded_wait(moment.timestamp() - now, longest=LONGEST_WAIT)
