"""What operators say about vendors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vendor_word",
        sa.Column("id", columns.Id, nullable=False),
        sa.Column("vendor", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("until", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_word")),
    )
    op.create_index("ix_vendor_word_vendor", "vendor_word", ["vendor"])
