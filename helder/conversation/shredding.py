"""Shredding: a conversation's key and rows are destroyed, and only that it happened is kept.

What is to be destroyed is written into the anchor's ledger first, and waits there for the disk.
From then on it is gone for everybody (see chain.py): a crash in between, or a backup that is put
back, brings nobody back (`reapply`). GDPR art. 17.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.entries import ConversationId
from helder.conversation.erasure import record
from helder.conversation.keyring import Keyring
from helder.database import announce, reading
from helder.leftovers import empty_write_ahead_log

logger = structlog.get_logger(__name__)
# So few at once that nobody has to wait long for the database.
AT_ONCE = 100
_LOOKED_UP = 500


class Shredder:
    """Destroys conversations. Every step is a transaction of at most `AT_ONCE` of them.

    Afterwards nothing of them is in a row. What may still be in the files of the database, such as
    a write-ahead file that somebody reads, is taken away by `helder.forgetting.Forgetting`.
    """

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        clock: Clock = utc_now,
        anchor: Anchor = NO_ANCHOR,
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._clock = clock
        self._anchor = anchor

    def shred(self, conversation: ConversationId, reason: str) -> bool:
        """Destroy one conversation, now. False if it was gone already.

        Raises:
            AnchorError, KeyringError, sqlalchemy.exc.SQLAlchemyError: it is not destroyed, or only
                for who asks the anchor; `reapply` does the rest.
        """
        gone = self.destroy(tables.conversation.c.id == conversation, reason) > 0
        if gone:
            # For the day on which anchor and database are both lost: what was asked for by
            # somebody can be destroyed again from what was logged. Age does the same for the rest.
            logger.info("conversation_shredded", conversation=conversation, reason=reason)
        return gone

    def reapply(self) -> int:
        """Destroy again what was destroyed before and is back, after a restore; how many."""
        back = sum(
            self._destroy_all(tables.conversation.c.id.in_(erased), "restored")
            for some in self._ids()
            if (erased := self._anchor.erased(some))
        )
        return self._emptied(back)

    def reapply_to(self, erased: Sequence[str]) -> int:
        """Destroy those of these that are still there, or there again; how many."""
        parts = (erased[start : start + AT_ONCE] for start in range(0, len(erased), AT_ONCE))
        mine = tables.conversation.c.id
        return self._emptied(sum(self._destroy_all(mine.in_(some), "restored") for some in parts))

    def destroy(self, which: Any, reason: str) -> int:
        """Destroy all conversations whose row meets a condition; how many."""
        return self._emptied(self._destroy_all(which, reason))

    def _emptied(self, gone: int) -> int:
        if gone and not empty_write_ahead_log(self._engine):
            logger.info("write_ahead_log_in_use", conversations=gone)
        return gone

    def _destroy_all(self, which: Any, reason: str) -> int:
        gone = 0
        while some := self._destroy(which, reason):
            gone += some
        return gone

    def _destroy(self, which: Any, reason: str) -> int:
        table, now = tables.conversation, minute(self._clock())
        # The rows are locked first, and always in the same order: no message can still come in, and
        # two processes that forget at once do not wait for each other for ever.
        query = sa.select(table.c.id).where(which).order_by(table.c.id).limit(AT_ONCE)
        with self._engine.begin() as connection:
            ids = [row.id for row in connection.execute(query.with_for_update())]
            self._erase(connection, ids, now, reason)
        return len(ids)

    def _erase(self, connection: Connection, ids: list[str], now: int, reason: str) -> None:
        if ids:
            self._anchor.erase(ids, now, reason)
            self._delete(connection, ids)
            record(connection, self._keyring, ids, now, reason)
            for each in ids:
                announce(connection, each)

    def _delete(self, connection: Connection, ids: list[str]) -> None:
        for table in (tables.inbox, tables.proof, tables.former_key, tables.entry):
            connection.execute(sa.delete(table).where(table.c.conversation.in_(ids)))
        table = tables.conversation
        connection.execute(sa.delete(table).where(table.c.id.in_(ids)))

    def _ids(self) -> Iterator[list[ConversationId]]:
        table, last = tables.conversation, ""
        while True:
            query = sa.select(table.c.id).where(table.c.id > last).order_by(table.c.id)
            with reading(self._engine).connect() as connection:
                rows = connection.execute(query.limit(_LOOKED_UP))
                some = [ConversationId(row.id) for row in rows]
            # An id that is no text is read as another text: it would be found again without end.
            if not some or some[-1] == last:
                return
            yield some
            last = some[-1]
