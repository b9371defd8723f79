"""In-app messages, kept until they are read, numbered so that a client can go on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, bindparam, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from dispatcher.ledger.columns import fitting_key
from dispatcher.ledger.rowset import FLAG, MOMENT, TEXT, Rowset
from dispatcher.ledger.store import Tx, now
from dispatcher.ledger.tables import inbox


@dataclass(frozen=True, slots=True)
class Note:
    """One message in somebody's inbox."""

    seq: int
    user: str
    token: str
    subject: str
    text: str
    created_at: datetime
    useful_until: datetime
    read_at: datetime | None
    #: Messages of one thread follow one another: the newest is what holds. "" stands alone.
    thread: str
    notable: bool


@dataclass(frozen=True, slots=True)
class NewNote:
    user: str
    key: str
    token: str
    subject: str
    text: str
    useful_until: datetime
    thread: str = ""
    notable: bool = True


def put(tx: Tx, notes: Sequence[NewNote]) -> dict[str, int]:
    """Store each once per `key`; answers every key's number, old or new. A key stands in `notes` once."""
    if tx.dialect.name == "postgresql":
        # Numbers become visible in the order in which they were given: a client that has seen 6 never misses 5.
        tx.exec_driver_sql("SELECT pg_advisory_xact_lock(7042031101)")
    rows = [
        (
            note.user,
            note.key,
            note.token,
            note.subject,
            note.text,
            note.useful_until,
            fitting_key(note.thread, inbox.c.thread),
            note.notable,
        )
        for note in notes
    ]
    given = _notes_given.bind(tx, rows)
    tx.execute(_put[tx.dialect.name], given | {"the_moment": now()})
    return {row.key: row.seq for row in tx.execute(_numbers[tx.dialect.name], given)}


_notes_given = Rowset(
    "notes",
    app_user=TEXT,
    key=TEXT,
    token=TEXT,
    subject=TEXT,
    text=TEXT,
    useful_until=MOMENT,
    thread=TEXT,
    notable=FLAG,
)


def _putting(insert: type[sqlite.Insert] | type[postgresql.Insert], *, sqlite: bool) -> Executable:
    new = _notes_given.source(sqlite=sqlite)
    rows = select(new, bindparam("the_moment", type_=inbox.c.created_at.type)).where(new.c.key.is_not(None))
    into = insert(inbox).from_select([*(column.name for column in new.c), "created_at"], rows)
    return into.on_conflict_do_nothing(index_elements=["key"])


def _numbering(*, sqlite: bool) -> Executable:
    new = _notes_given.source(sqlite=sqlite)
    return select(inbox.c.key, inbox.c.seq).join(new, new.c.key == inbox.c.key)


_put = {"sqlite": _putting(sqlite.Insert, sqlite=True), "postgresql": _putting(postgresql.Insert, sqlite=False)}
_numbers = {name: _numbering(sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}


def after(tx: Tx, user: str, seq: int, limit: int = 100) -> list[Note]:
    """The user's messages numbered above `seq` that are still of use, oldest first."""
    return _notes(tx, limit, inbox.c.app_user == user, inbox.c.seq > seq, inbox.c.useful_until > now())


def after_all(tx: Tx, seq: int, limit: int) -> list[Note]:
    """Everybody's messages numbered above `seq`, oldest first."""
    return _notes(tx, limit, inbox.c.seq > seq)


def _notes(tx: Tx, limit: int, *which: ColumnElement[bool]) -> list[Note]:
    rows = tx.execute(select(inbox).where(*which).order_by(inbox.c.seq).limit(limit))
    return [
        Note(
            row.seq,
            row.app_user,
            row.token,
            row.subject,
            row.text,
            row.created_at,
            row.useful_until,
            row.read_at,
            row.thread or "",
            row.notable is not False,
        )
        for row in rows
    ]


def newest_seq(tx: Tx) -> int:
    """The highest number given so far, 0 when there is none."""
    seq: int = tx.execute(select(func.coalesce(func.max(inbox.c.seq), 0))).scalar_one()
    return seq


def last_given(tx: Tx) -> int:
    """The highest number ever given, also when its message is long removed. A client that knows a higher one got it
    from another ledger."""
    counter = "sqlite_sequence WHERE name = 'inbox'" if tx.dialect.name == "sqlite" else "inbox_seq_seq"
    column = "seq" if tx.dialect.name == "sqlite" else "last_value"
    found: int | None = tx.execute(text(f"SELECT {column} FROM {counter}")).scalar()  # noqa: S608 - nothing from outside
    return found or 0


def token_of(tx: Tx, user: str, seq: int) -> str | None:
    """The token of the attempt that brought this message, None when the person has no such message."""
    return tx.execute(select(inbox.c.token).where(inbox.c.app_user == user, inbox.c.seq == seq)).scalar_one_or_none()


def mark_read(tx: Tx, user: str, seq: int) -> str | None:
    """Note that the person has seen it; answers the token of its attempt, None when they have no such message."""
    return tx.execute(
        update(inbox)
        .where(inbox.c.app_user == user, inbox.c.seq == seq)
        .values(read_at=func.coalesce(inbox.c.read_at, now()))
        .returning(inbox.c.token)
    ).scalar_one_or_none()
