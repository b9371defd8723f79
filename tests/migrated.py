"""Migrated ledgers for tests that are not about migrating: one is migrated once, and copied."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from dispatcher.ledger import Ledger, migrate


@cache
def migrated_file() -> bytes:
    """An empty SQLite ledger in the form of this version."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.db")
        ledger = Ledger(f"sqlite:///{path}")
        migrate.upgrade(ledger)
        ledger.close()
        return path.read_bytes()


def make_ready(ledger: Ledger) -> None:
    """What `migrate.upgrade` does for a ledger that does not exist yet."""
    if not ledger.sqlite:
        migrate.upgrade(ledger)
        return
    path = ledger.url.database
    assert path
    with Path(path).open("xb") as file:
        file.write(migrated_file())
