"""The ledger of what was destroyed: in the anchor, and in the database's table `erasure`.

The anchor's is the one that counts: a database that was put back has forgotten its own. That of the
database is how other machines, with anchors of their own, come to know of it.
"""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.anchor import FileAnchor
from helder.conversation.clock import Clock, minute, utc_now
from helder.conversation.erasure import Judge
from helder.conversation.keyring import Keyring
from helder.database import reading

logger = structlog.get_logger(__name__)
AT_ONCE = 500
# Clocks of two machines may differ, and a transaction takes its time.
_OVERLAP_MINUTES = 60


class Ledger:
    """The ledger, kept together and for as long as it is needed."""

    def __init__(
        self, engine: Engine, keyring: Keyring, anchor: FileAnchor, clock: Clock = utc_now
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._anchor = anchor
        self._clock = clock
        self._learned = 0

    def learn(self) -> int:
        """Take over what was destroyed from other machines, or before this anchor; how many.

        Only what somebody with the keys destroyed. After the first time only what is new, and what
        could not be judged because its key was not here.
        """
        learned, count, judge = minute(self._clock()), 0, Judge(self._keyring)
        last = (self._learned - _OVERLAP_MINUTES, "")
        while rows := self._after(*last):
            known = self._anchor.erased([row.conversation for row in rows])
            strange = [
                (row, judge.authentic(row.conversation, row.proof))
                for row in rows
                if row.conversation not in known
            ]
            new = [row for row, ours in strange if ours]
            if doubtful := [row for row, ours in strange if ours is None]:
                logger.error("erasures_without_key", marks=len(doubtful))
                learned = min(learned, doubtful[0].minute)
            for (then, reason), some in groupby(new, key=lambda row: (row.minute, row.reason)):
                self._anchor.erase([row.conversation for row in some], then, reason)
            count += len(new)
            before, last = last, (rows[-1].minute, rows[-1].conversation)
            if last == before:
                break  # a mark that somebody wrote in another type is found again without end
        self._learned = learned
        return count

    def expire(self, days: int) -> int:
        """Forget what was destroyed more than `days` ago: no backup is that old; how many."""
        oldest, table = minute(self._clock()) - days * 24 * 60, tables.erasure
        with self._engine.begin() as connection:
            connection.execute(sa.delete(table).where(table.c.minute < oldest))
        return self._anchor.expire(oldest)

    def _after(self, then: int, name: str) -> list[sa.engine.Row]:
        mine = tables.erasure.c
        later = (mine.minute >= then) & ((mine.minute > then) | (mine.conversation > name))
        query = sa.select(tables.erasure).where(later).order_by(mine.minute, mine.conversation)
        with reading(self._engine).connect() as connection:
            return list(connection.execute(query.limit(AT_ONCE)))
