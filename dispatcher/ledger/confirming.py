"""What providers are asked about once more because somebody wants to know. It survives broker and workers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Update, func, or_, select, update

from dispatcher.ledger.held import attempts_of, claimed_from, plans_of
from dispatcher.ledger.listing import Filter, in_order
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.rowset import ID, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import attempt, broadcast, confirmation, delivery
from dispatcher.model.confirming import DOUBTFUL, UNPROVEN, Confirmation
from dispatcher.model.delivery import Claimed, Status

_COLUMNS = [confirmation.c[name] for name in Confirmation.__dataclass_fields__]


def unknown(tx: Tx, broadcast_ids: Sequence[int]) -> list[tuple[str, str, int]]:
    """How many deliveries of these broadcasts are unproven or in doubt, by kind and route."""
    rows = tx.execute(
        select(delivery.c.kind, delivery.c.route, func.count())
        .where(delivery.c.broadcast_id.in_(broadcast_ids), delivery.c.status.in_(sorted(UNPROVEN | DOUBTFUL)))
        .group_by(delivery.c.kind, delivery.c.route)
        .order_by(delivery.c.kind, delivery.c.route)
    )
    return [(kind, route, number) for kind, route, number in rows]


def request(tx: Tx, broadcast_ids: Sequence[int], routes: Collection[str]) -> None:
    """Have the provider of these routes asked about what is unproven of these broadcasts.

    What is under way already goes on. What is in doubt and was held is made due: the engine looks it up as ever.
    """
    if not broadcast_ids or not routes:
        return
    moment = now()
    rows = [{"broadcast_id": one, "route": route, "requested_at": moment} for one in broadcast_ids for route in routes]
    anew = {"requested_at": moment, "after": 0, "asked": 0, "told": 0, "finished_at": None, "problem": ""}
    new = upserting(tx)(confirmation)
    tx.execute(
        new.on_conflict_do_update(
            index_elements=["broadcast_id", "route"],
            set_={name: new.excluded[name] if name == "requested_at" else value for name, value in anew.items()},
            where=confirmation.c.finished_at.is_not(None),
        ),
        rows,
    )
    which = (
        delivery.c.broadcast_id.in_(broadcast_ids),
        delivery.c.status == Status.UNCERTAIN,
        delivery.c.route.in_(sorted(routes)),
        or_(delivery.c.next_attempt_at.is_(None), delivery.c.next_attempt_at > moment),
    )
    # Whoever locks several deliveries does so in the order of their ids (`outcomes`).
    held = list(tx.execute(select(delivery.c.id).where(*which).order_by(delivery.c.id).with_for_update()).scalars())
    for first in range(0, len(held), _MANY):
        some = held[first : first + _MANY]
        tx.execute(update(delivery).where(delivery.c.id.in_(some)).values(next_attempt_at=moment, updated_at=moment))


_MANY = 1000


def open_routes(tx: Tx) -> list[str]:
    """Routes whose providers somebody waits to have asked, and nobody is asking."""
    free = or_(confirmation.c.lease_until.is_(None), confirmation.c.lease_until < now())
    return list(
        tx.execute(select(confirmation.c.route).where(confirmation.c.finished_at.is_(None), free).distinct()).scalars()
    )


def of(tx: Tx, broadcast_ids: Sequence[int]) -> list[Confirmation]:
    """How far it is with these broadcasts."""
    rows = tx.execute(
        select(*_COLUMNS).where(confirmation.c.broadcast_id.in_(broadcast_ids)).order_by(*confirmation.primary_key)
    )
    return [_confirmation(row) for row in rows]


def take(tx: Tx, route: str, lease: timedelta) -> Confirmation | None:
    """One of a route that nobody is at, for as long as the lease."""
    moment = now()
    free = or_(confirmation.c.lease_until.is_(None), confirmation.c.lease_until < moment)
    row = tx.execute(
        select(*_COLUMNS)
        .where(confirmation.c.route == route, confirmation.c.finished_at.is_(None), free)
        .order_by(confirmation.c.requested_at, confirmation.c.broadcast_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    taken = _confirmation(row)
    tx.execute(_of(taken).values(lease_until=moment + lease))
    return taken


def to_ask(tx: Tx, about: Confirmation, limit: int) -> list[Claimed]:
    """The next deliveries to ask about. They stay as they are: what the provider says comes as a receipt."""
    incident_id = tx.execute(select(broadcast.c.incident_id).where(broadcast.c.id == about.broadcast_id)).scalar_one()
    unproven = select(delivery).where(
        delivery.c.broadcast_id == about.broadcast_id,
        delivery.c.status.in_(sorted(UNPROVEN)),
        delivery.c.route == about.route,
        delivery.c.attempt_id.is_not(None),
    )
    which = Filter(incident_id=incident_id, broadcast_id=about.broadcast_id, status=UNPROVEN)
    rows = in_order(tx, unproven.limit(limit), which, about.after)
    attempts = attempts_of(tx, [row.attempt_id for row in rows])
    plans = plans_of(tx, {row.class_id for row in rows})
    return [claimed_from(row, attempts[row.id], plans[row.class_id]) for row in rows if row.id in attempts]


def advance(
    tx: Tx, about: Confirmation, answers: Sequence[tuple[Claimed, str]], *, told: int, lease: timedelta
) -> Confirmation:
    """Note what was answered about some deliveries, each in words, and go on."""
    if not answers:
        return about
    said = ((one.attempt_id, words) for one, words in answers)
    tx.execute(_say[tx.dialect.name], _answers.bind(tx, said))
    last = max(one.delivery_id for one, _ in answers)
    tx.execute(
        _of(about).values(
            after=last,
            asked=confirmation.c.asked + len(answers),
            told=confirmation.c.told + told,
            lease_until=now() + lease,
        )
    )
    return Confirmation(
        about.broadcast_id,
        about.route,
        about.requested_at,
        last,
        about.asked + len(answers),
        about.told + told,
        None,
        "",
    )


_answers = Rowset("answers", id=ID, lookup=TEXT)


def _saying(*, sqlite: bool) -> Update:
    new = _answers.source(sqlite=sqlite)
    return update(attempt).where(attempt.c.id == new.c.id).values(lookup=new.c.lookup)


_say = {name: _saying(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}


def let_go(tx: Tx, about: Confirmation) -> None:
    """Somebody else goes on where this worker stopped."""
    tx.execute(_of(about).values(lease_until=None))


def finish(tx: Tx, about: Confirmation, problem: str = "") -> None:
    """All were asked about, or the provider cannot be asked now."""
    tx.execute(_of(about).values(lease_until=None, finished_at=now(), problem=problem))


def give_up(tx: Tx, route: str, problem: str) -> None:
    """Nobody can ask by this route."""
    open_ones = (confirmation.c.route == route, confirmation.c.finished_at.is_(None))
    tx.execute(update(confirmation).where(*open_ones).values(lease_until=None, finished_at=now(), problem=problem))


def being_asked(tx: Tx, broadcast_ids: Sequence[int]) -> int:
    """Deliveries in doubt that the engine asks about now, or is about to."""
    due = (delivery.c.status == Status.UNCERTAIN) & (delivery.c.next_attempt_at <= now())
    which = (delivery.c.broadcast_id.in_(broadcast_ids), delivery.c.status.in_(sorted(DOUBTFUL)))
    return tx.execute(select(func.count()).where(*which, or_(due, delivery.c.status == Status.ASKING))).scalar_one()


def of_incident(tx: Tx, incident_id: int) -> list[int]:
    """The broadcasts of an incident whose deliveries are in the ledger."""
    kept = (broadcast.c.incident_id == incident_id, broadcast.c.archived_at.is_(None))
    return list(tx.execute(select(broadcast.c.id).where(*kept).order_by(broadcast.c.id)).scalars())


def _of(about: Confirmation) -> Update:
    return update(confirmation).where(
        confirmation.c.broadcast_id == about.broadcast_id, confirmation.c.route == about.route
    )


def _confirmation(row: Row[Any]) -> Confirmation:
    return Confirmation(
        row.broadcast_id,
        row.route,
        row.requested_at,
        row.after,
        row.asked,
        row.told,
        row.finished_at,
        row.problem,
    )
