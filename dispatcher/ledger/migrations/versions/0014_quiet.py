"""When people are not to be woken, and where they said no."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recipient", sa.Column("quiet", sa.String(length=80), server_default="", nullable=False))
    op.add_column("recipient", sa.Column("refused", sa.Integer(), server_default="0", nullable=False))
    some = sa.text("quiet <> ''")
    op.create_index("ix_recipient_quiet", "recipient", ["quiet"], sqlite_where=some, postgresql_where=some)
