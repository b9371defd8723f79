"""Snapshots of the people, and the files that break-glass works on: both are SQLite ledgers of their own."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, delete, func, insert, select

from dispatcher.ledger import migrate
from dispatcher.ledger.breakglass import Mark, Role, Unfit, new_mark, read_mark, write_mark
from dispatcher.ledger.store import Ledger, Tx, now
from dispatcher.ledger.tables import consent, mail_domain, opt_out, recipient, recipient_tag

_CHUNK = 1000
_PEOPLE = (recipient, recipient_tag, opt_out, consent, mail_domain)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a snapshot holds."""

    people: int
    opt_outs: int
    at: datetime


def ledger_of(path: Path) -> Ledger:
    """The ledger in a file."""
    return Ledger(f"sqlite:///{path}")


def write(shared: Ledger, path: Path) -> Taken:
    """Write everybody with tags, consents and opt-outs into a snapshot, whole or not at all.

    Only its owner can read it. An older snapshot is replaced.

    Raises:
        Unfit: the file is there and is no snapshot, or cannot be written.
        LedgerAway: the shared ledger cannot be reached, or is older than this version needs.
    """
    migrate.require_current(shared)
    if path.exists() and not _is_snapshot(path):
        raise Unfit(f"{path} is there and is not a snapshot, so it is not replaced; name another file")
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        with _new_file(draft) as target:
            taken = _copy_people(shared, target)
        with draft.open("rb") as handle:
            os.fsync(handle.fileno())
        draft.replace(path)
        _keep_name(path.parent)
    except OSError as error:
        raise Unfit(f"cannot write {path} ({error.strerror}); name a file in a folder that can be written") from None
    finally:
        draft.unlink(missing_ok=True)
    return taken


def _copy_people(shared: Ledger, target: Ledger) -> Taken:
    at = now()
    # PostgreSQL shows one moment to one transaction only when it is asked to; SQLite always does, and to a reader too.
    look = shared.read() if shared.sqlite else shared.write(one_view=True)
    with look as tx, target.write() as into:
        counted = {table.name: _copy(tx, into, table) for table in _PEOPLE}
        write_mark(into, new_mark(Role.SNAPSHOT, f"the ledger at {shared.shown_url}", at))
    return Taken(counted[recipient.name], counted[opt_out.name], at)


def _copy(tx: Tx, into: Tx, table: Table) -> int:
    copied = 0
    for rows in tx.execute(select(table), execution_options={"yield_per": _CHUNK}).mappings().partitions():
        into.execute(insert(table), [dict(row) for row in rows])
        copied += len(rows)
    return copied


def mark_of_snapshot(path: Path) -> Mark | None:
    """What a snapshot says about itself, without touching it; None when there is no such file.

    Raises:
        Unfit: it is no snapshot.
    """
    if not path.exists():
        return None
    try:
        with contextlib.closing(_reading(path)) as source:
            found = source.execute(
                "SELECT uid, role, source, taken_at FROM break_glass WHERE role <> 'merged'"
            ).fetchone()
    except sqlite3.Error:
        found = None
    if found is None or found[1] != Role.SNAPSHOT:
        raise Unfit(f"{path} is not a snapshot; make one with: dispatcher db snapshot")
    uid, _, said, taken_at = found
    return Mark(uid, Role.SNAPSHOT, said, datetime.fromisoformat(f"{taken_at}+00:00"))


def _is_snapshot(path: Path) -> bool:
    try:
        return mark_of_snapshot(path) is not None
    except Unfit:
        return False


def is_database(path: Path) -> bool:
    """Whether SQLite can make anything of a file. One that is locked or may not be read counts: using it says why."""
    try:
        with contextlib.closing(_reading(path)) as source:
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:
        return False
    return True


def begin_from(snapshot: Path, path: Path) -> Mark:
    """Make a new file from a snapshot, brought to this version's form; the snapshot stays as it is.

    Raises:
        FileExistsError: somebody has made that file already.
        Unfit: there is no snapshot, or it cannot be read.
    """
    said = mark_of_snapshot(snapshot)
    if said is None:
        raise Unfit(
            f"there is no snapshot at {snapshot}; name one with --from, or give the people with --people FILE.csv"
        )
    with _new_file(path, copy_of=snapshot) as file, file.write() as tx:
        mark = new_mark(Role.FILE, said.source, said.taken_at)
        write_mark(tx, mark)
    return mark


def begin_empty(path: Path, source: str) -> Mark:
    """Make a new file without people.

    Raises:
        FileExistsError: somebody has made that file already.
    """
    with _new_file(path) as file, file.write() as tx:
        mark = new_mark(Role.FILE, source, now())
        write_mark(tx, mark)
    return mark


def forget_people(tx: Tx, source: str) -> None:
    """Let others take the place of the snapshot's people; who said no stays known."""
    mark = read_mark(tx)
    if mark is None:
        raise Unfit("this is no break-glass file")
    tx.execute(delete(recipient_tag))
    tx.execute(delete(recipient))
    write_mark(tx, Mark(mark.uid, mark.role, source, now()))


def count_opt_outs(tx: Tx) -> int:
    """How many addresses said no."""
    return tx.execute(select(func.count()).select_from(opt_out)).scalar_one()


@contextmanager
def _new_file(path: Path, copy_of: Path | None = None) -> Iterator[Ledger]:
    """A new ledger in one file with mode 0600, in this version's form; removed again when anything goes wrong."""
    # Made before anything is in it, so that nobody else could ever open it. SQLite gives its side files the same mode.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    ledger = ledger_of(path)
    try:
        if copy_of is not None:
            _copy_file(copy_of, path)
        migrate.upgrade(ledger)
        yield ledger
        ledger.close()
        _in_one_piece(path)
    except BaseException:
        ledger.close()
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        raise


def _copy_file(snapshot: Path, path: Path) -> None:
    try:
        with contextlib.closing(_reading(snapshot)) as source, contextlib.closing(sqlite3.connect(path)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise Unfit(f"{snapshot} cannot be read ({error}); give the people with --people FILE.csv") from None


def _in_one_piece(path: Path) -> None:
    """Everything in the one file, so that it can be copied, replaced and read without writing beside it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _keep_name(folder: Path) -> None:
    """The new name reaches the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
