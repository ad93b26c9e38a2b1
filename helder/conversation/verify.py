"""Everything that is stored, looked at once: is it what was written?

In normal life only what is read is verified. Here every conversation is read, with the log's own
code, from its first entry to its head, and besides what the log does not read (walk.py), rows of
conversations that are not there, and the marks of what was destroyed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, FileAnchor, Sighting
from helder.conversation.chain import Chain
from helder.conversation.entries import ConversationId
from helder.conversation.erasure import Judge
from helder.conversation.errors import KeyringError, Tampered, UnknownConversation
from helder.conversation.keyring import Keyring
from helder.conversation.rollback import behind
from helder.conversation.walk import Walk
from helder.conversation.wrappings import CONVERSATIONS, Damaged
from helder.database import reading

Tell = Callable[[int], None]
_ID = re.compile("[0-9a-f]{32}")  # as ConversationLog.open makes them


class Verifier:
    """Looks at everything, also at what is locked. What it finds damaged is locked, as by reading.

    `unanchored` counts the conversations that the anchor has not seen: those of a moment before a
    process was killed, or older than the anchor.
    """

    def __init__(self, engine: Engine, keyring: Keyring, anchor: FileAnchor) -> None:
        self._engine = engine
        self._keyring = keyring
        self._anchor = _PastLocks(anchor)
        self._file = anchor
        self._chain = Chain(engine, keyring, self._anchor)
        self._chain_of_any_time = Chain(engine, keyring, NO_ANCHOR)
        self._reading = reading(engine)

    @property
    def unanchored(self) -> int:
        """How many conversations are known to nobody but the database."""
        return self._anchor.unknown

    def check(self, conversation: ConversationId, *, older: bool = False) -> tuple[int, bytes]:
        """Read all of one conversation; its revision and authenticator.

        With `older` it may be of an earlier time than the anchor has seen it.

        Raises:
            UnknownConversation: there is none.
            Tampered: something is not as it was written.
            KeyringError: its master key is missing.
        """
        chain = self._chain_of_any_time if older else self._chain
        with chain.reading(conversation) as reader:
            Walk(reader).everything()
            return reader.row.revision, reader.row.authenticator(reader.key)

    def conversations(self, tell: Tell) -> Iterator[Damaged]:
        """Every conversation in the database that is not as it was written."""
        for page in CONVERSATIONS.pages(self._engine, sa.true()):
            for stored in page:
                if reason := self._wrong(ConversationId(stored.id)):
                    yield Damaged("conversation", str(stored.id), reason)
            tell(len(page))

    def missing(self) -> Iterator[Damaged]:
        """The conversations that the anchor knows and the database does not, without an erasure."""
        for conversation in behind(self._engine, self._keyring, self._file):
            if not self._is_there(conversation) and (reason := self._wrong(conversation)):
                yield Damaged("conversation", conversation, reason)

    def strays(self) -> Iterator[Damaged]:
        """Rows of conversations that are not there."""
        home = tables.conversation.c.id
        for table in (tables.entry, tables.inbox, tables.proof, tables.former_key):
            mine = table.c.conversation
            homeless = ~sa.exists().where(home == mine)
            query = sa.select(mine, sa.func.count()).where(homeless).group_by(mine)
            with self._reading.connect() as connection:
                for conversation, count in connection.execute(query):
                    reason = f"{count} rows in the table {table.name}, but there is none"
                    yield Damaged("conversation", str(conversation), reason)

    def erasures(self) -> Iterator[Damaged]:
        """Marks of destroyed conversations that nobody with the keys made."""
        table, judge = tables.erasure, Judge(self._keyring)
        query = sa.select(table.c.conversation, table.c.proof).where(table.c.proof != "")
        with self._reading.connect() as connection:
            rows = connection.execution_options(stream_results=True).execute(query)
            for conversation, proof in rows:
                if not judge.authentic(conversation, proof):
                    reason = "no key that is here made the mark of its destruction"
                    yield Damaged("erasure", str(conversation), reason)

    def _wrong(self, conversation: Any) -> str | None:
        if not (isinstance(conversation, str) and _ID.fullmatch(conversation)):
            return "HeadTampered. Its id was changed."
        try:
            self.check(ConversationId(conversation))
        except Tampered as error:
            return f"{type(error).__name__}. {error}"
        except KeyringError as error:
            return str(error)
        except UnknownConversation:
            # Destroyed while this was under way, unless a backup has brought it back.
            if self._file.erased([conversation]) and self._is_there(conversation):
                return "it was destroyed, and is back; it is destroyed again within a minute"
        return None

    def _is_there(self, conversation: str) -> bool:
        table = tables.conversation
        with self._reading.connect() as connection:
            query = sa.select(table.c.id).where(table.c.id == conversation)
            return connection.execute(query).first() is not None


class _PastLocks:
    """The anchor, as somebody sees it who looks at what is locked too."""

    def __init__(self, anchor: FileAnchor) -> None:
        self._anchor = anchor
        self.unknown = 0

    def sighting(self, conversation: str) -> Sighting:
        """See Anchor; nothing is locked."""
        sighting = self._anchor.sighting(conversation)
        self.unknown += sighting.revision < 0 and not sighting.erased
        return sighting._replace(locked=None)

    def saw(self, conversation: str, revision: int, head: bytes) -> None:
        """See Anchor."""
        self._anchor.saw(conversation, revision, head)

    def lock(self, conversation: str, reason: str) -> None:
        """See Anchor."""
        self._anchor.lock(conversation, reason)

    def locked_before(self, minute: int) -> list[str]:
        """See Anchor."""
        return self._anchor.locked_before(minute)

    def erase(self, conversations: Sequence[str], minute: int, reason: str) -> None:
        """See Anchor."""
        self._anchor.erase(conversations, minute, reason)

    def erased(self, conversations: Sequence[str]) -> set[str]:
        """See Anchor."""
        return self._anchor.erased(conversations)
