"""Folds what a break-glass file holds into the shared ledger: once, whole, and under ids of that ledger.

Providers know a message by `broadcast.uid.leg.subject` and answer to `attempt.token`; neither is changed. Ids are
counted anew. People are found again by their `ref`. All is one transaction of the shared ledger; before it begins, the
file is sealed, so that what is still to be sent is sent by the shared ledger's workers and by nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, Row, Table, bindparam, exists, insert, select, tuple_, update

from channels.contract import Kind
from dispatcher.ledger import breakglass, broadcasts, migrate, optouts, refusals, rests
from dispatcher.ledger.breakglass import Mark, Role, Unfit
from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.refusals import Refused
from dispatcher.ledger.snapshot import is_database, ledger_of
from dispatcher.ledger.store import Ledger, Tx, now
from dispatcher.ledger.tables import (
    attempt,
    broadcast,
    delivery,
    incident,
    incident_update,
    opt_out,
    plan_class,
    receipt,
    recipient,
    route_state,
    words,
)
from dispatcher.model.delivery import LEASED, WAITING
from dispatcher.model.incident import BroadcastStatus

_OPEN = WAITING | LEASED
#: Rows that go over together.
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Moved:
    """An incident of the file and its number in the shared ledger. `new` is false when it was there already."""

    was: int
    now: int
    title: str
    new: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge has done.

    Attributes:
        incidents: The incidents of the file.
        deliveries: How many were taken in by this merge, with their attempts.
        waiting: How many of those are still to be settled, now by the shared ledger's workers.
        strangers: How many are for people whom the shared ledger does not know.
        opt_outs: Addresses that said no to the file only.
        refused: What was open at an address that has said no by now, here or there.
        receipts: Receipts that the shared ledger had heard without knowing the attempt; they are folded anew.
    """

    incidents: tuple[Moved, ...]
    deliveries: int
    waiting: int
    strangers: int
    opt_outs: int
    refused: Refused
    receipts: int


def merge(path: Path, shared: Ledger) -> Merged:
    """Fold a file into the shared ledger. The same file again changes nothing.

    Raises:
        Unfit: it is no such file, or somebody works on it, or something in it is not planned yet, or it was merged
            elsewhere; says what to do.
        LedgerAway: the shared ledger cannot be reached, or is older than this version needs.
    """
    if not path.is_file():
        raise Unfit(f"there is no file {path}")
    if not is_database(path):
        raise Unfit(f"{path} is not a SQLite database, so it is no file that break-glass has sent from; name that one")
    # First of all: a file that is sealed while the shared ledger is away could be sent by nobody.
    migrate.require_current(shared)
    with breakglass.hold(path):
        file = ledger_of(path)
        try:
            mark = _ready(file, path, shared)
            with file.write() as tx:
                breakglass.seal(tx)
                mark = breakglass.read_mark(tx) or mark
            with file.read() as source, shared.write() as tx:
                done = _Merge(source, tx).run(mark, path.name)
            with file.write() as tx:
                breakglass.note_merged(tx, shared.shown_url)
            return done
        finally:
            file.close()


def _ready(file: Ledger, path: Path, shared: Ledger) -> Mark:
    """What the file says about itself, when it may be merged now."""
    if shared.sqlite and path.samefile(shared.url.database or "."):
        raise Unfit(f"{path} is the ledger itself; set DISPATCHER_LEDGER_URL to the ledger that it goes into")
    at = migrate.current(file)
    if at is not None and at.isdecimal() and int(at) > int(migrate.head()):
        raise Unfit(f"{path} was made by a newer version than this one; merge it with that version")
    if at != migrate.head():
        raise Unfit(
            f"{path} is at revision {at or 'none'}, this version merges {migrate.head()}; bring it there first: "
            f"DISPATCHER_LEDGER_URL=sqlite:///{path.absolute()} dispatcher db upgrade"
        )
    with file.read() as tx:
        mark, leased = breakglass.read_mark(tx), breakglass.leased_until(tx)
        open_until, unplanned = breakglass.open_until(tx), broadcasts.unplanned(tx)
    if mark is None or mark.role is not Role.FILE:
        raise Unfit(f"{path} is not a file that break-glass has sent from, so there is nothing to merge")
    if leased is not None:
        raise Unfit(
            f"something in {path} is held by a sending process until {leased:%H:%M:%S} UTC; "
            "if that process is gone, try again after that moment"
        )
    with shared.read() as tx:
        taken_in = breakglass.has_taken_in(tx, mark)
    if unplanned and not taken_in:
        # It is meant for the people of the file: planned by the shared ledger, others would be told.
        raise Unfit(
            f"something that was said in {path} is not planned yet, and only the file knows for whom it is; "
            f"go on with it first: dispatcher break-glass {path}"
        )
    # By what the ledger says itself: one ledger has many addresses.
    elsewhere = mark.merged_at is not None and not taken_in
    if elsewhere and open_until is not None and open_until > now():
        raise Unfit(
            f"{path} was merged into the ledger at {mark.merged_with}, which sends what was still open in it; merge it "
            f"into another one after {open_until:%Y-%m-%d %H:%M} UTC, when nothing of it is sent any more"
        )
    return mark


