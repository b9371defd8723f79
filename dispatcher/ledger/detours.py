"""Deliveries that go round a route without being tried there, moved in groups."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Insert, Update, bindparam, case, insert, or_, select, update

from dispatcher.ledger.columns import fitting
from dispatcher.ledger.held import claimed_from, plans_of
from dispatcher.ledger.queue import BOTH, SENT, SKIPPED, new_attempt_ids, waiting_on
from dispatcher.ledger.rowset import FLAG, ID, MOMENT, NUMBER, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import attempt, delivery
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import Claimed, Status

#: What is written as found by a look-up that proved that the provider has nothing.
ABSENT = "not found at the provider"


def before(tx: Tx, route: str, until: datetime, limit: int, *, asked_too: bool = True) -> list[tuple[Claimed, bool]]:
    """Lock what waits on a route and would be tried before `until`, or, `asked_too`, asked about; each with whether the
    provider may have it.

    The delivery is as it stands, not held: its attempt is the last one that was made, 0 when there was none.
    """
    moment = now()
    rows = waiting_on(tx, route, until=until, limit=limit, which=BOTH if asked_too else SENT)
    plans = plans_of(tx, {row.class_id for row in rows})
    doubtful = _doubtful(tx, route, [row.id for row in rows if row.tries or row.status == Status.UNCERTAIN])
    return [
        (claimed_from(row, (row.attempt_id or 0, "", moment), plans[row.class_id]), row.id in doubtful) for row in rows
    ]


def _doubtful(tx: Tx, route: str, delivery_ids: Sequence[int]) -> set[int]:
    """Of which an attempt by the route may have come through."""
    if not delivery_ids:
        return set()
    unsure = or_(attempt.c.lookup.is_(None), attempt.c.lookup != ABSENT)
    tried = (attempt.c.delivery_id.in_(delivery_ids), attempt.c.route == route)
    # Its outcome is empty while a lost worker's attempt is looked into.
    may_be = or_(attempt.c.outcome == "uncertain", attempt.c.outcome.is_(None))
    return set(tx.execute(select(attempt.c.delivery_id).where(*tried, may_be, unsure)).scalars())


def move(tx: Tx, moved: Sequence[tuple[Claimed, Standing]]) -> None:
    """Write where deliveries go on that `before` has locked. What was only skipped gets a line in its story; what the
    provider may have keeps its attempt as it is, with the decision."""
    if not moved:
        return
    moment = now()
    skipped = [(one, standing) for one, standing in moved if not standing.maybe_twice]
    if skipped:
        rows = (
            (number, one.delivery_id, secrets.token_urlsafe(18), one.route, one.kind, standing.reason)
            for (one, standing), number in zip(skipped, new_attempt_ids(tx, len(skipped)), strict=True)
        )
        tx.execute(_skip[tx.dialect.name], _skips.bind(tx, rows) | {"the_moment": moment})
    doubted = (
        (one.attempt_id, fitting(standing.reason, attempt.c.decision))
        for one, standing in moved
        if standing.maybe_twice
    )
    if len(skipped) < len(moved):
        tx.execute(_doubt[tx.dialect.name], _doubts.bind(tx, doubted))
    standings = (
        (
            one.delivery_id,
            standing.position,
            standing.route,
            standing.kind,
            standing.on_route_since,
            standing.next_attempt_at,
            standing.maybe_twice,
            standing.turns,
            fitting(standing.reason, delivery.c.reason),
        )
        for one, standing in moved
    )
    tx.execute(_go[tx.dialect.name], _goes.bind(tx, standings) | {"the_moment": moment})


def put_off(tx: Tx, until: Mapping[int, datetime], why: str) -> None:
    """Let deliveries that are locked wait where they are, each until its moment."""
    if until:
        values = {"the_moment": now(), "the_why": why}
        tx.execute(_wait[tx.dialect.name], _waits.bind(tx, until.items()) | values)


_skips = Rowset("skips", id=ID, delivery_id=ID, token=TEXT, route=TEXT, kind=TEXT, decision=TEXT)
_doubts = Rowset("doubts", id=ID, decision=TEXT)
_goes = Rowset(
    "goes",
    id=ID,
    position=NUMBER,
    route=TEXT,
    kind=TEXT,
    on_route_since=MOMENT,
    next_attempt_at=MOMENT,
    maybe_twice=FLAG,
    turns=TEXT,
    reason=TEXT,
)
_waits = Rowset("waits", id=ID, until=MOMENT)


def _the_moment() -> ColumnElement[datetime]:
    return bindparam("the_moment", type_=delivery.c.updated_at.type)


def _skipping(*, sqlite: bool) -> Insert:
    new = _skips.source(sqlite=sqlite)
    same = ("id", "delivery_id", "token", "route", "kind", "decision")
    moments = ("started_at", "finished_at")
    rows = select(*(new.c[name] for name in same), *(_the_moment().label(name) for name in moments), _skipped_outcome)
    return insert(attempt).from_select([*same, *moments, "outcome"], rows)


_skipped_outcome = bindparam(None, SKIPPED, type_=attempt.c.outcome.type, literal_execute=True).label("outcome")


def _doubting(*, sqlite: bool) -> Update:
    new = _doubts.source(sqlite=sqlite)
    return update(attempt).where(attempt.c.id == new.c.id).values(decision=new.c.decision)


def _going(*, sqlite: bool) -> Update:
    new = _goes.source(sqlite=sqlite)
    same = ("position", "turns", "route", "kind", "on_route_since", "next_attempt_at", "reason")
    return (
        update(delivery)
        .where(delivery.c.id == new.c.id)
        .values(
            {delivery.c[name]: new.c[name] for name in same}
            | {
                delivery.c.status: Status.PENDING,
                delivery.c.tries: 0,
                delivery.c.lookups: 0,
                delivery.c.failovers: delivery.c.failovers + 1,
                delivery.c.maybe_twice: or_(delivery.c.maybe_twice, new.c.maybe_twice),
                delivery.c.updated_at: _the_moment(),
            }
        )
    )


def _waiting(*, sqlite: bool) -> Update:
    new = _waits.source(sqlite=sqlite)
    pending = delivery.c.status == Status.PENDING
    why = bindparam("the_why", type_=delivery.c.reason.type)
    return (
        update(delivery)
        .where(delivery.c.id == new.c.id)
        .values(
            next_attempt_at=new.c.until,
            updated_at=_the_moment(),
            # Of what the provider may have, the doubt is what matters.
            reason=case((pending, why), else_=delivery.c.reason),
        )
    )


_skip = {name: _skipping(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}
_doubt = {name: _doubting(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}
_go = {name: _going(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}
_wait = {name: _waiting(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}
