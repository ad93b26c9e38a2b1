"""Format 2 of the log: a row's revision, generations of data keys, places in the inbox.

What is there already stays in format 1 until `helder run` has brought it to format 2
(helder/conversation/format1.py), which needs the keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ADDED = (
    ("conversation", "revision", sa.Integer(), "0"),
    ("conversation", "generation", sa.Integer(), "1"),
    ("conversation", "since", sa.Integer(), "0"),
    ("conversation", "received", sa.Integer(), "0"),
    ("conversation", "pending", sa.String(length=240), ""),
    ("conversation", "proofs", sa.Integer(), "0"),
    ("entry", "generation", sa.Integer(), "1"),
    ("inbox", "place", sa.Integer(), "0"),
    ("inbox", "generation", sa.Integer(), "1"),
    ("proof", "place", sa.Integer(), "0"),
    ("proof", "generation", sa.Integer(), "1"),
    ("erasure", "proof", sa.String(length=80), ""),
)


def upgrade() -> None:
    for table, name, kind, default in _ADDED:
        column = sa.Column(name, kind, nullable=False, server_default=default)
        op.add_column(table, column)
    op.create_table(
        "former_key",
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_former_key_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation", "generation", name=op.f("pk_former_key")),
    )
