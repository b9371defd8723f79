"""In-app messages know their thread and whether they are notable; push subscriptions fit, and find their person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Wide enough for an endpoint and two keys.
_LONGEST = 1500


def upgrade() -> None:
    op.add_column("inbox", sa.Column("thread", sa.String(length=200), nullable=True))
    op.add_column("inbox", sa.Column("notable", sa.Boolean(), nullable=True))
    for column in ("to_inapp", "to_push"):
        kept = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_recipient_{column}", "recipient", [column], sqlite_where=kept, postgresql_where=kept)
    if op.get_bind().dialect.name == "postgresql":  # only the catalogue changes; SQLite looks at no length
        for table, column in (
            ("recipient", "to_push"),
            ("delivery", "to_push"),
            ("opt_out", "address"),
            ("said", "address"),
            ("consent", "address"),
        ):
            op.alter_column(table, column, type_=sa.String(length=_LONGEST), existing_type=sa.String(length=320))
