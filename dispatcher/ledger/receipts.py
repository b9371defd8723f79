"""Receipts: stored raw first, folded later, in batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, Update, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from channels.contract import Blame, Fault, Kind, Receipt, Word
from dispatcher.ledger.columns import fitting, fitting_key, severity_of
from dispatcher.ledger.held import chain_from_json, held
from dispatcher.ledger.rowset import DOCUMENT, ID, MOMENT, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import attempt, broadcast, delivery, plan_class, receipt
from dispatcher.model.delivery import Claimed, Status


@dataclass(frozen=True, slots=True)
class Heard:
    """A stored receipt as folding sees it."""

    id: int
    received_at: datetime
    token: str
    word: Word
    fault: Fault | None
    ref: str


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt and the delivery it belongs to, as folding sees them."""

    claimed: Claimed
    is_current: bool
    outcome: str | None
    #: Whether its receipt did not come in time.
    silent: bool
    receipt_word: Word | None
    #: The attempt by which the delivery stands: this one, or its repeat.
    holder: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A receipt as it came in."""

    route: str
    receipt: Receipt
    received_at: datetime


def store(tx: Tx, arrived: Sequence[Arrived]) -> int:
    """Keep what was heard, by one statement; copies of an event already kept are dropped. Answers how many were new."""
    if not arrived:
        return 0
    rows = (
        (
            one.received_at,
            one.route,
            fitting(one.receipt.token, receipt.c.token),
            fitting(one.receipt.ref, receipt.c.ref),
            fitting_key(f"{one.route}:{one.receipt.event}", receipt.c.event),
            one.receipt.word,
            _fault_to_json(one.receipt.fault),
            dict(one.receipt.raw),
        )
        for one in arrived
    )
    return len(tx.execute(_keep[tx.dialect.name], _arrivals.bind(tx, rows)).all())


_arrivals = Rowset(
    "arrivals",
    received_at=MOMENT,
    route=TEXT,
    token=TEXT,
    ref=TEXT,
    event=TEXT,
    word=TEXT,
    fault=DOCUMENT,
    raw=DOCUMENT,
)


def _keeping(insert: type[sqlite.Insert] | type[postgresql.Insert], *, sqlite: bool) -> Executable:
    new = _arrivals.source(sqlite=sqlite)
    # The condition is for SQLite, which would take ON CONFLICT for a part of the FROM.
    rows = select(new).where(new.c.event.is_not(None))
    into = insert(receipt).from_select([column.name for column in new.c], rows)
    return into.on_conflict_do_nothing(index_elements=["event"]).returning(receipt.c.id)


_keep = {"sqlite": _keeping(sqlite.Insert, sqlite=True), "postgresql": _keeping(postgresql.Insert, sqlite=False)}


def unfolded(tx: Tx, limit: int) -> list[Heard]:
    """What has not been folded yet, in the order it came."""
    rows = tx.execute(
        select(receipt)
        .where(receipt.c.folded_at.is_(None))
        .order_by(receipt.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=receipt)
    )
    return [
        Heard(row.id, row.received_at, row.token, Word(row.word), _fault_from_json(row.fault), row.ref) for row in rows
    ]


def tried(tx: Tx, tokens: Sequence[str]) -> dict[str, Tried]:
    """The attempts behind some tokens. Tokens nobody knows are missing from the answer.

    Where the newest attempt was answered that the provider had the message already, an earlier one of the same route
    is what it had: what is said about that counts as said about the newest.
    """
    found = tx.execute(
        select(
            delivery,
            plan_class.c.chain,
            broadcast.c.severity,
            attempt.c.id.label("tried_id"),
            attempt.c.token,
            attempt.c.started_at,
            attempt.c.outcome,
            attempt.c.receipt_word,
            attempt.c.silent_at,
            attempt.c.route.label("tried_route"),
            attempt.c.kind.label("tried_kind"),
        )
        .join(delivery, delivery.c.id == attempt.c.delivery_id)
        .join(plan_class, plan_class.c.id == delivery.c.class_id)
        .join(broadcast, broadcast.c.id == delivery.c.broadcast_id)
        .where(attempt.c.token.in_(tokens))
        .order_by(delivery.c.id, attempt.c.id)
        # The attempt too: whoever waited for another folder must see the word that the other one wrote.
        .with_for_update(of=[delivery, attempt])
    )
    rows = list(found)
    newer = {row.attempt_id for row in rows if row.attempt_id != row.tried_id and row.route == row.tried_route}
    repeats = _repeats(tx, newer) if newer else frozenset[int]()
    return {row.token: _tried(row, repeats) for row in rows}


#: A delivery stands so by the route that said it, whatever was tried after that.
_ARRIVED = (Status.DELIVERED, Status.READ)


def _repeats(tx: Tx, attempts: Collection[int]) -> frozenset[int]:
    """Which of these attempts were taken, and got no name of their own: the provider knew the message."""
    unnamed = func.coalesce(attempt.c.ref, "") == ""
    taken = select(attempt.c.id).where(attempt.c.id.in_(attempts), attempt.c.outcome == "accepted", unnamed)
    return frozenset(tx.execute(taken).scalars())


def _tried(row: Row[Any], repeats: Collection[int]) -> Tried:
    begun = (row.tried_id, row.token, row.started_at)
    kind, plan = Kind(row.tried_kind), (chain_from_json(row.chain), severity_of(row.severity))
    return Tried(
        claimed=held(row, begun, route=row.tried_route, kind=kind, plan=plan),
        is_current=row.route == row.tried_route
        and (row.attempt_id == row.tried_id or row.attempt_id in repeats or row.status in _ARRIVED),
        outcome=row.outcome,
        silent=row.silent_at is not None,
        receipt_word=Word(row.receipt_word) if row.receipt_word else None,
        holder=row.attempt_id,
    )


def fold_anew(tx: Tx, deliveries: Collection[int]) -> bool:
    """Let what was heard of the earlier attempts by the route where these deliveries stand be folded once more.

    For deliveries whose newest attempt has just turned out to be a repeat: what came while that one was under way was
    only noted, as about an attempt that had been left. Answers whether there was anything.
    """
    here = (attempt.c.route == delivery.c.route, attempt.c.id != delivery.c.attempt_id)
    heard = (delivery.c.id.in_(deliveries), attempt.c.receipt_word.is_not(None))
    found = select(attempt.c.id).join(delivery, delivery.c.id == attempt.c.delivery_id).where(*here, *heard)
    earlier = list(tx.execute(found.order_by(attempt.c.id)).scalars())
    _unfold(tx, earlier)
    return bool(earlier)


def _unfold(tx: Tx, attempts: Collection[int]) -> None:
    """Take it as if nothing had been heard of these attempts, and let all of it be folded once more."""
    if attempts:
        tx.execute(update(attempt).where(attempt.c.id.in_(attempts)).values(receipt_word=None))
        known = (receipt.c.attempt_id.in_(attempts), receipt.c.folded_at.is_not(None))
        tx.execute(update(receipt).where(*known).values(folded_at=None))


_LEFT_ALONE = {
    "status": Status.UNCONFIRMED,
    "next_attempt_at": None,
    "reason": "a route left before says that it arrived",
}
#: It is known to have brought the message there.
_brought = attempt.c.receipt_word.in_([Word.DELIVERED, Word.READ])


def fold_left(tx: Tx, deliveries: Collection[int]) -> bool:
    """Let good words about other attempts of these deliveries be folded once more.

    For deliveries whose present attempt has just come to nothing or into doubt: what came while it was held was only
    noted. Until it is folded nobody sends them on, however quick. Answers whether there was anything.
    """
    found = select(attempt.c.id).where(attempt.c.delivery_id.in_(deliveries), _brought)
    earlier = list(tx.execute(found.order_by(attempt.c.id)).scalars())
    if earlier:
        told = delivery.c.id.in_(select(attempt.c.delivery_id).where(attempt.c.id.in_(earlier)))
        tx.execute(update(delivery).where(told, delivery.c.status == Status.PENDING).values(_LEFT_ALONE))
    _unfold(tx, earlier)
    return bool(earlier)


def arrived(tx: Tx, deliveries: Collection[int]) -> set[int]:
    """Those of these deliveries that some attempt is known to have brought there."""
    if not deliveries:
        return set()
    found = select(attempt.c.delivery_id).where(attempt.c.delivery_id.in_(deliveries), _brought)
    return set(tx.execute(found).scalars())


def waiting_for(tx: Tx, tokens: Collection[str]) -> set[str]:
    """Those of these tokens about which something was heard that is not folded yet."""
    if not tokens:
        return set()
    unread = select(receipt.c.token).where(receipt.c.folded_at.is_(None), receipt.c.token.in_(tokens))
    return set(tx.execute(unread).scalars())


@dataclass(frozen=True, slots=True)
class Folded:
    """A receipt that was looked at: whose attempt it is about, if anybody's, and what it changed, in words."""

    heard: Heard
    attempt_id: int | None
    effect: str
    #: The word that is now the highest known about the attempt; None when it stays.
    word: Word | None = None


