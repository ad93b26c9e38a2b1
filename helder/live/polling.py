"""On SQLite: a cheap poll of `PRAGMA data_version`, which any other connection's commit changes."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from helder.conversation.entries import ConversationId
from helder.conversation.heads import heads
from helder.conversation.log import ConversationLog
from helder.database import file_of
from helder.handoff.activity import stamps
from helder.live.following import Watched
from helder.opened import identity

POLL_SECONDS = 0.02


class Polling:
    """After each commit one query tells which of the watched conversations it concerns."""

    def __init__(self, log: ConversationLog) -> None:
        self._log = log
        self._path = file_of(log.engine) or Path()
        self._seen: dict[ConversationId, Any] = {}

    async def follow(self, watched: Watched) -> None:
        """Until the database is another file.

        Raises:
            sqlite3.Error, sqlalchemy.exc.SQLAlchemyError: the database cannot be read.
        """
        opened, connection = identity(self._path), self._connect()
        try:
            version = None
            while identity(self._path) == opened:
                now = connection.execute("PRAGMA data_version").fetchone()[0]
                if now != version and watched.watched():
                    await self._look(watched)
                version = now
                await asyncio.sleep(POLL_SECONDS)
        finally:
            connection.close()

    def tell_typing(self, conversation: ConversationId, typing: bool) -> None:
        """There is no other gateway."""

    def _connect(self) -> sqlite3.Connection:
        # As an address, in which a `#` or `%` of the folder's name would mean something else.
        return sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)

    async def _look(self, watched: Watched) -> None:
        engine, watching = self._log.engine, list(watched.watched())
        found = await asyncio.to_thread(heads, engine, watching)
        active = await asyncio.to_thread(stamps, engine, watching)
        seen, self._seen = self._seen, {}
        for conversation in list(watched.watched()):
            head = found.get(conversation)
            now = head, active.get(conversation)
            if head is None or now != seen.get(conversation):
                watched.changed(conversation)
            if head is not None:
                self._seen[conversation] = now
