"""Takes addresses and secrets out of words that people, logs and ledgers will see. Pure.

What a provider says about an error often repeats the number it was sent to, and what a network library says may carry
a URL with credentials. Nothing from outside goes into a `Fault` before it has been through `masked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 300

_BEARER = re.compile(r"\b(Basic|Bearer|OAuth)\s+[^\s,;\"']+", re.IGNORECASE)
_SLACK_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+", re.IGNORECASE)
_URL_USER = re.compile(r"(?<=://)[^/\s@]+@")
_URL_QUERY = re.compile(r"(https?://[^\s?#]+)[?#]\S+", re.IGNORECASE)
_MAIL = re.compile(r"[^\s<>()\[\]\",;:@]+@([\w.-]+)")
_DIGITS = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){6,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def masked_address(address: str) -> str:
    """Just enough of an address for two people to talk about the same one: `+…34`, `…@example.com`, `…9Q`."""
    if "@" in address:
        return "…@" + address.rpartition("@")[2]
    sign = "+" if address.startswith("+") else ""
    return f"{sign}…{address[-2:]}" if len(address) > 4 else "…"


def masked(text: str, *, addresses: Iterable[str] = (), secrets: Iterable[str] = ()) -> str:
    """The same words on one line, without what looks like an address or a secret.

    Args:
        text: Words of any origin.
        addresses: Addresses known to the caller, whatever they look like.
        secrets: Secrets known to the caller.
    """
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    for address in addresses:
        if address:
            text = text.replace(address, masked_address(address))
    text = _BEARER.sub(r"\1 ***", text)
    text = _SLACK_TOKEN.sub("***", text)
    text = _URL_USER.sub("", text)
    text = _URL_QUERY.sub(r"\1?***", text)
    text = _MAIL.sub(r"…@\1", text)
    text = _DIGITS.sub(lambda found: masked_address(found.group()), text)
    text = _CONTROL.sub(" ", text.encode("utf-8", "replace").decode()).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
