"""Addresses as they may be shown: enough to recognise one's own, too little to use another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SHORT = 5
#: An address of more letters is one for a machine (a push subscription): how many it has tells nobody anything.
_LONG = 60
#: So many stars stand for all but the ends of such a one.
_HIDDEN = 8
#: Logs write dots where something is left out.
_DOTS = re.compile("[…•]+")


def mask(address: str) -> str:
    """`+15551234567` -> `+1********67`, `ann@example.com` -> `a**@example.com`, `U024BE7LH` -> `U0*****LH`."""
    local, at, domain = address.rpartition("@")
    if at and local:
        return f"{local[0] if len(local) > 1 else ''}{'*' * max(1, len(local) - 1)}@{domain}"
    if len(address) < _SHORT:
        return "*" * len(address)
    if len(address) > _LONG:
        return f"{address[:2]}{'*' * _HIDDEN}{address[-2:]}"
    return f"{address[:2]}{'*' * (len(address) - 4)}{address[-2:]}"


_STARRED_LONG = re.compile(rf"(.{{2}})\*{{{_HIDDEN}}}(.{{2}})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody sees of an address: as `mask` shows it, as logs do (`+…67`, `…@example.com`), or all of it."""

    text: str

    def forms(self, escape: str) -> Iterator[tuple[str, int]]:
        """What addresses that look so are like (SQL's `LIKE` with this escape), and what they must be longer than.

        A star stands for one letter, dots stand for some.
        """

        def literal(text: str) -> str:
            return "".join(escape + one if one in {"%", "_", escape} else one for one in text)

        yield "%".join(literal(part).replace("*", "_") for part in _DOTS.split(self.text)), 0
        if found := _STARRED_LONG.fullmatch(self.text):
            yield "%".join(literal(end) for end in found.groups()), _LONG
