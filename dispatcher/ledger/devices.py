"""Addresses that a person's own device made, kept with the person whose app user is logged in on it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select, update

from channels.contract import Kind
from dispatcher.ledger.recipients import keep_consents, reach_now
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, attempt, recipient
from dispatcher.model.recipient import Consent


def enrol(tx: Tx, app_user: str, kind: Kind, address: str, *, agreed: Consent) -> bool:
    """Make this the address of this kind of whoever has the app user, and keep how they agreed; False when nobody has.

    A person has one address of a kind: it takes the place of the one before. A device tells one person's messages:
    whoever was logged in on it before is not told on it any more.
    """
    column, theirs = recipient.c[ADDRESS[kind]], recipient.c[ADDRESS[Kind.INAPP]]
    before = and_(column == address, theirs.is_distinct_from(app_user))
    changed = [*_set(tx, kind, None, before), *(found := _set(tx, kind, address, theirs == app_user))]
    if changed:
        reach_now(tx, changed)
    if found:
        keep_consents(tx, {(kind, address): agreed})
    return bool(found)


def _set(tx: Tx, kind: Kind, address: str | None, who: ColumnElement[bool]) -> list[int]:
    new = {recipient.c[ADDRESS[kind]]: address, recipient.c.updated_at: now()}
    return list(tx.execute(update(recipient).where(who).values(new).returning(recipient.c.id)).scalars())


def route_of(tx: Tx, kind: Kind, token: str) -> str | None:
    """By which route the attempt with this token went, None when there is none of this kind."""
    return tx.execute(
        select(attempt.c.route).where(attempt.c.token == token, attempt.c.kind == kind.value)
    ).scalar_one_or_none()
