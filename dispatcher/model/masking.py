"""Addresses as they may be shown: enough to recognise one's own, too little to use another's."""

from __future__ import annotations

_SHORT = 5
#: An address of more letters is one for a machine (a push subscription): how many it has tells nobody anything.
_LONG = 60


def mask(address: str) -> str:
    """`+15551234567` -> `+1********67`, `ann@example.com` -> `a**@example.com`, `U024BE7LH` -> `U0*****LH`."""
    local, at, domain = address.rpartition("@")
    if at and local:
        return f"{local[0] if len(local) > 1 else ''}{'*' * max(1, len(local) - 1)}@{domain}"
    if len(address) < _SHORT:
        return "*" * len(address)
    if len(address) > _LONG:
        return f"{address[:2]}{'*' * 8}{address[-2:]}"
    return f"{address[:2]}{'*' * (len(address) - 4)}{address[-2:]}"
