"""Forgetting: a conversation's key and rows are destroyed, and only that it happened is kept.

GDPR art. 5(1)(e): no longer than needed. policies/retention.yml says how long that is.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.entries import ConversationId
from helder.database import reading

# A message that cannot be answered in a day (a damaged conversation) no longer keeps what is kept.
LONGEST_WAIT_MINUTES = 24 * 60
# So few at once that nobody has to wait long for the database.
AT_ONCE = 100


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

        One with a message that still waits for its answer is needed, and kept; but not for ever.
        """
        gone = 0
        while due := self._due():
            with self._engine.begin() as connection:
                for conversation in due:
                    self._shred(connection, conversation, "expired")
            gone += len(due)
        if gone:
            self._empty_write_ahead_log()
        return gone

    def _due(self) -> list[ConversationId]:
        table, inbox = tables.conversation, tables.inbox
        now = minute(self._clock())
        waits = sa.exists().where(inbox.c.conversation == table.c.id, inbox.c.body.is_not(None))
        over = sa.and_(table.c.touched < now - self.minutes, ~waits)
        long_over = table.c.touched < now - self.minutes - LONGEST_WAIT_MINUTES
        query = sa.select(table.c.id).where(sa.or_(over, long_over)).limit(AT_ONCE)
        with reading(self._engine).connect() as connection:
            return [ConversationId(row.id) for row in connection.execute(query)]

    def _empty_write_ahead_log(self) -> None:
        # What was overwritten in the database still stands in SQLite's write-ahead file.
        if self._engine.dialect.name == "sqlite":
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

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
