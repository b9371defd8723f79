"""The table of what providers are asked about once more. Handed on by `tables`."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from dispatcher.ledger.columns import Id, Instant
from dispatcher.ledger.tables_people import metadata

confirmation = Table(
    "confirmation",
    metadata,
    #: Whose deliveries on which route the provider shall be asked about once more.
    Column("broadcast_id", Id, primary_key=True, autoincrement=False),
    Column("route", String(64), primary_key=True),
    Column("requested_at", Instant, nullable=False),
    #: The last delivery that was asked about; they are asked about in the order of their ids.
    Column("after", Id, nullable=False, server_default="0"),
    Column("asked", Integer, nullable=False, server_default="0"),
    #: How many answers said what became of the message.
    Column("told", Integer, nullable=False, server_default="0"),
    #: Until then a worker is at it.
    Column("lease_until", Instant),
    Column("finished_at", Instant),
    #: Why it ended before all were asked about, "" when all were.
    Column("problem", Text, nullable=False, server_default=""),
    Index(
        "ix_confirmation_open",
        "route",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)
