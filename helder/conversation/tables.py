"""The log's tables. Nothing personal is in a plain column; times are whole minutes since 1970."""

from __future__ import annotations

import sqlalchemy as sa

from helder.database import metadata

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("created", sa.Integer, nullable=False),
    sa.Column("touched", sa.Integer, nullable=False, index=True),
    sa.Column("owner", sa.String(16), nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("tag", sa.LargeBinary(16), nullable=False),
    sa.Column("head", sa.LargeBinary(32), nullable=False),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("wrapped_key", sa.LargeBinary(60), nullable=False),
    sa.Column("commitment", sa.LargeBinary(32), nullable=False),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("token_expires", sa.Integer, nullable=False),
)

entry = sa.Table(
    "entry",
    metadata,
    sa.Column("conversation", sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("minute", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("message", sa.String(36), nullable=False),
    # NULL once answered: the row then only remembers that the message was received.
    sa.Column("body", sa.LargeBinary, nullable=True),
    sa.UniqueConstraint("conversation", "message"),
    sqlite_autoincrement=True,
)

# Proofs that a customer gave in a conversation: an order, or who they are (sealed).
proof = sa.Table(
    "proof",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.ForeignKey("conversation.id"), nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("minute", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(16), nullable=False),
)
