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
