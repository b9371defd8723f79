"""A PostgreSQL as one runs it for real: a commit has reached the disk before it is reported."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from tests.unit.ledger.postgres import Postgres

#: What a careful administrator sets on a small host; everything that keeps data safe stays as PostgreSQL ships it.
_SETTINGS = ("shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=15min")


class Database:
    """One server; every `new` database is empty, or a copy."""

    def __init__(self) -> None:
        self._server = Postgres(_SETTINGS)
        self._numbers = itertools.count(1)

    @property
    def pid(self) -> int:
        """The server's first process; the others are its children."""
        return self._server.pid

    @contextmanager
    def new(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, a copy of another, that is gone after the block."""
        name = f"bench_{next(self._numbers)}"
        self._server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self._server.url(name)
        finally:
            self._server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def filled(self, fill: Callable[[str, int], None], sizes: Iterable[int]) -> Iterator[dict[int, str]]:
        """Databases to copy, each filled with so many people by `fill`; answers their names by size."""
        names = {size: f"people_{size}" for size in sizes}
        try:
            for size, name in names.items():
                self._server.execute(f"CREATE DATABASE {name}")
                fill(self._server.url(name), size)
            yield names
        finally:
            for name in names.values():
                self._server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """One statement for the server as a whole."""
        self._server.execute(statement)

    def stop(self) -> None:
        self._server.stop()
