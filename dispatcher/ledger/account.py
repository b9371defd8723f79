"""Counts what became of everything that a broadcast promised: one pass over its deliveries, none over others."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, literal, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import attempt, broadcast, delivery, plan_class
from dispatcher.model.account import NAMED, TO_NAME, Account, Line
from dispatcher.model.delivery import CLOSED, LEASED, REACHED, Status
from dispatcher.model.incident import BroadcastStatus

#: What nobody has taken up for so long is lost as things are. A sweep comes every few seconds.
LONG = timedelta(minutes=10)


def line_of(moment: datetime, *, is_closed: bool) -> ColumnElement[str]:
    """The line on which a delivery is counted. The order matters: the first that fits.

    Args:
        moment: The present one.
        is_closed: Whether the sweep looks at its broadcast no more: then nobody sends or closes what still waits.
    """
    d = delivery.c
    tried = d.attempt_id.is_not(None)
    holds = and_(tried, d.lease_owner.is_not(None), d.lease_until > moment - LONG)
    waits = and_(literal(not is_closed), d.next_attempt_at.is_not(None), d.route != "")
    elsewhere = _is_there(
        attempt.c.delivery_id == d.id,
        attempt.c.route != d.route,
        attempt.c.receipt_word.in_(["delivered", "read"]),
    )
    proven = _is_there(attempt.c.id == d.attempt_id, attempt.c.outcome == "accepted")
    reached = d.status.in_(sorted(REACHED))
    # One that is unconfirmed has been taken by nobody but those that stayed silent.
    has_it = d.silent + case((d.status == Status.UNCONFIRMED, 0), else_=1)
    return case(
        (and_(reached, d.failovers > 0, elsewhere), Line.TWO_ROUTES),
        (and_(reached, or_(d.maybe_twice, has_it > 1)), Line.POSSIBLY_TWICE),
        (and_(d.status == Status.ACCEPTED, not_(proven)), Line.UNPROVEN),
        (reached, Line.ONCE),
        (and_(d.status.in_(sorted(CLOSED)), d.maybe_twice), Line.IN_DOUBT),
        (d.status == Status.SUPERSEDED, Line.SUPERSEDED),
        (d.status.in_(sorted(CLOSED)), Line.NOT_REACHED),
        (and_(d.status == Status.UNCERTAIN, tried, d.next_attempt_at.is_(None)), Line.IN_DOUBT),
        (and_(d.status == Status.UNCERTAIN, tried), Line.UNDER_WAY),
        (and_(d.status == Status.PENDING, waits), Line.UNDER_WAY),
        (and_(d.status.in_(sorted(LEASED)), holds), Line.UNDER_WAY),
        else_=Line.LOST,
    )


def _is_there(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Not an EXISTS: PostgreSQL may answer that by reading all attempts that there are."""
    return select(attempt.c.id).where(*which).limit(1).scalar_subquery().is_not(None)


def count(tx: Tx, broadcast_id: int) -> Account:
    """The account of one broadcast whose deliveries are in the ledger.

    Raises:
        LookupError: there is no such broadcast.
    """
    moment = now()
    about = tx.execute(select(broadcast).where(broadcast.c.id == broadcast_id)).one_or_none()
    if about is None:
        raise LookupError(f"there is no broadcast {broadcast_id}")
    line = line_of(moment, is_closed=about.closed_at is not None).label("line")
    mine = delivery.c.broadcast_id == broadcast_id
    found = list(
        tx.execute(select(delivery.c.class_id, line, func.count().label("n")).where(mine).group_by("class_id", "line"))
    )
    lines, rows = Counter[str](), Counter[int]()
    for class_id, name, number in found:
        lines[name] += number
        rows[class_id] += number
    planned = lines.total()
    for class_id, people in tx.execute(
        select(plan_class.c.id, plan_class.c.people).where(plan_class.c.broadcast_id == broadcast_id)
    ):
        # Promised, and not even a row is there.
        missing = max(0, people - rows[class_id])
        planned += missing
        lines[Line.LOST] += missing
    if about.status == BroadcastStatus.ACCEPTED:
        planned += 1
        lines[Line.LOST if about.created_at < moment - LONG else Line.UNDER_WAY] += 1
    named = {name.value: _named(tx, mine, line, name) for name in TO_NAME if lines[name]}
    return Account(planned=planned, named=named, **{name.value: lines[name] for name in Line})


def _named(tx: Tx, mine: ColumnElement[bool], line: ColumnElement[str], name: Line) -> list[int]:
    ids = select(delivery.c.id).where(mine, line == name).order_by(delivery.c.id).limit(NAMED)
    return list(tx.execute(ids).scalars())
