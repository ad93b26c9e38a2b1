"""The inbox: where a customer's message is safe from the moment it is acknowledged."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from helder.conversation import chain, tables
from helder.conversation.cipher import DataKey, bind
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.errors import InboxFull
from helder.conversation.keyring import Keyring
from helder.database import reading

MAX_PENDING = 20


@dataclass(frozen=True)
class Received:
    """A customer's message as it came in.

    `payload` is what a chosen button stands for, `text` is then its title and `offered` the number
    of the message that offered it. `time` is ISO 8601, UTC.
    """

    id: MessageId
    text: str
    time: str
    payload: str | None = None
    offered: int | None = None


class Inbox:
    """Messages that wait for an answer, encrypted under their conversation's own key."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._keyring = keyring

    def knows(self, conversation: ConversationId, message: MessageId) -> bool:
        """Was this message received before, answered or not?"""
        return self._row(conversation, message) is not None

    def is_pending(self, conversation: ConversationId, message: MessageId) -> bool:
        """Does this message still wait for its answer?"""
        row = self._row(conversation, message)
        return row is not None and row.body is not None

    def put(self, conversation: ConversationId, received: Received) -> bool:
        """Keep a message. False if one with this id was received before: then nothing is done.

        Raises:
            InboxFull: too many wait already.
            UnknownConversation, Tampered: see `ConversationLog`.
        """
        table = tables.inbox
        try:
            with self._engine.begin() as connection:
                _, key = chain.load(connection, self._keyring, conversation)
                waiting = sa.select(sa.func.count()).where(
                    table.c.conversation == conversation, table.c.body.is_not(None)
                )
                if (connection.execute(waiting).scalar() or 0) >= MAX_PENDING:
                    raise InboxFull("Too many messages wait for an answer.")
                plain = json.dumps(asdict(received), ensure_ascii=False).encode()
                body = key.seal(plain, _bound(conversation, received.id))
                connection.execute(
                    sa.insert(table).values(
                        conversation=conversation, message=received.id, body=body
                    )
                )
        except IntegrityError:
            return False
        return True

    def next(self, conversation: ConversationId) -> Received | None:
        """The message that has waited longest."""
        waiting = self._pending(conversation, 1)
        return waiting[0] if waiting else None

    def pending(self, conversation: ConversationId) -> list[Received]:
        """All messages that wait, the oldest first."""
        return self._pending(conversation, MAX_PENDING)

    def _pending(self, conversation: ConversationId, most: int) -> list[Received]:
        table = tables.inbox
        query = (
            sa.select(table.c.message, table.c.body)
            .where(table.c.conversation == conversation, table.c.body.is_not(None))
            .order_by(table.c.number)
            .limit(most)
        )
        with self._reading.begin() as connection:
            rows = connection.execute(query).all()
            if not rows:
                return []
            _, key = chain.load(connection, self._keyring, conversation)
        return [_open(conversation, key, row) for row in rows]

    def waiting(self) -> list[ConversationId]:
        """Conversations with a message that waits: where to go on after a restart."""
        table = tables.inbox
        query = sa.select(table.c.conversation).where(table.c.body.is_not(None)).distinct()
        with self._reading.connect() as connection:
            return [ConversationId(row.conversation) for row in connection.execute(query)]

    def _row(self, conversation: ConversationId, message: MessageId) -> sa.engine.Row | None:
        table = tables.inbox
        query = sa.select(table.c.body).where(
            table.c.conversation == conversation, table.c.message == message
        )
        with self._reading.connect() as connection:
            return connection.execute(query).first()


def _open(conversation: ConversationId, key: DataKey, row: sa.engine.Row) -> Received:
    plain = key.open_sealed(row.body, _bound(conversation, MessageId(row.message)))
    return Received(**json.loads(plain))


def _bound(conversation: ConversationId, message: MessageId) -> bytes:
    return bind("helder inbox", conversation, message)
