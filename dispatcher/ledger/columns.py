"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator

from dispatcher.model.config import Severity


class Instant(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite keeps it as sortable text, PostgreSQL as `timestamptz`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the ledger keeps aware moments only")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


#: 64 bits everywhere; SQLite only counts up by itself on plain INTEGER, which is 64 bits there.
Id = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON(none_as_null=True)


def severity_of(stored: str | None) -> Severity:
    """How severe a broadcast is; one that an older release accepted does not say, and counts as major."""
    return Severity(stored) if stored else Severity.MAJOR


def fitting(text: str | None, column: Column[Any]) -> str | None:
    """Words from outside as the column can hold them: one odd answer must not undo a whole group of outcomes."""
    if text is None:
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[: getattr(column.type, "length", None)]


def fitting_key(text: str, column: Column[Any]) -> str:
    """The same for what must stay different: a key that does not fit is kept as its hash."""
    kept = fitting(text, column) or ""
    return kept if kept == text else f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"
