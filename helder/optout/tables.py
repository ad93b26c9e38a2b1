"""Who is remembered to want no AI. Nothing personal is in it; times are minutes since 1970."""

from __future__ import annotations

import sqlalchemy as sa

from helder.database import metadata

opted_out = sa.Table(
    "opted_out",
    metadata,
    # Random: its name in the ledger of what was destroyed.
    sa.Column("id", sa.String(32), primary_key=True),
    # A keyed fingerprint of the customer's id: whoever has no key cannot tell whose it is.
    sa.Column("customer", sa.String(80), nullable=False, unique=True),
    sa.Column("minute", sa.Integer, nullable=False, index=True),
)
