"""What has been spent of the paces of the routes: one row a route, changed in the claim's own transaction, and one for
each of its destinations that got something just now, where a pace for one destination is set."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, select, true, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.rowset import MOMENT, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import route_state
from dispatcher.ledger.tables_upkeep import destination_pace
from dispatcher.model.destinations import Occupied
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


#: Longer than anybody's clock differs, and than `model.pace.LATE`.
_OVER = timedelta(seconds=30)
_CHUNK = 400
_MANY = 1000


def occupied(tx: Tx, route: str, destinations: Collection[str]) -> dict[str, Occupied]:
    """What is known of these destinations of a route that is held; those of which nothing is are free."""
    found: dict[str, Occupied] = {}
    asked = sorted(destinations)
    for start in range(0, len(asked), _CHUNK):
        rows = tx.execute(_known, {"the_route": route, "the_destinations": asked[start : start + _CHUNK]})
        found |= {row.destination: Occupied(row.free_at, _lines(row.lines)) for row in rows}
    return found


def occupy(tx: Tx, route: str, known: Mapping[str, Occupied]) -> None:
    """Write what is known of destinations of a route that is held."""
    rows = [(name, at.free_at, _text(at.lines)) for name, at in sorted(known.items()) if at.free_at is not None]
    if rows:
        tx.execute(_occupy[tx.dialect.name], _places.bind(tx, rows) | {"the_route": route})


def rest(tx: Tx, route: str, until: Mapping[str, datetime]) -> None:
    """Let destinations of a route rest whose provider asked for that; a longer rest already ordered stays."""
    if until:
        rows = [(name, end, "") for name, end in sorted(until.items())]
        tx.execute(_rest[tx.dialect.name], _places.bind(tx, rows) | {"the_route": route})


def resting(tx: Tx, route: str) -> dict[str, Occupied]:
    """The destinations of a route that rest or are not free yet; of very many, some."""
    mine = (destination_pace.c.route == route, destination_pace.c.free_at > now())
    asked = select(destination_pace.c.destination, destination_pace.c.free_at).where(*mine).limit(_MANY)
    return {row.destination: Occupied(row.free_at) for row in tx.execute(asked)}


def forget(tx: Tx, limit: int) -> int:
    """Drop up to `limit` rows of destinations that have long been free; answers how many there were."""
    key = (destination_pace.c.route, destination_pace.c.destination)
    # Whoever claims for one of them just now is not waited for.
    over = select(*key).where(destination_pace.c.free_at < now() - _OVER).limit(limit).with_for_update(skip_locked=True)
    return tx.execute(delete(destination_pace).where(tuple_(*key).in_(over))).rowcount


_known = select(destination_pace.c.destination, destination_pace.c.free_at, destination_pace.c.lines).where(
    destination_pace.c.route == bindparam("the_route"),
    destination_pace.c.destination.in_(bindparam("the_destinations", expanding=True)),
)
_places = Rowset("places", destination=TEXT, free_at=MOMENT, lines=TEXT)


def _occupying(*, on_sqlite: bool, lined_up: bool) -> sqlite.Insert | postgresql.Insert:
    new = _places.source(sqlite=on_sqlite)
    # SQLite takes an upsert's ON for a join's unless the select has a WHERE.
    rows = select(bindparam("the_route"), new.c.destination, new.c.free_at, new.c.lines).where(true())
    names = ["route", "destination", "free_at", "lines"]
    into: Any = (sqlite if on_sqlite else postgresql).insert(destination_pace).from_select(names, rows)
    there, new_end = destination_pace.c.free_at, into.excluded.free_at
    # Who rests is told so without the route being held, and must not be woken by a claim that did not know.
    changed = {"free_at": case((new_end > there, new_end), else_=there)}
    if lined_up:
        changed["lines"] = into.excluded.lines
    made: sqlite.Insert | postgresql.Insert = into.on_conflict_do_update(
        index_elements=["route", "destination"], set_=changed
    )
    return made


_occupy = {name: _occupying(on_sqlite=name == "sqlite", lined_up=True) for name in ("sqlite", "postgresql")}
_rest = {name: _occupying(on_sqlite=name == "sqlite", lined_up=False) for name in ("sqlite", "postgresql")}


def _lines(text: str) -> dict[int, datetime]:
    return {int(key): datetime.fromisoformat(end) for key, end in json.loads(text or "{}").items()}


def _text(lines: Mapping[int, datetime]) -> str:
    return json.dumps({str(key): end.isoformat() for key, end in lines.items()}) if lines else ""
