"""What the vendors' status feeds said, and when they are looked at next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vendor_feed",
        sa.Column("vendor", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("since", columns.Instant(), nullable=True),
        sa.Column("seen_at", columns.Instant(), nullable=True),
        sa.Column("next_at", columns.Instant(), nullable=False),
        sa.Column("tried_at", columns.Instant(), nullable=True),
        sa.Column("etag", sa.String(length=200), server_default="", nullable=False),
        sa.Column("modified", sa.String(length=200), server_default="", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("vendor", name=op.f("pk_vendor_feed")),
    )
