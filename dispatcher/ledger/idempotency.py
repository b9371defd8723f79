"""Requests that start something, remembered by the caller's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import idempotency


@dataclass(frozen=True, slots=True)
class Remembered:
    request_hash: str
    status: int
    response: dict[str, Any]


class KeyTaken(Exception):
    """Somebody else used the key in the same moment; this transaction is undone."""


def recall(tx: Tx, scope: str, key: str) -> Remembered | None:
    """What this key was answered before in this scope, if anything."""
    row = tx.execute(select(idempotency).where(idempotency.c.scope == scope, idempotency.c.key == key)).one_or_none()
    return None if row is None else Remembered(row.request_hash, row.status, row.response)


def remember(tx: Tx, scope: str, key: str, what: Remembered) -> None:
    """Keep the answer, in the transaction that does what was asked: both happen or neither.

    Raises:
        KeyTaken: two callers used one key at once, and the other one was first.
    """
    try:
        tx.execute(
            insert(idempotency).values(
                scope=scope,
                key=key,
                request_hash=what.request_hash,
                status=what.status,
                response=what.response,
                created_at=now(),
            )
        )
    except IntegrityError as error:
        raise KeyTaken from error
