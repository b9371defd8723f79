"""Questions for people: how far is it, who got what, why. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import case, func, or_, select

from channels.contract import Kind
from dispatcher.ledger import listing, recipients, totals
from dispatcher.ledger.account import count as count_promises
from dispatcher.ledger.held import chain_from_json
from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import (
    ADDRESS,
    attempt,
    broadcast,
    delivery,
    incident,
    plan_class,
    receipt,
    words,
)
from dispatcher.model.account import Account, Line
from dispatcher.model.delivery import AWAITING, CLOSED, LEASED, Status
from dispatcher.model.masking import mask
from dispatcher.model.recipient import Consent
from dispatcher.model.story import AttemptStory, Count, ReceiptStory, RouteLine, Span, Story, Trouble

_TWICE = Line.POSSIBLY_TWICE.value


def counts(tx: Tx, broadcast_id: int) -> list[Count]:
    """A broadcast's deliveries by where they stand."""
    if (kept := totals.of(tx, broadcast_id)) is not None:
        return list(kept.counts)
    rows = tx.execute(
        select(delivery.c.kind, delivery.c.route, delivery.c.status, func.count())
        .where(delivery.c.broadcast_id == broadcast_id)
        .group_by(delivery.c.kind, delivery.c.route, delivery.c.status)
    )
    return [Count(kind, route, Status(status), number) for kind, route, status, number in rows]


def planned_by_route(tx: Tx, broadcast_id: int) -> dict[tuple[str, str], int]:
    """How many deliveries were to go by each (kind, route) first."""
    planned: dict[tuple[str, str], int] = {}
    rows = tx.execute(select(plan_class.c.chain, plan_class.c.people).where(plan_class.c.broadcast_id == broadcast_id))
    for stored, people in rows:
        hops = chain_from_json(stored).hops
        key = (hops[0].kind.value, hops[0].route) if hops else ("", "")
        planned[key] = planned.get(key, 0) + people
    return planned


def by_route(tx: Tx, broadcast_id: int, hearing: Iterable[str]) -> list[RouteLine]:
    """The broadcast's table by route.

    Args:
        tx: A transaction.
        broadcast_id: Which one.
        hearing: The routes whose provider sends receipts. Where none can come, being taken is all there is to know.
    """
    if (kept := totals.of(tx, broadcast_id)) is not None:
        return list(kept.routes)
    heard = frozenset(hearing)
    lines = {key: RouteLine(*key, planned=number) for key, number in planned_by_route(tx, broadcast_id).items()}
    arrived = attempt.c.receipt_word.in_(["delivered", "read"])
    tried = tx.execute(
        select(
            attempt.c.kind,
            attempt.c.route,
            func.count(case((attempt.c.outcome == "accepted", delivery.c.id)).distinct()),
            func.count(case((arrived, delivery.c.id)).distinct()),
            func.count(case((delivery.c.route != attempt.c.route, delivery.c.id)).distinct()),
            func.count(case((attempt.c.silent_at.is_not(None), delivery.c.id)).distinct()),
            func.count(case((attempt.c.silent_at.is_not(None) & arrived, delivery.c.id)).distinct()),
        )
        .join(delivery, delivery.c.id == attempt.c.delivery_id)
        .where(delivery.c.broadcast_id == broadcast_id)
        .group_by(attempt.c.kind, attempt.c.route)
    )
    for kind, route, accepted, delivered, failed_over, silent, late in tried:
        line = lines.get((kind, route), RouteLine(kind, route))
        line = replace(line, accepted=accepted, delivered=delivered, failed_over=failed_over)
        lines[kind, route] = replace(line, silent=silent, late=late)
    for kind, route, number in _unproven(tx, broadcast_id):
        line = lines.get((kind, route), RouteLine(kind, route))
        # Where receipts come, they are unknown anyhow.
        if route not in heard:
            lines[kind, route] = replace(line, unknown=line.unknown + number)
    unsaid = {Status.UNCERTAIN, Status.ASKING, Status.UNCONFIRMED}
    for count in counts(tx, broadcast_id):
        line = lines.get((count.kind, count.route), RouteLine(count.kind, count.route))
        if count.status in unsaid or (count.status in AWAITING and count.route in heard):
            line = replace(line, unknown=line.unknown + count.deliveries)
        elif count.status is Status.SUPERSEDED:
            line = replace(line, superseded=line.superseded + count.deliveries)
        elif count.status in CLOSED:
            line = replace(line, failed=line.failed + count.deliveries)
        elif count.status in {Status.PENDING, Status.SENDING}:
            line = replace(line, waiting=line.waiting + count.deliveries)
        lines[count.kind, count.route] = line
    return [lines[key] for key in sorted(lines)]


