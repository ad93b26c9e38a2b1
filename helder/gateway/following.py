"""How a gateway notices what others write: by asking SQLite, or by being told by PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.engine import Engine, make_url

from helder import postgres
from helder.conversation.entries import ConversationId
from helder.conversation.log import ConversationLog
from helder.database import CHANNEL, is_postgres

POLL_SECONDS = 0.04


class Watched(Protocol):
    """The conversations that somebody watches, as far as a follower is concerned."""

    def watched(self) -> Collection[ConversationId]:
        """Which they are."""
        ...

    def changed(self, conversation: ConversationId) -> None:
        """Something happened in one, watched or not."""
        ...


class Follower(Protocol):
    """Tells what changes, until it fails or is cancelled."""

    async def follow(self, watched: Watched) -> None:
        """What changed before it began may have been missed: it begins by telling of all."""
        ...


def follower(log: ConversationLog) -> Follower:
    """The one that fits this database."""
    return Listening(log.engine) if is_postgres(log.engine.url) else Polling(log)


class Polling:
    """SQLite: a cheap poll of `PRAGMA data_version`, which any other connection's commit changes.

    One query then tells which of the watched conversations it concerns.
    """

    def __init__(self, log: ConversationLog) -> None:
        self._log = log
        self._seen: dict[ConversationId, tuple[int, int]] = {}

    async def follow(self, watched: Watched) -> None:
        """Raises sqlite3.Error, sqlalchemy.exc.SQLAlchemyError: the database cannot be read."""
        connection = self._connect()
        try:
            version = None
            while True:
                now = connection.execute("PRAGMA data_version").fetchone()[0]
                if now != version and watched.watched():
                    await self._look(watched)
                version = now
                await asyncio.sleep(POLL_SECONDS)
        finally:
            connection.close()

    def _connect(self) -> sqlite3.Connection:
        # As an address, in which a `#` or `%` of the folder's name would mean something else.
        path = Path(str(make_url(str(self._log.engine.url)).database)).absolute()
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)

    async def _look(self, watched: Watched) -> None:
        heads = await asyncio.to_thread(self._log.heads, list(watched.watched()))
        seen, self._seen = self._seen, {}
        for conversation in list(watched.watched()):
            head = heads.get(conversation)
            if head is None or head != seen.get(conversation):
                watched.changed(conversation)
            if head is not None:
                self._seen[conversation] = head


class Listening:
    """PostgreSQL: each commit names the conversation that it changed (`database.announce`).

    https://www.postgresql.org/docs/15/sql-notify.html
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def follow(self, watched: Watched) -> None:
        """Raises psycopg2.Error, sqlalchemy.exc.SQLAlchemyError: the connection broke."""
        session = await asyncio.to_thread(self._listen)
        try:
            for conversation in list(watched.watched()):
                watched.changed(conversation)
            await _hear(session, watched)
        finally:
            session.close()

    def _listen(self) -> Any:
        session = postgres.session(self._engine)
        with session.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        return session


async def _hear(session: Any, watched: Watched) -> None:
    loop, socket = asyncio.get_running_loop(), session.fileno()
    broken: asyncio.Future[None] = loop.create_future()

    def hear() -> None:
        try:
            session.poll()
        except postgres.FAILURES as error:
            loop.remove_reader(socket)
            broken.set_exception(error)
        while session.notifies:
            watched.changed(ConversationId(session.notifies.pop(0).payload))

    loop.add_reader(socket, hear)
    try:
        hear()  # what came in between
        await broken
    finally:
        loop.remove_reader(socket)
