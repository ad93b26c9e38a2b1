"""The queue: tickets, who is present, and what service took."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("promise", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("skill", sa.String(length=24), nullable=False),
        sa.Column("overtaken", sa.Integer(), nullable=False),
        sa.Column("employee", sa.String(length=32), nullable=True),
        sa.Column("reserved", sa.String(length=32), nullable=True),
        sa.Column("reserved_until", sa.Integer(), nullable=True),
        sa.Column("claimed", sa.Integer(), nullable=True),
        sa.Column("claimed_seq", sa.Integer(), nullable=True),
        sa.Column("first_claimed", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("unanswered", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=True),
        sa.Column("told_low", sa.Integer(), nullable=True),
        sa.Column("told_high", sa.Integer(), nullable=True),
        sa.Column("ended", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversation.id"],
            name=op.f("fk_ticket_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ticket")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ticket_conversation"), "ticket", ["conversation"])
    op.create_index(op.f("ix_ticket_ended"), "ticket", ["ended"])
    op.create_table(
        "presence",
        sa.Column("employee", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.String(length=20), nullable=False),
        sa.Column("skills", sa.String(length=240), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("employee", name=op.f("pk_presence")),
    )
    op.create_table(
        "activity",
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("looking", sa.Integer(), nullable=False),
        sa.Column("typing", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversation.id"],
            name=op.f("fk_activity_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation", "who", name=op.f("pk_activity")),
    )
    op.create_table(
        "service",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("employee", sa.String(length=32), nullable=True),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("handled", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_service")),
    )
    op.create_index(op.f("ix_service_minute"), "service", ["minute"])
    op.create_table(
        "stretch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stretch")),
    )
