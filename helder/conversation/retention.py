"""Forgetting: a conversation's key and rows are destroyed, and only that it happened is kept.

GDPR art. 5(1)(e): no longer than needed. policies/retention.yml says how long that is.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.entries import ConversationId


class Retention:
    """Destroys conversations, on request or when their time is over."""

    def __init__(self, engine: Engine, minutes: int, clock: Clock = utc_now) -> None:
        self._engine = engine
        self.minutes = minutes
        self._clock = clock

    def shred(self, conversation: ConversationId, reason: str) -> None:
        """Destroy one conversation, now. Nothing happens if it is gone already."""
        with self._engine.begin() as connection:
            self._shred(connection, conversation, reason)

    def expire(self) -> int:
        """Destroy every conversation whose last message is older than allowed; how many.

        One with a message that still waits for its answer is needed, and kept.
        """
        table, inbox = tables.conversation, tables.inbox
        oldest = minute(self._clock()) - self.minutes
        waits = sa.exists().where(inbox.c.conversation == table.c.id, inbox.c.body.is_not(None))
        query = sa.select(table.c.id).where(table.c.touched < oldest, ~waits)
        with self._engine.begin() as connection:
            due = connection.execute(query).all()
            for row in due:
                self._shred(connection, ConversationId(row.id), "expired")
        return len(due)

    def _shred(self, connection: Connection, conversation: ConversationId, reason: str) -> None:
        for table in (tables.inbox, tables.proof, tables.entry):
            connection.execute(sa.delete(table).where(table.c.conversation == conversation))
        gone = connection.execute(
            sa.delete(tables.conversation).where(tables.conversation.c.id == conversation)
        )
        if gone.rowcount:
            connection.execute(
                sa.insert(tables.erasure).values(
                    conversation=conversation, minute=minute(self._clock()), reason=reason
                )
            )
