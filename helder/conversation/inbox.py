"""The inbox: where a customer's message is safe from the moment it is acknowledged.

Each message has a place in its conversation. The conversation's row says which places wait, so that
a message that was removed, brought back or moved in the database is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.chain import Chain
from helder.conversation.cipher import FORMAT, bind
from helder.conversation.entries import Author, ConversationId, MessageId
from helder.conversation.errors import ChainBroken, EntryTampered, InboxFull, NotPending
from helder.conversation.keyring import Keyring
from helder.conversation.transaction import Reader, Writer
from helder.database import reading
from helder.masking.across import may_go_on
from helder.masking.masker import MASKER

MAX_PENDING = 20
# How many entries are read for a message of digits only; the second number if that is not enough.
_LOOKS_BACK = (4, 40)
_MINE = (tables.inbox.c.conversation == sa.bindparam("of")) & (
    tables.inbox.c.message == sa.bindparam("id")
)
_PLACE = sa.select(tables.inbox.c.place, tables.inbox.c.body.is_not(None).label("waits")).where(
    _MINE
)
_TAKE = sa.update(tables.inbox).where(_MINE).values(body=None)
_TAKE_FIRST = (
    sa.update(tables.inbox)
    .where(_MINE, tables.inbox.c.place == sa.bindparam("first"), tables.inbox.c.body.is_not(None))
    .values(body=None)
)
_PUT = sa.insert(tables.inbox)


@dataclass(frozen=True)
class Received:
    """A customer's message as it came in.

    `payload` is what a chosen button stands for, `text` is then its title and `offered` the number
    of the message that offered it. `time` is ISO 8601, UTC. `masked` are the kinds of what was
    made unreadable in the text.
    """

    id: MessageId
    text: str
    time: str
    payload: str | None = None
    offered: int | None = None
    masked: tuple[str, ...] = ()


class Inbox:
    """Messages that wait for an answer, encrypted under their conversation's own key."""

    def __init__(self, engine: Engine, keyring: Keyring, anchor: Anchor = NO_ANCHOR) -> None:
        self._chain = Chain(engine, keyring, anchor)
        self._reading = reading(engine)

    def knows(self, conversation: ConversationId, message: MessageId) -> bool:
        """Was this message received before, answered or not?"""
        return self._row(conversation, message) is not None

    def is_pending(self, conversation: ConversationId, message: MessageId) -> bool:
        """Does this message still wait for its answer?"""
        row = self._row(conversation, message)
        return row is not None and row.body is not None

    def put(self, conversation: ConversationId, received: Received) -> bool:
        """Keep a message. False if one with this id was received before: then nothing is done.

        If it goes on with a card or a BSN that the customer's messages before it began, or has a
        code that they announced, that is masked here, where nothing can come in between.

        Raises:
            InboxFull: too many wait already.
            UnknownConversation, Tampered: see `ConversationLog`.
        """
        try:
            with self._chain.writing(conversation) as writer:
                if len(writer.row.pending) >= MAX_PENDING:
                    raise InboxFull("Too many messages wait for an answer.")
                _insert(writer, _after_others(writer, received))
        except IntegrityError:  # this message's id is there already: it was sent twice
            return False
        return True

    def next(self, conversation: ConversationId) -> Received | None:
        """The message that has waited longest."""
        waiting = self._pending(conversation, 1)
        return waiting[0] if waiting else None

    def pending(self, conversation: ConversationId) -> list[Received]:
        """All messages that wait, the oldest first."""
        return self._pending(conversation, MAX_PENDING)

    def waiting(self) -> list[ConversationId]:
        """Conversations with a message that waits: where to go on after a restart."""
        table = tables.conversation
        query = sa.select(table.c.id).where(table.c.pending != "").order_by(table.c.touched)
        with self._reading.connect() as connection:
            return [ConversationId(row.id) for row in connection.execute(query)]

    def _pending(self, conversation: ConversationId, most: int) -> list[Received]:
        with self._chain.reading(conversation) as reader:
            if not reader.row.pending:
                return []
            return waiting_in(reader)[:most]

    def _row(self, conversation: ConversationId, message: MessageId) -> Any:
        table = tables.inbox
        query = sa.select(table.c.body).where(
            table.c.conversation == conversation, table.c.message == message
        )
        with self._reading.connect() as connection:
            return connection.execute(query).first()


