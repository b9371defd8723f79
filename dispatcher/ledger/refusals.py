"""Keeps what is planned already from addresses that have said no since. Only a merge brings such deliveries in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, and_, case, exists, func, insert, or_, select, update

from channels.contract import Blame, Kind
from dispatcher.ledger import outcomes
from dispatcher.ledger.held import chain_from_json, chain_to_json
from dispatcher.ledger.outcomes import Finding
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import ADDRESS, attempt, delivery, opt_out, plan_class
from dispatcher.model.delivery import LEASED, REACHED, WAITING, Because, Chain, Hop, Status
from dispatcher.model.turns import Turns, next_turn, turns_from

_CHUNK = 400
_NEEDED = ("id", "class_id", "position", "turns", "status", "kind", "attempt_id", "next_attempt_at")
#: What the sweep would write of an attempt whose process is gone.
_LOST = Finding(
    outcome="uncertain",
    blame=Blame.PATH,
    code="worker-lost",
    detail="the process was gone while the request was under way",
)


@dataclass(frozen=True, slots=True)
class Refused:
    """Deliveries that something was still to happen to, at an address that has said no.

    Attributes:
        moved: Go on by another route.
        failed: No other route is left.
        held: A provider may have it, and nothing more is sent or asked.
    """

    moved: int = 0
    failed: int = 0
    held: int = 0


def honour(tx: Tx, broadcast_ids: Sequence[int]) -> Refused:
    """Send nothing more of some broadcasts to an address that has said no by now. Nobody else works on them yet.

    Whom another route can reach goes on by that; the chains leave the refused ones out, with that reason.
    """
    groups: defaultdict[tuple[int, int, str, frozenset[Kind]], list[Row[Any]]] = defaultdict(list)
    refused = {kind: _refuses(kind) for kind in Kind}
    # Also what waits to be sent again under the same key: the provider would have known it.
    doubted = exists().where(
        attempt.c.delivery_id == delivery.c.id, attempt.c.route == delivery.c.route, attempt.c.outcome == "uncertain"
    )
    columns: list[Any] = [
        *(delivery.c[name] for name in _NEEDED),
        *(condition.label(f"no_{kind.value}") for kind, condition in refused.items()),
        doubted.label("doubted"),
    ]
    found = select(*columns).where(
        delivery.c.broadcast_id.in_(broadcast_ids),
        delivery.c.status.in_(sorted(WAITING | LEASED | REACHED)),
        or_(*refused.values()),
    )
    for row in tx.execute(found):
        kinds = frozenset(kind for kind in Kind if getattr(row, f"no_{kind.value}"))
        groups[row.class_id, row.position, row.turns, kinds].append(row)
    moved = failed = held = 0
    for (class_id, position, had, kinds), rows in groups.items():
        turns = turns_from(had).leave(position, blamed=False)
        chain = _cut(tx, class_id, max(turns.over), kinds, rows)
        here = [row for row in rows if row.kind in kinds]
        doubtful = [row for row in here if _is_in_doubt(row)]
        waiting = [row for row in here if row.status == Status.PENDING and not row.doubted]
        said_no = {place for place, hop in enumerate(chain.hops) if hop.kind in kinds}
        following = next_turn(chain, replace(turns, over=turns.over | said_no))
        if following is not None:
            _go_on(tx, waiting, following, chain.hops[following], turns)
            moved += len(waiting)
        else:
            _fail(tx, waiting)
            failed += len(waiting)
        _hold(tx, doubtful)
        held += len(doubtful)
    return Refused(moved, failed, held)


def _refuses(kind: Kind) -> Any:
    held = delivery.c[ADDRESS[kind]]
    # As `optouts.among` compares them.
    same = opt_out.c.address.in_([held, func.lower(held)]) if kind is Kind.EMAIL else opt_out.c.address == held
    return exists().where(and_(opt_out.c.kind == kind.value, same))


def _is_in_doubt(row: Row[Any]) -> bool:
    if row.status == Status.PENDING:
        return bool(row.doubted)
    return row.status in LEASED or bool(row.status == Status.UNCERTAIN and row.next_attempt_at is not None)


def _said(kind: str) -> str:
    return f"they have said no to {kind} since it was planned"


def _cut(tx: Tx, class_id: int, last: int, kinds: frozenset[Kind], rows: Sequence[Row[Any]]) -> Chain:
    """Give these deliveries a class of their own whose chain goes on without the refused kinds behind the place `last`;
    answers that chain."""
    was = tx.execute(select(plan_class).where(plan_class.c.id == class_id)).one()
    chain = chain_from_json(was.chain)
    # What lies behind stays: a delivery is found in its chain by its position.
    ahead = chain.hops[last + 1 :]
    said_no = (hop for hop in ahead if hop.kind in kinds)
    out = tuple(replace(hop, reason=_said(hop.kind), because=Because.OPTED_OUT) for hop in said_no)
    if not out:
        return chain
    going = tuple(hop for hop in ahead if hop.kind not in kinds)
    cut = Chain((*chain.hops[: last + 1], *going), (*chain.left_out, *out))
    # The classes are what was promised: together they stay as many people as before.
    tx.execute(update(plan_class).where(plan_class.c.id == class_id).values(people=plan_class.c.people - len(rows)))
    new = insert(plan_class).values(
        broadcast_id=was.broadcast_id, leg=was.leg, people=len(rows), chain=chain_to_json(cut)
    )
    own: int = tx.execute(new.returning(plan_class.c.id)).scalar_one()
    _change(tx, rows, class_id=own)
    return cut


def _go_on(tx: Tx, rows: Sequence[Row[Any]], position: int, hop: Hop, turns: Turns) -> None:
    moment = now()
    for kind, some in _by_kind(rows):
        _change(
            tx,
            some,
            position=position,
            turns=turns.to_text(),
            route=hop.route,
            kind=hop.kind,
            tries=0,
            lookups=0,
            failovers=delivery.c.failovers + 1,
            on_route_since=moment,
            next_attempt_at=moment,
            reason=_said(kind),
        )


def _fail(tx: Tx, rows: Sequence[Row[Any]]) -> None:
    for kind, some in _by_kind(rows):
        reason = f"{_said(kind)}, and no other route is left"
        status = case((delivery.c.silent > 0, Status.UNCONFIRMED), else_=Status.FAILED)
        _change(tx, some, status=status, next_attempt_at=None, reason=reason)


def _hold(tx: Tx, rows: Sequence[Row[Any]]) -> None:
    for kind, some in _by_kind(rows):
        reason = f"{_said(kind)}: nothing more is sent, and whether they had been told before is not known"
        given_up = {"lease_owner": None, "lease_until": None, "next_attempt_at": None}
        _change(tx, some, status=Status.UNCERTAIN, reason=reason, **given_up)
        found = [
            (row.attempt_id, _LOST if row.status == Status.SENDING else Finding(), reason)
            for row in some
            if row.attempt_id is not None
        ]
        outcomes.note(tx, found)


def _by_kind(rows: Sequence[Row[Any]]) -> Iterator[tuple[str, list[Row[Any]]]]:
    for kind in sorted({row.kind for row in rows}):
        yield kind, [row for row in rows if row.kind == kind]


def _change(tx: Tx, rows: Sequence[Row[Any]], **values: Any) -> None:
    ids = [row.id for row in rows]
    for start in range(0, len(ids), _CHUNK):
        some = delivery.c.id.in_(ids[start : start + _CHUNK])
        tx.execute(update(delivery).where(some).values(updated_at=now(), **values))