class _Merge:
    """One transaction's work."""

    def __init__(self, source: Tx, tx: Tx) -> None:
        self._source = source
        self._tx = tx
        self._deliveries = self._waiting = self._strangers = 0
        self._sending: list[int] = []

    def run(self, mark: Mark, name: str) -> Merged:
        about = list(self._source.execute(select(incident).order_by(incident.c.id)))
        moved = tuple(self._incident(row) for row in about)
        opt_outs = self._opt_outs()
        refused = refusals.honour(self._tx, self._sending)
        self._waiting -= refused.failed + refused.held
        self._rests()
        receipts = self._fold_anew()
        breakglass.note_taken_in(self._tx, mark, name)
        return Merged(moved, self._deliveries, self._waiting, self._strangers, opt_outs, refused, receipts)

    def _incident(self, row: Row[Any]) -> Moved:
        sent = list(
            self._source.execute(select(broadcast).where(broadcast.c.incident_id == row.id).order_by(broadcast.c.id))
        )
        known = list(self._tx.execute(select(broadcast).where(broadcast.c.uid.in_([one.uid for one in sent]))))
        if known:
            self._require_same(sent, known)
            return Moved(row.id, known[0].incident_id, row.title, new=False)
        [incident_id] = self._insert(incident, [_values(row)])
        said = self._source.execute(
            select(incident_update).where(incident_update.c.incident_id == row.id).order_by(incident_update.c.number)
        )
        updates = self._move(incident_update, said, lambda _: {"incident_id": incident_id})
        for one in sent:
            self._broadcast(one, {"incident_id": incident_id, "update_id": updates[one.update_id]})
        return Moved(row.id, incident_id, row.title, new=True)

    def _require_same(self, sent: Sequence[Row[Any]], known: Sequence[Row[Any]]) -> None:
        """A file that was merged has not changed since, unless somebody went on with a copy of it."""
        strange = len(sent) - len(known)
        # What is archived, or is being archived, is not in the ledger any more to compare with.
        kept = {one.uid for one in known if one.totals is None}
        for one in sent:
            if one.uid in kept:
                strange += sum(1 for tokens in self._tokens(one.id) for _ in self._unknown(tokens))
        if strange:
            raise Unfit(
                f"another copy of this file was merged before, and {strange} attempts or updates in this one are not "
                "in the ledger: somebody sent from two copies, so some people may have been told twice. Nothing was "
                "changed; keep both files"
            )

    def _tokens(self, broadcast_id: int) -> Iterator[list[str]]:
        rows = self._source.execute(
            select(attempt.c.token)
            .join(delivery, delivery.c.id == attempt.c.delivery_id)
            .where(delivery.c.broadcast_id == broadcast_id)
        )
        for some in rows.scalars().partitions(_CHUNK):
            yield list(some)

    def _unknown(self, tokens: Sequence[str]) -> set[str]:
        return set(tokens) - set(self._tx.execute(select(attempt.c.token).where(attempt.c.token.in_(tokens))).scalars())

    def _broadcast(self, row: Row[Any], new: Mapping[str, int]) -> None:
        [broadcast_id] = self._insert(broadcast, [{**_values(row), **new}])
        if row.status != BroadcastStatus.SUPERSEDED:
            self._sending.append(broadcast_id)
        belongs = {**new, "broadcast_id": broadcast_id}
        self._move(words, self._of_broadcast(words, row.id), lambda _: {"broadcast_id": broadcast_id})
        planned = self._of_broadcast(plan_class, row.id)
        classes = self._move(plan_class, planned, lambda _: {"broadcast_id": broadcast_id})
        for rows in self._of_broadcast(delivery, row.id).partitions(_CHUNK):
            self._some_deliveries(rows, belongs, classes)

    def _of_broadcast(self, table: Table, broadcast_id: int) -> CursorResult[Any]:
        return self._source.execute(select(table).where(table.c.broadcast_id == broadcast_id).order_by(table.c.id))

    def _some_deliveries(
        self, rows: Sequence[Row[Any]], belongs: Mapping[str, int], classes: Mapping[int, int]
    ) -> None:
        people = self._people([row.recipient_id for row in rows if row.recipient_id is not None])

        def anew(row: Row[Any]) -> dict[str, Any]:
            # Whom this ledger does not know stays unknown: a merge tells what happened, it adds nobody to the list.
            who = people.get(row.recipient_id)
            return {**belongs, "class_id": classes[row.class_id], "recipient_id": who, "attempt_id": None}

        moved = self._move(delivery, rows, anew)
        tried = list(
            self._source.execute(select(attempt).where(attempt.c.delivery_id.in_(list(moved))).order_by(attempt.c.id))
        )
        attempts = self._move(attempt, tried, lambda row: {"delivery_id": moved[row.delivery_id]})
        current = [
            {"the_delivery": moved[row.id], "the_attempt": attempts[row.attempt_id]}
            for row in rows
            if row.attempt_id in attempts
        ]
        if current:
            self._tx.execute(
                update(delivery)
                .where(delivery.c.id == bindparam("the_delivery"))
                .values(attempt_id=bindparam("the_attempt")),
                current,
            )
        self._receipts({row.token: attempts[row.id] for row in tried})
        self._deliveries += len(rows)
        self._waiting += sum(row.status in _OPEN and row.next_attempt_at is not None for row in rows)
        self._strangers += sum(row.recipient_id is not None and row.recipient_id not in people for row in rows)

    def _people(self, ids: Sequence[int]) -> dict[int, int]:
        """The file's ids of people -> this ledger's, by their ref."""
        refs = dict(self._source.execute(select(recipient.c.id, recipient.c.ref).where(recipient.c.id.in_(ids))).all())
        known = dict(
            self._tx.execute(
                select(recipient.c.ref, recipient.c.id).where(recipient.c.ref.in_(list(refs.values())))
            ).all()
        )
        return {key: known[ref] for key, ref in refs.items() if ref in known}

    def _receipts(self, attempts: Mapping[str, int]) -> None:
        """What the file has heard, by token; what this ledger has heard too stays as it has it."""
        if not attempts:
            return
        rows = list(
            self._source.execute(select(receipt).where(receipt.c.token.in_(list(attempts))).order_by(receipt.c.id))
        )
        if rows:
            values = [
                _values(row) | {"attempt_id": attempts[row.token] if row.folded_at is not None else None}
                for row in rows
            ]
            self._tx.execute(upserting(self._tx)(receipt).on_conflict_do_nothing(index_elements=["event"]), values)

    def _opt_outs(self) -> int:
        new = 0
        for rows in self._source.execute(select(opt_out)).partitions(_CHUNK):
            keys = [(row.kind, row.address) for row in rows]
            found = select(opt_out.c.kind, opt_out.c.address).where(tuple_(opt_out.c.kind, opt_out.c.address).in_(keys))
            here = {(row.kind, row.address) for row in self._tx.execute(found)}
            for row in rows:
                kind = Kind(row.kind)
                # Who has said START here since is told again, whatever the file knows.
                if (row.kind, row.address) in here or optouts.lifted_since(self._tx, kind, row.address, row.at):
                    continue
                optouts.note(self._tx, kind, row.address, source=row.source, at=row.at)
                new += 1
        return new

    def _rests(self) -> None:
        """A provider that asked for less asked all of us."""
        for row in self._source.execute(select(route_state).where(route_state.c.paused_until > now())):
            rests.pause(self._tx, row.route, row.paused_until, row.reason)

    def _fold_anew(self) -> int:
        """Receipts of attempts that nobody knew until now wait to be folded again."""
        known = exists().where(attempt.c.token == receipt.c.token)
        return self._tx.execute(
            update(receipt)
            .where(receipt.c.attempt_id.is_(None), receipt.c.folded_at.is_not(None), known)
            .values(folded_at=None, effect=None)
        ).rowcount

    def _move(
        self, table: Table, rows: Iterable[Row[Any]], anew: Callable[[Row[Any]], Mapping[str, Any]]
    ) -> dict[int, int]:
        """Insert rows with some values of their own here; answers their old ids with the new ones."""
        listed = list(rows)
        ids = self._insert(table, [{**_values(row), **anew(row)} for row in listed])
        return {row.id: new for row, new in zip(listed, ids, strict=True)}

    def _insert(self, table: Table, values: Sequence[Mapping[str, Any]]) -> list[int]:
        if not values:
            return []
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(self._tx.execute(statement, [dict(one) for one in values]).scalars())


def _values(row: Row[Any]) -> dict[str, Any]:
    """All that a row says but its id."""
    return {name: value for name, value in row._mapping.items() if name != "id"}
