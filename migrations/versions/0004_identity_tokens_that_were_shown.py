"""Identity tokens that were shown."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "spent_token",
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_spent_token")),
    )
    op.create_index(op.f("ix_spent_token_until"), "spent_token", ["until"])
