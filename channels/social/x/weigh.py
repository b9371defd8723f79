"""How long X counts a text, and what it makes a link of. Pure.

Source: version 3 of X's own twitter-text configuration: 280 in all; Latin and some other ranges weigh 1, the rest 2; an
emoji, however many code points it is made of, weighs 2; a link weighs 23 whatever its length. X counts the NFC form.

Where it differs from X it counts more, never less, but for a bare domain that begins with a letter outside ASCII.
"""

from __future__ import annotations

import unicodedata

import regex

from channels.social.links import spans

LINK = 23
_EMOJI = 2
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_IS_EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3]")
_CLUSTER = regex.compile(r"\X")


def weighted_length(text: str) -> int:
    """`"Hello, world! 👋"` -> 16, `"status.example.com is down"` -> 31."""
    normal = unicodedata.normalize("NFC", text)
    length = at = 0
    for start, end in spans(normal, bare=True):
        length += _weigh(normal[at:start]) + LINK
        at = end
    return length + _weigh(normal[at:])


def links(text: str) -> list[str]:
    """Everything that X makes a link of, a bare `status.example.com` included."""
    normal = unicodedata.normalize("NFC", text)
    return [normal[start:end] for start, end in spans(normal, bare=True)]


def _weigh(text: str) -> int:
    return sum(_EMOJI if _IS_EMOJI.search(one) else sum(map(_weight, one)) for one in _CLUSTER.findall(text))


def _weight(character: str) -> int:
    point = ord(character)
    return 1 if any(first <= point <= last for first, last in _LIGHT) else 2
