"""Indexes for what is looked for every few seconds, or every minute."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    waits = sa.text("pending <> ''")
    op.create_index(
        "ix_conversation_waiting",
        "conversation",
        ["touched"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_index(op.f("ix_erasure_minute"), "erasure", ["minute"])
