"""Broadcasts: accepted with their words, made into deliveries, superseded by the next."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, String, case, cast, insert, literal, select, update

from channels.contract import Kind, Words
from dispatcher.ledger import guard
from dispatcher.ledger.columns import fitting, severity_of
from dispatcher.ledger.held import chain_to_json
from dispatcher.ledger.recipients import members, of_class, upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, broadcast, delivery, incident_update, plan_class, recipient, words
from dispatcher.model.config import Audience, Destination, Severity
from dispatcher.model.delivery import Because, Chain, Status
from dispatcher.model.incident import Broadcast, BroadcastStatus, Reason, Update
from dispatcher.model.recipient import PeopleClass
from dispatcher.model.wording import Composed


def accept(
    tx: Tx,
    of: Update,
    *,
    audience: str,
    severity: Severity,
    valid_until: datetime,
    author: str,
    override: str,
    composed: Iterable[Composed],
) -> Broadcast:
    """Keep a broadcast with its frozen words. When this is committed, it will be sent, whatever dies."""
    row = tx.execute(
        insert(broadcast)
        .values(
            uid=secrets.token_hex(16),
            update_id=of.id,
            incident_id=of.incident_id,
            audience=audience,
            severity=severity,
            status=BroadcastStatus.ACCEPTED,
            valid_until=valid_until,
            created_at=now(),
            author=author,
            override=override,
        )
        .returning(broadcast)
    ).one()
    tx.execute(
        insert(words),
        [
            {
                "broadcast_id": row.id,
                "kind": one.kind,
                "locale": one.locale,
                "used_locale": one.used_locale,
                "template": one.template,
                "subject": one.words.subject,
                "text": one.words.text,
                "html": one.words.html,
            }
            for one in composed
        ],
    )
    return _broadcast(row)


#: So many unsent deliveries are closed together with what replaces them, so that it shows at once. The sweep closes the
#: rest, in batches: whoever says the next thing to a million people must not wait for that.
_AT_ONCE = 2_000


def supersede_older(tx: Tx, newer: Broadcast) -> None:
    """Nothing more of the incident's earlier broadcasts is sent; what is under way is settled by its worker."""
    older = tx.execute(
        update(broadcast)
        .where(
            broadcast.c.incident_id == newer.incident_id,
            broadcast.c.id < newer.id,
            broadcast.c.status != BroadcastStatus.SUPERSEDED,
        )
        .values(status=BroadcastStatus.SUPERSEDED)
        .returning(broadcast.c.id)
    )
    for broadcast_id in older.scalars().all():
        guard.drop(tx, guard.Passed(broadcast_id, Status.SUPERSEDED), _AT_ONCE)


def stop(tx: Tx, incident_id: int, *, by: str, why: str) -> list[int]:
    """Halt what an incident sends; answers what was halted just now. What is under way is settled by its worker."""
    halted = tx.execute(
        update(broadcast)
        .where(broadcast.c.incident_id == incident_id, broadcast.c.status != BroadcastStatus.SUPERSEDED)
        .values(
            status=BroadcastStatus.SUPERSEDED,
            stopped_at=now(),
            stopped_by=fitting(by, broadcast.c.stopped_by),
            stopped_why=fitting(why, broadcast.c.stopped_why),
        )
        .returning(broadcast.c.id)
    )
    ids = sorted(halted.scalars())
    for broadcast_id in ids:
        guard.drop(tx, guard.Passed(broadcast_id, Status.SUPERSEDED, guard.stopped(by, why)), _AT_ONCE)
    return ids


def find(tx: Tx, broadcast_id: int) -> Broadcast | None:
    row = tx.execute(select(broadcast).where(broadcast.c.id == broadcast_id)).one_or_none()
    return None if row is None else _broadcast(row)


def of_incident(tx: Tx, incident_id: int) -> list[Broadcast]:
    """An incident's broadcasts, first to last."""
    rows = tx.execute(select(broadcast).where(broadcast.c.incident_id == incident_id).order_by(broadcast.c.id))
    return [_broadcast(row) for row in rows]


