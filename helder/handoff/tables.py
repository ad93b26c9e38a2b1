"""The handoff's tables. Nothing personal is in a plain column; times are minutes since 1970."""

from __future__ import annotations

import sqlalchemy as sa

from helder.database import Bytes, metadata

left_message = sa.Table(
    "left_message",
    metadata,
    sa.Column("reference", sa.String(10), primary_key=True),
    # A keyed fingerprint of the idempotency key, so that a repeated request leaves one message.
    sa.Column("request", sa.String(80), nullable=False, unique=True),
    sa.Column("minute", sa.Integer, nullable=False, index=True),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("handled", sa.Integer, nullable=True),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("wrapped_key", Bytes(60), nullable=False),
    sa.Column("commitment", Bytes(32), nullable=False),
    sa.Column("body", Bytes, nullable=False),
)

# Who waits for a person, or has one; times of a ticket are seconds since 1970. `told` is when the
# customer was last told how the wait goes. Destroyed with the conversation.
ticket = sa.Table(
    "ticket",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column(
        "conversation",
        sa.ForeignKey("conversation.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("since", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(24), nullable=False),
    sa.Column("promise", sa.String(16), nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("skill", sa.String(24), nullable=False),
    sa.Column("overtaken", sa.Integer, nullable=False),
    sa.Column("employee", sa.String(32), nullable=True),
    sa.Column("reserved", sa.String(32), nullable=True),
    sa.Column("reserved_until", sa.Integer, nullable=True),
    sa.Column("claimed", sa.Integer, nullable=True),
    sa.Column("claimed_seq", sa.Integer, nullable=True),
    sa.Column("first_claimed", sa.Integer, nullable=True),
    sa.Column("answered", sa.Integer, nullable=True),
    sa.Column("unanswered", sa.Integer, nullable=True),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("told", sa.Integer, nullable=True),
    sa.Column("told_low", sa.Integer, nullable=True),
    sa.Column("told_high", sa.Integer, nullable=True),
    sa.Column("ended", sa.Integer, nullable=True, index=True),
    # A number is never given again, so the order of numbers is the order of coming.
    sqlite_autoincrement=True,
)

# Which colleagues are there. `employee` is their opaque id; `seen` is in seconds since 1970.
presence = sa.Table(
    "presence",
    metadata,
    sa.Column("employee", sa.String(32), primary_key=True),
    sa.Column("languages", sa.String(20), nullable=False),
    sa.Column("skills", sa.String(240), nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("available", sa.Integer, nullable=False),
    sa.Column("seen", sa.Integer, nullable=False),
)

# Who looks at a conversation and who types, now; times are seconds since 1970.
activity = sa.Table(
    "activity",
    metadata,
    sa.Column(
        "conversation",
        sa.ForeignKey("conversation.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("who", sa.String(32), primary_key=True),
    sa.Column("looking", sa.Integer, nullable=False),
    sa.Column("typing", sa.Integer, nullable=False),
)

# What became of each ticket, without its conversation. `waited`, `answered` (from the claim to the
# first word) and `handled` (from the claim to the end) are seconds.
service = sa.Table(
    "service",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("minute", sa.Integer, nullable=False, index=True),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("reason", sa.String(24), nullable=False),
    sa.Column("employee", sa.String(32), nullable=True),
    sa.Column("waited", sa.Integer, nullable=False),
    sa.Column("answered", sa.Integer, nullable=True),
    sa.Column("handled", sa.Integer, nullable=True),
    sa.Column("outcome", sa.String(16), nullable=False),
)

# How satisfied customers are, without their conversation. `employee` and `ticket` are those of the
# colleague who helped, or nothing for the assistant.
rating = sa.Table(
    "rating",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("minute", sa.Integer, nullable=False, index=True),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("about", sa.String(16), nullable=False),
    sa.Column("employee", sa.String(32), nullable=True),
    sa.Column("ticket", sa.Integer, nullable=True),
    sa.Column("score", sa.Integer, nullable=False),
    # A number is never given again, so none in a log leads to another's figures.
    sqlite_autoincrement=True,
)

# How much the expected waits are stretched (expected.py): one row.
stretch = sa.Table(
    "stretch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("low", sa.Float, nullable=False),
    sa.Column("high", sa.Float, nullable=False),
)
