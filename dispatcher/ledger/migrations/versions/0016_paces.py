"""Routes have a pace and a cap for the day, which all workers share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("route_state", sa.Column("free_at", columns.Instant(), nullable=True))
    op.add_column("route_state", sa.Column("spent_day", sa.String(length=10), nullable=True))
    op.add_column("route_state", sa.Column("spent", sa.Integer(), nullable=True))
