"""A conversation's row and its last entries in one statement.

Every turn begins with them, and on PostgreSQL each statement is a journey to the server: row, place
of the window, entries, with a transaction around them, were six. One statement sees one moment, so
it needs no transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from helder.conversation import tables

_ROW = tuple(column.name for column in tables.conversation.c)
_ENTRY = tuple(column.name for column in tables.entry.c)
# The entries after number seq - `most`, and the one before them for its tag.
SELECT_WITH_LAST = (
    sa.select(
        *tables.conversation.c, *(column.label(f"of_{column.name}") for column in tables.entry.c)
    )
    .select_from(
        tables.conversation.outerjoin(
            tables.entry,
            sa.and_(
                tables.entry.c.conversation == tables.conversation.c.id,
                tables.entry.c.seq >= tables.conversation.c.seq - sa.bindparam("most"),
            ),
        )
    )
    .where(tables.conversation.c.id == sa.bindparam("of"))
    .order_by(tables.entry.c.seq)
)


def parted(found: Sequence[Any]) -> tuple[Any, list[Any]]:
    """What the statement gave: the conversation's row, or None, and its entries."""
    if not found:
        return None, []
    row = _named(_ROW, found[0][: len(_ROW)])
    entries = [_named(_ENTRY, each[len(_ROW) :]) for each in found]
    # A row without entries comes once, with nothing in place of one.
    return row, [entry for entry in entries if entry.conversation is not None]


def _named(names: Sequence[str], values: Sequence[Any]) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(names, values, strict=True)))
