"""A whole conversation, and what of it its readers do not look at, in one read transaction.

Entries are read some at a time, so that memory does not grow with a conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.cipher import TAG_BYTES, tag_of
from helder.conversation.errors import ChainBroken
from helder.conversation.transaction import Reader

_ENTRIES_AT_ONCE = 100
_PAGE = (
    sa.select(tables.entry)
    .where(
        tables.entry.c.conversation == sa.bindparam("of"),
        tables.entry.c.seq > sa.bindparam("last"),
    )
    .order_by(tables.entry.c.seq)
    .limit(_ENTRIES_AT_ONCE)
)


class Walk(Reader):
    """What of a conversation its readers do not look at, in the same transaction."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.connection, reader.row, reader.key)

    def entries_one_by_one(self) -> None:
        """As `entries`, without keeping them, and without leaving any out."""
        last, previous = 0, bytes(TAG_BYTES)
        while page := self._some(last):
            for stored in page:
                if stored.seq != last + 1:
                    raise ChainBroken("An entry is missing.")
                self._opened(stored, previous)
                last, previous = stored.seq, tag_of(stored.body)
        if (last, previous) != (self.row.seq, self.row.tag):
            raise ChainBroken("Entries are missing at the end, or there are too many.")
        if self._count(tables.entry) != last:
            raise ChainBroken("There is an entry before the first.")

    def received(self) -> None:
        """Is there a row for each message that came in, waiting or answered?"""
        place = tables.inbox.c.place
        query = sa.select(sa.func.count(sa.distinct(place)), sa.func.min(place), sa.func.max(place))
        mine = query.where(tables.inbox.c.conversation == self.row.id)
        found = (self._count(tables.inbox), *self.connection.execute(mine).one())
        count = self.row.received
        if found != ((count, count, 1, count) if count else (0, 0, None, None)):
            raise ChainBroken("A message that was answered is forgotten, or was never received.")

    def former_keys(self) -> None:
        """Does every earlier data key open?"""
        former = range(self.row.generation - 1, 0, -1)
        for generation in former:
            self.key_of(generation)
        if self._count(tables.former_key) != len(former):
            raise ChainBroken("There is an earlier data key too many.")

    def _some(self, last: int) -> Sequence[Any]:
        rows: Sequence[Any] = self.connection.execute(
            _PAGE, {"of": self.row.id, "last": last}
        ).all()
        return rows

    def _count(self, table: sa.Table) -> int:
        query = sa.select(sa.func.count()).select_from(table)
        mine = query.where(table.c.conversation == self.row.id)
        return int(self.connection.execute(mine).scalar_one())
