"""Ledgers as earlier releases left them in the middle of their work, made by `make_dump`."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from tests.unit.ledger.postgres import Postgres

HERE = Path(__file__).parent
REVISIONS = sorted(path.name.partition(".")[0] for path in HERE.glob("*.sqlite.sql"))
_LEFT = re.compile(r"-- left at (.+)")
_MOMENT = re.compile(r"'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)?(\+00)?'")
_FORM = "%Y-%m-%d %H:%M:%S"
#: So long ago, as the tests have it, the earlier release was stopped.
_AGO = timedelta(seconds=30)


def restore_sqlite(revision: str, path: Path) -> str:
    """Put the dump into a new file; answers its address."""
    connection = sqlite3.connect(path)
    connection.executescript(_text(f"{revision}.sqlite.sql"))
    connection.close()
    return f"sqlite:///{path}"


def restore_postgresql(revision: str, server: Postgres, database: str) -> str:
    """Put the dump into a new database; answers its address."""
    server.execute(f"CREATE DATABASE {database}")
    url = server.url(database)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(_text(f"{revision}.postgresql.sql").encode())
    return url


def _text(name: str) -> str:
    """The dump with every moment in it moved, so that it was left a little while ago and what waited still matters."""
    text = (HERE / name).read_text(encoding="utf-8")
    left = _LEFT.match(text)
    assert left
    later = datetime.now(UTC).replace(tzinfo=None) - _AGO - datetime.strptime(left[1], _FORM)  # noqa: DTZ007 - UTC

    def moved(found: re.Match[str]) -> str:
        moment = datetime.strptime(found[1], _FORM) + later  # noqa: DTZ007 - UTC
        return f"'{moment.strftime(_FORM)}{found[2] or '.000000'}{found[3] or ''}'"

    return _MOMENT.sub(moved, text)
