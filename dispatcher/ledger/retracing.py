"""Who has heard something of an incident, or may have: a correction goes to exactly those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Insert, Select, func, literal, or_, select

from dispatcher.ledger.columns import fitting
from dispatcher.ledger.detours import ABSENT
from dispatcher.ledger.held import chain_from_json
from dispatcher.ledger.queue import leased
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.rowset import ID, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, attempt, delivery, plan_class
from dispatcher.model.delivery import Chain, Status
from dispatcher.model.incident import Broadcast


def is_settled(tx: Tx, of: Broadcast) -> bool:
    """Whether no request about the incident's earlier broadcasts may still leave or be answered."""
    before = (delivery.c.incident_id == of.incident_id, delivery.c.broadcast_id < of.id)
    held = select(delivery.c.id).where(leased, delivery.c.status == Status.SENDING, *before).limit(1)
    return tx.execute(held).first() is None


@dataclass(frozen=True, slots=True)
class Heard:
    """So many people, or a place, were told by `carrier` last, of one class of an earlier plan."""

    class_id: int
    leg: str
    carrier: str
    people: int
    locale: str
    chain: Chain


@dataclass(frozen=True, slots=True)
class Back:
    """The class of the correction for those of an earlier class that were told by `carrier`."""

    earlier_class: int
    carrier: str
    class_id: int
    route: str
    kind: str
    reason: str


def heard(tx: Tx, of: Broadcast) -> list[Heard]:
    """Who has heard an earlier update of the incident, or may have, each counted with the newest that reached them."""
    last = _last(of).subquery()
    rows = tx.execute(
        select(last.c.class_id, last.c.carrier, func.count().label("people"), func.min(last.c.locale).label("locale"))
        .where(last.c.rank == 1)
        .group_by(last.c.class_id, last.c.carrier)
        .order_by(last.c.class_id, last.c.carrier)
    ).all()
    classes = {row.class_id for row in rows}
    plans = {
        row.id: row
        for row in tx.execute(
            select(plan_class.c.id, plan_class.c.leg, plan_class.c.chain).where(plan_class.c.id.in_(classes))
        )
    }
    return [
        Heard(
            row.class_id,
            plans[row.class_id].leg,
            row.carrier,
            row.people,
            row.locale,
            chain_from_json(plans[row.class_id].chain),
        )
        for row in rows
    ]


def add_back(tx: Tx, of: Broadcast, backs: Sequence[Back]) -> None:
    """One delivery of the correction for everybody who heard, at the address where they did, by one statement."""
    if not backs:
        return
    rows = (
        (one.earlier_class, one.carrier, one.class_id, one.route, one.kind, fitting(one.reason, delivery.c.reason))
        for one in backs
    )
    statement = _adding(tx, of)
    tx.execute(statement, _backs.bind(tx, rows))


_backs = Rowset("backs", earlier_class=ID, carrier=TEXT, class_id=ID, route=TEXT, kind=TEXT, reason=TEXT)


def _last(of: Broadcast) -> Select[tuple[int, int, str, str, int]]:
    """Every attempt that a provider took or may have taken, the newest of each leg and subject ranked first."""
    rank = func.row_number().over(partition_by=(delivery.c.leg, delivery.c.subject), order_by=attempt.c.id.desc())
    in_doubt = or_(attempt.c.outcome == "uncertain", attempt.c.outcome.is_(None))
    not_found = func.coalesce(attempt.c.lookup, "") == ABSENT
    return (
        select(
            delivery.c.id, delivery.c.class_id, delivery.c.locale, attempt.c.route.label("carrier"), rank.label("rank")
        )
        .join(attempt, attempt.c.delivery_id == delivery.c.id)
        .where(
            delivery.c.incident_id == of.incident_id,
            delivery.c.broadcast_id < of.id,
            or_(attempt.c.outcome == "accepted", in_doubt & ~not_found),
            # Who certainly did not hear it needs no correction.
            func.coalesce(attempt.c.receipt_word, "") != "undelivered",
        )
    )


def _adding(tx: Tx, of: Broadcast) -> Insert:
    last, back, moment = _last(of).subquery(), _backs.source(sqlite=tx.dialect.name == "sqlite"), now()
    fixed = {
        "broadcast_id": of.id,
        "update_id": of.update_id,
        "incident_id": of.incident_id,
        "status": Status.PENDING,
        "on_route_since": moment,
        "next_attempt_at": moment,
        "deadline": of.valid_until,
        "created_at": moment,
        "updated_at": moment,
    }
    same = ("leg", "subject", "recipient_id", "name", "locale", *ADDRESS.values())
    rows = (
        select(
            *(literal(value, delivery.c[name].type).label(name) for name, value in fixed.items()),
            *(delivery.c[name] for name in same),
            back.c.class_id,
            back.c.route,
            back.c.kind,
            back.c.reason,
        )
        .select_from(last)
        .join(delivery, delivery.c.id == last.c.id)
        .join(back, (back.c.earlier_class == last.c.class_id) & (back.c.carrier == last.c.carrier))
        .where(last.c.rank == 1)
        .order_by(delivery.c.subject)
    )
    names = [*fixed, *same, "class_id", "route", "kind", "reason"]
    return upserting(tx)(delivery).from_select(names, rows).on_conflict_do_nothing()
