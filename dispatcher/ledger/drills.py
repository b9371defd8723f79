"""What a drill reads: who there is, by class and without any address; then, in its own ledger, who was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, case, func, literal, select

from dispatcher.ledger.held import chain_from_json
from dispatcher.ledger.reach import from_mask
from dispatcher.ledger.recipients import ALIKE, members
from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import attempt, delivery, inbox, plan_class, recipient, recipient_tag
from dispatcher.model.config import Audience
from dispatcher.model.delivery import Status
from dispatcher.model.drill import Promise, Sort, Tried

#: A sum of this many bits fits into a number of every database.
MOST_TAGS = 60


def sorts(tx: Tx, audience: Audience, tags: Sequence[str]) -> list[Sort]:
    """The people of an audience by what planning tells apart, and by which of these tags they have.

    Raises:
        ValueError: more than `MOST_TAGS` tags.
    """
    if len(tags) > MOST_TAGS:
        raise ValueError(f"people can be told apart by at most {MOST_TAGS} tags")
    people = select(*ALIKE, recipient.c.id).where(members(audience)).subquery()
    bits: ColumnElement[int] = literal(0)
    source: FromClause = people
    if tags:
        bit = case({tag: 1 << place for place, tag in enumerate(tags)}, value=recipient_tag.c.tag)
        marked = (
            select(recipient_tag.c.recipient_id, func.sum(bit).label("bits"))
            .where(recipient_tag.c.tag.in_(tags))
            .group_by(recipient_tag.c.recipient_id)
            .subquery()
        )
        bits = func.coalesce(marked.c.bits, 0)
        source = people.outerjoin(marked, marked.c.recipient_id == people.c.id)
    alike = (people.c.locale, people.c.reach, people.c.mail_vendor, bits.label("bits"))
    rows = tx.execute(
        select(*alike, func.count().label("people")).select_from(source).group_by(*alike).order_by(*alike)
    )
    return [
        Sort(
            locale=row.locale,
            kinds=from_mask(row.reach),
            tags=frozenset(tag for place, tag in enumerate(tags) if int(row.bits) >> place & 1),
            people=row.people,
            mailbox_at=row.mail_vendor,
        )
        for row in rows
    ]


def promises(tx: Tx, broadcast_id: int) -> list[Promise]:
    """Every promise of a broadcast with what was tried for it. For some hundreds: all of it is held at once."""
    tried: dict[int, list[Tried]] = {}
    rows = tx.execute(
        select(attempt.c.delivery_id, attempt.c.route, attempt.c.outcome, attempt.c.receipt_word, attempt.c.decision)
        .join(delivery, delivery.c.id == attempt.c.delivery_id)
        .where(delivery.c.broadcast_id == broadcast_id)
        .order_by(attempt.c.id)
    )
    for row in rows:
        one = Tried(row.route, row.outcome or "", row.receipt_word or "", row.decision or "")
        tried.setdefault(row.delivery_id, []).append(one)
    found = tx.execute(
        select(delivery, recipient.c.ref, plan_class.c.chain)
        .outerjoin(recipient, recipient.c.id == delivery.c.recipient_id)
        .join(plan_class, plan_class.c.id == delivery.c.class_id)
        .where(delivery.c.broadcast_id == broadcast_id)
        .order_by(delivery.c.id)
    )
    return [
        Promise(
            ref=row.ref or "",
            place="" if row.ref else row.subject,
            leg=row.leg,
            route=row.route,
            status=Status(row.status),
            reason=row.reason,
            hops=chain_from_json(row.chain).hops,
            tried=tuple(tried.get(row.id, ())),
        )
        for row in found
    ]


def inbox_lines(tx: Tx) -> list[tuple[str, str, datetime]]:
    """All in-app messages there are: user, text, when."""
    rows = tx.execute(select(inbox.c.app_user, inbox.c.text, inbox.c.created_at).order_by(inbox.c.seq))
    return [(user, text, at) for user, text, at in rows]
