"""Deliveries as a list: which ones, in pages, and where they stand. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, exists, func, or_, select, tuple_

from channels.contract import Kind
from dispatcher.ledger.store import Ledger, Tx
from dispatcher.ledger.tables import ADDRESS, attempt, broadcast, delivery, incident_update, plan_class, recipient_tag
from dispatcher.model.delivery import ABSENT, Status
from dispatcher.model.masking import Shown, mask
from dispatcher.model.story import DeliveryLine

_ESCAPE = "\\"
_FEW = 2_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries to list; everything given must hold.

    Attributes:
        reason: Words in the reason for which it stands as it stands, a code (ours or the provider's) of an attempt, or
            one of `ABSENT`: why its plan has left a route out.
        place: A destination, by its name.
        address: What is visible of an address, or all of it.
        since: Something has happened to it at this moment or later.
        until: The last thing happened to it before this moment.
    """

    incident_id: int | None = None
    broadcast_id: int | None = None
    status: frozenset[Status] = frozenset()
    kind: str | None = None
    route: str | None = None
    tag: str | None = None
    recipient_id: int | None = None
    place: str | None = None
    address: Shown | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None


#: What `line_of` shows. A delivery has as much again that an export of a million would read for nothing.
_SHOWN = (
    *("id", "incident_id", "leg", "subject", "recipient_id", "kind", "route", "status", "reason", "failovers"),
    *("maybe_twice", "first_attempt_at", "updated_at", *ADDRESS.values()),
)


def lines() -> Select[Any]:
    """Every delivery with the number of its update."""
    return _numbered(select(delivery))


def _numbered(rows: Select[Any]) -> Select[Any]:
    number = incident_update.c.number.label("update_number")
    return rows.add_columns(number).join_from(delivery, incident_update, incident_update.c.id == delivery.c.update_id)


_shown = _numbered(select(*(delivery.c[name] for name in _SHOWN)))


