"""Deliveries as a queue: claimed in batches under a lease, kept while their worker lives, given back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Insert, Row, Update, bindparam, case, delete, func, insert, or_, select, update

from channels.contract import Kind
from dispatcher.ledger.held import Begun, Plan, attempts_of, claimed_from, plans_of
from dispatcher.ledger.order import in_turn
from dispatcher.ledger.receipts import fold_left
from dispatcher.ledger.rowset import FLAG, ID, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, attempt, broadcast, delivery
from dispatcher.model.delivery import LEASED, WAITING, Claimed, Status
from dispatcher.model.destinations import Comer, destination_of
from dispatcher.model.incident import BroadcastStatus

#: Answers the ids of those that may be sent now, and looks after the others.
Admit = Callable[[Sequence[Comer]], Collection[int]]

# Written into the statements, not handed over: only so does PostgreSQL know that a partial index answers them.
waiting = delivery.c.status.in_(bindparam(None, sorted(WAITING), expanding=True, literal_execute=True))
leased = delivery.c.status.in_(bindparam(None, sorted(LEASED), expanding=True, literal_execute=True))
#: Whether it was tried on the route where it stands. Not an EXISTS: while many deliveries wait, PostgreSQL answers that
#: by reading every attempt there is, although only a few deliveries are wanted.
_tried_here = (
    select(attempt.c.id)
    .where(attempt.c.delivery_id == delivery.c.id, attempt.c.route == delivery.c.route)
    .limit(1)
    .scalar_subquery()
    .is_not(None)
)


def claim(
    tx: Tx,
    route: str,
    *,
    owner: str,
    lease: timedelta,
    limit: int,
    asking: bool = False,
    portions: Mapping[int, int] | None = None,
    admit: Admit | None = None,
) -> list[Claimed]:
    """Take due deliveries of a route, and write the intent of an attempt for each that is to be sent.

    Nobody else gets them until the lease ends. What a newer update superseded, what has passed its deadline and what
    would overtake an older word is not taken. Once this is committed, a request may leave. With `asking`, only what is
    to be asked about. With `portions`, at most so many of each broadcast, and nothing of others (`sharing`). With
    `admit`, of what is to be sent only that of which it answers the ids.
    """
    moment = now()
    if portions:
        found = _in_portions(tx, route, moment, portions)
    else:
        found = waiting_on(tx, route, until=moment, limit=limit, which=ASKED if asking else BOTH)
    due = in_turn(tx, found, moment)
    if admit is not None:
        may = admit([_comer(row) for row in due if row.status == Status.PENDING])
        due = [row for row in due if row.status != Status.PENDING or row.id in may]
    if not due:
        return []
    to_send = [row for row in due if row.status == Status.PENDING]
    to_ask = [row for row in due if row.status != Status.PENDING]
    begun = {
        row.id: (number, secrets.token_urlsafe(18), moment)
        for row, number in zip(to_send, new_attempt_ids(tx, len(to_send)), strict=True)
    }
    if begun:
        intents = _intents.bind(tx, ((number, to, token) for to, (number, token, _) in begun.items()))
        tx.execute(_begin_attempts[tx.dialect.name], intents | {"the_moment": moment, "the_route": route})
    begun |= attempts_of(tx, [row.attempt_id for row in to_ask])
    hold = {"the_moment": moment, "the_owner": owner, "the_end": moment + lease}
    rows = ((row.id, begun[row.id][0], row.status == Status.PENDING, row.begun_here) for row in due)
    tx.execute(_take[tx.dialect.name], _taken.bind(tx, rows) | hold)
    plans = plans_of(tx, {row.class_id for row in due})
    return [_taken_as(row, begun[row.id], plans[row.class_id], moment) for row in due]


#: Which of the waiting deliveries: those that are to be sent, those that are to be asked about, or both.
SENT, ASKED, BOTH = "sent", "asked", "both"


def waiting_on(tx: Tx, route: str, *, until: datetime, limit: int, which: str = BOTH) -> list[Row[Any]]:
    """Lock deliveries of a route that are due by `until`, the oldest first, as rows of what a stage must know.

    What a newer update superseded, what has passed its deadline, and what somebody else has locked is left out.
    """
    return list(
        tx.execute(_due[which], {"the_route": route, "the_moment": now(), "the_end": until, "the_limit": limit})
    )


def comers(tx: Tx, route: str, limit: int) -> list[Comer]:
    """Lock deliveries of a route that are due to be sent, the oldest first, without taking them."""
    return [_comer(row) for row in waiting_on(tx, route, until=now(), limit=limit, which=SENT)]


def _comer(row: Row[Any]) -> Comer:
    kind = Kind(row.kind)
    destination = destination_of(kind, getattr(row, ADDRESS[kind]))
    return Comer(row.id, row.broadcast_id, destination, kind, row.locale, row.name)


def _in_portions(tx: Tx, route: str, moment: datetime, portions: Mapping[int, int]) -> list[Row[Any]]:
    """The same for each broadcast alone; what one has not got after all is the next one's."""
    found: list[Row[Any]] = []
    room = 0
    for broadcast_id, messages in portions.items():
        room += messages
        if room > len(found):
            about = {"the_route": route, "the_broadcast": broadcast_id, "the_moment": moment, "the_end": moment}
            found += tx.execute(_of_one, about | {"the_limit": room - len(found)})
    return found


