"""Shredding: a conversation's key and rows are destroyed, and only that it happened is kept.

What is to be destroyed is written into the anchor's ledger first: a crash in between, or a backup
that is put back, brings nobody back for long (`reapply`). GDPR art. 17.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.entries import ConversationId
from helder.conversation.erasure import proof_of_erasure
from helder.conversation.keyring import Keyring
from helder.database import empty_write_ahead_log, reading

# So few at once that nobody has to wait long for the database.
AT_ONCE = 100


class Shredder:
    """Destroys conversations. Every step is a transaction of at most `AT_ONCE` of them."""

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

    def shred(self, conversation: ConversationId, reason: str) -> None:
        """Destroy one conversation, now. Nothing happens if it is gone already."""
        self.destroy(tables.conversation.c.id == conversation, reason)

    def reapply(self) -> int:
        """Destroy again what was destroyed before and is back, after a restore; how many."""
        gone = 0
        for some in self._ids():
            back = self._anchor.erased(some)
            if back:
                gone += self.destroy(tables.conversation.c.id.in_(back), "restored")
        return gone

    def destroy(self, which: Any, reason: str) -> int:
        """Destroy all conversations whose row meets a condition; how many."""
        gone = 0
        while some := self._destroy(which, reason):
            gone += some
        if gone:
            empty_write_ahead_log(self._engine)
        return gone

    def _destroy(self, which: Any, reason: str) -> int:
        table, now = tables.conversation, minute(self._clock())
        # The rows are locked first, and always in the same order: no message can still come in, and
        # two processes that forget at once do not wait for each other for ever.
        query = sa.select(table.c.id).where(which).order_by(table.c.id).limit(AT_ONCE)
        with self._engine.begin() as connection:
            ids = [row.id for row in connection.execute(query.with_for_update())]
            if ids:
                self._anchor.erase(ids, now, reason)
                self._delete(connection, ids)
                erasures = [self._erasure(each, now, reason) for each in ids]
                connection.execute(sa.insert(tables.erasure), erasures)
        return len(ids)

    def _delete(self, connection: Connection, ids: list[str]) -> None:
        mine = (tables.inbox, tables.proof, tables.former_key, tables.entry, tables.erasure)
        for table in mine:
            connection.execute(sa.delete(table).where(table.c.conversation.in_(ids)))
        table = tables.conversation
        connection.execute(sa.delete(table).where(table.c.id.in_(ids)))

    def _ids(self) -> Iterator[list[ConversationId]]:
        table, last = tables.conversation, ""
        while True:
            query = sa.select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(500)
            with reading(self._engine).connect() as connection:
                some = [ConversationId(row.id) for row in connection.execute(query)]
            if not some:
                return
            yield some
            last = some[-1]

    def _erasure(self, conversation: str, now: int, reason: str) -> dict[str, object]:
        proof = proof_of_erasure(self._keyring, conversation)
        return {"conversation": conversation, "minute": now, "reason": reason, "proof": proof}
