"""A delivery's row with an attempt and its plan, as the stages hold it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from channels.contract import Kind
from dispatcher.ledger.columns import severity_of
from dispatcher.ledger.store import Tx
from dispatcher.ledger.tables import ADDRESS, attempt, broadcast, plan_class
from dispatcher.model.config import Severity
from dispatcher.model.delivery import Because, Chain, Claimed, Hop, Status

#: An attempt that was begun: its id, its token, when.
Begun = tuple[int, str, datetime]
#: What was planned for a class of people, and how severe that is.
Plan = tuple[Chain, Severity]


def attempts_of(tx: Tx, attempt_ids: Sequence[int]) -> dict[int, Begun]:
    """These attempts, by their deliveries."""
    if not attempt_ids:
        return {}
    rows = tx.execute(
        select(attempt.c.id, attempt.c.delivery_id, attempt.c.token, attempt.c.started_at).where(
            attempt.c.id.in_(attempt_ids)
        )
    )
    return {row.delivery_id: (row.id, row.token, row.started_at) for row in rows}


def plans_of(tx: Tx, class_ids: Iterable[int]) -> dict[int, Plan]:
    """What was planned for these classes of people."""
    rows = tx.execute(
        select(plan_class.c.id, plan_class.c.chain, broadcast.c.severity)
        .join(broadcast, broadcast.c.id == plan_class.c.broadcast_id)
        .where(plan_class.c.id.in_(list(class_ids)))
    )
    return {row.id: (chain_from_json(row.chain), severity_of(row.severity)) for row in rows}


def chain_from_json(stored: dict[str, Any]) -> Chain:
    """The chain as `chain_to_json` wrote it."""
    return Chain(_hops(stored, "hops"), _hops(stored, "left_out"))


def _hops(stored: dict[str, Any], part: str) -> tuple[Hop, ...]:
    hops = [Hop(route, Kind(kind), reason) for route, kind, reason in stored[part]]
    more = stored.get("more", {}).get(part)
    if more is None:  # of an older release
        return tuple(hops)
    return tuple(
        replace(hop, because=_word(because), vendors=tuple(vendors))
        for hop, (because, vendors) in zip(hops, more, strict=True)
    )


def _word(kept: str) -> Because:
    try:
        return Because(kept)
    except ValueError:  # of a later release: its sentence is there
        return Because.UNSAID


def chain_to_json(chain: Chain) -> dict[str, Any]:
    """What a release that knows no word and no vendors reads stands apart from them, in the form that it knows."""
    parts = {"hops": chain.hops, "left_out": chain.left_out}
    known: dict[str, Any] = {part: [[hop.route, hop.kind, hop.reason] for hop in hops] for part, hops in parts.items()}
    return known | {"more": {part: [[hop.because, hop.vendors] for hop in hops] for part, hops in parts.items()}}


def claimed_from(row: Row[Any], begun: Begun, plan: Plan) -> Claimed:
    """A delivery's row with its own attempt."""
    return held(row, begun, route=row.route, kind=Kind(row.kind), plan=plan)


def held(row: Row[Any], begun: Begun, *, route: str, kind: Kind, plan: Plan) -> Claimed:
    """A delivery's row with one of its attempts, and the route that the attempt was made by."""
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
        turns=row.turns,
        silent=row.silent,
    )
