"""Tables about the system itself; handed on by `tables`."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from dispatcher.ledger.columns import Instant, Json
from dispatcher.ledger.tables_people import ANY_ADDRESS, metadata

pulse = Table(
    "pulse",
    metadata,
    #: Who lives: `sweep`, or a worker's node name.
    Column("name", String(200), primary_key=True),
    #: The queues a worker takes from; empty for the sweep.
    Column("queues", Json, nullable=False),
    #: When it last did something, by its own clock.
    Column("at", Instant, nullable=False),
)

break_glass = Table(
    "break_glass",
    metadata,
    #: Random, made for each file.
    Column("uid", String(32), primary_key=True),
    #: `snapshot` or `file`: what this very file is. `merged`: a file whose content this ledger has taken in.
    Column("role", String(10), nullable=False),
    #: Where its people came from, in words, and when they were taken from there.
    Column("source", Text, nullable=False),
    Column("taken_at", Instant, nullable=False),
    #: From this moment on nothing is sent from the file any more, whatever comes of the merge.
    Column("sealed_at", Instant),
    Column("merged_at", Instant),
    #: The ledger it went into, without its password; in that ledger, the file it came from.
    Column("merged_with", Text),
)

destination_pace = Table(
    "destination_pace",
    metadata,
    Column("route", String(64), primary_key=True),
    #: What counts as one (`model.destinations`): a domain, a calling code, an address.
    Column("destination", ANY_ADDRESS, primary_key=True),
    #: When the next message to it may leave. A moment that is long over says what no row says; then the row goes.
    Column("free_at", Instant, nullable=False),
    #: Broadcast -> until when its messages that wait for it were put off, as JSON; "" when none are.
    Column("lines", Text, nullable=False, server_default=""),
    Index("ix_destination_pace_free_at", "free_at"),
)
