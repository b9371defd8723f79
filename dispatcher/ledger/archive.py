"""Takes the deliveries of old incidents out of the ledger into a file, and leaves their totals.

    choose  ->  write all into a draft, on disk  ->  FILE  ->  keep the totals  ->  remove, in short transactions

Nothing is removed before the file is complete under its name. Whoever dies in between loses nothing: what is still in
the ledger goes with the next run, into the next file.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, and_, delete, exists, func, or_, select, tuple_, update

from dispatcher.ledger import guard, reports, totals
from dispatcher.ledger.store import Ledger, Tx, now
from dispatcher.ledger.tables import attempt, broadcast, delivery, idempotency, inbox, incident, plan_class, receipt
from dispatcher.ledger.totals import Totals
from dispatcher.model.delivery import Status
from dispatcher.model.incident import BroadcastStatus, State

_PAGE = 1_000  # rows read, or deliveries removed, in one transaction
#: What changed so shortly before the file was begun may be changing still: it goes with the next run.
_QUIET = timedelta(minutes=1)


class CannotArchive(Exception):
    """The file cannot be written. The message says why, and what to do; nothing was removed."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is old enough.

    Attributes:
        before: The moment that parts old from new.
        broadcasts: Ids of the broadcasts whose deliveries go.
        staying: Ids of those that are old, but hold the highest numbers of a ledger that would give them again.
    """

    before: datetime
    broadcasts: tuple[int, ...]
    staying: tuple[int, ...]


def choose(tx: Tx, before: datetime) -> Chosen:
    """Incidents that were resolved before a moment, and of which nothing waits, is held or will be asked about."""
    live = or_(
        broadcast.c.status == BroadcastStatus.ACCEPTED,
        and_(broadcast.c.closed_at.is_(None), broadcast.c.valid_until > now()),
        guard.moving(delivery.c.broadcast_id == broadcast.c.id),
    )
    of_it = broadcast.c.incident_id == incident.c.id
    ended = select(incident.c.id).where(
        incident.c.state == State.RESOLVED, incident.c.resolved_at < before, ~exists().where(of_it, live)
    )
    old = select(broadcast.c.id).where(broadcast.c.archived_at.is_(None), broadcast.c.incident_id.in_(ended))
    found = list(tx.execute(old.order_by(broadcast.c.id)).scalars())
    highest = _holders_of_the_highest(tx)
    going = [one for one in found if one not in highest]
    staying = tuple(one for one in found if one in highest)
    return Chosen(before, tuple(going), staying)


def sizes(tx: Tx, chosen: Chosen) -> dict[str, int]:
    """How many rows of each table that is."""
    mine = delivery.c.broadcast_id.in_(chosen.broadcasts)
    deliveries = select(delivery.c.id).where(mine)
    attempts = select(attempt.c.id).join(delivery, delivery.c.id == attempt.c.delivery_id).where(mine)
    questions: list[tuple[Table, Any]] = [
        (plan_class, plan_class.c.broadcast_id.in_(chosen.broadcasts)),
        (delivery, mine),
        (attempt, attempt.c.delivery_id.in_(deliveries)),
        (receipt, receipt.c.attempt_id.in_(attempts)),
        *((table, gone(chosen.before)) for table, gone in _OLD),
    ]
    found: dict[str, int] = {}
    for table, which in questions:
        number = tx.execute(select(func.count()).select_from(table).where(which)).scalar_one()
        found[table.name] = found.get(table.name, 0) + number
    return {name: number for name, number in found.items() if number}


def _holders_of_the_highest(tx: Tx) -> Collection[int]:
    """SQLite gives the number after the highest that is there: were that row removed, its number would come twice."""
    if tx.dialect.name != "sqlite":
        return ()
    newest = select(func.max(attempt.c.id)).scalar_subquery()
    tried = select(delivery.c.broadcast_id).join(attempt, attempt.c.delivery_id == delivery.c.id)
    made = select(delivery.c.broadcast_id).order_by(delivery.c.id.desc()).limit(1)
    return {*tx.execute(tried.where(attempt.c.id == newest)).scalars(), *tx.execute(made).scalars()}


def archive(
    ledger: Ledger, chosen: Chosen, to: Path, *, hearing: Collection[str], quiet: timedelta = _QUIET
) -> dict[str, int]:
    """Write what was chosen into `to`, then remove it; answers how many rows of each table were written.

    The file has the addresses in full, since it is the record; only its owner may read it.

    Args:
        ledger: The record.
        chosen: What to take.
        to: The file, gzip; each line is one row as JSON, with the name of its table.
        hearing: The routes whose provider sends receipts, for the totals.
        quiet: For how long a delivery must have been left alone.

    Raises:
        CannotArchive: the file cannot be written; nothing was removed.
        LedgerAway: as it says; run it again.
    """
    still = now() - quiet
    written = _write_file(ledger, chosen, to)
    for broadcast_id in chosen.broadcasts:
        with ledger.write() as tx:
            _keep_totals(tx, broadcast_id, hearing, to.name)
            bounds = _bounds(tx, broadcast_id)
        after, highest = (bounds[0] - 1, bounds[1]) if bounds else (0, 0)
        while after < highest:
            after = _remove_some(ledger, broadcast_id, (after, highest), still)
        with ledger.write() as tx:
            _finish(tx, broadcast_id)
    for table, gone in _OLD:
        while _remove_old(ledger, table, gone(chosen.before)):
            pass
    return written


# --- what there is to write ---


#: What belongs to no broadcast and is old by itself.
_OLD: tuple[tuple[Table, Callable[[datetime], Any]], ...] = (
    (idempotency, lambda before: idempotency.c.created_at < before),
    (inbox, lambda before: inbox.c.useful_until < before),
    (
        receipt,
        lambda before: and_(
            receipt.c.attempt_id.is_(None), receipt.c.folded_at.is_not(None), receipt.c.received_at < before
        ),
    ),
)


def _pages(tx: Tx, table: Table, which: Any) -> Iterator[Sequence[Any]]:
    """All rows of a table for which something holds, in the order of its key, a page at a time."""
    key = list(table.primary_key.columns)
    rows, page = select(table).where(which).order_by(*key).limit(_PAGE), list[Any]()
    while page := list(tx.execute(rows.where(tuple_(*key) > _key_of(table, page[-1])) if page else rows)):
        yield page


def _key_of(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, column.name) for column in table.primary_key.columns)


def _bounds(tx: Tx, broadcast_id: int) -> tuple[int, int] | None:
    """The lowest and the highest id of a broadcast's deliveries: they were made in one go, so these lie together."""
    found = select(func.min(delivery.c.id), func.max(delivery.c.id), func.count())
    lowest, highest, _ = tx.execute(found.where(delivery.c.broadcast_id == broadcast_id)).one()
    return None if lowest is None else (lowest, highest)