def _taken_as(row: Row[Any], begun: Begun, plan: Plan, moment: datetime) -> Claimed:
    """The delivery as `_take` has just made it."""
    sending = row.status == Status.PENDING
    return replace(
        claimed_from(row, begun, plan),
        status=Status.SENDING if sending else Status.ASKING,
        tries=row.tries + sending,
        lookups=row.lookups + (not sending),
        on_route_since=row.on_route_since if row.begun_here else moment,
    )


def new_attempt_ids(tx: Tx, number: int) -> list[int]:
    """Numbers for attempts that are about to be written: known beforehand, so that the delivery is changed once."""
    if tx.dialect.name == "sqlite":  # whoever writes there writes alone
        first: int = tx.execute(select(func.coalesce(func.max(attempt.c.id), 0) + 1)).scalar_one()
        return list(range(first, first + number))
    drawn = select(func.nextval("attempt_id_seq")).select_from(func.generate_series(1, bindparam("number")))
    return list(tx.execute(drawn, {"number": number}).scalars())


#: The outcome of an attempt that was none: the route was left alone, and nothing left by it.
SKIPPED = "skipped"

#: What a stage must know of a delivery that it holds.
_NEEDED = (
    *("id", "broadcast_id", "class_id", "leg", "subject", "name", "locale", "status", "route", "kind", "position"),
    *("tries", "lookups", "on_route_since", "deadline", "attempt_id", "turns", "silent"),
    *ADDRESS.values(),
)
_both = (
    select(
        *(delivery.c[name] for name in _NEEDED),
        _tried_here.label("begun_here"),
    )
    .join(broadcast, broadcast.c.id == delivery.c.broadcast_id)
    .where(
        delivery.c.route == bindparam("the_route"),
        waiting,
        delivery.c.next_attempt_at <= bindparam("the_end", type_=delivery.c.next_attempt_at.type),
        or_(
            delivery.c.status == Status.UNCERTAIN,
            (broadcast.c.status == BroadcastStatus.PLANNED)
            & (delivery.c.deadline > bindparam("the_moment", type_=delivery.c.deadline.type)),
        ),
    )
    .order_by(delivery.c.next_attempt_at, delivery.c.id)
    .limit(bindparam("the_limit"))
    .with_for_update(skip_locked=True, of=delivery)
)


#: Said by what they are not: PostgreSQL knows then that most rows pass, and goes along the index in its order. Of those
#: that are, it would rather collect all of them and sort.
_due = {
    BOTH: _both,
    SENT: _both.where(delivery.c.status != Status.UNCERTAIN),
    ASKED: _both.where(delivery.c.status != Status.PENDING),
}
_of_one = _both.where(delivery.c.broadcast_id == bindparam("the_broadcast"))

_intents = Rowset("intents", id=ID, delivery_id=ID, token=TEXT)
_taken = Rowset("taken", id=ID, attempt_id=ID, sending=FLAG, begun_here=FLAG)


def _beginning(*, sqlite: bool) -> Insert:
    """Writes the intents. The kind is the delivery's."""
    new = _intents.source(sqlite=sqlite)
    rows = select(
        new.c.id,
        new.c.delivery_id,
        delivery.c.route,
        delivery.c.kind,
        new.c.token,
        bindparam("the_moment", type_=attempt.c.started_at.type),
    ).join(delivery, delivery.c.id == new.c.delivery_id)
    return insert(attempt).from_select(["id", "delivery_id", "route", "kind", "token", "started_at"], rows)


