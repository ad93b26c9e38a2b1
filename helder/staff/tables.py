"""The accounts' tables. Nothing personal is in a plain column; times are seconds since 1970."""

from __future__ import annotations

import sqlalchemy as sa

from helder.database import Bytes, metadata

employee = sa.Table(
    "employee",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    # A keyed fingerprint of the name that they sign in with.
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    # Counts every change, so that an older body cannot be put back with a newer row.
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("body", Bytes, nullable=False),
    sa.Column("key_version", sa.Integer, nullable=False),
    sa.Column("wrapped_key", Bytes(60), nullable=False),
    sa.Column("commitment", Bytes(32), nullable=False),
)

staff_session = sa.Table(
    "staff_session",
    metadata,
    # SHA-256 of the random token in the cookie: who reads the table cannot sign in with it.
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column(
        "employee",
        sa.ForeignKey("employee.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    # The employee's epoch when it was begun: a session of an earlier one is over.
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("begun", sa.Integer, nullable=False, index=True),
    sa.Column("seen", sa.Integer, nullable=False),
)
