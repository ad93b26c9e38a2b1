"""How far the audit had come, remembered outside the database, so that turning it back is noticed.

It is a table of its own in the anchor's file (helder/conversation/anchor.py), written after each
commit and so never ahead of the database. A new anchor trusts the database as it is then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from helder.conversation.errors import AnchorError

_PATIENCE_SECONDS = 10.0
_TABLE = """
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, tag BLOB NOT NULL
)
"""
_SAW = """
INSERT INTO audit (id, number, tag) VALUES (1, ?, ?)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, tag = excluded.tag
WHERE excluded.number > audit.number
"""


class Seen(NamedTuple):
    """The number of the last entry, and its tag."""

    number: int
    tag: bytes


class AuditAnchor(Protocol):
    """A memory outside the database. Each method raises AnchorError if it fails."""

    def seen(self) -> Seen | None:
        """The furthest that the audit is known to have come; to be asked before the database is."""

    def saw(self, number: int, tag: bytes) -> None:
        """A commit has made this the end of the audit. Of two the higher one stays."""

    def forget(self) -> None:
        """An operator has put back a backup."""


class Unanchored:
    """No memory: turning back is not noticed. For trials and tests."""

    def seen(self) -> Seen | None:
        """Nothing is known."""
        return None

    def saw(self, number: int, tag: bytes) -> None:
        """Forgotten."""

    def forget(self) -> None:
        """There is nothing."""


NO_AUDIT_ANCHOR = Unanchored()


class FileAuditAnchor:
    """The memory in the anchor's file. Several processes and threads may use one.

    It does not wait for the disk: after a power cut the last entries may be missing in it, which is
    safe, since it is then only less exact.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def seen(self) -> Seen | None:
        """See AuditAnchor."""
        with self._working() as connection:
            row = connection.execute("SELECT number, tag FROM audit").fetchone()
        return None if row is None else Seen(*row)

    def saw(self, number: int, tag: bytes) -> None:
        """See AuditAnchor."""
        with self._working() as connection:
            connection.execute(_SAW, (number, tag))

    def forget(self) -> None:
        """See AuditAnchor."""
        with self._working() as connection:
            connection.execute("DELETE FROM audit")

    @contextmanager
    def _working(self) -> Iterator[sqlite3.Connection]:
        # Opened each time: the file may have been put back or made anew meanwhile.
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        try:
            with closing(self._open(address)) as connection:
                connection.execute(_TABLE)
                yield connection
        except sqlite3.Error as error:
            raise AnchorError(f"The anchor {self._path} cannot be used: {error}.") from None

    def _open(self, address: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection
