"""The people behind a class: found one after the other, however many they are, and how they crowd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from channels.contract import Kind
from dispatcher.ledger.reach import to_mask
from dispatcher.ledger.recipients import domain_of_mail, members
from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import ADDRESS, recipient
from dispatcher.model.config import Audience
from dispatcher.model.destinations import destination_of
from dispatcher.model.recipient import PeopleClass

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the ledger. `addresses` are whole: mask what is shown."""

    id: int
    ref: str
    name: str
    addresses: dict[Kind, str]


def people_of(tx: Tx, audience: Audience, classes: Iterable[PeopleClass], limit: int | None) -> Iterator[Somebody]:
    """The people of an audience that are of these classes, in the order of their ids; read as they are taken."""
    concerned = list(classes)
    if not concerned:
        return
    wanted = select(recipient).where(members(audience), _of_any(concerned)).order_by(recipient.c.id)
    with tx.execute(wanted.limit(limit), execution_options={"yield_per": _CHUNK}) as found:
        for row in found:
            columns = {kind: getattr(row, column) for kind, column in ADDRESS.items()}
            addresses = {kind: address for kind, address in columns.items() if address is not None}
            yield Somebody(row.id, row.ref, row.name, addresses)


def _of_any(classes: Sequence[PeopleClass]) -> ColumnElement[bool]:
    """In two lists: a condition for each class would be very many."""
    mail = [one for one in classes if Kind.EMAIL in one.kinds]
    others = {(to_mask(one.kinds), one.locale) for one in classes if Kind.EMAIL not in one.kinds}
    boxes = {(to_mask(one.kinds), one.locale, one.mailbox_at) for one in mail}
    mine = (recipient.c.reach, recipient.c.locale)
    return or_(tuple_(*mine).in_(others), tuple_(*mine, recipient.c.mail_vendor).in_(boxes))


def crowds(tx: Tx, audience: Audience, classes: Sequence[PeopleClass], kind: Kind, limit: int) -> list[int]:
    """How many people of an audience that are of these classes have one destination (`model.destinations`) of a kind in
    common, for the largest ones. Of kinds whose every address is one of its own, none."""
    if not classes or kind not in {Kind.EMAIL, Kind.SMS}:
        return []
    # A calling code has three digits at most.
    shared = domain_of_mail(tx) if kind is Kind.EMAIL else func.substr(recipient.c[ADDRESS[kind]], 1, 4)
    people = func.count().label("people")
    who = (members(audience), _of_any(classes), recipient.c[ADDRESS[kind]].is_not(None))
    grouped = select(shared.label("shared"), people).where(*who).group_by(shared).order_by(people.desc())
    if kind is Kind.EMAIL:
        return [row.people for row in tx.execute(grouped.limit(limit))]
    found = Counter[str]()
    for row in tx.execute(grouped):
        found[destination_of(kind, row.shared)] += row.people
    return [number for _, number in found.most_common(limit)]
