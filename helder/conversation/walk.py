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
from helder.conversation.inbox import waiting_in
from helder.conversation.proofs import proven_in
from helder.conversation.transaction import Reader

_ENTRIES_AT_ONCE = 100
_OF = sa.bindparam("of")
_PAGE = (
    sa.select(tables.entry)
    .where(tables.entry.c.conversation == _OF, tables.entry.c.seq > sa.bindparam("last"))
    .order_by(tables.entry.c.seq)
    .limit(_ENTRIES_AT_ONCE)
)


def _asked(what: Any, table: sa.Table) -> Any:
    return sa.select(what).where(table.c.conversation == _OF).scalar_subquery()


_PLACE = tables.inbox.c.place
# All in one: a statement costs more than what it counts.
_COUNTS = sa.select(
    _asked(sa.func.count(tables.entry.c.seq), tables.entry).label("entries"),
    _asked(sa.func.count(tables.inbox.c.number), tables.inbox).label("received"),
    _asked(sa.func.count(tables.inbox.c.body), tables.inbox).label("waiting"),
    _asked(sa.func.count(sa.distinct(_PLACE)), tables.inbox).label("places"),
    _asked(sa.func.min(_PLACE), tables.inbox).label("first"),
    _asked(sa.func.max(_PLACE), tables.inbox).label("last"),
    _asked(sa.func.count(tables.proof.c.number), tables.proof).label("proofs"),
    _asked(sa.func.count(), tables.former_key).label("former"),
)


class Walk(Reader):
    """Looks at all of a conversation, in the transaction of another reader."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.connection, reader.row, reader.key)
        self._counted = self.connection.execute(_COUNTS, {"of": self.row.id}).one()

    def everything(self) -> None:
        """Entries, messages, proofs and earlier data keys.

        Raises:
            Tampered: something is not as it was written.
        """
        self.entries_one_by_one()
        self._messages()
        if self.row.proofs or self._counted.proofs:
            proven_in(self)
        self._former_keys()

    def entries_one_by_one(self) -> None:
        """As `entries`, without keeping them, and without leaving any out."""
        last, previous, page = 0, bytes(TAG_BYTES), self._some(0)
        while page:
            for stored in page:
                if stored.seq != last + 1:
                    raise ChainBroken("An entry is missing.")
                self._opened(stored, previous)
                last, previous = stored.seq, tag_of(stored.body)
            page = self._some(last) if len(page) == _ENTRIES_AT_ONCE else ()
        if (last, previous) != (self.row.seq, self.row.tag):
            raise ChainBroken("Entries are missing at the end, or there are too many.")
        if self._counted.entries != last:
            raise ChainBroken("There is an entry before the first.")

    def _messages(self) -> None:
        """Those that wait, and a row for each that came in, waiting or answered."""
        counted, count = self._counted, self.row.received
        if self.row.pending or counted.waiting:
            waiting_in(self)
        found = (counted.received, counted.places, counted.first, counted.last)
        if found != ((count, count, 1, count) if count else (0, 0, None, None)):
            raise ChainBroken("A message that was answered is forgotten, or was never received.")

    def _former_keys(self) -> None:
        former = range(self.row.generation - 1, 0, -1)
        for generation in former:
            self.key_of(generation)
        if self._counted.former != len(former):
            raise ChainBroken("There is an earlier data key too many.")

    def _some(self, last: int) -> Sequence[Any]:
        which = {"of": self.row.id, "last": last}
        rows: Sequence[Any] = self.connection.execute(_PAGE, which).all()
        return rows
