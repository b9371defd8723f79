"""What has been spent of the paces of the routes: one row a route, changed in the claim's own transaction."""

from __future__ import annotations

from sqlalchemy import select, update

from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import route_state
from dispatcher.model.pace import Budget

_COLUMNS = (route_state.c.free_at, route_state.c.spent_day, route_state.c.spent)


def hold(tx: Tx, route: str) -> Budget:
    """What is spent. Nobody else claims by this route before the transaction ends."""
    asked = select(*_COLUMNS).where(route_state.c.route == route).with_for_update()
    row = tx.execute(asked).one_or_none()
    if row is None:
        into = upserting(tx)(route_state).values(route=route, updated_at=now())
        tx.execute(into.on_conflict_do_nothing(index_elements=["route"]))
        row = tx.execute(asked).one()
    return Budget(row.free_at, row.spent_day or "", row.spent or 0)


def put(tx: Tx, route: str, budget: Budget) -> None:
    """Write what is spent; the row is held."""
    values = {"free_at": budget.free_at, "spent_day": budget.day, "spent": budget.spent}
    tx.execute(update(route_state).where(route_state.c.route == route).values(values))


def every(tx: Tx) -> dict[str, Budget]:
    """What is spent of all routes that have a pace and were used."""
    rows = tx.execute(select(route_state.c.route, *_COLUMNS).where(route_state.c.spent_day.is_not(None)))
    return {row.route: Budget(row.free_at, row.spent_day, row.spent or 0) for row in rows}
