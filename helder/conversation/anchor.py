"""The anchor: what is remembered outside the database, so that turning it back is noticed.

A database can be put back, whole or one conversation of it, to a state that was valid once; nothing
in it can tell. So the highest revision of every conversation is kept in a file of its own, which
should lie where whoever can write the database cannot write. It is written after each commit and
therefore never ahead of the database. It also keeps the ledger of what was destroyed, which a
restored backup has forgotten, and the locks of conversations that were found damaged.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from helder.conversation.errors import AnchorError
from helder.conversation.whole import made_whole
from helder.opened import Identity, identity

_HEAD_BYTES = 16
_PATIENCE_SECONDS = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS sighting (
    conversation TEXT PRIMARY KEY, revision INTEGER NOT NULL, head BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS lock (
    conversation TEXT PRIMARY KEY, reason TEXT NOT NULL,
    minute INTEGER NOT NULL DEFAULT (strftime('%s', 'now') / 60)
);
CREATE TABLE IF NOT EXISTS erasure (
    conversation TEXT PRIMARY KEY, minute INTEGER NOT NULL, reason TEXT NOT NULL
);
"""


class Sighting(NamedTuple):
    """What the anchor knows of a conversation: nothing, or its last state, lock and end.

    `head` is the beginning of the row's authenticator at `revision`.
    """

    revision: int = -1
    head: bytes = b""
    locked: str | None = None
    erased: bool = False


class Anchor(Protocol):
    """A memory outside the database. Each method raises AnchorError if it fails."""

    def sighting(self, conversation: str) -> Sighting:
        """What is known of a conversation; to be asked before the database is."""

    def saw(self, conversation: str, revision: int, head: bytes) -> None:
        """A commit has just made this the state of the conversation."""

    def lock(self, conversation: str, reason: str) -> None:
        """It was found damaged; the first reason stays."""

    def locked_before(self, minute: int) -> list[str]:
        """The conversations that were found damaged before this minute."""

    def erase(self, conversations: Sequence[str], minute: int, reason: str) -> None:
        """These are about to be destroyed. Safe on disk when this returns.

        Besides conversations, left messages are there under names of their own.
        """

    def erased(self, conversations: Sequence[str]) -> set[str]:
        """Which of these were destroyed?"""


class Unanchored:
    """No memory at all: turning back is not noticed, nothing stays locked. For trials and tests."""

    def sighting(self, conversation: str) -> Sighting:  # noqa: ARG002 - the port's
        """Nothing is known."""
        return Sighting()

    def saw(self, conversation: str, revision: int, head: bytes) -> None:
        """Forgotten."""

    def lock(self, conversation: str, reason: str) -> None:
        """Forgotten."""

    def locked_before(self, minute: int) -> list[str]:  # noqa: ARG002 - the port's
        """None."""
        return []

    def erase(self, conversations: Sequence[str], minute: int, reason: str) -> None:
        """Forgotten."""

    def erased(self, conversations: Sequence[str]) -> set[str]:  # noqa: ARG002 - the port's
        """None of them."""
        return set()


NO_ANCHOR = Unanchored()


