"""Where many conversations stand, unverified: only to notice that something changed."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.entries import ConversationId
from helder.database import reading

_LOOKED_UP = 500


def heads(engine: Engine, conversations: Sequence[ConversationId]) -> dict[str, tuple[int, int]]:
    """(seq, epoch) of those that are there."""
    table = tables.conversation
    query = sa.select(table.c.id, table.c.seq, table.c.epoch)
    found: dict[str, tuple[int, int]] = {}
    with reading(engine).connect() as connection:
        for start in range(0, len(conversations), _LOOKED_UP):
            some = conversations[start : start + _LOOKED_UP]
            for row in connection.execute(query.where(table.c.id.in_(some))):
                found[row.id] = (row.seq, row.epoch)
    return found
