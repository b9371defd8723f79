"""What providers shall be asked about once more, because somebody wants to know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("broadcast_id", columns.Id, nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("requested_at", columns.Instant(), nullable=False),
        sa.Column("after", columns.Id, server_default="0", nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", columns.Instant(), nullable=True),
        sa.Column("finished_at", columns.Instant(), nullable=True),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "route", name=op.f("pk_confirmation")),
    )
    op.create_index(
        "ix_confirmation_open",
        "confirmation",
        ["route"],
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
