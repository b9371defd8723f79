"""Text to post, and answers read back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.contract import Measure, Words
from channels.social.x.weigh import LINK, links, weighted_length
from channels.transport.outcomes import bounded_wait, retry_after

LONGEST_POST = 280
#: A window lasts a quarter of an hour; the day's limit, up to a day.
LONGEST_WAIT = 86_400.0


def measure(words: Words, *, allow_urls: bool = False) -> Measure:
    """As X counts: most scripts 1, others and emoji 2, a link 23."""
    text = words.text.encode("utf-8", "replace").decode()  # half a surrogate pair counts, and does not break the count
    found = links(text)
    note = f"a link counts {LINK} characters" if found else ""
    refusal = ""
    if found and not allow_urls:
        what = f"the text holds what X takes for a link, {found[0]!r}"
        refusal = f"{what}, and this route does not allow links (allow_urls)"
    return Measure(
        weighted_length(text), LONGEST_POST, "weighted characters", note=note, links=len(found), refusal=refusal
    )


def posted(answer: Mapping[str, Any]) -> str | None:
    """The post's id, None when the answer holds none."""
    match answer:
        case {"data": {"id": str(ref)}} if ref:
            return ref
    return None


def deleted(answer: Mapping[str, Any]) -> bool | None:
    """Whether X deleted the post just now, False when it was not there any more, None when the answer says neither."""
    match answer:
        case {"data": {"deleted": bool(now)}}:
            return now
    return None


def wait(headers: Mapping[str, str], now: float) -> float | None:
    """How long a 429 asks to wait: by `Retry-After`, else until the window that is used up ends."""
    asked = retry_after(headers, now=now)
    if asked is not None:
        return asked
    names = {name.lower(): value for name, value in headers.items()}
    for window in ("x-app-limit-24hour", "x-user-limit-24hour", "x-rate-limit"):
        remaining, reset = names.get(f"{window}-remaining", ""), names.get(f"{window}-reset", "")
        if reset.isascii() and reset.isdigit() and (remaining == "0" or window == "x-rate-limit"):
            return bounded_wait(int(reset) - now, longest=LONGEST_WAIT)
    return None
