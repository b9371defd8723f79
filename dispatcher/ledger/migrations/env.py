"""Runs migrations on the connection that `dispatcher.ledger.migrate` hands over."""

from __future__ import annotations

from typing import Literal

from alembic import context

from dispatcher.ledger.columns import Instant
from dispatcher.ledger.tables import metadata


def _render(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Writes our own column type into a new migration by the name under which the template imports it."""
    return "columns.Instant()" if kind == "type" and isinstance(thing, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place; alembic then copies the table.
    render_as_batch=True,
    transaction_per_migration=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
