"""A person with addresses, and a class of people who are alike to planning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.contract import Kind


@dataclass(frozen=True, slots=True)
class Recipient:
    """`ref` is the importer's own key; a second import with the same ref changes the person."""

    ref: str
    name: str = ""
    locale: str = "en"
    addresses: Mapping[Kind, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PeopleClass:
    """Everybody in an audience with one language and the same kinds of address: planning sees no more of them."""

    locale: str
    kinds: frozenset[Kind]
    people: int
