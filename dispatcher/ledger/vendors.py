"""What operators and open incidents say about vendors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select

from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import incident, incident_update, vendor_word
from dispatcher.model.incident import State
from dispatcher.model.vendors import Source, VendorState, Word

_OPEN = tuple(state for state in State if state is not State.RESOLVED)


def say(
    tx: Tx, vendor: str, state: VendorState | None, *, author: str, why: str, until: datetime | None = None
) -> None:
    """Keep what an operator says of a vendor; None takes back what was said before. No line is changed or removed."""
    values = {"vendor": vendor, "state": state or "", "author": author[:200], "why": why, "until": until, "at": now()}
    tx.execute(insert(vendor_word).values(values))


def by_operators(tx: Tx) -> list[Word]:
    """What operators say now: the last word about each vendor, unless its time is over or it was taken back."""
    moment = now()
    last = select(func.max(vendor_word.c.id)).group_by(vendor_word.c.vendor)
    rows = tx.execute(select(vendor_word).where(vendor_word.c.id.in_(last)).order_by(vendor_word.c.vendor))
    return [
        Word(
            row.vendor,
            VendorState(row.state),
            Source.OPERATOR,
            row.at,
            moment,
            f"{row.author} says so: {row.why}",
            row.until,
        )
        for row in rows
        if row.state and (row.until is None or row.until > moment)
    ]


def by_incidents(tx: Tx, *, but: int | None = None) -> list[Word]:
    """What open incidents say, except for one. A draft that nobody has sent is a suspicion: degraded, not down."""
    moment = now()
    said = select(incident_update.c.id).where(incident_update.c.incident_id == incident.c.id).exists()
    rows = tx.execute(
        select(incident.c.id, incident.c.vendors, incident.c.created_at, said.label("said"))
        .where(incident.c.state.in_(_OPEN), *([] if but is None else [incident.c.id != but]))
        .order_by(incident.c.id)
    )
    return [word for row in rows for word in _of_incident(row.id, row.vendors, row.created_at, moment, said=row.said)]


def _of_incident(number: int, vendors: Sequence[str], since: datetime, moment: datetime, *, said: bool) -> list[Word]:
    state = VendorState.DOWN if said else VendorState.DEGRADED
    why = f"INC-{number} names it" if said else f"INC-{number} names it, a draft that nobody has sent"
    return [Word(vendor, state, Source.INCIDENT, since, moment, why) for vendor in vendors]
