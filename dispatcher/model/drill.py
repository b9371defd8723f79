"""What a drill is about: people as classes without an address, and what became of each promise."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Kind
from dispatcher.model.delivery import Hop, Status


@dataclass(frozen=True, slots=True)
class Sort:
    """So many people with one language, the same kinds of address and the same tags.

    `mailbox_at` is the vendor that hosts their mailboxes, "" for nobody we know, or where they have none.
    """

    locale: str
    kinds: frozenset[Kind]
    tags: frozenset[str]
    people: int
    mailbox_at: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt: by which route, its outcome, what was heard of it later, and what was decided upon it."""

    route: str
    outcome: str
    heard: str
    decision: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One leg to one person (`ref`) or one shared place (`place`), and what became of it."""

    ref: str
    place: str
    leg: str
    route: str
    status: Status
    reason: str
    hops: tuple[Hop, ...]
    tried: tuple[Tried, ...]
