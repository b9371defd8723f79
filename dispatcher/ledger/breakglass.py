"""What a file of break-glass knows about itself: where its people come from, who holds it, whether it is sealed.

A snapshot holds people only and is made in advance. A file is a copy of it in which one incident is told without the
shared ledger; later it is merged into that ledger.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, insert, or_, select, update

from dispatcher.ledger.recipients import upserting
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import break_glass, broadcast, delivery, incident, receipt
from dispatcher.model.delivery import LEASED, Status
from dispatcher.model.incident import BroadcastStatus

#: Seconds between two tries to get hold of a file.
_TURN = 0.05


class Unfit(Exception):
    """A file cannot be used for what was asked. The message says why, and what to do."""


class Role(StrEnum):
    SNAPSHOT = "snapshot"
    FILE = "file"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a snapshot or file says about itself. `source` and `taken_at` are about its people."""

    uid: str
    role: Role
    source: str
    taken_at: datetime
    sealed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_with: str | None = None


def new_mark(role: Role, source: str, taken_at: datetime) -> Mark:
    """A mark of its own for a new snapshot or file."""
    return Mark(secrets.token_hex(16), role, source, taken_at)


def write_mark(tx: Tx, mark: Mark) -> None:
    """Write what this file is, in place of what it was a copy of."""
    tx.execute(break_glass.delete())
    tx.execute(insert(break_glass).values(uid=mark.uid, role=mark.role, source=mark.source, taken_at=mark.taken_at))


def read_mark(tx: Tx) -> Mark | None:
    """What this ledger says about itself; None when it is neither a snapshot nor a file."""
    row = tx.execute(select(break_glass).where(break_glass.c.role != Role.MERGED)).one_or_none()
    if row is None:
        return None
    return Mark(row.uid, Role(row.role), row.source, row.taken_at, row.sealed_at, row.merged_at, row.merged_with)


def seal(tx: Tx) -> None:
    """From the commit of this on nothing is sent from the file. Sealed twice, the first moment stays."""
    sealed = func.coalesce(break_glass.c.sealed_at, now())
    tx.execute(update(break_glass).where(break_glass.c.role == Role.FILE).values(sealed_at=sealed))


def note_merged(tx: Tx, into: str) -> None:
    """Write in the file where its content is now."""
    merged = func.coalesce(break_glass.c.merged_at, now())
    tx.execute(update(break_glass).where(break_glass.c.role == Role.FILE).values(merged_at=merged, merged_with=into))


def note_taken_in(tx: Tx, mark: Mark, name: str) -> None:
    """Write in the shared ledger which file it has taken in, once."""
    into = upserting(tx)(break_glass).values(
        uid=mark.uid,
        role=Role.MERGED,
        source=mark.source,
        taken_at=mark.taken_at,
        sealed_at=mark.sealed_at,
        merged_at=now(),
        merged_with=name,
    )
    tx.execute(into.on_conflict_do_nothing())


def has_taken_in(tx: Tx, mark: Mark) -> bool:
    """Whether this shared ledger has taken in a file."""
    found = select(break_glass.c.uid).where(break_glass.c.role == Role.MERGED, break_glass.c.uid == mark.uid)
    return tx.execute(found).first() is not None


def renumber(tx: Tx, incident_id: int, number: int) -> None:
    """Give an incident of which nothing was said yet another number, before anything refers to it."""
    tx.execute(update(incident).where(incident.c.id == incident_id).values(id=number))


def end_leases(tx: Tx) -> int:
    """Whoever held deliveries is gone: the next sweep takes them as lost. Answers how many.

    Only for whoever holds the file (`hold`), which proves that no other process works on it.
    """
    gone = now() - timedelta(milliseconds=1)
    return tx.execute(
        update(delivery)
        .where(delivery.c.status.in_(sorted(LEASED)), delivery.c.lease_until > gone)
        .values(lease_until=gone)
    ).rowcount


def leased_until(tx: Tx) -> datetime | None:
    """Until when somebody holds deliveries, if anybody does."""
    moment: datetime | None = tx.execute(
        select(func.max(delivery.c.lease_until)).where(
            delivery.c.status.in_(sorted(LEASED)), delivery.c.lease_until >= now()
        )
    ).scalar_one()
    return moment


_is_open = or_(
    delivery.c.status.in_([Status.PENDING, *sorted(LEASED)]),
    (delivery.c.status == Status.UNCERTAIN) & delivery.c.next_attempt_at.is_not(None),
)


def open_deliveries(tx: Tx) -> int:
    """How many deliveries something still has to happen to, receipts apart."""
    return tx.execute(select(func.count()).where(_is_open)).scalar_one()


def has_work(tx: Tx) -> bool:
    """Whether anything is to be planned, sent, asked about or folded."""
    unplanned = select(broadcast.c.id).where(broadcast.c.status == BroadcastStatus.ACCEPTED)
    unfolded = select(receipt.c.id).where(receipt.c.folded_at.is_(None))
    undone = (unplanned, unfolded, select(delivery.c.id).where(_is_open))
    return any(tx.execute(one.limit(1)).first() for one in undone)


def open_until(tx: Tx) -> datetime | None:
    """Until when something of the file is to be sent; None, or in the past, when nothing is."""
    moments = (
        select(func.max(delivery.c.deadline)).where(_is_open),
        select(func.max(broadcast.c.valid_until)).where(broadcast.c.status == BroadcastStatus.ACCEPTED),
    )
    found: list[datetime] = [moment for one in moments if (moment := tx.execute(one).scalar_one()) is not None]
    return max(found, default=None)


@contextmanager
def hold(path: Path, *, patience: float = 0.0) -> Iterator[None]:
    """Keep every other process of this machine from working on a file. It ends with the process, however that dies.

    Args:
        path: The file.
        patience: For how many seconds another process that works on it is waited for.

    Raises:
        Unfit: another process works on it.
    """
    # Beside the file, not on it: closing any handle of a database drops the locks that SQLite itself has on it.
    # Under its real name, so that a link to the file is the same file.
    real = path.resolve()
    beside = real.with_name(f"{real.name}.lock")
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unfit(
            f"cannot write {beside} ({error.strerror}); the folder of a break-glass file must be writable"
        ) from None
    try:
        if not _locked(handle, time.monotonic() + patience):
            process = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise Unfit(f"process {process} works on {path} now; let it finish, or stop it with Ctrl-C, and try again")
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def _locked(handle: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_TURN)
        else:
            return True
