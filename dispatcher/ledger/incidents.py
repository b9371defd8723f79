"""Incidents and what was said about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Row, func, insert, select, update

from dispatcher.ledger.columns import fitting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import incident, incident_update
from dispatcher.model.config import FactValue, Severity
from dispatcher.model.incident import Incident, Reason, State, Update


def open_incident(
    tx: Tx,
    *,
    title: str,
    playbook: str,
    severity: Severity,
    vendors: tuple[str, ...],
    audience: str,
    facts: Mapping[str, FactValue],
    source: str,
) -> Incident:
    """Write a new incident in its first state."""
    moment = now()
    row = tx.execute(
        insert(incident)
        .values(
            title=fitting(title, incident.c.title),
            playbook=playbook,
            state=State.INVESTIGATING,
            severity=severity,
            vendors=list(vendors),
            audience=audience,
            facts=dict(facts),
            source=fitting(source, incident.c.source),
            created_at=moment,
            updated_at=moment,
        )
        .returning(incident)
    ).one()
    return _incident(row)


def add_update(
    tx: Tx,
    of: Incident,
    *,
    reason: Reason,
    state: State,
    facts: Mapping[str, FactValue],
    author: str,
    next_update_at: datetime | None,
) -> Update:
    """Write the next numbered update and move the incident to its state."""
    moment = now()
    # Taking the incident's row first makes two writers number one after the other on PostgreSQL too.
    tx.execute(
        update(incident)
        .where(incident.c.id == of.id)
        .values(
            state=state,
            facts=dict(facts),
            updated_at=moment,
            resolved_at=moment if state is State.RESOLVED else None,
            resolve_offered_at=None,
        )
    )
    number = tx.execute(
        select(func.coalesce(func.max(incident_update.c.number), 0) + 1).where(incident_update.c.incident_id == of.id)
    ).scalar_one()
    row = tx.execute(
        insert(incident_update)
        .values(
            incident_id=of.id,
            number=number,
            reason=reason,
            state=state,
            facts=dict(facts),
            author=author,
            created_at=moment,
            next_update_at=next_update_at,
        )
        .returning(incident_update)
    ).one()
    return _update(row)


def find(tx: Tx, incident_id: int, *, lock: bool = False) -> Incident | None:
    """The incident, if there is one; `lock` keeps other writers from it until the transaction ends."""
    statement = select(incident).where(incident.c.id == incident_id)
    row = tx.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else _incident(row)


def newest(tx: Tx, *, only_open: bool = False, limit: int = 50, before: int | None = None) -> list[Incident]:
    """Incidents, newest first; `before` pages on from an id."""
    statement = select(incident).order_by(incident.c.id.desc()).limit(limit)
    if only_open:
        statement = statement.where(incident.c.state != State.RESOLVED)
    if before is not None:
        statement = statement.where(incident.c.id < before)
    return [_incident(row) for row in tx.execute(statement)]


def updates(tx: Tx, incident_id: int) -> list[Update]:
    """Everything said about an incident, first to last."""
    rows = tx.execute(
        select(incident_update).where(incident_update.c.incident_id == incident_id).order_by(incident_update.c.number)
    )
    return [_update(row) for row in rows]


def offer_resolve(tx: Tx, incident_id: int) -> None:
    """Note that the alerts have ended and a person should say whether it is over."""
    tx.execute(update(incident).where(incident.c.id == incident_id).values(resolve_offered_at=now()))


def close_silently(tx: Tx, incident_id: int) -> None:
    """Resolve an incident without an update: nobody was told of it."""
    moment = now()
    tx.execute(
        update(incident)
        .where(incident.c.id == incident_id)
        .values(state=State.RESOLVED, resolved_at=moment, updated_at=moment, resolve_offered_at=None)
    )


def withdraw_offer(tx: Tx, incident_id: int) -> None:
    """Note that it fires again."""
    tx.execute(update(incident).where(incident.c.id == incident_id).values(resolve_offered_at=None))


def _incident(row: Row[tuple[object, ...]]) -> Incident:
    return Incident(
        id=row.id,
        title=row.title,
        playbook=row.playbook,
        state=State(row.state),
        severity=Severity(row.severity),
        vendors=tuple(row.vendors),
        audience=row.audience,
        facts=row.facts,
        source=row.source,
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolved_at=row.resolved_at,
        resolve_offered_at=row.resolve_offered_at,
    )


def _update(row: Row[tuple[object, ...]]) -> Update:
    return Update(
        id=row.id,
        incident_id=row.incident_id,
        number=row.number,
        reason=Reason(row.reason),
        state=State(row.state),
        facts=row.facts,
        author=row.author,
        created_at=row.created_at,
        next_update_at=row.next_update_at,
    )
