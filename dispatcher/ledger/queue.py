"""Deliveries as a queue: claimed in batches under a lease, recorded in groups, found again when a worker died."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, exists, func, insert, or_, select, update

from channels.contract import Kind
from dispatcher.ledger.columns import fitting, severity_of
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, attempt, broadcast, delivery, plan_class
from dispatcher.model.config import Severity
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import LEASED, REACHED, WAITING, Chain, Claimed, Hop, Status
from dispatcher.model.incident import BroadcastStatus

_WAITING = sorted(WAITING)
_LEASED = sorted(LEASED)
#: Where a delivery stands whose worker was taken for dead, and nothing else was sent since.
_DOUBTFUL = (Status.UNCERTAIN, Status.ASKING, Status.PENDING)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is written about an attempt when its answer is in."""

    outcome: str | None = None
    blame: str | None = None
    code: str | None = None
    provider_code: str | None = None
    detail: str | None = None
    lookup: str | None = None
    ref: str | None = None


_tried_here = exists().where(attempt.c.delivery_id == delivery.c.id, attempt.c.route == delivery.c.route)


def claim(tx: Tx, route: str, *, owner: str, lease: timedelta, limit: int) -> list[Claimed]:
    """Take due deliveries of a route, and write the intent of an attempt for each that is to be sent.

    Nobody else gets them until the lease ends. What a newer update superseded and what has passed its deadline is not
    taken. Once this is committed, a request may leave.
    """
    moment = now()
    due = (
        select(delivery.c.id)
        .join(broadcast, broadcast.c.id == delivery.c.broadcast_id)
        .where(
            delivery.c.route == route,
            delivery.c.status.in_(_WAITING),
            delivery.c.next_attempt_at <= moment,
            or_(
                delivery.c.status == Status.UNCERTAIN,
                (broadcast.c.status == BroadcastStatus.PLANNED) & (delivery.c.deadline > moment),
            ),
        )
        .order_by(delivery.c.next_attempt_at, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
    )
    taken = list(
        tx.execute(
            update(delivery)
            .where(delivery.c.id.in_(due))
            .values(
                status=case((delivery.c.status == Status.PENDING, Status.SENDING), else_=Status.ASKING),
                tries=delivery.c.tries + case((delivery.c.status == Status.PENDING, 1), else_=0),
                lookups=delivery.c.lookups + case((delivery.c.status == Status.PENDING, 0), else_=1),
                first_attempt_at=func.coalesce(delivery.c.first_attempt_at, moment),
                # Time on a route begins with the first attempt there: standing in the queue is nobody's failure.
                on_route_since=case((_tried_here, delivery.c.on_route_since), else_=moment),
                lease_owner=owner,
                lease_until=moment + lease,
                updated_at=moment,
            )
            .returning(delivery)
        )
    )
    if not taken:
        return []
    attempts = _begin_attempts(tx, [row for row in taken if row.status == Status.SENDING], moment)
    attempts |= _attempts(tx, [row.attempt_id for row in taken if row.status == Status.ASKING])
    plans = _plans(tx, {row.class_id for row in taken})
    return [_claimed(row, attempts[row.id], plans[row.class_id]) for row in taken]


def _begin_attempts(tx: Tx, rows: Sequence[Row[Any]], moment: datetime) -> dict[int, Any]:
    if not rows:
        return {}
    begun = tx.execute(
        insert(attempt).returning(attempt.c.id, attempt.c.delivery_id, attempt.c.token, attempt.c.started_at),
        [
            {
                "delivery_id": row.id,
                "route": row.route,
                "kind": row.kind,
                "token": secrets.token_urlsafe(18),
                "started_at": moment,
            }
            for row in rows
        ],
    )
    by_delivery: dict[int, Any] = {row.delivery_id: row for row in begun}
    tx.execute(
        update(delivery).where(delivery.c.id == bindparam("the_delivery")).values(attempt_id=bindparam("the_attempt")),
        [{"the_delivery": row.delivery_id, "the_attempt": row.id} for row in by_delivery.values()],
    )
    return by_delivery


def _attempts(tx: Tx, attempt_ids: Sequence[int]) -> dict[int, Any]:
    if not attempt_ids:
        return {}
    rows = tx.execute(
        select(attempt.c.id, attempt.c.delivery_id, attempt.c.token, attempt.c.started_at).where(
            attempt.c.id.in_(attempt_ids)
        )
    )
    return {row.delivery_id: row for row in rows}


def _plans(tx: Tx, class_ids: Iterable[int]) -> dict[int, tuple[Chain, Severity]]:
    rows = tx.execute(
        select(plan_class.c.id, plan_class.c.chain, broadcast.c.severity)
        .join(broadcast, broadcast.c.id == plan_class.c.broadcast_id)
        .where(plan_class.c.id.in_(list(class_ids)))
    )
    return {row.id: (chain_from_json(row.chain), severity_of(row.severity)) for row in rows}


def chain_from_json(stored: dict[str, list[list[str]]]) -> Chain:
    """The chain as `broadcasts.chain_to_json` wrote it."""
    hops, left_out = (
        tuple(Hop(route, Kind(kind), reason) for route, kind, reason in stored[part]) for part in ("hops", "left_out")
    )
    return Chain(hops, left_out)


def _claimed(row: Row[Any], tried: Row[Any], plan: tuple[Chain, Severity]) -> Claimed:
    begun = (tried.id, tried.token, tried.started_at)
    return held(row, begun, route=row.route, kind=Kind(row.kind), plan=plan)


def held(
    row: Row[Any], begun: tuple[int, str, datetime], *, route: str, kind: Kind, plan: tuple[Chain, Severity]
) -> Claimed:
    """A delivery's row with one of its attempts (id, token, start), the route that the attempt was made by, and what
    was planned for its class."""
    attempt_id, token, started_at = begun
    chain, severity = plan
    return Claimed(
        delivery_id=row.id,
        attempt_id=attempt_id,
        token=token,
        status=Status(row.status),
        broadcast_id=row.broadcast_id,
        leg=row.leg,
        subject=row.subject,
        name=row.name,
        locale=row.locale,
        route=route,
        kind=kind,
        to=getattr(row, ADDRESS[kind]),
        position=row.position,
        chain=chain,
        severity=severity,
        tries=row.tries,
        lookups=row.lookups,
        on_route_since=row.on_route_since,
        started_at=started_at,
        deadline=row.deadline,
    )


def extend(tx: Tx, owner: str, lease: timedelta) -> set[int]:
    """A worker that lives keeps what it holds; answers which deliveries those are."""
    kept = tx.execute(
        update(delivery)
        .where(delivery.c.status.in_(_LEASED), delivery.c.lease_owner == owner)
        .values(lease_until=now() + lease)
        .returning(delivery.c.id)
    )
    return set(kept.scalars())


def give_back(tx: Tx, owner: str, held: Sequence[Claimed], *, at: datetime) -> None:
    """What was claimed and never begun waits again from `at` on, as if it had not been taken.

    The intents go too: no request left, so nothing will ever be heard of them.
    """
    if not held:
        return
    asking = delivery.c.status == Status.ASKING
    kept = tx.execute(
        update(delivery)
        .where(
            delivery.c.id.in_(sorted(one.delivery_id for one in held)),
            delivery.c.lease_owner == owner,
            delivery.c.status.in_(_LEASED),
        )
        .values(
            status=case((asking, Status.UNCERTAIN), else_=Status.PENDING),
            tries=delivery.c.tries - case((asking, 0), else_=1),
            lookups=delivery.c.lookups - case((asking, 1), else_=0),
            next_attempt_at=at,
            lease_owner=None,
            lease_until=None,
            updated_at=now(),
        )
        .returning(delivery.c.id)
    )
    ids = set(kept.scalars())
    never = [one.attempt_id for one in held if one.delivery_id in ids and one.status is Status.SENDING]
    tx.execute(delete(attempt).where(attempt.c.id.in_(never)))


def superseded_among(tx: Tx, broadcast_ids: Iterable[int]) -> set[int]:
    """Which of these broadcasts a newer one has superseded."""
    return set(
        tx.execute(
            select(broadcast.c.id).where(
                broadcast.c.id.in_(list(broadcast_ids)), broadcast.c.status == BroadcastStatus.SUPERSEDED
            )
        ).scalars()
    )


def record(tx: Tx, owner: str, results: Sequence[tuple[Claimed, Finding, Standing]]) -> None:
    """Write what came of claimed deliveries, all in one go.

    A delivery that is no longer held by `owner` (a receipt settled it, or its lease was found stale) keeps what it
    became meanwhile; the attempt's own row is written all the same. But that the provider has it is good news whoever
    brings it: it also settles what the sweep took for lost.
    """
    moment = now()
    # Everybody who locks several deliveries does so in the order of their ids, and before their attempts.
    results = sorted(results, key=lambda result: result[0].delivery_id)
    tx.execute(
        # A delivery is under a lease exactly while it has an owner.
        _restand.where(
            or_(
                delivery.c.lease_owner == bindparam("the_owner"),
                (bindparam("the_outcome") == "accepted")
                & (delivery.c.route == bindparam("new_route"))
                & or_(*(delivery.c.status == status for status in _DOUBTFUL)),
            )
        ),
        [
            _standing_values(claimed.delivery_id, claimed.attempt_id, standing, moment)
            | {"the_owner": owner, "the_outcome": found.outcome or ""}
            for claimed, found, standing in results
        ],
    )
    _write_findings(tx, [(claimed.attempt_id, found, standing.reason) for claimed, found, standing in results], moment)


def restand(tx: Tx, delivery_id: int, attempt_id: int, standing: Standing) -> None:
    """Move one delivery on because of a receipt or a stale lease; only while `attempt_id` is still its attempt."""
    tx.execute(_restand, [_standing_values(delivery_id, attempt_id, standing, now())])


_restand = (
    update(delivery)
    .where(delivery.c.id == bindparam("the_delivery"), delivery.c.attempt_id == bindparam("the_attempt"))
    .values(
        status=bindparam("new_status"),
        position=bindparam("new_position"),
        route=bindparam("new_route"),
        kind=bindparam("new_kind"),
        tries=bindparam("new_tries"),
        lookups=bindparam("new_lookups"),
        failovers=delivery.c.failovers + bindparam("more_failovers"),
        on_route_since=bindparam("new_since"),
        next_attempt_at=bindparam("new_next"),
        accepted_at=func.coalesce(delivery.c.accepted_at, bindparam("new_accepted", type_=delivery.c.accepted_at.type)),
        maybe_twice=or_(delivery.c.maybe_twice, bindparam("new_twice", type_=delivery.c.maybe_twice.type)),
        lease_owner=None,
        lease_until=None,
        reason=bindparam("new_reason"),
        updated_at=bindparam("the_moment"),
    )
)


def _standing_values(delivery_id: int, attempt_id: int, standing: Standing, moment: datetime) -> dict[str, object]:
    return {
        "the_delivery": delivery_id,
        "the_attempt": attempt_id,
        "new_status": standing.status,
        "new_position": standing.position,
        "new_route": standing.route,
        "new_kind": standing.kind,
        "new_tries": standing.tries,
        "new_lookups": standing.lookups,
        "more_failovers": int(standing.failed_over),
        "new_since": standing.on_route_since,
        "new_next": standing.next_attempt_at,
        "new_accepted": moment if standing.status in REACHED else None,
        "new_twice": standing.maybe_twice,
        "new_reason": fitting(standing.reason, delivery.c.reason),
        "the_moment": moment,
    }


def _write_findings(tx: Tx, findings: Sequence[tuple[int, Finding, str]], moment: datetime) -> None:
    """A look-up leaves the outcome of its attempt as it was, and adds what it found."""
    kept: dict[str, Any] = {
        name: func.coalesce(bindparam(f"new_{name}", type_=attempt.c[name].type), attempt.c[name])
        for name in Finding.__dataclass_fields__
    }
    kept["decision"] = bindparam("the_decision", type_=attempt.c.decision.type)
    for name in ("outcome", "decision"):
        # A receipt proved that the provider has it: what was seen of the request does not change that.
        kept[name] = case((attempt.c.outcome == "accepted", attempt.c[name]), else_=kept[name])
    tx.execute(
        update(attempt)
        .where(attempt.c.id == bindparam("the_attempt"))
        .values(finished_at=bindparam("the_moment"), **kept),
        [
            {"the_attempt": attempt_id, "the_moment": moment, "the_decision": fitting(decision, attempt.c.decision)}
            | {f"new_{name}": fitting(getattr(found, name), attempt.c[name]) for name in Finding.__dataclass_fields__}
            for attempt_id, found, decision in findings
        ],
    )


def due_routes(tx: Tx) -> list[str]:
    """Routes with something to do now."""
    return list(
        tx.execute(
            select(delivery.c.route)
            .where(delivery.c.status.in_(_WAITING), delivery.c.next_attempt_at <= now())
            .distinct()
        ).scalars()
    )


def next_due(tx: Tx, route: str) -> datetime | None:
    """When the route has something to do next, in the past if now; None when nothing waits."""
    moment: datetime | None = tx.execute(
        select(func.min(delivery.c.next_attempt_at)).where(
            delivery.c.route == route, delivery.c.status.in_(_WAITING), delivery.c.next_attempt_at.is_not(None)
        )
    ).scalar_one()
    return moment


def stale(tx: Tx, limit: int = 500) -> list[Claimed]:
    """Deliveries whose worker let its lease run out: dead, or cut off."""
    rows = list(
        tx.execute(
            select(delivery)
            .where(delivery.c.status.in_(_LEASED), delivery.c.lease_until < now())
            .order_by(delivery.c.lease_until)
            .limit(limit)
            .with_for_update(skip_locked=True, of=delivery)
        )
    )
    attempts = _attempts(tx, [row.attempt_id for row in rows])
    plans = _plans(tx, {row.class_id for row in rows})
    return [_claimed(row, attempts[row.id], plans[row.class_id]) for row in rows]


def note(tx: Tx, attempt_id: int, found: Finding, decision: str) -> None:
    """Write about one attempt outside a worker's group."""
    _write_findings(tx, [(attempt_id, found, decision)], now())


def expire(tx: Tx) -> int:
    """Close what waits to be sent and has passed its deadline; answers how many."""
    moment = now()
    return tx.execute(
        update(delivery)
        .where(delivery.c.status == Status.PENDING, delivery.c.next_attempt_at <= moment, delivery.c.deadline <= moment)
        .values(
            status=Status.EXPIRED,
            reason="its time passed before it could be sent",
            next_attempt_at=None,
            updated_at=moment,
        )
    ).rowcount


def oldest_due(tx: Tx) -> datetime | None:
    """Since when the oldest delivery waits that should have been tried by now."""
    moment: datetime | None = tx.execute(
        select(func.min(delivery.c.next_attempt_at)).where(
            delivery.c.status.in_(_WAITING), delivery.c.next_attempt_at <= now()
        )
    ).scalar_one()
    return moment