def _everything(tx: Tx, chosen: Chosen) -> Iterator[tuple[str, Any]]:
    for broadcast_id in chosen.broadcasts:
        for page in _pages(tx, plan_class, plan_class.c.broadcast_id == broadcast_id):
            yield from ((plan_class.name, row) for row in page)
        if (bounds := _bounds(tx, broadcast_id)) is None:
            continue
        mine = and_(delivery.c.broadcast_id == broadcast_id, delivery.c.id.between(*bounds))
        for page in _pages(tx, delivery, mine):
            yield from ((delivery.name, row) for row in page)
            ids = [row.id for row in page]
            for tried in _pages(tx, attempt, attempt.c.delivery_id.in_(ids)):
                yield from ((attempt.name, row) for row in tried)
                for heard in _pages(tx, receipt, receipt.c.attempt_id.in_([row.id for row in tried])):
                    yield from ((receipt.name, row) for row in heard)
    for table, gone in _OLD:
        for page in _pages(tx, table, gone(chosen.before)):
            yield from ((table.name, row) for row in page)


def _write_file(ledger: Ledger, chosen: Chosen, to: Path) -> dict[str, int]:
    """Write the file so that it is on the disk, complete, when it has its name."""
    # A name of its own: another run with the same `to` must not write into this draft, nor take it for its own.
    part = to.with_name(f"{to.name}.{secrets.token_hex(4)}.part")
    written: dict[str, int] = {}
    try:
        if to.exists():
            raise FileExistsError
        with (
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
            ledger.read() as tx,
        ):
            with gzip.GzipFile(to.stem, "wb", fileobj=raw) as packed, io.TextIOWrapper(packed, "utf-8") as lines:
                for table, row in _everything(tx, chosen):
                    lines.write(_line(table, row))
                    written[table] = written.get(table, 0) + 1
            raw.flush()
            os.fsync(raw.fileno())
        _give_name(part, to)
        _sync_folder(to.parent)
    except FileExistsError as error:
        raise CannotArchive(f"{to} is there already; nothing was removed. Choose another name with --to") from error
    except OSError as error:
        raise CannotArchive(
            f"{to} cannot be written ({error.strerror}); nothing was removed. "
            "Choose a place with --to that exists, is writable and has room"
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return written


def _give_name(part: Path, to: Path) -> None:
    """A link fails where the name is taken by now; a rename alone would replace what another run has written.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        os.link(part, to)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links, such as exFAT: take the name first, then replace what is one's own.
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            part.replace(to)
        except OSError:
            to.unlink(missing_ok=True)
            raise


def _line(table: str, row: Any) -> str:
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row._mapping.items()}
    return json.dumps({"table": table, "row": values}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _sync_folder(folder: Path) -> None:
    """The name of a file is on the disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- what stays, and what goes ---


def _keep_totals(tx: Tx, broadcast_id: int, hearing: Collection[str], file: str) -> None:
    """Count for the last time. A run that was broken off has counted already, when everything was there still."""
    kept = totals.of(tx, broadcast_id)
    if kept is None:
        took = reports.span(tx, broadcast_id)
        kept = Totals(
            counts=tuple(reports.counts(tx, broadcast_id)),
            routes=tuple(reports.by_route(tx, broadcast_id, hearing)),
            account=reports.account(tx, broadcast_id),
            first=took.first if took else None,
            last=took.last if took else None,
            reasons=tuple(reports.reasons(tx, broadcast_id, Status)),
            ids=_bounds(tx, broadcast_id),
            files=(),
        )
    stored = kept.and_in(file).to_json()
    tx.execute(update(broadcast).where(broadcast.c.id == broadcast_id).values(totals=stored))


def _remove_some(ledger: Ledger, broadcast_id: int, between: tuple[int, int], still: datetime) -> int:
    """Remove a batch of deliveries with all that belongs to them; answers the id up to which it has looked.

    What has been heard of, or has changed, since the file was begun stays for the next one.
    """
    after, highest = between
    batch = (
        select(delivery.c.id, delivery.c.updated_at)
        .where(delivery.c.broadcast_id == broadcast_id, delivery.c.id > after, delivery.c.id <= highest)
        .order_by(delivery.c.id)
        .limit(_PAGE)
        .with_for_update()
    )
    with ledger.write() as tx:
        rows = list(tx.execute(batch))
        late = _heard_since(tx, [row.id for row in rows], still)
        ids = [row.id for row in rows if row.updated_at < still and row.id not in late]
        attempts = select(attempt.c.id).where(attempt.c.delivery_id.in_(ids))
        tx.execute(delete(receipt).where(receipt.c.attempt_id.in_(attempts)))
        tx.execute(delete(attempt).where(attempt.c.delivery_id.in_(ids)))
        tx.execute(delete(delivery).where(delivery.c.id.in_(ids)))
    return rows[-1].id if rows else highest


def _heard_since(tx: Tx, ids: Sequence[int], still: datetime) -> set[int]:
    since = or_(attempt.c.receipt_at >= still, receipt.c.received_at >= still, receipt.c.folded_at >= still)
    heard = select(attempt.c.delivery_id).outerjoin(receipt, receipt.c.attempt_id == attempt.c.id)
    return set(tx.execute(heard.where(attempt.c.delivery_id.in_(ids), since)).scalars())


def _finish(tx: Tx, broadcast_id: int) -> None:
    """When the last of its deliveries is gone, its classes go too, and it counts as archived."""
    left = tx.execute(select(exists().where(delivery.c.broadcast_id == broadcast_id))).scalar_one()
    if not left:
        moment = now()
        tx.execute(delete(plan_class).where(plan_class.c.broadcast_id == broadcast_id))
        archived = broadcast.update().where(broadcast.c.id == broadcast_id)
        tx.execute(archived.values(archived_at=moment, closed_at=func.coalesce(broadcast.c.closed_at, moment)))


def _remove_old(ledger: Ledger, table: Table, gone: Any) -> int:
    key: Sequence[Any] = list(table.primary_key.columns)
    with ledger.write() as tx:
        some = tx.execute(select(*key).where(gone).order_by(*key).limit(_PAGE)).all()
        if some:
            tx.execute(delete(table).where(tuple_(*key).in_([tuple(row) for row in some])))
    return len(some)