def folded(tx: Tx, done: Sequence[Folded]) -> None:
    """Mark receipts as folded, and write the highest words heard with their attempts."""
    if not done:
        return
    name = tx.dialect.name
    effects = ((one.heard.id, one.attempt_id, one.effect) for one in done)
    tx.execute(_mark[name], _effects.bind(tx, effects) | {"the_moment": now()})
    highest = {one.attempt_id: one for one in done if one.word is not None}
    words = (
        (attempt_id, one.word, one.heard.received_at, fitting(one.heard.ref, attempt.c.ref) or None)
        for attempt_id, one in highest.items()
    )
    if highest:
        tx.execute(_raise[name], _words.bind(tx, words))


_effects = Rowset("effects", id=ID, attempt_id=ID, effect=TEXT)
_words = Rowset("words_heard", attempt_id=ID, word=TEXT, heard_at=MOMENT, ref=TEXT)


def _marking(*, sqlite: bool) -> Update:
    new = _effects.source(sqlite=sqlite)
    moment = bindparam("the_moment", type_=receipt.c.folded_at.type)
    changed = {"folded_at": moment, "attempt_id": new.c.attempt_id, "effect": new.c.effect}
    return update(receipt).where(receipt.c.id == new.c.id).values(changed)


def _raising(*, sqlite: bool) -> Update:
    new = _words.source(sqlite=sqlite)
    changed = {
        "receipt_word": new.c.word,
        "receipt_at": new.c.heard_at,
        "ref": func.coalesce(attempt.c.ref, new.c.ref),
    }
    return update(attempt).where(attempt.c.id == new.c.attempt_id).values(changed)


_mark = {name: _marking(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}
_raise = {name: _raising(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}


def unknown(tx: Tx) -> int:
    """How many receipts were for attempts that nobody knows."""
    return tx.execute(
        select(func.count()).where(receipt.c.folded_at.is_not(None), receipt.c.attempt_id.is_(None))
    ).scalar_one()


def _fault_to_json(fault: Fault | None) -> dict[str, object] | None:
    if fault is None:
        return None
    return {
        "blame": fault.blame,
        "code": fault.code,
        "detail": fault.detail,
        "provider_code": fault.provider_code,
        "opt_out": fault.opt_out,
    }


def _fault_from_json(stored: dict[str, Any] | None) -> Fault | None:
    return None if stored is None else Fault(**(stored | {"blame": Blame(stored["blame"])}))


def after(about: Tried, *, word: Word | None, status: Status, is_current: bool) -> Tried:
    """The same attempt as the next receipt of the batch finds it."""
    return replace(
        about,
        claimed=replace(about.claimed, status=status),
        is_current=is_current,
        receipt_word=word or about.receipt_word,
        outcome="accepted" if word and is_current else about.outcome,
    )
