"""What an archived broadcast had come to, as it stays in the ledger after its deliveries have gone into a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import broadcast
from dispatcher.model.account import Account
from dispatcher.model.delivery import Status
from dispatcher.model.story import Count, RouteLine


@dataclass(frozen=True, slots=True)
class Totals:
    """Written before the first of its deliveries is removed, and read from then on instead of them.

    Attributes:
        counts: Deliveries by where they stood.
        routes: The table by route.
        account: What became of every promise.
        first: When the first message was taken by a provider.
        last: When the last one was.
        reasons: Why deliveries stood as they did: status, reason, how many.
        ids: The lowest and the highest id of its deliveries; None when it had none.
        files: Where the rest went; more than one when archiving was broken off.
    """

    counts: tuple[Count, ...]
    routes: tuple[RouteLine, ...]
    account: Account
    first: datetime | None
    last: datetime | None
    reasons: tuple[tuple[Status, str, int], ...]
    ids: tuple[int, int] | None
    files: tuple[str, ...]

    def and_in(self, file: str) -> Totals:
        """The same, with the rest in one more file."""
        return self if file in self.files else replace(self, files=(*self.files, file))

    def to_json(self) -> dict[str, Any]:
        moments = {"first": self.first, "last": self.last}
        return asdict(self) | {name: moment and moment.isoformat() for name, moment in moments.items()}


def of(tx: Tx, broadcast_id: int) -> Totals | None:
    """What is kept of a broadcast; None while its deliveries are in the ledger."""
    stored = tx.execute(select(broadcast.c.totals).where(broadcast.c.id == broadcast_id)).scalar_one_or_none()
    return None if stored is None else _from_json(stored)


def archived(tx: Tx, incident_id: int | None = None) -> Iterator[tuple[int, Totals]]:
    """The incident and the totals of every archived broadcast, or of those of one incident."""
    statement = select(broadcast.c.incident_id, broadcast.c.totals).where(broadcast.c.totals.is_not(None))
    if incident_id is not None:
        statement = statement.where(broadcast.c.incident_id == incident_id)
    rows = tx.execute(statement.order_by(broadcast.c.id))
    return ((row.incident_id, _from_json(row.totals)) for row in rows)


def _from_json(stored: dict[str, Any]) -> Totals:
    first, last = (stored[name] and datetime.fromisoformat(stored[name]) for name in ("first", "last"))
    return Totals(
        counts=tuple(Count(**one | {"status": Status(one["status"])}) for one in stored["counts"]),
        routes=tuple(RouteLine(**one) for one in stored["routes"]),
        account=Account(**stored["account"]),
        first=first,
        last=last,
        reasons=tuple((Status(status), reason, number) for status, reason, number in stored["reasons"]),
        ids=tuple(stored["ids"]) if stored["ids"] else None,
        files=tuple(stored["files"]),
    )
