"""The breakers of the routes, in the ledger: they outlive the broker, and all workers see the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, or_, select, update

from dispatcher.ledger.queue import lock_in_order, waiting
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import delivery, route_state
from dispatcher.model.circuit import Breaker, Circuit

_COLUMNS = tuple(
    route_state.c[name] for name in ("route", "breaker", "breaker_cause", "breaker_since", "breaker_times", "probe_at")
)
_is_open = route_state.c.breaker.in_([Breaker.OPEN, Breaker.HALF_OPEN])


def of(tx: Tx, route: str, *, hold: bool = False) -> Circuit:
    """The breaker of a route. With `hold`, nobody takes a step with it before this transaction ends."""
    asked = select(*_COLUMNS).where(route_state.c.route == route)
    row = tx.execute(asked.with_for_update(read=True) if hold else asked).one_or_none()
    return Circuit() if row is None else circuit_from(row)


def state_of(tx: Tx, route: str) -> tuple[datetime | None, Circuit]:
    """Until when the route rests, if it does, and its breaker, in one look."""
    asked = select(route_state.c.paused_until, *_COLUMNS).where(route_state.c.route == route)
    row = tx.execute(asked).one_or_none()
    if row is None:
        return None, Circuit()
    rests = row.paused_until is not None and row.paused_until > now()
    return row.paused_until if rests else None, circuit_from(row)


def every(tx: Tx) -> dict[str, Circuit]:
    """All that were ever opened, by their routes."""
    rows = tx.execute(select(*_COLUMNS).where(route_state.c.breaker.is_not(None)))
    return {row.route: circuit_from(row) for row in rows}


def ripe(tx: Tx) -> list[str]:
    """Routes whose breaker is open and that may be probed now."""
    return list(tx.execute(select(route_state.c.route).where(_is_open, route_state.c.probe_at <= now())).scalars())


def circuit_from(row: Row[Any]) -> Circuit:
    """As `step` wrote it."""
    if row.breaker is None:
        return Circuit()
    state = Breaker(row.breaker)
    return Circuit(state, row.breaker_cause or "", row.breaker_since, row.probe_at, row.breaker_times or 0)


def step(tx: Tx, route: str, old: Circuit, new: Circuit) -> bool:
    """Take one step, from where it started only: False when somebody else took one meanwhile.

    When it is closed, what waited for it is due.
    """
    moment = now()
    values = {
        "breaker": new.state.value,
        "breaker_cause": new.cause,
        "breaker_since": new.since,
        "breaker_times": new.times,
        "probe_at": new.probe_at,
    }
    state = route_state.c.breaker
    same = or_(state.is_(None), state == Breaker.CLOSED) if old.is_closed else state == old.state
    if old.is_closed:  # a row that is not there is one that never opened
        into = upserting(tx)(route_state).values(route=route, updated_at=moment, **values)
        write = into.on_conflict_do_update(index_elements=["route"], set_=values, where=same).returning(
            route_state.c.route
        )
        taken = tx.execute(write).one_or_none() is not None
    else:
        where = (route_state.c.route == route, same, route_state.c.probe_at == old.probe_at)
        taken = tx.execute(update(route_state).where(*where).values(values)).rowcount == 1
    if taken and new.is_closed and old.probe_at is not None:
        wake(tx, route, old.probe_at)
    return taken


def wake(tx: Tx, route: str, waits_for: datetime) -> None:
    """Make due what was told to wait for this moment."""
    mine = (delivery.c.route == route, waiting, delivery.c.next_attempt_at == waits_for)
    lock_in_order(tx, *mine)
    tx.execute(update(delivery).where(*mine).values(next_attempt_at=now()))


def forget(tx: Tx, route: str) -> None:
    """The route is no more."""
    tx.execute(delete(route_state).where(route_state.c.route == route))