def _taking(*, sqlite: bool) -> Update:
    took = _taken.source(sqlite=sqlite)
    moment = bindparam("the_moment", type_=delivery.c.updated_at.type)
    return (
        update(delivery)
        .where(delivery.c.id == took.c.id)
        .values(
            status=case((took.c.sending, Status.SENDING), else_=Status.ASKING),
            attempt_id=took.c.attempt_id,
            tries=delivery.c.tries + case((took.c.sending, 1), else_=0),
            lookups=delivery.c.lookups + case((took.c.sending, 0), else_=1),
            first_attempt_at=func.coalesce(delivery.c.first_attempt_at, moment),
            # Time on a route begins with the first attempt there: standing in the queue is nobody's failure.
            on_route_since=case((took.c.begun_here, delivery.c.on_route_since), else_=moment),
            lease_owner=bindparam("the_owner"),
            lease_until=bindparam("the_end", type_=delivery.c.lease_until.type),
            updated_at=moment,
        )
    )


_begin_attempts = {"sqlite": _beginning(sqlite=True), "postgresql": _beginning(sqlite=False)}
_take = {"sqlite": _taking(sqlite=True), "postgresql": _taking(sqlite=False)}


def extend(tx: Tx, owner: str, lease: timedelta) -> set[int]:
    """A worker that lives keeps what it holds; answers which deliveries those are."""
    lock_in_order(tx, leased, delivery.c.lease_owner == owner)
    kept = tx.execute(
        update(delivery)
        .where(leased, delivery.c.lease_owner == owner)
        .values(lease_until=now() + lease)
        .returning(delivery.c.id)
    )
    return set(kept.scalars())


def give_back(tx: Tx, owner: str, held: Sequence[Claimed], *, at: datetime) -> None:
    """What was claimed and never begun waits again from `at` on, as if it had not been taken.

    The intents go too: no request left, so nothing will ever be heard of them.
    """
    if not held:
        return
    asking = delivery.c.status == Status.ASKING
    mine = (delivery.c.id.in_(sorted(one.delivery_id for one in held)), delivery.c.lease_owner == owner, leased)
    lock_in_order(tx, *mine)
    kept = tx.execute(
        update(delivery)
        .where(*mine)
        .values(
            status=case((asking, Status.UNCERTAIN), else_=Status.PENDING),
            tries=delivery.c.tries - case((asking, 0), else_=1),
            lookups=delivery.c.lookups - case((asking, 1), else_=0),
            next_attempt_at=at,
            lease_owner=None,
            lease_until=None,
            updated_at=now(),
        )
        .returning(delivery.c.id)
    )
    ids = set(kept.scalars())
    never = {one.attempt_id: one.delivery_id for one in held if one.delivery_id in ids and one.status is Status.SENDING}
    if never:
        tx.execute(delete(attempt).where(attempt.c.id.in_(never)))
        # The attempt before it is the latest again: a receipt for that one still settles the delivery.
        tried = attempt.c.outcome.is_distinct_from(SKIPPED)
        before = select(func.max(attempt.c.id)).where(attempt.c.delivery_id == delivery.c.id, tried).scalar_subquery()
        tx.execute(update(delivery).where(delivery.c.id.in_(never.values())).values(attempt_id=before))
    # What a route left before said meanwhile was only noted.
    if moved_on := [one.delivery_id for one in held if one.turns and one.delivery_id in ids]:
        fold_left(tx, moved_on)


def lock_in_order(tx: Tx, *which: ColumnElement[bool]) -> None:
    """Who locks several deliveries does so in the order of their ids (`outcomes`). SQLite locks all at once."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(delivery.c.id).where(*which).order_by(delivery.c.id).with_for_update())


def superseded_among(tx: Tx, broadcast_ids: Iterable[int]) -> set[int]:
    """Which of these broadcasts a newer one has superseded."""
    return set(
        tx.execute(
            select(broadcast.c.id).where(
                broadcast.c.id.in_(list(broadcast_ids)), broadcast.c.status == BroadcastStatus.SUPERSEDED
            )
        ).scalars()
    )
