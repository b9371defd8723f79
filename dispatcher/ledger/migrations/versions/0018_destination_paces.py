"""Routes have a pace for one destination, which all workers share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    address = sa.String(length=1500).with_variant(sa.String(length=320), "sqlite")
    op.create_table(
        "destination_pace",
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("destination", address, nullable=False),
        sa.Column("free_at", columns.Instant(), nullable=False),
        sa.Column("lines", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("route", "destination", name=op.f("pk_destination_pace")),
    )
    op.create_index("ix_destination_pace_free_at", "destination_pace", ["free_at"])