def _unproven(tx: Tx, broadcast_id: int) -> list[tuple[str, str, int]]:
    """What policy took as sent and nothing proves, by kind and route."""
    rows = tx.execute(
        select(delivery.c.kind, delivery.c.route, func.count())
        .join(attempt, attempt.c.id == delivery.c.attempt_id)
        .where(
            delivery.c.broadcast_id == broadcast_id,
            delivery.c.status == Status.ACCEPTED,
            attempt.c.outcome.is_distinct_from("accepted"),
        )
        .group_by(delivery.c.kind, delivery.c.route)
    )
    return [(kind, route, number) for kind, route, number in rows]


def under_way(tx: Tx, broadcast_id: int) -> int:
    """Deliveries that something will still happen to by itself, receipts apart."""
    return tx.execute(
        select(func.count()).where(
            delivery.c.broadcast_id == broadcast_id,
            or_(
                delivery.c.status.in_([Status.PENDING, *LEASED]),
                (delivery.c.status == Status.UNCERTAIN) & delivery.c.next_attempt_at.is_not(None),
            ),
        )
    ).scalar_one()


def span(tx: Tx, broadcast_id: int) -> Span | None:
    """From the request to the first and the last message taken by a provider."""
    kept = totals.of(tx, broadcast_id)
    row = tx.execute(
        select(broadcast.c.created_at, func.min(delivery.c.accepted_at), func.max(delivery.c.accepted_at))
        .outerjoin(delivery, delivery.c.broadcast_id == broadcast.c.id)
        .where(broadcast.c.id == broadcast_id)
        .group_by(broadcast.c.id, broadcast.c.created_at)
    ).one_or_none()
    if row is None:
        return None
    return Span(row[0], kept.first, kept.last) if kept is not None else Span(*row)


def reasons(tx: Tx, broadcast_id: int, statuses: Iterable[Status]) -> list[tuple[Status, str, int]]:
    """Why deliveries stand in these states, most frequent first."""
    if (kept := totals.of(tx, broadcast_id)) is not None:
        return [one for one in kept.reasons if one[0] in set(statuses)]
    rows = tx.execute(
        select(delivery.c.status, delivery.c.reason, func.count().label("number"))
        .where(delivery.c.broadcast_id == broadcast_id, delivery.c.status.in_(sorted(statuses)))
        .group_by(delivery.c.status, delivery.c.reason)
        .order_by(func.count().desc())
        .limit(50)
    )
    return [(Status(status), reason, number) for status, reason, number in rows]


_TROUBLED = CLOSED - {Status.SUPERSEDED} | {Status.UNCERTAIN}


