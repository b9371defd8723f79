"""What providers took of earlier updates about the same incident: what a new message hangs on, amends or takes back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import attempt, delivery, incident_update


def references(tx: Tx, route: str, delivery_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The provider's references by delivery, oldest first: same incident, same leg, same subject, same route."""
    if not delivery_ids:
        return {}
    held, before = delivery.alias("held"), delivery.alias("before")
    rows = tx.execute(
        select(held.c.id, attempt.c.ref)
        .join(
            incident_update,
            (incident_update.c.incident_id == held.c.incident_id) & (incident_update.c.id < held.c.update_id),
        )
        .join(
            before,
            (before.c.update_id == incident_update.c.id)
            & (before.c.leg == held.c.leg)
            & (before.c.subject == held.c.subject),
        )
        .join(attempt, attempt.c.delivery_id == before.c.id)
        .where(held.c.id.in_(delivery_ids), attempt.c.route == route, attempt.c.ref != "")
        .order_by(held.c.id, attempt.c.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row.ref)
    return {number: tuple(refs) for number, refs in found.items()}
