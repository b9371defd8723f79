"""What came of attempts, written in groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import Update, and_, bindparam, case, func, or_, select, update

from dispatcher.ledger.columns import fitting
from dispatcher.ledger.rowset import FLAG, ID, MOMENT, NUMBER, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import attempt, broadcast, delivery, plan_class
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import AWAITING, REACHED, Claimed, Status

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


#: A delivery as it was held, what was found, and where it stands because of that.
Result = tuple[Claimed, Finding, Standing]


def record(tx: Tx, owner: str, results: Sequence[Result]) -> None:
    """Write what came of claimed deliveries, all in one go.

    A delivery that is no longer held by `owner` (a receipt settled it, or its lease was found stale) keeps what it
    became meanwhile; the attempt's own row is written all the same. But that the provider has it is good news whoever
    brings it: it also settles what the sweep took for lost.
    """
    restand(tx, [(claimed, standing) for claimed, _, standing in results], owner=owner)
    note(tx, [(claimed.attempt_id, found, standing.reason) for claimed, found, standing in results])


def restand(tx: Tx, moved: Sequence[tuple[Claimed, Standing]], *, owner: str = "") -> None:
    """Move deliveries on, each only while its attempt is still the one that is held here; a delivery stands in the
    list once.

    With an `owner`, only what it holds or what is in doubt (`record`); without, whoever holds it: a receipt or the
    sweep knows better.
    """
    if not moved:
        return
    # Everybody who locks several deliveries does so in the order of their ids, and before their attempts.
    moved = sorted(moved, key=lambda one: one[0].delivery_id)
    if tx.dialect.name == "postgresql":
        ids = [claimed.delivery_id for claimed, _ in moved]
        tx.execute(select(delivery.c.id).where(delivery.c.id.in_(ids)).order_by(delivery.c.id).with_for_update())
    moment = now()
    rows = (
        (
            claimed.delivery_id,
            claimed.attempt_id,
            standing.status,
            standing.position,
            standing.route,
            standing.kind,
            standing.tries,
            standing.lookups,
            int(standing.failed_over),
            standing.on_route_since,
            standing.next_attempt_at,
            standing.status in REACHED,
            standing.status is Status.ACCEPTED and not standing.on_trust,
            standing.maybe_twice,
            standing.turns,
            standing.confirm_by,
            fitting(standing.reason, delivery.c.reason),
        )
        for claimed, standing in moved
    )
    statement = (_restand_held if owner else _restand_any)[tx.dialect.name]
    tx.execute(statement, _standings.bind(tx, rows) | {"the_moment": moment} | ({"the_owner": owner} if owner else {}))
    if not owner:
        _reopen(tx, {claimed.broadcast_id for claimed, standing in moved if standing.next_attempt_at is not None})


def _reopen(tx: Tx, broadcast_ids: Set[int]) -> None:
    """The sweep looks again at broadcasts of which something waits again: it may just have closed them."""
    if not broadcast_ids:
        return
    mine = broadcast.c.id.in_(broadcast_ids)
    tx.execute(select(broadcast.c.id).where(mine).order_by(broadcast.c.id).with_for_update(key_share=True)).all()
    tx.execute(update(broadcast).where(mine, broadcast.c.closed_at.is_not(None)).values(closed_at=None))


_standings = Rowset(
    "standings",
    id=ID,
    attempt_id=ID,
    status=TEXT,
    position=NUMBER,
    route=TEXT,
    kind=TEXT,
    tries=NUMBER,
    lookups=NUMBER,
    failovers=NUMBER,
    on_route_since=MOMENT,
    next_attempt_at=MOMENT,
    reached=FLAG,
    proven=FLAG,
    maybe_twice=FLAG,
    turns=TEXT,
    confirm_by=MOMENT,
    reason=TEXT,
)


def _restanding(*, sqlite: bool, held: bool) -> Update:
    new = _standings.source(sqlite=sqlite)
    moment = bindparam("the_moment", type_=delivery.c.updated_at.type)
    mine = or_(
        # A delivery is under a lease exactly while it has an owner.
        delivery.c.lease_owner == bindparam("the_owner"),
        and_(
            new.c.proven,
            delivery.c.route == new.c.route,
            or_(*(delivery.c.status == status for status in _DOUBTFUL)),
        ),
    )
    place = ("status", "position", "turns", "route", "kind", "tries", "lookups")
    same = (*place, "on_route_since", "next_attempt_at", "reason")
    return (
        update(delivery)
        .where(delivery.c.id == new.c.id, delivery.c.attempt_id == new.c.attempt_id, *([mine] if held else []))
        .values(
            {delivery.c[name]: new.c[name] for name in same}
            | {
                delivery.c.failovers: delivery.c.failovers + new.c.failovers,
                delivery.c.accepted_at: case(
                    (new.c.reached, func.coalesce(delivery.c.accepted_at, moment)), else_=delivery.c.accepted_at
                ),
                delivery.c.maybe_twice: or_(delivery.c.maybe_twice, new.c.maybe_twice),
                delivery.c.confirm_by: case(
                    (new.c.status.in_(sorted(AWAITING)), func.coalesce(delivery.c.confirm_by, new.c.confirm_by)),
                    else_=None,
                ),
                delivery.c.lease_owner: None,
                delivery.c.lease_until: None,
                delivery.c.updated_at: moment,
            }
        )
    )


_restand_held = {name: _restanding(sqlite=name == "sqlite", held=True) for name in ("sqlite", "postgresql")}
_restand_any = {name: _restanding(sqlite=name == "sqlite", held=False) for name in ("sqlite", "postgresql")}


def note(tx: Tx, found: Sequence[tuple[int, Finding, str]]) -> None:
    """Write about attempts, by their ids: what was found, and what was decided upon it.

    A look-up leaves the outcome of its attempt as it was, and adds what it found.
    """
    if not found:
        return
    rows = (
        (
            attempt_id,
            *(fitting(value, column) for value, column in zip(astuple(finding), _found_columns, strict=True)),
            fitting(decision, attempt.c.decision),
        )
        for attempt_id, finding, decision in sorted(found, key=lambda one: one[0])
    )
    tx.execute(_note[tx.dialect.name], _findings.bind(tx, rows) | {"the_moment": now()})


_found_columns = [attempt.c[name] for name in Finding.__dataclass_fields__]
_findings = Rowset("findings", id=ID, **{column.name: TEXT for column in _found_columns}, decision=TEXT)


def _noting(*, sqlite: bool) -> Update:
    new = _findings.source(sqlite=sqlite)
    kept: dict[str, Any] = {
        column.name: func.coalesce(new.c[column.name], attempt.c[column.name]) for column in _found_columns
    }
    kept["decision"] = new.c.decision
    for name in ("outcome", "decision"):
        # A receipt proved that the provider has it: what was seen of the request does not change that.
        kept[name] = case((attempt.c.outcome == "accepted", attempt.c[name]), else_=kept[name])
    moment = bindparam("the_moment", type_=attempt.c.finished_at.type)
    return update(attempt).where(attempt.c.id == new.c.id).values(finished_at=moment, **kept)


_note = {name: _noting(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}


def note_silence(tx: Tx, unheard: Sequence[tuple[Claimed, Standing]]) -> None:
    """Write with attempts that their receipts did not come in time, and what was decided upon it."""
    if not unheard:
        return
    rows = ((one.attempt_id, one.delivery_id, fitting(standing.reason, attempt.c.silence)) for one, standing in unheard)
    bound = _silences.bind(tx, sorted(rows, key=lambda row: row[1])) | {"the_moment": now()}
    tx.execute(_fall_silent[tx.dialect.name], bound)
    count_silent(tx, [one.delivery_id for one, _ in unheard])


_NOT_AFTER_ALL = "no receipt came in time, and late ones say that it did not arrive; no route is left"


def count_silent(tx: Tx, delivery_ids: Sequence[int]) -> None:
    """Count anew how many providers took these and never said what became of it. One of which that is known of none any
    more, and which nobody else has, was not reached after all."""
    if not delivery_ids:
        return
    mute = (attempt.c.delivery_id == delivery.c.id, attempt.c.silent_at.is_not(None))
    no_word = func.coalesce(attempt.c.receipt_word, "").not_in(["undelivered", "delivered", "read"])
    number = select(func.count()).select_from(attempt).where(*mute, no_word).scalar_subquery()
    mine = delivery.c.id.in_(sorted(delivery_ids))
    tx.execute(update(delivery).where(mine).values(silent=number))
    tx.execute(
        update(delivery)
        .where(mine, delivery.c.status == Status.UNCONFIRMED, delivery.c.silent == 0)
        .values(status=Status.FAILED, reason=_NOT_AFTER_ALL, updated_at=now())
    )


_silences = Rowset("silences", id=ID, delivery_id=ID, silence=TEXT)


def _silencing(*, sqlite: bool) -> Update:
    new = _silences.source(sqlite=sqlite)
    moment = bindparam("the_moment", type_=attempt.c.silent_at.type)
    return update(attempt).where(attempt.c.id == new.c.id).values(silent_at=moment, silence=new.c.silence)


_fall_silent = {name: _silencing(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}


def told_elsewhere(tx: Tx, about: Iterable[Claimed]) -> dict[int, int]:
    """How many providers have the same update for the same person by other legs, by delivery; 0 is left out."""
    ids = [one.delivery_id for one in about]
    if not ids:
        return {}
    of = select(delivery.c.broadcast_id).where(delivery.c.id.in_(ids))
    legs = select(plan_class.c.leg).where(plan_class.c.broadcast_id.in_(of)).distinct()
    names = list(tx.execute(legs).scalars())
    if len(names) < 2:
        return {}
    mine, other = delivery.alias("mine"), delivery.alias("other")
    said = (Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ)
    number = func.sum(other.c.silent + case((other.c.status.in_(said), 1), else_=0))
    same = (other.c.update_id == mine.c.update_id) & (other.c.subject == mine.c.subject)
    found = (
        select(mine.c.id, number.label("number"))
        .join(other, same & other.c.leg.in_(names) & (other.c.leg != mine.c.leg))
        .where(mine.c.id.in_(ids))
        .group_by(mine.c.id)
    )
    return {row.id: row.number for row in tx.execute(found) if row.number}