def unplanned(tx: Tx) -> list[int]:
    """Accepted broadcasts whose deliveries are not made yet, oldest first."""
    return list(
        tx.execute(
            select(broadcast.c.id).where(broadcast.c.status == BroadcastStatus.ACCEPTED).order_by(broadcast.c.id)
        ).scalars()
    )


def unplanned_since(tx: Tx) -> dict[int, datetime]:
    """Accepted broadcasts whose deliveries nobody makes, and when they were kept.

    Without those that somebody plans just now, who holds the row on PostgreSQL and may take a minute there; and without
    retractions, which wait until it is settled who heard what is taken back.
    """
    rows = tx.execute(
        select(broadcast.c.id, broadcast.c.created_at)
        .join(incident_update, incident_update.c.id == broadcast.c.update_id)
        .where(broadcast.c.status == BroadcastStatus.ACCEPTED, incident_update.c.reason != Reason.RETRACTED)
        .with_for_update(of=broadcast, read=True, skip_locked=True)
    )
    return {row.id: row.created_at for row in rows}


def take_for_planning(tx: Tx, broadcast_id: int) -> Broadcast | None:
    """Mark it planned within this transaction; None when somebody else did, or it was superseded meanwhile."""
    row = tx.execute(
        update(broadcast)
        .where(broadcast.c.id == broadcast_id, broadcast.c.status == BroadcastStatus.ACCEPTED)
        .values(status=BroadcastStatus.PLANNED, planned_at=now())
        .returning(broadcast)
    ).one_or_none()
    return None if row is None else _broadcast(row)


def add_class(tx: Tx, of: Broadcast, leg: str, people: int, chain: Chain) -> int:
    """Write one class' chain with the reason of every hop; answers its id."""
    class_id: int = tx.execute(
        insert(plan_class)
        .values(broadcast_id=of.id, leg=leg, people=people, chain=chain_to_json(chain))
        .returning(plan_class.c.id)
    ).scalar_one()
    return class_id


def add_people(
    tx: Tx,
    of: Broadcast,
    *,
    audience: Audience,
    leg: str,
    who: PeopleClass,
    class_id: int,
    chain: Chain,
    quiet_now: Mapping[str, datetime] = MappingProxyType({}),
    waits: bool = False,
) -> int:
    """One delivery for everybody in a class by one statement; those who have one already keep it. Answers how many.

    `quiet_now` are the quiet hours by which the classes were told apart, with their ends; with `waits`, nothing begins
    before those.
    """
    fixed = _fixed(of, leg, class_id, chain)
    begins: dict[str, ColumnElement[Any]] = {}
    if waits:
        kind = delivery.c.next_attempt_at.type
        ends = [(recipient.c.quiet == hours, literal(end, kind)) for hours, end in quiet_now.items()]
        # The patience with a route begins then, too.
        begins = {
            name: case(*ends, else_=literal(fixed.pop(name), kind)) for name in ("next_attempt_at", "on_route_since")
        }
    person = begins | {
        "subject": literal("r") + cast(recipient.c.id, String(20)),
        "recipient_id": recipient.c.id,
        "name": recipient.c.name,
        "locale": recipient.c.locale,
        **{column: recipient.c[column] for column in ADDRESS.values()},
    }
    rows = select(
        *(literal(value, delivery.c[name].type).label(name) for name, value in fixed.items()), *person.values()
    ).where(members(audience), of_class(who, quiet_now))
    # In the order of the unique index, which is then filled from its end and not all over.
    rows = rows.order_by(person["subject"])
    into = upserting(tx)(delivery).from_select([*fixed, *person], rows).on_conflict_do_nothing()
    return tx.execute(into).rowcount


