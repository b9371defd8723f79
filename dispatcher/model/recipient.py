"""A person with addresses, and a class of people who are alike to planning."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from channels.contract import Kind
from dispatcher.model.quiet import Quiet


@dataclass(frozen=True, slots=True)
class Consent:
    """How somebody agreed to be told, in the importer's words, and when, if that is known."""

    source: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """`ref` is the importer's own key; a second import with the same ref changes the person.

    `consent` goes with each of the addresses that are given here. `refused` are the kinds of which an address was left
    out because its owner said no.
    """

    ref: str
    name: str = ""
    locale: str = "en"
    addresses: Mapping[Kind, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    consent: Consent | None = None
    quiet: Quiet | None = None
    refused: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class PeopleClass:
    """Everybody in an audience with one language and the same kinds of address: planning sees no more of them.

    `mail_rides_on` are the vendors that their mailboxes depend on, whatever route the mail leaves by; `mailbox_at` is
    the one of them that hosts them, "" when that is not known or they have no mail address.

    Only for the plan of a broadcast these are told apart as well, otherwise they are None: `quiet`, whether this is no
    time to make a noise for them; `refused`, the kinds of which they have no address because they said no there.
    """

    locale: str
    kinds: frozenset[Kind]
    people: int
    mail_rides_on: frozenset[str] = frozenset()
    mailbox_at: str = ""
    quiet: bool | None = None
    refused: frozenset[Kind] | None = None


def without(person: Recipient, refused: Collection[tuple[Kind, str]]) -> Recipient:
    """The person without the addresses that said no."""
    kept = {kind: address for kind, address in person.addresses.items() if (kind, address) not in refused}
    return replace(person, addresses=kept, refused=frozenset(person.addresses.keys() - kept.keys()))
