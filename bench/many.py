"""Many conversations in a short time, made by the log's own code: real keys, entries and heads.

Each has its beginning and some turns; every twentieth may have a message that waits and a proof as
well. Nothing waits for the disk meanwhile; what is measured afterwards does.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.anchor import Anchor
from helder.conversation.cipher import DataKey
from helder.conversation.clock import iso, minute, utc_now
from helder.conversation.entries import Author, ConversationId, Draft, Kind, Message, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import Keyring
from helder.conversation.proofs import ORDER, Proofs
from helder.conversation.row import Row
from helder.conversation.transaction import Writer
from helder.database import connect, is_postgres
from helder.handoff.messages import Messages

Tell = Callable[[int], None]
TURNS = 2
_AT_ONCE = 500
_LIFE = timedelta(hours=24)


def hurried(url: str) -> Engine:
    """An engine whose commits do not wait for the disk."""
    engine = connect(url)
    hurry = "SET synchronous_commit = off" if is_postgres(url) else "PRAGMA synchronous = OFF"
    event.listen(engine, "connect", lambda raw, _: raw.cursor().execute(hurry))
    return engine


class Many:
    """Makes conversations and left messages.

    `waiting`: some have a message that nobody has answered, which a gateway would take up at once.
    """

    def __init__(
        self, engine: Engine, keyring: Keyring, anchor: Anchor, *, waiting: bool = True
    ) -> None:
        self._waiting = waiting
        self._engine = engine
        self._keyring = keyring
        self._anchor = anchor
        self._inbox = Inbox(engine, keyring, anchor)
        self._proofs = Proofs(engine, keyring, anchor)
        self._messages = Messages(engine, keyring)

    def conversations(self, count: int, tell: Tell = lambda _: None) -> Iterator[ConversationId]:
        """So many conversations, each with `TURNS` turns; some at a time in one transaction."""
        for start in range(0, count, _AT_ONCE):
            some = min(_AT_ONCE, count - start)
            with self._engine.begin() as connection:
                written = [self._write(connection) for _ in range(some)]
            for row, head in written:
                self._anchor.saw(row.id, row.revision, head)
            for row, _ in written[::20] if self._waiting else ():
                self._proofs.record(row.id, ORDER, row.id[:8])
                waits = Received(MessageId("waits"), "Bent u daar nog?", iso(utc_now()))
                self._inbox.put(row.id, waits)
            yield from (row.id for row, _ in written)
            tell(some)

    def left_messages(self, count: int) -> list[str]:
        """So many messages for a colleague; their references."""
        return [
            self._messages.leave(
                conversation=f"{number:032x}",
                contact="sanne@example.nl",
                text=f"Mijn lamp knippert, nummer {number}.",
                language="nl",
                reason="order",
                key=f"{number:032x}:1",
            )
            for number in range(count)
        ]

    def _write(self, connection: Connection) -> tuple[Row, bytes]:
        name, now = ConversationId(secrets.token_hex(16)), minute(utc_now())
        key, wrapped = DataKey.create(self._keyring, name)
        expires = minute(utc_now() + _LIFE)
        row = Row(name, now, now, wrapped, secrets.token_bytes(32), token_expires=expires)
        connection.execute(sa.insert(tables.conversation).values(**row.columns(key)))
        writer = Writer(connection, row, key, self._keyring)
        writer.extend(Draft(Kind.OPENED, state={"slots": {"language": "nl"}}), now)
        for turn in range(TURNS):
            writer.extend(_turn(f"{name[:4]} {turn}"), now)
        head = writer.finish()
        assert head is not None
        return writer.row, head


def _turn(text: str) -> Draft:
    said = (
        Message(Author.CUSTOMER, f"Waar is mijn pakket {text}?", iso(utc_now())),
        Message(Author.ASSISTANT, "Uw pakket is onderweg en komt morgen.", iso(utc_now())),
    )
    events = ({"event": "user", "text": text}, {"event": "bot", "text": "onderweg"})
    return Draft(Kind.TURN, said, events, {"slots": {"language": "nl", "order": text}})
