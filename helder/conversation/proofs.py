"""What a customer has proven in a conversation: which order, or who they are.

Sealed under the conversation's own data key and shredded with it. It stands below the dialogue: a
slot can be filled by a mistake in a story, a row here only by a proof that was given.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.conversation import chain, tables
from helder.conversation.cipher import bind
from helder.conversation.entries import ConversationId
from helder.conversation.keyring import Keyring
from helder.database import reading

ORDER = "order"  # the subject is an order number
CUSTOMER = "customer"  # the subject is a customer's id, from a signed identity token


class Proofs:
    """Each method raises UnknownConversation and Tampered, as the log does."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._keyring = keyring

    def record(self, conversation: ConversationId, kind: str, subject: str) -> None:
        """Remember a proof; the same again changes nothing."""
        with self._engine.begin() as connection:
            _, key = chain.load(connection, self._keyring, conversation)
            if (kind, subject) in self._all(connection, conversation):
                return
            plain = json.dumps([kind, subject], ensure_ascii=False).encode()
            body = key.seal(plain, _bound(conversation))
            row = {"conversation": conversation, "body": body}
            connection.execute(sa.insert(tables.proof).values(**row))

    def has(self, conversation: ConversationId, kind: str, subject: str) -> bool:
        """Was this proven here?"""
        return subject in self.subjects(conversation, kind)

    def subjects(self, conversation: ConversationId, kind: str) -> tuple[str, ...]:
        """All that was proven of one kind, oldest first."""
        with self._reading.begin() as connection:
            proven = self._all(connection, conversation)
        return tuple(subject for each, subject in proven if each == kind)

    def _all(self, connection: Connection, conversation: ConversationId) -> list[tuple[str, str]]:
        table = tables.proof
        _, key = chain.load(connection, self._keyring, conversation)
        mine = sa.select(table.c.body).where(table.c.conversation == conversation)
        rows = connection.execute(mine.order_by(table.c.number)).all()
        opened = [json.loads(key.open_sealed(row.body, _bound(conversation))) for row in rows]
        return [(kind, subject) for kind, subject in opened]


def _bound(conversation: ConversationId) -> bytes:
    return bind("helder proof", conversation)
