"""The inbox without numbers of its own: a message is its conversation's, and has its place there.

Messages of format 1 have no place yet; until they get one (helder/conversation/format1.py), what
was their number stands for it: it keeps their order.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("UPDATE inbox SET place = number WHERE place = 0")
    unique = op.f("uq_inbox_conversation_message")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("pk_inbox"), "inbox", type_="primary")
        op.drop_column("inbox", "number")
        op.drop_constraint(unique, "inbox", type_="unique")
        op.create_primary_key(op.f("pk_inbox"), "inbox", ["conversation", "message"])
        return
    op.rename_table("inbox", "inbox_before")
    op.create_table(
        "inbox",
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("generation", sa.Integer(), server_default="1", nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name=op.f("fk_inbox_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation", "message", name=op.f("pk_inbox")),
    )
    op.execute(
        "INSERT INTO inbox (conversation, message, place, generation, body) "
        "SELECT conversation, message, place, generation, body FROM inbox_before ORDER BY number"
    )
    op.drop_table("inbox_before")
