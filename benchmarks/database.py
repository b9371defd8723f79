"""A PostgreSQL as one runs it for real: a commit has reached the disk before it is reported."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from tests.unit.ledger.postgres import Postgres

#: What a careful administrator sets on a small host; everything that keeps data safe stays as PostgreSQL ships it.
_SETTINGS = ("shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=15min")


class Database:
    """One server; every `new` database is empty."""

    def __init__(self) -> None:
        self._server = Postgres(_SETTINGS)
        self._numbers = itertools.count(1)

    @contextmanager
    def new(self) -> Iterator[str]:
        """The address of an empty database that is gone after the block."""
        name = f"bench_{next(self._numbers)}"
        self._server.execute(f"CREATE DATABASE {name}")
        try:
            yield self._server.url(name)
        finally:
            self._server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """One statement for the server as a whole."""
        self._server.execute(statement)

    def stop(self) -> None:
        self._server.stop()
