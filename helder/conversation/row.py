"""A conversation's row: what it holds, and what its authenticator covers."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.cipher import FORMAT, TAG_BYTES, DataKey, WrappedKey, bind
from helder.conversation.entries import ConversationId, Head, Owner, Position
from helder.conversation.errors import ForeignFormat, HeadTampered
from helder.conversation.keyring import Keyring
from helder.database import CHANNEL

MOVING = (
    *("touched", "owner", "epoch", "revision", "seq", "number", "generation", "since"),
    *("received", "pending", "proofs", "tag", "head"),
)
# Statements are built once: building them costs more than running them.
SELECT = sa.select(tables.conversation).where(tables.conversation.c.id == sa.bindparam("of"))
SELECT_TO_CHANGE = SELECT.with_for_update()
MOVE = (
    sa.update(tables.conversation)
    .where(
        tables.conversation.c.id == sa.bindparam("of"),
        tables.conversation.c.revision == sa.bindparam("before"),
    )
    .values({name: sa.bindparam(name) for name in MOVING})
)
# PostgreSQL's, with the word to every gateway (`database.announce`) in the same statement.
MOVE_AND_TELL = MOVE.returning(sa.func.pg_notify(CHANNEL, tables.conversation.c.id))
# SQLite keeps whatever type it is given: a changed row may hold text where a number was.
_TYPES = tuple((column.name, column.type.python_type) for column in tables.conversation.c)


@dataclass(frozen=True)
class Row:
    """A conversation's row, verified.

    `revision` counts every change of it. `generation` is that of the data key, which seals the
    entries after number `since`. `received` counts the messages that came in, `pending` are the
    places of those that wait, `proofs` counts what was proven.
    """

    id: ConversationId
    created: int
    touched: int
    key: WrappedKey
    token_hash: bytes
    token_expires: int
    owner: Owner = Owner.ASSISTANT
    epoch: int = 0
    revision: int = 0
    seq: int = 0
    number: int = 0
    generation: int = 1
    since: int = 0
    received: int = 0
    pending: tuple[int, ...] = ()
    proofs: int = 0
    tag: bytes = bytes(TAG_BYTES)

    @property
    def head(self) -> Head:
        """What others may know of it."""
        return Head(Position(self.id, self.seq, self.epoch), self.owner, self.number)

    def authenticator(self, key: DataKey) -> bytes:
        """HMAC over everything but the wrapping, which is bound by itself and may be renewed."""
        bound = bind(
            "helder head",
            FORMAT,
            *(self.id, self.created, self.touched, self.owner.value, self.epoch, self.revision),
            *(self.seq, self.number, self.tag, self.generation, self.since),
            *(self.received, self.written_pending, self.proofs),
            *(self.key.commitment, self.token_hash, self.token_expires),
        )
        return key.head(bound)

    def columns(self, key: DataKey) -> dict[str, Any]:
        """The row as it is stored, with its authenticator."""
        return {
            "id": self.id,
            "format": FORMAT,
            "created": self.created,
            "token_hash": self.token_hash,
            "token_expires": self.token_expires,
            **self.key_columns(),
            **self.moving_columns(key),
        }

    def key_columns(self) -> dict[str, Any]:
        """The wrapped data key."""
        return {
            "key_version": self.key.version,
            "wrapped_key": self.key.wrapped,
            "commitment": self.key.commitment,
        }

    def moving_columns(self, key: DataKey) -> dict[str, Any]:
        """What changes as the conversation goes on, with its authenticator."""
        return {
            "touched": self.touched,
            "owner": self.owner.value,
            "epoch": self.epoch,
            "revision": self.revision,
            "seq": self.seq,
            "number": self.number,
            "generation": self.generation,
            "since": self.since,
            "received": self.received,
            "pending": self.written_pending,
            "proofs": self.proofs,
            "tag": self.tag,
            "head": self.authenticator(key),
        }

    @property
    def written_pending(self) -> str:
        """The places that wait, as they are stored: "5,6"."""
        return ",".join(map(str, self.pending))


@dataclass(frozen=True)
class Seen:
    """A conversation as it was verified when it was read, with its opened data key."""

    row: Row
    key: DataKey

    def __deepcopy__(self, _memo: object) -> Seen:
        return self


def verified(stored: Any, keyring: Keyring, seen: Seen | None = None) -> tuple[Row, DataKey]:
    """A stored row and its opened data key, which need not be opened again if it was `seen`.

    Raises:
        ForeignFormat, WrongKey, HeadTampered: the row, or the key, is not what was written.
        KeyringError: the master key that wraps the data key is missing.
    """
    if not all(isinstance(getattr(stored, name), kind) for name, kind in _TYPES):
        raise HeadTampered("The conversation's row was changed.")
    if stored.format != FORMAT:
        raise ForeignFormat(f"The conversation has format {stored.format}, not {FORMAT}.")
    wrapped = WrappedKey(stored.key_version, stored.wrapped_key, stored.commitment)
    opened = seen is not None and (seen.row.id, seen.row.key) == (stored.id, wrapped)
    key = seen.key if seen and opened else DataKey.open(keyring, stored.id, wrapped)
    try:
        row = Row(
            id=ConversationId(stored.id),
            created=stored.created,
            touched=stored.touched,
            key=wrapped,
            token_hash=stored.token_hash,
            token_expires=stored.token_expires,
            owner=Owner(stored.owner),
            epoch=stored.epoch,
            revision=stored.revision,
            seq=stored.seq,
            number=stored.number,
            generation=stored.generation,
            since=stored.since,
            received=stored.received,
            pending=tuple(int(place) for place in stored.pending.split(",") if place),
            proofs=stored.proofs,
            tag=stored.tag,
        )
    except ValueError:
        raise HeadTampered("The conversation's row was changed.") from None
    same = row.written_pending == stored.pending
    if not (same and hmac.compare_digest(row.authenticator(key), stored.head)):
        raise HeadTampered("The conversation's row was changed.")
    return row, key
