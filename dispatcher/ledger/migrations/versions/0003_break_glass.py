"""What a break-glass file is, and which ones were merged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "break_glass",
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("taken_at", columns.Instant(), nullable=False),
        sa.Column("sealed_at", columns.Instant(), nullable=True),
        sa.Column("merged_at", columns.Instant(), nullable=True),
        sa.Column("merged_with", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_break_glass")),
    )