def waiting_in(reader: Reader) -> list[Received]:
    """The messages that wait, verified, the oldest first.

    Raises:
        ChainBroken: one is missing, or there is one too many.
        EntryTampered: one was changed.
    """
    table = tables.inbox
    rows = reader.connection.execute(
        sa.select(table)
        .where(table.c.conversation == reader.row.id, table.c.body.is_not(None))
        .order_by(table.c.place)
    ).all()
    if tuple(row.place for row in rows) != reader.row.pending:
        raise ChainBroken("A waiting message is missing, or there is one too many.")
    return [_open(reader, row) for row in rows]


def take(writer: Writer, message: MessageId) -> None:
    """Take a message out, in the transaction that answers it.

    Raises:
        NotPending: it was answered already, or never received.
        ChainBroken: it waits in the inbox but not by the conversation's row.
    """
    which = {"of": writer.row.id, "id": message}
    if _took_first(writer, which):
        return
    stored = writer.connection.execute(_PLACE, which).first()
    waits = stored is not None and stored.place in writer.row.pending
    if stored is None or not (waits or stored.waits):
        raise NotPending("The message was answered already.")
    if waits != bool(stored.waits):
        raise ChainBroken("A message was answered, or waits again, only in the inbox.")
    writer.connection.execute(_TAKE, which)
    writer.change(pending=tuple(p for p in writer.row.pending if p != stored.place))


def _took_first(writer: Writer, which: dict[str, Any]) -> bool:
    """Nearly always it is the one that has waited longest: then one statement is enough."""
    pending = writer.row.pending
    if not pending:
        return False
    taken = writer.connection.execute(_TAKE_FIRST, {**which, "first": pending[0]})
    if taken.rowcount != 1:
        return False
    writer.change(pending=pending[1:])
    return True


def _after_others(writer: Writer, received: Received) -> Received:
    """The message, masked as what follows the customer's others."""
    if received.payload is not None or not may_go_on(received.text):
        return received
    masked = MASKER.mask_next(received.text, _words_before(writer))
    if not masked.kinds:
        return received
    kinds = {*received.masked, *(kind.value for kind in masked.kinds)}
    return replace(received, text=masked.text, masked=tuple(sorted(kinds)))


def _words_before(reader: Reader) -> Iterator[str]:
    """What the customer wrote before, newest first: as far back as somebody wants to know.

    The title of a button that they pressed in between is nothing that they wrote.
    """
    yield from (each.text for each in reversed(waiting_in(reader)) if each.payload is None)
    seen = reader.row.seq
    for count in _LOOKS_BACK:
        first = max(1, reader.row.seq - count + 1)
        entries = reader.entries(max(1, first - 1))  # the buttons before the first, too
        titles = {choice.title for each in entries for m in each.messages for choice in m.choices}
        for entry in reversed(entries):
            if first <= entry.seq <= seen:
                seen = entry.seq - 1
                said = (m for m in reversed(entry.messages) if m.author is Author.CUSTOMER)
                yield from (m.text for m in said if m.text not in titles)


def _insert(writer: Writer, received: Received) -> None:
    row, place = writer.row, writer.row.received + 1
    content = asdict(received)
    if not received.masked:  # as it was before there was this field
        del content["masked"]
    plain = json.dumps(content, ensure_ascii=False).encode()
    values = {
        "conversation": row.id,
        "message": received.id,
        "place": place,
        "generation": row.generation,
        "body": writer.key.seal(plain, bound(row.id, row.generation, place, received.id)),
    }
    writer.connection.execute(_PUT, values)
    writer.change(received=place, pending=(*row.pending, place))


def _open(reader: Reader, stored: Any) -> Received:
    place = bound(reader.row.id, stored.generation, stored.place, stored.message)
    plain = reader.key_of(stored.generation).open_sealed(stored.body, place)
    content = json.loads(plain)
    received = Received(**{**content, "masked": tuple(content.get("masked", ()))})
    # The same id as bytes is bound alike, but no search would find it.
    if received.id != stored.message:
        raise EntryTampered("A waiting message was changed.")
    return received


def bound(conversation: ConversationId, generation: int, place: int, message: str) -> bytes:
    """What a waiting message is sealed with."""
    return bind("helder inbox", FORMAT, conversation, generation, place, message)
