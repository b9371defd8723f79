"""Nobody hears an older word after a newer one, whoever claims what in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import broadcast, delivery
from dispatcher.model.delivery import Status
from dispatcher.model.incident import BroadcastStatus

#: For how long a newer word waits before it is looked at again whether the older one is out of the way.
_A_MOMENT = timedelta(seconds=1)


def in_turn(tx: Tx, due: Sequence[Row[Any]], moment: datetime) -> list[Row[Any]]:
    """Which of these locked deliveries may be begun now.

    Not what a newer update has superseded meanwhile: until this transaction ends, none can. And not what would overtake
    an older word about the same incident, for the same leg and subject, whose request may still leave: that waits a
    moment. What is only to be asked about passes.
    """
    broadcasts = {row.broadcast_id for row in due if row.status == Status.PENDING}
    if not broadcasts:
        return list(due)
    sent = {row.id: row.behind for row in tx.execute(_sent.where(broadcast.c.id.in_(sorted(broadcasts))))}
    behind = [row.id for row in due if row.status == Status.PENDING and sent.get(row.broadcast_id)]
    blocked = set(tx.execute(_overtaking.where(_mine.c.id.in_(behind))).scalars()) if behind else set()
    if blocked:
        waits = delivery.c.id.in_(sorted(blocked))
        tx.execute(update(delivery).where(waits).values(next_attempt_at=moment + _A_MOMENT))
    return [row for row in due if row.status != Status.PENDING or (row.broadcast_id in sent and row.id not in blocked)]


_older = broadcast.alias("older")
_behind = (_older.c.incident_id == broadcast.c.incident_id, _older.c.id < broadcast.c.id, _older.c.closed_at.is_(None))
#: Held against whoever would supersede them; and whether the incident has older ones that are not closed.
_sent = (
    select(
        broadcast.c.id,
        select(_older.c.id).where(*_behind).limit(1).scalar_subquery().is_not(None).label("behind"),
    )
    .where(broadcast.c.status == BroadcastStatus.PLANNED)
    .order_by(broadcast.c.id)
    .with_for_update(read=True, of=broadcast)
)
_mine, _before = delivery.alias("mine"), delivery.alias("before")
_overtaking = (
    select(_mine.c.id)
    .join(
        _older,
        (_older.c.incident_id == _mine.c.incident_id)
        & (_older.c.id < _mine.c.broadcast_id)
        & _older.c.closed_at.is_(None),
    )
    .join(
        _before,
        (_before.c.update_id == _older.c.update_id)
        & (_before.c.leg == _mine.c.leg)
        & (_before.c.subject == _mine.c.subject),
    )
    .where(_before.c.status == Status.SENDING)
)