def _conditions(tx: Tx, which: Filter) -> list[ColumnElement[bool]]:
    """All but the incident."""
    equal = {
        delivery.c.broadcast_id: which.broadcast_id,
        delivery.c.kind: which.kind,
        delivery.c.route: which.route,
        delivery.c.recipient_id: which.recipient_id,
        delivery.c.subject: None if which.place is None else f"d:{which.place}",
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if which.status:
        found += _by_status(tx, which)
    if which.tag is not None:
        tagged = select(recipient_tag.c.recipient_id).where(recipient_tag.c.tag == which.tag)
        found.append(delivery.c.recipient_id.in_(tagged))
    if which.reason is not None:
        coded = exists().where(
            attempt.c.delivery_id == delivery.c.id,
            or_(attempt.c.code == which.reason, attempt.c.provider_code == which.reason),
        )
        found.append(or_(delivery.c.reason.icontains(which.reason, autoescape=True), coded, *_left_out(which)))
    if which.address is not None:
        found.append(_looks_like(which.address))
    if which.since is not None:
        found.append(delivery.c.updated_at >= which.since)
    if which.until is not None:
        found.append(delivery.c.updated_at < which.until)
    return found


def _by_status(tx: Tx, which: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [delivery.c.status.in_(sorted(which.status))]
    if which.broadcast_id is not None:
        found.append(delivery.c.broadcast_id == which.broadcast_id)
    elif which.incident_id is not None:
        # Few of a million may stand so: an index knows them by their broadcast.
        of_it = select(broadcast.c.id).where(broadcast.c.incident_id == which.incident_id)
        found.append(delivery.c.broadcast_id.in_(list(tx.execute(of_it).scalars())))
    return found


def _left_out(which: Filter) -> list[ColumnElement[bool]]:
    """Whose plan has left a route out for this: looked for in the classes, which are few, as the ledger writes them."""
    if which.reason not in ABSENT:
        return []
    classes = select(plan_class.c.id).where(cast(plan_class.c.chain, Text).contains(f'["{which.reason}",['))
    if which.incident_id is not None:
        classes = classes.join(broadcast, broadcast.c.id == plan_class.c.broadcast_id)
        classes = classes.where(broadcast.c.incident_id == which.incident_id)
    return [delivery.c.class_id.in_(classes)]


def _of(which: Filter) -> list[ColumnElement[bool]]:
    return [] if which.incident_id is None else [delivery.c.incident_id == which.incident_id]


def _looks_like(shown: Shown) -> ColumnElement[bool]:
    """Whether the address by which it stands looks so where one sees it. Capitals do not matter: mail has none."""
    by_kind = []
    for kind, name in ADDRESS.items():
        column = delivery.c[name]
        forms = [
            and_(column.ilike(form, escape=_ESCAPE), func.length(column) > longer)
            for form, longer in shown.forms(_ESCAPE)
        ]
        by_kind.append(and_(delivery.c.kind == kind, or_(*forms)))
    return or_(*by_kind)


def page(tx: Tx, which: Filter, *, after: int = 0, limit: int = 100) -> list[DeliveryLine]:
    """A page of deliveries in the order of their ids, from the one after `after`."""
    rows = _shown.where(*_conditions(tx, which)).limit(limit)
    return [line_of(row) for row in in_order(tx, rows, which, after)]


def in_order(tx: Tx, rows: Select[Any], which: Filter, after: int) -> Sequence[Row[Any]]:
    """Deliveries that fit, after one of them, in the order of their ids, and without looking at many others.

    Within an incident PostgreSQL would rather walk all deliveries there ever were until it meets some of it, or sort
    all that the incident has for every page: it is asked for an order that only one index has, and may not sort.
    """
    if which.incident_id is not None and not _are_few(tx, which):
        place = tuple_(delivery.c.incident_id, delivery.c.id)
        mine = (place > tuple_(which.incident_id, after), delivery.c.incident_id <= which.incident_id)
        with _planned(tx, "enable_sort"):
            return tx.execute(rows.where(*mine).order_by(delivery.c.incident_id, delivery.c.id)).all()
    # The sum is no column of an index: few are read by their status and sorted.
    order = delivery.c.id if which.incident_id is None else delivery.c.id + 0
    return tx.execute(rows.where(*_of(which), delivery.c.id > after).order_by(order)).all()


def _are_few(tx: Tx, which: Filter) -> bool:
    """Whether so few stand as is asked for that reading all of them is the quickest way to some of them."""
    if not which.status:
        return False
    of_them = select(delivery.c.id).where(*_by_status(tx, which)).limit(_FEW + 1).subquery()
    with _planned(tx, "enable_seqscan"):
        return tx.execute(select(func.count()).select_from(of_them)).scalar_one() <= _FEW


@contextmanager
def _planned(tx: Tx, without: str) -> Iterator[None]:
    """PostgreSQL plans without something meanwhile."""
    if tx.dialect.name != "postgresql":
        yield
        return
    tx.exec_driver_sql(f"SET LOCAL {without} = off")
    yield
    tx.exec_driver_sql(f"SET LOCAL {without} TO DEFAULT")


def pages(ledger: Ledger, which: Filter, *, size: int = 2000) -> Iterator[list[DeliveryLine]]:
    """All of them, however many, in constant memory; each page as it is when it is read.

    No transaction is open while somebody, however slow, takes a page.
    """
    after = 0
    while True:
        with ledger.read() as tx:
            found = page(tx, which, after=after, limit=size)
        if found:
            yield found
        if len(found) < size:
            return
        after = found[-1].id


def standing(tx: Tx, which: Filter) -> dict[Status, int]:
    """How many of them stand how; what there is none of is left out."""
    rows = tx.execute(
        select(delivery.c.status, func.count()).where(*_of(which), *_conditions(tx, which)).group_by(delivery.c.status)
    )
    counted = {Status(status): number for status, number in rows}
    return {status: counted[status] for status in Status if status in counted}


def is_known(tx: Tx, which: Filter) -> bool:
    """Whether there is any such delivery."""
    return tx.execute(select(delivery.c.id).where(*_of(which), *_conditions(tx, which)).limit(1)).first() is not None


def tags(tx: Tx, limit: int) -> list[str]:
    """Some of the tags that people have, in order."""
    return list(tx.execute(select(recipient_tag.c.tag).distinct().order_by(recipient_tag.c.tag).limit(limit)).scalars())


def has_tag(tx: Tx, tag: str) -> bool:
    """Whether anybody has it."""
    return tx.execute(select(recipient_tag.c.tag).where(recipient_tag.c.tag == tag).limit(1)).first() is not None


def line_of(row: Row[Any]) -> DeliveryLine:
    """A row of `lines` as it may be shown."""
    address = getattr(row, ADDRESS[Kind(row.kind)]) if row.kind else None
    return DeliveryLine(
        id=row.id,
        incident_id=row.incident_id,
        update_number=row.update_number,
        leg=row.leg,
        who=row.subject if row.recipient_id is None else f"recipient {row.recipient_id}",
        kind=row.kind,
        route=row.route,
        to=mask(address or ""),
        status=Status(row.status),
        reason=row.reason,
        failovers=row.failovers,
        maybe_twice=bool(row.maybe_twice),
        first_tried_at=row.first_attempt_at,
        updated_at=row.updated_at,
    )
