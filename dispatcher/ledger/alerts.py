"""Which alerts belong to which incident."""

from __future__ import annotations

from sqlalchemy import exists, select, update

from dispatcher.ledger.columns import fitting_key
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import alert, incident
from dispatcher.model.incident import State


def open_incident_of(tx: Tx, *, key: str, group_key: str) -> int | None:
    """The open incident that this alert, or another of its group, already belongs to."""
    _one_at_a_time(tx)
    key, group_key = fitting_key(key, alert.c.key), fitting_key(group_key, alert.c.group_key)
    return tx.execute(
        select(incident.c.id)
        .join(alert, alert.c.incident_id == incident.c.id)
        .where((alert.c.key == key) | (alert.c.group_key == group_key), incident.c.state != State.RESOLVED)
        .order_by(incident.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def note_firing(tx: Tx, *, key: str, group_key: str, incident_id: int) -> None:
    """Write that the alert fires, once more or for the first time, as part of this incident."""
    moment = now()
    key, group_key = fitting_key(key, alert.c.key), fitting_key(group_key, alert.c.group_key)
    into = upserting(tx)(alert).values(
        key=key, group_key=group_key, incident_id=incident_id, firing=True, times=1, first_at=moment, last_at=moment
    )
    tx.execute(
        into.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "firing": True,
                "group_key": group_key,
                "incident_id": incident_id,
                "times": alert.c.times + 1,
                "last_at": moment,
            },
        )
    )


def note_ended(tx: Tx, *, key: str) -> int | None:
    """Write that the alert has ended; answers its incident if the alert was firing, else None."""
    _one_at_a_time(tx)
    return tx.execute(
        update(alert)
        .where(alert.c.key == fitting_key(key, alert.c.key), alert.c.firing)
        .values(firing=False, last_at=now())
        .returning(alert.c.incident_id)
    ).scalar_one_or_none()


def any_firing(tx: Tx, incident_id: int) -> bool:
    """Whether anything of the incident still fires."""
    return bool(tx.execute(select(exists().where(alert.c.incident_id == incident_id, alert.c.firing))).scalar_one())


def _one_at_a_time(tx: Tx) -> None:
    """The same alert from two sides at once is one incident: the second waits and then finds the first one's."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SELECT pg_advisory_xact_lock(7042031102)")
