"""What the sweep, the watchdog and the health pages ask. Cheap however much the ledger holds: each question is answered
by a partial index, and none looks at more rows than it answers with, or than there are routes and open broadcasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select, update

from dispatcher.ledger.held import attempts_of, claimed_from, plans_of
from dispatcher.ledger.queue import leased, waiting
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import broadcast, delivery, pulse, route_state
from dispatcher.ledger.tables_upkeep import destination_pace
from dispatcher.model.delivery import AWAITING, LEASED, Claimed, Status
from dispatcher.model.incident import BroadcastStatus

#: Under this name the sweep says that it lives.
SWEEP = "sweep"


def due_since(tx: Tx) -> dict[str, datetime]:
    """Routes with something to do now, and since when the oldest of it waits.

    Goes from route to route along the index instead of over every waiting delivery: in the middle of a large broadcast
    those are many, and the routes are few.
    """
    first = select(func.min(delivery.c.route).label("route")).where(waiting).cte("busy", recursive=True)
    following = select(func.min(delivery.c.route)).where(waiting, delivery.c.route > first.c.route)
    busy = first.union_all(select(following.scalar_subquery()).where(first.c.route.is_not(None)))
    oldest = (
        select(func.min(delivery.c.next_attempt_at))
        .where(waiting, delivery.c.route == busy.c.route)
        .correlate(busy)
        .scalar_subquery()
    )
    rows = tx.execute(select(busy.c.route, oldest.label("since")).where(busy.c.route.is_not(None)))
    moment = now()
    return {row.route: row.since for row in rows if row.since is not None and row.since <= moment}


def next_due(tx: Tx, route: str) -> datetime | None:
    """When the route has something to do next, in the past if now; None when nothing waits."""
    moment: datetime | None = tx.execute(
        select(func.min(delivery.c.next_attempt_at)).where(
            delivery.c.route == route, waiting, delivery.c.next_attempt_at.is_not(None)
        )
    ).scalar_one()
    return moment


def is_worked_on(tx: Tx, route: str) -> bool:
    """Whether a worker holds something of the route under a lease that has not ended."""
    held = exists().where(leased, delivery.c.lease_until > now(), delivery.c.route == route)
    return bool(tx.execute(select(held)).scalar_one())


def stale(tx: Tx, limit: int = 500) -> list[Claimed]:
    """Deliveries whose worker let its lease run out: dead, or cut off."""
    rows = list(
        tx.execute(
            select(delivery)
            .where(leased, delivery.c.lease_until < now())
            .order_by(delivery.c.lease_until)
            .limit(limit)
            .with_for_update(skip_locked=True, of=delivery)
        )
    )
    attempts = attempts_of(tx, [row.attempt_id for row in rows])
    plans = plans_of(tx, {row.class_id for row in rows})
    return [claimed_from(row, attempts[row.id], plans[row.class_id]) for row in rows]


def unheard(tx: Tx, limit: int = 500) -> list[Claimed]:
    """Deliveries that a provider took and of which nobody said in time whether they arrived."""
    rows = list(
        tx.execute(
            select(delivery)
            .where(_awaiting, delivery.c.confirm_by.is_not(None), delivery.c.confirm_by <= now())
            .order_by(delivery.c.confirm_by)
            .limit(limit)
            .with_for_update(skip_locked=True, of=delivery)
        )
    )
    attempts = attempts_of(tx, [row.attempt_id for row in rows])
    plans = plans_of(tx, {row.class_id for row in rows})
    return [claimed_from(row, attempts[row.id], plans[row.class_id]) for row in rows]


_awaiting = delivery.c.status.in_(bindparam(None, sorted(AWAITING), expanding=True, literal_execute=True))


def wait_longer(tx: Tx, seconds: float) -> None:
    """The clock was put forward by so much: whose receipt was not missing by the old time has a minute before it is."""
    moment = now()
    jumped = (delivery.c.confirm_by <= moment, delivery.c.confirm_by > moment - timedelta(seconds=seconds))
    later = moment + timedelta(minutes=1)
    tx.execute(update(delivery).where(_awaiting, delivery.c.confirm_by.is_not(None), *jumped).values(confirm_by=later))


@dataclass(frozen=True, slots=True)
class Passed:
    """A broadcast of which nothing is to be sent any more, and what its unsent deliveries become."""

    broadcast_id: int
    becomes: Status
    stopped: str = ""

    @property
    def reason(self) -> str:
        if self.stopped:
            return self.stopped
        if self.becomes is Status.SUPERSEDED:
            return "a newer update took its place before it was sent"
        return "its time passed before it could be sent"


def stopped(by: str | None, why: str | None) -> str:
    """What is said of what was not sent because somebody stopped it."""
    return f"stopped by {by} before it was sent: {why}"


@contextmanager
def _by_index(tx: Tx) -> Iterator[None]:
    """PostgreSQL takes a large broadcast's deliveries for so frequent that it would rather read the table from its
    start until it meets some; they are at its end."""
    if tx.dialect.name != "postgresql":
        yield
        return
    tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
    yield
    tx.exec_driver_sql("SET LOCAL enable_seqscan TO DEFAULT")


def passed(tx: Tx) -> list[Passed]:
    """Broadcasts that are superseded or past their usefulness, and not closed yet."""
    rows = tx.execute(
        select(
            broadcast.c.id, broadcast.c.status, broadcast.c.stopped_at, broadcast.c.stopped_by, broadcast.c.stopped_why
        )
        .where(
            broadcast.c.closed_at.is_(None),
            or_(
                broadcast.c.status == BroadcastStatus.SUPERSEDED,
                and_(broadcast.c.status == BroadcastStatus.PLANNED, broadcast.c.valid_until <= now()),
            ),
        )
        .order_by(broadcast.c.id)
    )
    return [
        Passed(
            row.id,
            Status.SUPERSEDED if row.status == BroadcastStatus.SUPERSEDED else Status.EXPIRED,
            stopped(row.stopped_by, row.stopped_why) if row.stopped_at else "",
        )
        for row in rows
    ]


def drop(tx: Tx, gone: Passed, limit: int) -> int:
    """Close up to `limit` unsent deliveries of such a broadcast; answers how many there were."""
    unsent = (
        select(delivery.c.id)
        # In no order: in that of their ids, all ids before them would be looked at. Nobody is waited for here.
        .where(delivery.c.broadcast_id == gone.broadcast_id, delivery.c.status == Status.PENDING)
        .limit(limit)
        # What somebody else is moving right now is taken with the next batch.
        .with_for_update(skip_locked=True)
    )
    closing = update(delivery).where(delivery.c.id.in_(unsent))
    with _by_index(tx):
        return tx.execute(
            closing.values(
                # What a provider took before and never spoke of is unknown, not unsent.
                status=case((delivery.c.silent > 0, Status.UNCONFIRMED), else_=gone.becomes),
                reason=gone.reason,
                next_attempt_at=None,
                updated_at=now(),
            )
        ).rowcount


def moving(of: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether any of the deliveries `of` which this holds waits, is held, or will be asked about."""
    return or_(
        exists().where(of, delivery.c.status.in_([Status.PENDING, *LEASED])),
        exists().where(of, delivery.c.status == Status.UNCERTAIN, delivery.c.next_attempt_at.is_not(None)),
    )


