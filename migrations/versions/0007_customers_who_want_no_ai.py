"""Customers who want no AI."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "opted_out",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("customer", sa.String(length=80), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opted_out")),
        sa.UniqueConstraint("customer", name=op.f("uq_opted_out_customer")),
    )
    op.create_index(op.f("ix_opted_out_minute"), "opted_out", ["minute"])
