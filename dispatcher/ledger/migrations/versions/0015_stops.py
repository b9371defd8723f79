"""A broadcast can be halted, and says by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("broadcast", sa.Column("stopped_at", columns.Instant(), nullable=True))
    op.add_column("broadcast", sa.Column("stopped_by", sa.String(length=200), nullable=True))
    op.add_column("broadcast", sa.Column("stopped_why", sa.Text(), nullable=True))
