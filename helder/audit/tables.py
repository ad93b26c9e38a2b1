"""The audit's tables. Nothing tells who or about what: both are keyed fingerprints."""

from __future__ import annotations

import sqlalchemy as sa

from helder.database import Bytes, metadata

audit = sa.Table(
    "audit",
    metadata,
    # Counts from 1, without a gap.
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("minute", sa.Integer, nullable=False, index=True),
    sa.Column("act", sa.String(24), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False, index=True),
    sa.Column("subject", sa.String(64), nullable=False, index=True),
    sa.Column("body", Bytes, nullable=False),
    # The authenticator of the entry and of the one before it.
    sa.Column("tag", Bytes(32), nullable=False),
)

# One row, with the end of the chain and the audit's own data key.
audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.String(8), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("tag", Bytes(32), nullable=False),
    sa.Column("head", Bytes(32), nullable=False),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("wrapped_key", Bytes(60), nullable=False),
    sa.Column("commitment", Bytes(32), nullable=False),
)
