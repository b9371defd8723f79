"""Texts from outside are data: what could steer a display, a header or our own marks is taken out of them."""

from __future__ import annotations

import re
import unicodedata

#: Control characters except line breaks, surrogates, private use, direction overrides and the byte order mark.
_STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U000fffff\U00100000-\U0010ffff]"
)
#: What chat programs take for a call to everybody, to a group or to a person, and `<!channel>` and the like.
_CALLS = re.compile(r"(?<![\w.+-])@(?=(?:everyone|here|channel|all|team)\b)|<(?=[@!#])", re.IGNORECASE)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def without_steering(text: str) -> str:
    """The same text, composed (NFC), with plain line breaks and nothing that steers."""
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _STEERING.sub("", text))


def without_calls(text: str) -> str:
    """The same to the eye, and a call to nobody: nothing from outside shall wake a whole workspace."""
    return _CALLS.sub(lambda found: found.group() + "\u200b", text)


def clean(text: str) -> str:
    """As `without_steering`, without the space around it."""
    return without_steering(text).strip()


def one_line(text: str) -> str:
    """As `clean`, on a single line."""
    return " ".join(clean(text).split())


def tidy(text: str) -> str:
    """Rendered text without the gaps that unused parts of a template leave behind."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
