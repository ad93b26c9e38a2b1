"""The chain: conversations in the database, verified on reading and anchored on writing.

Entries hang together by their tags, and the conversation's row is authenticated over the last tag,
the counts, the owner and the epoch (transaction.py, row.py); the anchor remembers how far it had
come. So whatever is changed, moved, left out, cut off or put back in the database is an error on
reading, and locks the conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor, Sighting
from helder.conversation.cipher import DataKey
from helder.conversation.entries import ConversationId, Draft
from helder.conversation.erasure import is_authentic
from helder.conversation.errors import Locked, RolledBack, Tampered, UnknownConversation, Vanished
from helder.conversation.keyring import MASTER, Keyring
from helder.conversation.row import SELECT, SELECT_TO_CHANGE, Row, verified
from helder.conversation.transaction import Reader, Writer
from helder.database import reading

logger = structlog.get_logger(__name__)


class Chain:
    """Conversations in the database, verified on reading and anchored on writing.

    Whatever is found damaged is locked in the anchor, and stays so until an operator unlocks it.
    """

    def __init__(self, engine: Engine, keyring: Keyring, anchor: Anchor = NO_ANCHOR) -> None:
        self.engine = engine
        self.keyring = keyring
        self.anchor = anchor
        self._reading = reading(engine)

    def begin(self, row: Row, key: DataKey, draft: Draft, minute: int) -> None:
        """Store a new conversation with its first entry."""
        with self.engine.begin() as connection:
            connection.execute(sa.insert(tables.conversation).values(**row.columns(key)))
            writer = Writer(connection, row, key, self.keyring)
            writer.extend(draft, minute)
            head = writer.finish()
        self._saw(writer, head)

    @contextmanager
    def reading(self, conversation: ConversationId) -> Iterator[Reader]:
        """One read transaction over a conversation, which is verified first.

        Raises:
            UnknownConversation: there is none.
            Tampered: it is not what was written.
        """
        with self._locking(conversation) as sighting, self._reading.begin() as connection:
            yield Reader(connection, *self.load(connection, conversation, sighting, write=False))

    @contextmanager
    def writing(self, conversation: ConversationId) -> Iterator[Writer]:
        """One transaction that may change a conversation; as `reading`.

        Raises:
            StaleSequence: somebody else wrote at the same time; nothing is changed.
        """
        with self._locking(conversation) as sighting:
            if self.keyring.slow:
                self._hold_key(conversation)
            with self.engine.begin() as connection:
                loaded = self.load(connection, conversation, sighting, write=True)
                writer = Writer(connection, *loaded, self.keyring)
                yield writer
                head = writer.finish()
            self._saw(writer, head)

    @contextmanager
    def _locking(self, conversation: ConversationId) -> Iterator[Sighting]:
        # The anchor is asked before the transaction begins: a later answer could be ahead of it.
        sighting = self.anchor.sighting(conversation)
        if sighting.locked:
            raise Locked(f"The conversation was found damaged before ({sighting.locked}).")
        try:
            yield sighting
        except Tampered as error:
            self.lock(conversation, error)
            raise

    def lock(self, conversation: ConversationId, found: Tampered) -> None:
        """Nobody reads it any more, until an operator has looked at it: the alarm."""
        reason = type(found).__name__
        logger.error("conversation_locked", conversation=conversation, reason=reason)
        self.anchor.lock(conversation, reason)

    def _hold_key(self, conversation: ConversationId) -> None:
        """Look for a key that we have not got yet, while nobody waits for the database."""
        table = tables.conversation
        query = sa.select(table.c.key_version).where(table.c.id == conversation)
        with self._reading.connect() as connection:
            stored = connection.execute(query).first()
        if stored is not None and isinstance(stored.key_version, int):
            self.keyring.get(MASTER, stored.key_version)

    def _saw(self, writer: Writer, head: bytes | None) -> None:
        if head is not None:
            self.anchor.saw(writer.row.id, writer.row.revision, head)

    def load(
        self,
        connection: Connection,
        conversation: ConversationId,
        sighting: Sighting,
        *,
        write: bool,
    ) -> tuple[Row, DataKey]:
        """The verified row, in somebody's transaction that began after the sighting.

        Raises:
            UnknownConversation, Tampered, KeyringError: see `reading`. Nothing is locked for it.
        """
        query = SELECT_TO_CHANGE if write else SELECT
        stored = connection.execute(query, {"of": conversation}).first()
        if stored is None or sighting.erased:
            if sighting.revision >= 0 and not self._was_erased(connection, conversation):
                raise Vanished("The conversation is gone, and nobody destroyed it.")
            raise UnknownConversation("There is no such conversation.")
        row, key = verified(stored, self.keyring)
        seen, head = sighting.revision, stored.head[: len(sighting.head)]
        if row.revision < seen or (row.revision == seen and head != sighting.head):
            raise RolledBack("The conversation is older than the anchor has seen it.")
        return row, key

    def _was_erased(self, connection: Connection, conversation: ConversationId) -> bool:
        """Did somebody with the keys destroy it, perhaps on another machine?"""
        table = tables.erasure
        query = sa.select(table.c.proof).where(table.c.conversation == conversation)
        stored = connection.execute(query).first()
        return stored is not None and is_authentic(self.keyring, conversation, stored.proof)
