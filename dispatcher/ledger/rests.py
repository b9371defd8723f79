"""Routes that rest because their provider asked for less, known to all workers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import route_state


def pause(tx: Tx, route: str, until: datetime, reason: str) -> None:
    """Let a whole route rest; a longer rest already ordered stays."""
    moment = now()
    into = upserting(tx)(route_state).values(route=route, paused_until=until, reason=reason, updated_at=moment)
    tx.execute(
        into.on_conflict_do_update(
            index_elements=["route"],
            set_={"paused_until": until, "reason": reason, "updated_at": moment},
            where=or_(route_state.c.paused_until.is_(None), route_state.c.paused_until < until),
        )
    )


def paused_until(tx: Tx, route: str) -> datetime | None:
    """Until when the route rests, if it does."""
    moment: datetime | None = tx.execute(
        select(route_state.c.paused_until).where(route_state.c.route == route)
    ).scalar_one_or_none()
    return moment if moment is not None and moment > now() else None


def resting(tx: Tx) -> dict[str, datetime]:
    """All routes that rest, and until when."""
    rows = tx.execute(select(route_state.c.route, route_state.c.paused_until).where(route_state.c.paused_until > now()))
    return {row.route: row.paused_until for row in rows}
