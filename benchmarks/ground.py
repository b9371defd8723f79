"""What rows share: how large they are, one provider, one PostgreSQL."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from benchmarks.database import Database
from benchmarks.provider import Provider, lean

#: Runs of a row whose baseline is quick enough.
ROUNDS = 5
#: Runs of a row that takes long.
FEW = 3


class Ground:
    """Started on first use, ended with the block.

    Args:
        scale: 1.0 for the sizes of the table; less for a quick pass, which proves nothing about speed.
    """

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._stack = ExitStack()
        self._provider: Provider | None = None
        self._database: Database | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def size(self, full: int, *, least: int = 1) -> int:
        """A size of the table, scaled."""
        return max(least, round(full * self.scale))

    def rounds(self, full: int = ROUNDS) -> int:
        """How often a row is run: fewer only in a quick pass."""
        return full if self.scale >= 1 else min(full, 2)

    @property
    def provider(self) -> Provider:
        """The lean provider."""
        if self._provider is None:
            self._provider = self._stack.enter_context(lean())
        return self._provider

    @property
    def database(self) -> Database:
        """A PostgreSQL that keeps what it has committed."""
        if self._database is None:
            self._database = Database()
            self._stack.callback(self._database.stop)
        return self._database
