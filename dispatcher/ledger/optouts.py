"""Who said no, by which address. Ours, kept for good, and heard before any provider is asked."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, select, update

from channels.contract import Kind
from dispatcher.ledger.reach import to_mask
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.rowset import TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, attempt, delivery, opt_out, recipient


def note(tx: Tx, kind: Kind, address: str, *, source: str) -> None:
    """Keep that this address does not want to be told, and take it from whoever has it. Twice changes nothing.

    No later message is planned for the address; what is planned already is dropped when it would be sent.
    """
    moment = now()
    into = upserting(tx)(opt_out).values(kind=kind, address=address, at=moment, source=source)
    tx.execute(into.on_conflict_do_nothing())
    column = recipient.c[ADDRESS[kind]]
    tx.execute(
        update(recipient)
        .where(column == address)
        .values({column: None, recipient.c.reach: recipient.c.reach - to_mask([kind]), recipient.c.updated_at: moment})
    )


_asked = Rowset("asked", kind=TEXT, address=TEXT)


def _among(*, sqlite: bool) -> Select[str, str]:
    each = _asked.source(sqlite=sqlite)
    return select(opt_out.c.kind, opt_out.c.address).join(
        each, (each.c.kind == opt_out.c.kind) & (each.c.address == opt_out.c.address)
    )


_refused = {"sqlite": _among(sqlite=True), "postgresql": _among(sqlite=False)}


def among(tx: Tx, addresses: Collection[tuple[Kind, str]]) -> set[tuple[Kind, str]]:
    """Which of these addresses said no."""
    if not addresses:
        return set()
    asked = _asked.bind(tx, ((kind.value, address) for kind, address in addresses))
    found = tx.execute(_refused[tx.dialect.name], asked)
    return {(Kind(kind), address) for kind, address in found}


def address_of(tx: Tx, token: str) -> tuple[Kind, str] | None:
    """To which address the attempt with this token went."""
    row = tx.execute(
        select(attempt.c.kind.label("by"), delivery)
        .join(delivery, delivery.c.id == attempt.c.delivery_id)
        .where(attempt.c.token == token)
    ).one_or_none()
    if row is None:
        return None
    kind = Kind(row.by)
    return kind, getattr(row, ADDRESS[kind])