def add_destination(
    tx: Tx, of: Broadcast, *, leg: str, name: str, place: Destination, class_id: int, chain: Chain
) -> int:
    """The delivery for a shared place; answers 1, or 0 when there is one already."""
    row = _fixed(of, leg, class_id, chain) | {
        "subject": f"d:{name}",
        "name": "",
        "locale": place.locale,
        ADDRESS[place.kind]: place.to,
    }
    return tx.execute(upserting(tx)(delivery).values(row).on_conflict_do_nothing()).rowcount


def _fixed(of: Broadcast, leg: str, class_id: int, chain: Chain) -> dict[str, object]:
    moment = now()
    first = chain.hops[0] if chain.hops else None
    return {
        "broadcast_id": of.id,
        "update_id": of.update_id,
        "incident_id": of.incident_id,
        "leg": leg,
        "class_id": class_id,
        "status": Status.PENDING if first else Status.UNREACHABLE,
        "route": first.route if first else "",
        "kind": first.kind if first else "",
        "reason": first.reason if first else _why_unreachable(chain),
        "on_route_since": moment,
        "next_attempt_at": moment if first else None,
        "deadline": of.valid_until,
        "created_at": moment,
        "updated_at": moment,
    }


def _why_unreachable(chain: Chain) -> str:
    if any(hop.because is Because.COST_CAP for hop in chain.left_out):
        return "cost cap: every route that could tell them costs more than the playbook allows"
    return "no configured route can use any address they have"


@dataclass(frozen=True, slots=True)
class Frozen:
    """What every delivery of a broadcast shares: read once by a worker and kept."""

    uid: str
    incident_id: int
    number: int
    reason: Reason
    words: Mapping[tuple[Kind, str], Words]

    def words_for(self, kind: Kind, locale: str) -> Words:
        """The words of a kind, for somebody who was added with a new language after they were frozen too."""
        for wanted in (locale, locale.split("-", maxsplit=1)[0], "en"):
            if (kind, wanted) in self.words:
                return self.words[kind, wanted]
        return next(words for (of, _), words in self.words.items() if of is kind)

    def known_words(self, kind: Kind, locale: str) -> Words | None:
        """The same; None when nothing is said by this kind."""
        return self.words_for(kind, locale) if any(of is kind for of, _ in self.words) else None


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a broadcast in one kind and language, as they were frozen."""

    kind: Kind
    locale: str
    used_locale: str
    template: str
    words: Words


def wording(tx: Tx, broadcast_id: int) -> list[Wording]:
    """Everything a broadcast says, in the order of kinds in which it was composed."""
    rows = tx.execute(select(words).where(words.c.broadcast_id == broadcast_id).order_by(words.c.id))
    return [
        Wording(Kind(row.kind), row.locale, row.used_locale, row.template, Words(row.text, row.subject, row.html))
        for row in rows
    ]


def frozen(tx: Tx, broadcast_id: int) -> Frozen:
    """A broadcast's shared part with its words by kind and locale."""
    about = tx.execute(
        select(broadcast.c.uid, broadcast.c.incident_id, incident_update.c.number, incident_update.c.reason)
        .join(incident_update, incident_update.c.id == broadcast.c.update_id)
        .where(broadcast.c.id == broadcast_id)
    ).one()
    said = {(one.kind, one.locale): one.words for one in wording(tx, broadcast_id)}
    return Frozen(about.uid, about.incident_id, about.number, Reason(about.reason), said)


def _broadcast(row: Row[tuple[object, ...]]) -> Broadcast:
    return Broadcast(
        id=row.id,
        uid=row.uid,
        update_id=row.update_id,
        incident_id=row.incident_id,
        audience=row.audience,
        severity=severity_of(row.severity),
        status=BroadcastStatus(row.status),
        valid_until=row.valid_until,
        created_at=row.created_at,
        planned_at=row.planned_at,
        author=row.author,
        override=row.override,
        archived_at=row.archived_at,
        stopped_at=row.stopped_at,
        stopped_by=row.stopped_by or "",
        stopped_why=row.stopped_why or "",
    )
