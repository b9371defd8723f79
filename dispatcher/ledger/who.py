"""The people behind a class: found one after the other, however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select, tuple_

from channels.contract import Kind
from dispatcher.ledger.reach import to_mask
from dispatcher.ledger.recipients import members
from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import ADDRESS, recipient
from dispatcher.model.config import Audience
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
    # In two lists, whatever language they read: a condition for each class would be very many.
    mail = [one for one in concerned if Kind.EMAIL in one.kinds]
    others = {to_mask(one.kinds) for one in concerned if Kind.EMAIL not in one.kinds}
    boxes = {(to_mask(one.kinds), one.mailbox_at) for one in mail}
    alike = or_(recipient.c.reach.in_(others), tuple_(recipient.c.reach, recipient.c.mail_vendor).in_(boxes))
    wanted = select(recipient).where(members(audience), alike).order_by(recipient.c.id)
    with tx.execute(wanted.limit(limit), execution_options={"yield_per": _CHUNK}) as found:
        for row in found:
            columns = {kind: getattr(row, column) for kind, column in ADDRESS.items()}
            addresses = {kind: address for kind, address in columns.items() if address is not None}
            yield Somebody(row.id, row.ref, row.name, addresses)
