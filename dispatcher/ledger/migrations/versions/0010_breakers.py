"""Routes have a breaker, which all processes share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("route_state", sa.Column("breaker", sa.String(length=10), nullable=True))
    op.add_column("route_state", sa.Column("breaker_cause", sa.Text(), nullable=True))
    op.add_column("route_state", sa.Column("breaker_since", columns.Instant(), nullable=True))
    op.add_column("route_state", sa.Column("breaker_times", sa.Integer(), nullable=True))
    op.add_column("route_state", sa.Column("probe_at", columns.Instant(), nullable=True))
