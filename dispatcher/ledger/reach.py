"""Which kinds a person has an address for, as one number that SQL can group by."""

from __future__ import annotations

from collections.abc import Iterable

from channels.contract import Kind

# Never reorder: the numbers are in the ledger.
_BIT = {Kind.SMS: 1, Kind.CHAT: 2, Kind.SOCIAL: 4, Kind.INAPP: 8, Kind.PUSH: 16, Kind.EMAIL: 32}


def to_mask(kinds: Iterable[Kind]) -> int:
    """`[sms, email]` -> 33."""
    return sum({_BIT[kind] for kind in kinds})


def from_mask(mask: int) -> frozenset[Kind]:
    """33 -> `{sms, email}`."""
    return frozenset(kind for kind, bit in _BIT.items() if mask & bit)
