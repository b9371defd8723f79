"""A receipt that does not come in time is noticed and kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("confirm_by", columns.Instant(), nullable=True))
    op.add_column("delivery", sa.Column("silent", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempt", sa.Column("silent_at", columns.Instant(), nullable=True))
    op.add_column("attempt", sa.Column("silence", sa.Text(), nullable=True))
    awaited = sa.text("confirm_by IS NOT NULL AND status IN ('accepted', 'sent')")
    op.create_index("ix_delivery_unheard", "delivery", ["confirm_by"], sqlite_where=awaited, postgresql_where=awaited)
