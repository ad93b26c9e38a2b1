"""The log's tables. Nothing personal is in a plain column; times are whole minutes since 1970.

The defaults are for rows of format 1, which wait to be brought to format 2 (format1.py).
"""

from __future__ import annotations

import sqlalchemy as sa

from helder.database import Bytes, metadata

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("created", sa.Integer, nullable=False),
    sa.Column("touched", sa.Integer, nullable=False, index=True),
    sa.Column("owner", sa.String(16), nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    # Counts every change of the row: what the anchor remembers.
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    # The data key's generation, and the entry after which it seals.
    sa.Column("generation", sa.Integer, nullable=False, server_default="1"),
    sa.Column("since", sa.Integer, nullable=False, server_default="0"),
    # How many messages came in, and the places of those that wait ("5,6"); how many proofs.
    sa.Column("received", sa.Integer, nullable=False, server_default="0"),
    sa.Column("pending", sa.String(240), nullable=False, server_default=""),
    sa.Column("proofs", sa.Integer, nullable=False, server_default="0"),
    sa.Column("tag", Bytes(16), nullable=False),
    sa.Column("head", Bytes(32), nullable=False),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("wrapped_key", Bytes(60), nullable=False),
    sa.Column("commitment", Bytes(32), nullable=False),
    sa.Column("token_hash", Bytes(32), nullable=False),
    sa.Column("token_expires", sa.Integer, nullable=False),
)

# Looked for every few seconds, and nearly always none are there.
sa.Index(
    "ix_conversation_waiting",
    conversation.c.touched,
    sqlite_where=sa.text("pending <> ''"),
    postgresql_where=sa.text("pending <> ''"),
)

entry = sa.Table(
    "entry",
    metadata,
    sa.Column("conversation", sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.Integer, nullable=False, server_default="1"),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("minute", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("body", Bytes, nullable=False),
)

# The data keys of earlier generations, each sealed under the one after it.
former_key = sa.Table(
    "former_key",
    metadata,
    sa.Column("conversation", sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sealed", Bytes, nullable=False),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("message", sa.String(36), nullable=False),
    sa.Column("place", sa.Integer, nullable=False, server_default="0"),
    sa.Column("generation", sa.Integer, nullable=False, server_default="1"),
    # NULL once answered: the row then only remembers that the message was received.
    sa.Column("body", Bytes, nullable=True),
    sa.UniqueConstraint("conversation", "message"),
    sqlite_autoincrement=True,
)

# Proofs that a customer gave in a conversation: an order, or who they are (sealed).
proof = sa.Table(
    "proof",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation", sa.ForeignKey("conversation.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False, server_default="0"),
    sa.Column("generation", sa.Integer, nullable=False, server_default="1"),
    sa.Column("body", Bytes, nullable=False),
)

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("conversation", sa.String(32), primary_key=True),
    sa.Column("minute", sa.Integer, nullable=False, index=True),
    sa.Column("reason", sa.String(16), nullable=False),
    # A blind index of the conversation: only a holder of the keys can have destroyed it.
    sa.Column("proof", sa.String(80), nullable=False, server_default=""),
)