def close_if_settled(tx: Tx, broadcast_id: int) -> None:
    """The sweep need not look at it again once nothing of it waits, is held, or will be asked about.

    Whoever lets something of it wait again opens it again (`outcomes.restand`); both lock it before they look.
    """
    tx.execute(select(broadcast.c.id).where(broadcast.c.id == broadcast_id).with_for_update(key_share=True))
    still = moving(delivery.c.broadcast_id == broadcast_id)
    with _by_index(tx):
        tx.execute(update(broadcast).where(broadcast.c.id == broadcast_id, ~still).values(closed_at=now()))


def beat(tx: Tx, name: str, queues: Sequence[str] = ()) -> None:
    """Note that the sweep or a worker lives."""
    moment = now()
    into = upserting(tx)(pulse).values(name=name, queues=list(queues), at=moment)
    tx.execute(into.on_conflict_do_update(index_elements=["name"], set_={"queues": list(queues), "at": moment}))


@dataclass(frozen=True, slots=True)
class Pulse:
    """Who lives. `queues` is empty for the sweep."""

    name: str
    queues: tuple[str, ...]
    at: datetime


def pulses(tx: Tx) -> list[Pulse]:
    """Everybody who ever said that they live, by name."""
    rows = tx.execute(select(pulse).order_by(pulse.c.name))
    return [Pulse(row.name, tuple(row.queues), row.at) for row in rows]


def forget_pulses(tx: Tx, older_than: timedelta) -> None:
    """Workers that have gone for good do not stay on the health page."""
    tx.execute(pulse.delete().where(pulse.c.at < now() - older_than))


def set_clock_back(tx: Tx, lease: timedelta) -> None:
    """The clock was put back: what was due by the old one is due now, and no lease reaches further than a lease does.

    Without this, everything waits for as long as the clock jumped.
    """
    moment = now()
    tx.execute(update(delivery).where(waiting, delivery.c.next_attempt_at > moment).values(next_attempt_at=moment))
    longest = moment + lease
    tx.execute(update(delivery).where(leased, delivery.c.lease_until > longest).values(lease_until=longest))
    # Rests that are over would begin again; and who died before the jump would seem to live for as long as it was.
    tx.execute(update(route_state).where(route_state.c.paused_until > moment).values(paused_until=None))
    tx.execute(update(route_state).where(route_state.c.probe_at > moment).values(probe_at=moment))
    tx.execute(update(route_state).where(route_state.c.free_at > moment).values(free_at=moment))
    tx.execute(destination_pace.delete().where(destination_pace.c.free_at > moment))
    tx.execute(pulse.delete().where(pulse.c.at > moment))
