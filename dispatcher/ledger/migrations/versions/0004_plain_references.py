"""PostgreSQL no longer checks, row by row, what each statement has just written itself (`tables._reference`)."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_delivery_broadcast_id_broadcast", "delivery", type_="foreignkey")
        op.drop_constraint("fk_delivery_class_id_plan_class", "delivery", type_="foreignkey")
        op.drop_constraint("fk_attempt_delivery_id_delivery", "attempt", type_="foreignkey")
