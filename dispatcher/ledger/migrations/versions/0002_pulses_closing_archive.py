"""Who lives, what is closed, what is archived; how severe a broadcast is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulse",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("queues", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pulse")),
    )
    # Added one by one, not as a batch: both databases can do that in place, without copying the table.
    op.add_column("broadcast", sa.Column("severity", sa.String(length=20), nullable=True))
    op.add_column("broadcast", sa.Column("closed_at", columns.Instant(), nullable=True))
    op.add_column("broadcast", sa.Column("archived_at", columns.Instant(), nullable=True))
    op.add_column("broadcast", sa.Column("totals", sa.JSON(none_as_null=True), nullable=True))
    op.create_index(
        "ix_broadcast_open",
        "broadcast",
        ["valid_until"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["route", "next_attempt_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('pending', 'uncertain')"),
        postgresql_where=sa.text("status IN ('pending', 'uncertain')"),
    )
    op.create_index(
        "ix_receipt_unknown",
        "receipt",
        ["token"],
        unique=False,
        sqlite_where=sa.text("attempt_id IS NULL AND folded_at IS NOT NULL"),
        postgresql_where=sa.text("attempt_id IS NULL AND folded_at IS NOT NULL"),
    )
