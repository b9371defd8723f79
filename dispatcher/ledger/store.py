"""The connection to the ledger: one engine per process, explicit transactions, clear words when it is away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

#: What stages hold while they work: one open transaction. They pass it on and never look inside.
Tx = Connection


#: How long a PostgreSQL is waited for that has gone without a word (a cut cable, a machine that lost its power): a
#: connection in seconds, an answer to what was sent in milliseconds, signs of life of a silent one in seconds.
_PATIENCE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}


class LedgerAway(Exception):
    """The ledger cannot be reached or is not ready. The message names it without its password, and says what to do."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction control begins transactions late and only before writes. We begin them ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # A commit reaches the disk before it is reported: "accepted means kept", also when the power fails.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer half-way cannot wait for the lock; taking it at the start can.
    mode = "DEFERRED" if connection.get_execution_options().get("reads_only") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")


class Ledger:
    """The record of everything promised, tried and heard.

    Args:
        url: `sqlite:///file` or `postgresql+psycopg://…`.
    """

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise LedgerAway(
                "DISPATCHER_LEDGER_URL is not an address; write sqlite:///path or postgresql+psycopg://host/name"
            ) from None
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        if self.sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(
            self.url,
            json_serializer=lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
            # What is in the ledger belongs into no log; statements alone tell enough.
            hide_parameters=True,
            pool_pre_ping=not self.sqlite,
            **({} if self.sqlite else {"pool_size": 10, "max_overflow": 20, "connect_args": _PATIENCE}),
        )
        if self.sqlite:
            event.listen(self.engine, "connect", _tune_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @property
    def sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def shown_url(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def write(self, *, one_view: bool = False) -> Iterator[Tx]:
        """One transaction that is committed at the end or, on any error, undone as a whole.

        With `one_view` all of it sees the ledger as it was at its beginning, on PostgreSQL too.

        Raises:
            LedgerAway: it cannot be reached, is locked, full, or lacks its tables.
        """
        with self._explained(), self.engine.connect() as connection:
            isolated = one_view and not self.sqlite
            tx = connection.execution_options(isolation_level="REPEATABLE READ") if isolated else connection
            with tx.begin():
                yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent view that writes nothing and holds nobody up.

        Raises:
            LedgerAway: as `write`.
        """
        with self._explained(), self.engine.connect() as connection:
            yield connection.execution_options(reads_only=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise LedgerAway(f"all connections to the ledger at {self.shown_url} are busy; try again soon") from error
        except (OperationalError, InterfaceError) as error:
            raise LedgerAway(self._explain(error)) from error
        except DatabaseError as error:
            # PostgreSQL reports a missing table as a programming error.
            if "does not exist" in str(error.orig):
                raise LedgerAway(self._explain(error)) from error
            raise

    def _explain(self, error: DBAPIError) -> str:
        words = next(iter(str(error.orig).splitlines()), type(error.orig).__name__)
        if "no such table" in words or "does not exist" in words or "no such column" in words:
            return (
                f"the ledger at {self.shown_url} lacks its tables; run: dispatcher db upgrade. If another one is "
                "meant, set DISPATCHER_HOME or DISPATCHER_LEDGER_URL as the running system has it"
            )
        return (
            f"the ledger at {self.shown_url} cannot be used ({words}); "
            "check DISPATCHER_LEDGER_URL, that the database runs, and that its disk is not full"
        )

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
