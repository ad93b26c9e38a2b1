"""The chain: how entries hang together, and the only code that reads and writes their rows.

Every entry is bound to its conversation, number, kind and minute and to the tag of the entry before
it. The conversation's row carries an authenticator over the last tag, the counts, the owner and the
epoch. So whatever is changed, moved, left out or cut off in the database is an error on reading.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.conversation import tables
from helder.conversation.cipher import FORMAT, TAG_BYTES, DataKey, WrappedKey, bind, tag_of
from helder.conversation.entries import (
    ConversationId,
    Draft,
    Entry,
    Head,
    Kind,
    Owner,
    Position,
)
from helder.conversation.errors import (
    ChainBroken,
    ForeignFormat,
    StaleEpoch,
    StaleSequence,
    UnknownConversation,
)
from helder.conversation.keyring import Keyring


@dataclass(frozen=True)
class Row:
    """A conversation's row, verified."""

    id: ConversationId
    created: int
    touched: int
    owner: Owner
    epoch: int
    seq: int
    number: int
    tag: bytes
    key: WrappedKey
    token_hash: bytes
    token_expires: int

    @property
    def head(self) -> Head:
        """What others may know of it."""
        return Head(Position(self.id, self.seq, self.epoch), self.owner, self.number)

    def bound(self) -> bytes:
        """What the row's authenticator covers."""
        return bind(
            "helder head",
            FORMAT,
            *(self.id, self.created, self.touched, self.owner.value, self.epoch),
            *(self.seq, self.number, self.tag, self.key.version, self.key.commitment),
            *(self.token_hash, self.token_expires),
        )

    def columns(self, key: DataKey) -> dict[str, Any]:
        """The row as it is stored, with its authenticator."""
        return {
            "touched": self.touched,
            "owner": self.owner.value,
            "epoch": self.epoch,
            "seq": self.seq,
            "number": self.number,
            "tag": self.tag,
            "head": key.head(self.bound()),
        }


def new_row(
    keyring: Keyring,
    conversation: ConversationId,
    minute: int,
    token_hash: bytes,
    token_expires: int,
) -> tuple[Row, DataKey]:
    """A row for a conversation that has no entries yet; not stored."""
    key, wrapped = DataKey.create(keyring, conversation)
    row = Row(
        id=conversation,
        created=minute,
        touched=minute,
        owner=Owner.ASSISTANT,
        epoch=0,
        seq=0,
        number=0,
        tag=b"\0" * TAG_BYTES,
        key=wrapped,
        token_hash=token_hash,
        token_expires=token_expires,
    )
    return row, key


def insert(connection: Connection, row: Row, key: DataKey) -> None:
    """Store a new conversation's row."""
    values = {
        "id": row.id,
        "format": FORMAT,
        "created": row.created,
        "key_version": row.key.version,
        "wrapped_key": row.key.wrapped,
        "commitment": row.key.commitment,
        "token_hash": row.token_hash,
        "token_expires": row.token_expires,
        **row.columns(key),
    }
    connection.execute(sa.insert(tables.conversation).values(**values))


def load(
    connection: Connection, keyring: Keyring, conversation: ConversationId
) -> tuple[Row, DataKey]:
    """A conversation's row and its opened data key.

    Raises:
        UnknownConversation: there is none.
        Tampered: the row, or the key, is not what was written.
    """
    table = tables.conversation
    stored = connection.execute(sa.select(table).where(table.c.id == conversation)).first()
    if stored is None:
        raise UnknownConversation("There is no such conversation.")
    if stored.format != FORMAT:
        raise ForeignFormat(f"The conversation has format {stored.format}, not {FORMAT}.")
    wrapped = WrappedKey(stored.key_version, stored.wrapped_key, stored.commitment)
    key = DataKey.open(keyring, conversation, wrapped)
    try:
        owner = Owner(stored.owner)
    except ValueError:
        raise ChainBroken("The conversation's row was changed.") from None
    row = Row(
        id=conversation,
        created=stored.created,
        touched=stored.touched,
        owner=owner,
        epoch=stored.epoch,
        seq=stored.seq,
        number=stored.number,
        tag=stored.tag,
        key=wrapped,
        token_hash=stored.token_hash,
        token_expires=stored.token_expires,
    )
    if not hmac.compare_digest(key.head(row.bound()), stored.head):
        raise ChainBroken("The conversation's row was changed.")
    return row, key


def check(row: Row, expected: Position) -> None:
    """Has anybody written since `expected` was seen?

    Raises:
        StaleEpoch, StaleSequence: somebody has.
    """
    if row.epoch != expected.epoch:
        raise StaleEpoch("The conversation has a new owner.")
    if row.seq != expected.seq:
        raise StaleSequence("An entry was added in the meantime.")


def extend(
    connection: Connection,
    row: Row,
    key: DataKey,
    draft: Draft,
    minute: int,
    owner: Owner | None = None,
) -> Row:
    """Add one entry and move the head, if nobody else has since `row` was read.

    A new `owner` also starts a new epoch.

    Raises:
        StaleSequence: somebody has; nothing is written.
    """
    seq, number = row.seq + 1, row.number + len(draft.messages)
    bound = _bound(row.id, seq, draft.kind, minute, number, row.tag)
    body = key.seal(draft.encode(), bound)
    new = replace(row, seq=seq, number=number, tag=tag_of(body), touched=minute)
    if owner is not None:
        new = replace(new, owner=owner, epoch=row.epoch + 1)
    table = tables.conversation
    moved = connection.execute(
        sa.update(table)
        .where(table.c.id == row.id, table.c.seq == row.seq, table.c.epoch == row.epoch)
        .values(**new.columns(key))
    )
    if moved.rowcount != 1:
        raise StaleSequence("An entry was added in the meantime.")
    connection.execute(
        sa.insert(tables.entry).values(
            conversation=row.id,
            seq=seq,
            kind=draft.kind.value,
            minute=minute,
            number=number,
            body=body,
        )
    )
    return new


def read(connection: Connection, row: Row, key: DataKey, first: int = 1) -> list[Entry]:
    """The entries from number `first` to the head, each one verified.

    Raises:
        Tampered: one was changed, or the chain to the head is not whole.
    """
    first = max(first, 1)
    table = tables.entry
    rows = connection.execute(
        sa.select(table)
        .where(table.c.conversation == row.id, table.c.seq >= first - 1)
        .order_by(table.c.seq)
    ).all()
    previous = b"\0" * TAG_BYTES
    if first > 1 and rows and rows[0].seq == first - 1:
        previous = tag_of(rows.pop(0).body)
    entries = []
    for expected, stored in enumerate(rows, start=first):
        if stored.seq != expected:
            raise ChainBroken("An entry is missing.")
        entries.append(_open(row.id, key, stored, previous))
        previous = tag_of(stored.body)
    if first <= row.seq and (len(entries) != row.seq - first + 1 or previous != row.tag):
        raise ChainBroken("Entries are missing at the end.")
    return entries


def _open(conversation: ConversationId, key: DataKey, stored: Any, previous: bytes) -> Entry:
    try:
        kind = Kind(stored.kind)
    except ValueError:
        raise ForeignFormat("An entry has a kind that this code does not know.") from None
    bound = _bound(conversation, stored.seq, kind, stored.minute, stored.number, previous)
    return Entry.decode(stored.seq, kind, stored.number, key.open_sealed(stored.body, bound))


def _bound(
    conversation: str, seq: int, kind: Kind, minute: int, number: int, previous: bytes
) -> bytes:
    return bind("helder entry", FORMAT, conversation, seq, kind.value, minute, number, previous)