def last_trouble(tx: Tx, broadcast_id: int) -> Trouble | None:
    """What went wrong last with a broadcast that is not mended yet."""
    moved = (delivery.c.status == Status.PENDING) & (delivery.c.failovers > 0)
    row = tx.execute(
        select(delivery.c.updated_at, delivery.c.id, delivery.c.route, delivery.c.reason)
        .where(delivery.c.broadcast_id == broadcast_id, or_(delivery.c.status.in_(sorted(_TROUBLED)), moved))
        .order_by(delivery.c.updated_at.desc(), delivery.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Trouble(row.updated_at, row.id, row.route, row.reason)


def story(tx: Tx, delivery_id: int) -> Story | None:
    """The whole story of one delivery."""
    row = tx.execute(listing.lines().where(delivery.c.id == delivery_id)).one_or_none()
    if row is None:
        return None
    about = tx.execute(
        select(incident.c.title, broadcast.c.audience)
        .join(broadcast, broadcast.c.incident_id == incident.c.id)
        .where(broadcast.c.id == row.broadcast_id)
    ).one()
    chain = tx.execute(select(plan_class.c.chain).where(plan_class.c.id == row.class_id)).scalar_one()
    said = tx.execute(
        select(words.c.text, words.c.used_locale)
        .where(words.c.broadcast_id == row.broadcast_id, words.c.kind == row.kind)
        # The same choice as `broadcasts.Frozen.words_for`.
        .order_by(
            case(
                (words.c.locale == row.locale, 0),
                (words.c.locale == row.locale.split("-", maxsplit=1)[0], 1),
                (words.c.locale == "en", 2),
                else_=3,
            ),
            words.c.id,
        )
        .limit(1)
    ).one_or_none()
    return Story(
        line=listing.line_of(row),
        incident_title=about.title,
        audience=about.audience,
        locale=row.locale,
        created_at=row.created_at,
        deadline=row.deadline,
        next_attempt_at=row.next_attempt_at,
        chain=chain_from_json(chain),
        words=said.text if said else "",
        used_locale=said.used_locale if said else "",
        attempts=_attempts(tx, delivery_id),
        consent=_consent(tx, delivery_id, row.kind),
    )


def _consent(tx: Tx, delivery_id: int, kind: str) -> Consent | None:
    if not kind:
        return None
    column = delivery.c[ADDRESS[Kind(kind)]]
    address = tx.execute(select(column).where(delivery.c.id == delivery_id)).scalar_one()
    return recipients.consents(tx, [(Kind(kind), address)]).get((Kind(kind), address)) if address else None


def _attempts(tx: Tx, delivery_id: int) -> tuple[AttemptStory, ...]:
    tried = list(tx.execute(select(attempt).where(attempt.c.delivery_id == delivery_id).order_by(attempt.c.id)))
    heard: dict[int, list[ReceiptStory]] = {row.id: [] for row in tried}
    rows = tx.execute(select(receipt).where(receipt.c.attempt_id.in_(list(heard))).order_by(receipt.c.id))
    for row in rows:
        heard[row.attempt_id].append(ReceiptStory(row.received_at, row.word, row.effect, masked_raw(row.raw)))
    return tuple(
        AttemptStory(
            id=row.id,
            route=row.route,
            kind=Kind(row.kind),
            started_at=row.started_at,
            finished_at=row.finished_at,
            outcome=row.outcome,
            blame=row.blame,
            code=row.code,
            provider_code=row.provider_code,
            detail=row.detail,
            lookup=row.lookup,
            decision=row.decision,
            ref=row.ref,
            receipts=tuple(heard[row.id]),
            silent_at=row.silent_at,
            silence=row.silence,
        )
        for row in tried
    )


def masked_raw(raw: dict[str, Any]) -> dict[str, Any]:
    """A receipt's raw words with the addresses in them masked."""
    return {name: mask(value) if name.lower() in {"to", "from"} else value for name, value in raw.items()}


def account(tx: Tx, broadcast_id: int) -> Account:
    """What became of everything that a broadcast promised."""
    kept = totals.of(tx, broadcast_id)
    return kept.account if kept is not None else count_promises(tx, broadcast_id)


def archived_in(tx: Tx, delivery_id: int) -> str:
    """Where a delivery that is not in the ledger any more will have gone, in words; "" when nobody knows."""
    found = [
        f"INC-{incident_id} are in {' and '.join(kept.files)}"
        for incident_id, kept in totals.archived(tx)
        if kept.ids and kept.ids[0] <= delivery_id <= kept.ids[1]
    ]
    return "" if not found else f"it was archived: the deliveries of {', those of '.join(dict.fromkeys(found))}"


def maybe_twice(tx: Tx, incident_id: int) -> list[int]:
    """Deliveries that may have been told twice, by id: of the broadcasts that are archived as far as they are named."""
    there = tx.execute(
        select(delivery.c.id).where(delivery.c.incident_id == incident_id, delivery.c.maybe_twice)
    ).scalars()
    gone = (one for _, kept in totals.archived(tx, incident_id) for one in kept.account.named.get(_TWICE, []))
    return sorted({*there, *gone})
