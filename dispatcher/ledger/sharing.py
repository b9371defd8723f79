"""Which broadcasts want the same route just now."""

from __future__ import annotations

from sqlalchemy import bindparam, func, literal, select

from dispatcher.ledger.columns import severity_of
from dispatcher.ledger.queue import waiting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import broadcast, delivery
from dispatcher.model.incident import BroadcastStatus
from dispatcher.model.share import Wish


def wishes(tx: Tx, route: str, room: int) -> list[Wish]:
    """The broadcasts that have something due on a route, those with the least first; each is counted up to `room`.

    A broadcast that is not closed is one look into an index, however much it has. What nobody may send any more is
    counted too until it is dropped: it comes first, so that what it leaves of its share goes to those behind it.
    """
    rows = tx.execute(_open, {"the_route": route, "the_moment": now(), "the_room": room})
    found = sorted(rows, key=lambda row: (row.status == BroadcastStatus.PLANNED, row.due, row.id))
    return [Wish(row.id, severity_of(row.severity), row.due) for row in found if row.due]


# Counted within the row, not joined: PostgreSQL would rather collect all that is due on the route.
_due = (
    select(literal(1).label("one"))
    .where(
        delivery.c.route == bindparam("the_route"),
        delivery.c.broadcast_id == broadcast.c.id,
        waiting,
        delivery.c.next_attempt_at <= bindparam("the_moment", type_=delivery.c.next_attempt_at.type),
    )
    .limit(bindparam("the_room"))
    .correlate(broadcast)
    .subquery("due_here")
)
_open = select(
    broadcast.c.id,
    broadcast.c.severity,
    broadcast.c.status,
    select(func.count()).select_from(_due).scalar_subquery().label("due"),
).where(broadcast.c.closed_at.is_(None))