class FileAnchor:
    """The anchor as a small SQLite file. Several processes and threads may use one.

    Sightings are written without waiting for the disk: after a power cut the last of them may be
    missing, which is safe, since the anchor is then only less exact. The ledger waits for the disk.

    Raises:
        AnchorError: the file is missing, or is no anchor. `create` makes a new one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise AnchorError(
                f"The anchor {path} is missing. Put it back; if it is lost for good, "
                "`helder log anchor` makes a new one from the database as it is now."
            )
        self._mutex = threading.Lock()
        self._opened: Identity | None = None
        self._connection: sqlite3.Connection | None = None
        with self._mutex:
            self._current()

    @classmethod
    def create(
        cls, path: Path, fill: Callable[[FileAnchor], object] = lambda _: None
    ) -> FileAnchor:
        """A new anchor, readable by its owner only; never over an existing one.

        It gets its name when its tables are there and `fill` has filled them: one that was begun
        and killed is no anchor. One process at a time.
        """
        with made_whole(path) as unfinished, closing(cls(unfinished)) as anchor:
            with anchor._working() as connection:
                connection.executescript(_TABLES)
            fill(anchor)
        return cls(path)

    def close(self) -> None:
        """Let go of the file."""
        with self._mutex:
            if self._connection is not None:
                self._connection.close()

    def sighting(self, conversation: str) -> Sighting:
        """See Anchor."""
        query = """
            SELECT s.revision, s.head, l.reason, e.conversation FROM (SELECT ? AS id)
            LEFT JOIN sighting s ON s.conversation = id LEFT JOIN lock l ON l.conversation = id
            LEFT JOIN erasure e ON e.conversation = id
        """
        with self._working() as connection:
            revision, head, locked, erased = connection.execute(query, (conversation,)).fetchone()
        if revision is None:
            return Sighting(locked=locked, erased=erased is not None)
        return Sighting(revision, head, locked, erased is not None)

    def saw(self, conversation: str, revision: int, head: bytes) -> None:
        """See Anchor. Of two that arrive in the wrong order the higher one stays."""
        # REPLACE gives the row a new, highest rowid: the newest sighting is the last row.
        query = """
            REPLACE INTO sighting SELECT ?1, ?2, ?3 WHERE NOT EXISTS (
                SELECT 1 FROM sighting WHERE conversation = ?1 AND revision >= ?2)
            AND NOT EXISTS (SELECT 1 FROM erasure WHERE conversation = ?1)
        """
        with self._working() as connection:
            connection.execute(query, (conversation, revision, head[:_HEAD_BYTES]))

    def lock(self, conversation: str, reason: str) -> None:
        """See Anchor."""
        with self._working() as connection:
            query = "INSERT OR IGNORE INTO lock (conversation, reason) VALUES (?, ?)"
            connection.execute(query, (conversation, reason))

    def locked_before(self, minute: int) -> list[str]:
        """See Anchor."""
        query = "SELECT conversation FROM lock WHERE minute < ?"
        with self._working() as connection:
            return [str(row[0]) for row in connection.execute(query, (minute,))]

    def unlock(self, conversation: str) -> bool:
        """An operator has looked at it. False if it was not locked."""
        with self._working() as connection:
            gone = connection.execute("DELETE FROM lock WHERE conversation = ?", (conversation,))
            return gone.rowcount == 1

    def locks(self) -> list[tuple[str, str]]:
        """The conversations that were found damaged, and as what."""
        with self._working() as connection:
            return connection.execute("SELECT conversation, reason FROM lock").fetchall()

    def erase(self, conversations: Sequence[str], minute: int, reason: str) -> None:
        """See Anchor."""
        ids = [(conversation,) for conversation in conversations]
        entries = [(*each, minute, reason) for each in ids]
        with self._working() as connection:
            connection.execute("PRAGMA synchronous = FULL")
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT OR IGNORE INTO erasure VALUES (?, ?, ?)", entries)
                connection.executemany("DELETE FROM sighting WHERE conversation = ?", ids)
                connection.executemany("DELETE FROM lock WHERE conversation = ?", ids)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                connection.execute("PRAGMA synchronous = NORMAL")

    def erased(self, conversations: Sequence[str]) -> set[str]:
        """See Anchor."""
        found: set[str] = set()
        with self._working() as connection:
            for start in range(0, len(conversations), 500):
                some = list(conversations[start : start + 500])
                marks = ",".join("?" * len(some))
                query = f"SELECT conversation FROM erasure WHERE conversation IN ({marks})"  # noqa: S608 - only marks
                found |= {row[0] for row in connection.execute(query, some)}
        return found

    def last_erasure(self) -> str | None:
        """What was destroyed last."""
        query = "SELECT conversation FROM erasure ORDER BY rowid DESC LIMIT 1"
        with self._working() as connection:
            row = connection.execute(query).fetchone()
        return None if row is None else str(row[0])

    def erased_since(self, mark: int) -> tuple[list[str], int]:
        """What was destroyed after this mark (0: all there is), and the mark for the next time."""
        query = "SELECT rowid, conversation FROM erasure WHERE rowid > ? ORDER BY rowid"
        with self._working() as connection:
            rows = connection.execute(query, (mark,)).fetchall()
        return [str(row[1]) for row in rows], rows[-1][0] if rows else mark

    def newest(self) -> str | None:
        """The conversation that was written last."""
        query = "SELECT conversation FROM sighting ORDER BY rowid DESC LIMIT 1"
        with self._working() as connection:
            row = connection.execute(query).fetchone()
        return None if row is None else str(row[0])

    def sightings(self, after: str = "", most: int = 500) -> list[tuple[str, int]]:
        """Conversations and their revisions, in the order of their ids, after one of them."""
        query = (
            "SELECT conversation, revision FROM sighting WHERE conversation > ? ORDER BY 1 LIMIT ?"
        )
        with self._working() as connection:
            return connection.execute(query, (after, most)).fetchall()

    def forget(self, conversations: Sequence[str]) -> None:
        """Sightings and locks that no longer hold: an operator has put back a backup."""
        ids = [(conversation,) for conversation in conversations]
        with self._working() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("DELETE FROM sighting WHERE conversation = ?", ids)
            connection.executemany("DELETE FROM lock WHERE conversation = ?", ids)
            connection.execute("COMMIT")

    def expire(self, before: int) -> int:
        """Drop what was destroyed before this minute from the ledger: no backup is that old."""
        with self._working() as connection:
            return connection.execute("DELETE FROM erasure WHERE minute < ?", (before,)).rowcount

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=_PATIENCE_SECONDS,
                check_same_thread=False,
                isolation_level=None,
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.Error as error:
            raise AnchorError(f"The anchor {self.path} cannot be used: {error}.") from None
        return connection

    @contextmanager
    def _working(self) -> Iterator[sqlite3.Connection]:
        with self._mutex:
            connection = self._current()
            try:
                yield connection
            except sqlite3.Error as error:
                raise AnchorError(f"The anchor {self.path} cannot be used: {error}.") from None

    def _current(self) -> sqlite3.Connection:
        # A file that was removed would take the ledger of what was destroyed with it, unseen.
        now = identity(self.path)
        if self._connection is not None and now != self._opened:
            self._connection.close()
            self._connection = None
        if self._connection is None:
            self._connection, self._opened = self._open(), now
        return self._connection
