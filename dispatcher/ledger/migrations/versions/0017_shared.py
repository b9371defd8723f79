"""Broadcasts share a route: what each has due there is found without looking through the others'."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("status IN ('pending', 'uncertain')")
    columns = ["route", "broadcast_id", "next_attempt_at", "id"]
    op.create_index("ix_delivery_shared", "delivery", columns, sqlite_where=waiting, postgresql_where=waiting)
