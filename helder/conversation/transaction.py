"""A verified conversation within one transaction: its entries read, and entries added to it.

Every entry is bound to its conversation, key generation, number, kind and minute and to the tag of
the entry before it; the row is authenticated over the last tag. docs/encryption.md has the bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.conversation import cipher, tables
from helder.conversation.cipher import FORMAT, TAG_BYTES, DataKey, bind, tag_of
from helder.conversation.entries import ConversationId, Draft, Entry, Kind, Owner, Position
from helder.conversation.errors import (
    ChainBroken,
    EntryTampered,
    ForeignFormat,
    StaleEpoch,
    StaleSequence,
)
from helder.conversation.keyring import Keyring
from helder.conversation.row import MOVE, MOVE_AND_TELL, Row
from helder.database import is_postgres

# Statements are built once: building them costs more than running them.
_ENTRIES = (
    sa.select(tables.entry)
    .where(
        tables.entry.c.conversation == sa.bindparam("of"),
        tables.entry.c.seq >= sa.bindparam("first"),
    )
    .order_by(tables.entry.c.seq)
)
_ADD = sa.insert(tables.entry)
_ENTRY_TYPES = tuple((column.name, column.type.python_type) for column in tables.entry.c)


class _Place(NamedTuple):
    """Where an entry stands, as its plain columns say."""

    seq: int
    kind: Kind
    minute: int
    number: int


class Reader:
    """A verified conversation within one transaction."""

    def __init__(self, connection: Connection, row: Row, key: DataKey) -> None:
        self.connection = connection
        self.row = row
        self.key = key
        self._keys = {row.generation: key}
        self._bound: dict[int, bytes] = {}

    def entries(self, first: int = 1) -> list[Entry]:
        """The entries from number `first` to the head, each one verified.

        Raises:
            Tampered: one was changed, or the chain to the head is not whole.
        """
        first = max(first, 1)
        wanted = {"of": self.row.id, "first": first - 1}
        return self.opened(self.connection.execute(_ENTRIES, wanted).all(), first)

    def opened(self, rows: Sequence[Any], first: int) -> list[Entry]:
        """As `entries`; `rows` is what is stored from the entry before number `first` on."""
        previous = bytes(TAG_BYTES)
        if first > 1 and rows and rows[0].seq == first - 1:
            previous, rows = tag_of(rows[0].body), rows[1:]
        entries = []
        for expected, stored in enumerate(rows, start=first):
            if stored.seq != expected:
                raise ChainBroken("An entry is missing.")
            entries.append(self._opened(stored, previous))
            previous = tag_of(stored.body)
        if first <= self.row.seq and (
            len(entries) != self.row.seq - first + 1 or previous != self.row.tag
        ):
            raise ChainBroken("Entries are missing at the end.")
        return entries

    def _opened(self, stored: Any, previous: bytes) -> Entry:
        if not all(isinstance(getattr(stored, name), kind) for name, kind in _ENTRY_TYPES):
            raise EntryTampered("An entry was changed.")
        try:
            kind = Kind(stored.kind)
        except ValueError:
            raise ForeignFormat("An entry has a kind that this code does not know.") from None
        place = _Place(stored.seq, kind, stored.minute, stored.number)
        bound = self.bound(stored.generation, place, previous)
        plain = self.key_of(stored.generation).open_entry(stored.body, bound)
        return Entry.decode(stored.seq, kind, stored.number, plain)

    def bound(self, generation: int, place: _Place, previous: bytes) -> bytes:
        """What an entry is sealed with."""
        if generation not in self._bound:
            self._bound[generation] = bind("helder entry", FORMAT, self.row.id, generation)
        seq, kind, minute, number = place
        return self._bound[generation] + bind(seq, kind.value, minute, number, previous)

    def key_of(self, generation: int) -> DataKey:
        """The data key of a generation. Raises ChainBroken, EntryTampered."""
        if generation not in self._keys:
            if not (isinstance(generation, int) and 0 < generation < self.row.generation):
                raise ChainBroken("An entry names a data key that there never was.")
            successor, table = self.key_of(generation + 1), tables.former_key
            mine = (table.c.conversation == self.row.id) & (table.c.generation == generation)
            stored = self.connection.execute(sa.select(table.c.sealed).where(mine)).first()
            if stored is None:
                raise ChainBroken("An earlier data key is missing.")
            self._keys[generation] = successor.predecessor(
                stored.sealed, _former(self.row.id, generation)
            )
        return self._keys[generation]

    def check(self, expected: Position) -> None:
        """Has anybody written since `expected` was seen?

        Raises:
            StaleEpoch, StaleSequence: somebody has.
        """
        if self.row.epoch != expected.epoch:
            raise StaleEpoch("The conversation has a new owner.")
        if self.row.seq != expected.seq:
            raise StaleSequence("An entry was added in the meantime.")


class Writer(Reader):
    """A conversation in a transaction that changes it: entries first, its row once, at the end.

    `added` are the entries that are not written yet, as they are stored.
    """

    def __init__(self, connection: Connection, row: Row, key: DataKey, keyring: Keyring) -> None:
        super().__init__(connection, row, key)
        self.before = row
        self._keyring = keyring
        # Only PostgreSQL has to be told; on SQLite a gateway notices every commit by itself.
        self._move = MOVE_AND_TELL if is_postgres(connection.engine.url) else MOVE
        self.added: list[dict[str, Any]] = []

    def change(self, **fields: Any) -> None:
        """Other values for the row."""
        self.row = replace(self.row, **fields)

    def extend(self, draft: Draft, minute: int, owner: Owner | None = None) -> None:
        """Add one entry. A new `owner` also starts a new epoch."""
        if self.row.seq - self.row.since >= cipher.ENTRIES_PER_KEY:
            self._renew_key()
        row, seq, number = self.row, self.row.seq + 1, self.row.number + len(draft.messages)
        place = _Place(seq, draft.kind, minute, number)
        bound = self.bound(row.generation, place, row.tag)
        body = self.key.seal_entry(draft.encode(), bound, used=row.seq - row.since)
        self.added.append(
            {
                "conversation": row.id,
                "seq": seq,
                "generation": row.generation,
                "kind": draft.kind.value,
                "minute": minute,
                "number": number,
                "body": body,
            }
        )
        self.change(seq=seq, number=number, tag=tag_of(body), touched=minute)
        if owner is not None:
            self.change(owner=owner, epoch=row.epoch + 1)

    def _renew_key(self) -> None:
        row, former = self.row, self.key
        self.key, wrapped = DataKey.create(self._keyring, row.id)
        sealed = self.key.succeed(former, _former(row.id, row.generation))
        values = {"conversation": row.id, "generation": row.generation, "sealed": sealed}
        self.connection.execute(sa.insert(tables.former_key).values(**values))
        self.change(generation=row.generation + 1, since=row.seq, key=wrapped)
        mine = tables.conversation.c.id == row.id
        new = sa.update(tables.conversation).where(mine).values(**self.row.key_columns())
        self.connection.execute(new)
        self._keys[self.row.generation] = self.key

    def finish(self) -> bytes | None:
        """Write what was added and the row, if it changed; its authenticator.

        Raises:
            StaleSequence: somebody wrote since the row was read; nothing may be committed.
        """
        if self.row == self.before:
            return None
        self.change(revision=self.before.revision + 1)
        columns = self.row.moving_columns(self.key)
        which = {"of": self.row.id, "before": self.before.revision}
        moved = self.connection.execute(self._move, {**columns, **which})
        if moved.rowcount != 1:
            raise StaleSequence("Somebody wrote in the meantime.")
        if self.added:
            self.connection.execute(_ADD, self.added)
        return bytes(columns["head"])


def _former(conversation: ConversationId, generation: int) -> bytes:
    return bind("helder former key", FORMAT, conversation, generation)
