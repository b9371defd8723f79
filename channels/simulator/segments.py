"""How many segments an SMS has, by the GSM 03.38 alphabet."""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED


def segments(text: str) -> int:
    """One character outside the alphabet turns the whole message into UCS-2; an empty text is one segment."""
    letters = set(text)
    if letters <= _GSM:
        length = len(text) + sum(text.count(letter) for letter in letters & _EXTENDED)
        alone, joined = 160, 153
    else:
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        alone, joined = 70, 67
    return 1 if length <= alone else -(-length // joined)
