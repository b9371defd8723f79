"""What people said about being told, from whom a no took an address, and how they had agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dispatcher.ledger import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("at", columns.Instant(), nullable=True),
        sa.Column("noted_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "address", name=op.f("pk_consent")),
    )
    op.create_table(
        "said",
        sa.Column("id", columns.Id, nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("wish", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("event", sa.String(length=300), nullable=True),
        sa.Column("effect", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said")),
        sa.UniqueConstraint("event", name=op.f("uq_said_event")),
    )
    op.create_index("ix_said_kind_address", "said", ["kind", "address"])
    op.create_table(
        "address_taken",
        sa.Column("said_id", columns.Id, nullable=False),
        sa.Column("recipient_id", columns.Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_address_taken_recipient_id_recipient"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["said_id"], ["said.id"], name=op.f("fk_address_taken_said_id_said"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("said_id", "recipient_id", name=op.f("pk_address_taken")),
    )
    op.create_index(op.f("ix_address_taken_recipient_id"), "address_taken", ["recipient_id"])
