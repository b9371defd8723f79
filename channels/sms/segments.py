"""How many SMS segments a text takes, by GSM 03.38 and UCS-2. Pure, and the same for every SMS provider.

A text in which every character is of the GSM alphabet is packed at 7 bits: 160 septets in a single message, 153 in each
part of a longer one, which carries a header for joining them. One character outside of it turns the whole text into
UCS-2: 70 units, or 67 a part. What takes two units (`€` in GSM, an emoji in UCS-2) is not split between two parts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

#: A text goes to many people: it is counted once, not once for each.
_REMEMBERED = 1024
#: One septet each.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Two septets each: an escape and the character.
EXTENDED = frozenset("\f^{}\\[~]|€")

#: Typographic characters for which providers put a plain one when asked to ("smart encoding"). Only those that every
#: provider replaces are listed, so that a text is at worst counted longer than it will be.
PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u200b\u2060\ufeff", ""),
    "\u2026": "...",
}
_PLAIN_TABLE = str.maketrans(PLAIN)
_OUTSIDE = re.compile("[^" + re.escape("".join(sorted(BASIC | EXTENDED))) + "]")
_TWICE_GSM = re.compile("[" + re.escape("".join(sorted(EXTENDED))) + "]")
_TWICE_UCS = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Segments:
    """The size of a text as an SMS.

    Attributes:
        parts: How many segments are sent and paid for. An empty text takes one.
        units: Septets or UTF-16 units, without headers.
        culprit: The first character that forced UCS-2, "" when none did.
        otherwise: How many segments it would take if a plain character stood for each that is not in the GSM alphabet.
    """

    parts: int
    units: int
    culprit: str = ""
    otherwise: int = 0

    @property
    def encoding(self) -> Literal["GSM-7", "UCS-2"]:
        """The alphabet in which it goes."""
        return "UCS-2" if self.culprit else "GSM-7"

    @property
    def note(self) -> str:
        """In plain words what made it long, "" when nothing unusual did."""
        if not self.culprit:
            return ""
        name = unicodedata.name(self.culprit, f"U+{ord(self.culprit):04X}").lower()
        shown = f'"{self.culprit}" ({name})' if self.culprit.isprintable() else name
        said = f"{shown} is not in the SMS alphabet, so a part holds 67 characters instead of 153"
        if self.otherwise < self.parts:
            said += f"; with plain characters only it would take {self.otherwise} instead of {self.parts}"
        return said


@lru_cache(_REMEMBERED)
def plain(text: str) -> str:
    """`text` as smart encoding leaves it: replaced only if that makes all of it fit the GSM alphabet."""
    replaced = text.translate(_PLAIN_TABLE)
    return text if _culprit(replaced) else replaced


@lru_cache(_REMEMBERED)
def segments(text: str) -> Segments:
    """Counts `text` as it stands."""
    culprit = _culprit(text)
    if culprit:
        otherwise, _ = _parts(_OUTSIDE.sub("x", text.translate(_PLAIN_TABLE)), _TWICE_GSM, 160, 153)
        return Segments(*_parts(text, _TWICE_UCS, 70, 67), culprit, otherwise)
    return Segments(*_parts(text, _TWICE_GSM, 160, 153))


def _culprit(text: str) -> str:
    found = _OUTSIDE.search(text)
    return found.group() if found else ""


def _parts(text: str, twice: re.Pattern[str], alone: int, joined: int) -> tuple[int, int]:
    units = len(text) + len(twice.findall(text))
    if units <= alone:
        return 1, units
    parts, room = 1, joined
    for character in text:
        width = 2 if twice.match(character) else 1
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts, units
