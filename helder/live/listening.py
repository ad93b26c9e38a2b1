"""On PostgreSQL: each commit names the conversation that it changed (`database.announce`).

https://www.postgresql.org/docs/15/sql-notify.html
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from sqlalchemy.engine import Engine

from helder import postgres
from helder.conversation.entries import ConversationId
from helder.database import CHANNEL
from helder.live.following import Watched

logger = structlog.get_logger(__name__)
TYPING = "helder_typing"  # the channel on which gateways tell each other who types


class Listening:
    """Two connections: one that waits to be told, and one that tells the others who types."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mouth = ThreadPoolExecutor(1, thread_name_prefix="typing")
        self._session: Any = None

    async def follow(self, watched: Watched) -> None:
        """Raises psycopg2.Error, sqlalchemy.exc.SQLAlchemyError: the connection broke."""
        session = await asyncio.to_thread(self._listen)
        try:
            for conversation in list(watched.watched()):
                watched.changed(conversation)
            await self._hear(session, watched)
        finally:
            session.close()
            await asyncio.shield(asyncio.wrap_future(self._mouth.submit(self._hush)))

    def tell_typing(self, conversation: ConversationId, typing: bool) -> None:
        """In a thread, since nobody waits for it."""
        self._mouth.submit(self._tell, conversation, typing)

    def _listen(self) -> Any:
        session = postgres.session(self._engine)
        with session.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}; LISTEN {TYPING}")
        return session

    async def _hear(self, session: Any, watched: Watched) -> None:
        loop, socket = asyncio.get_running_loop(), session.fileno()
        broken: asyncio.Future[None] = loop.create_future()

        def hear() -> None:
            try:
                session.poll()
            except postgres.FAILURES as error:
                loop.remove_reader(socket)
                broken.set_exception(error)
            while session.notifies:
                self._pass_on(session.notifies.pop(0), watched)

        loop.add_reader(socket, hear)
        try:
            hear()  # what came in between
            await broken
        finally:
            loop.remove_reader(socket)

    def _pass_on(self, told: Any, watched: Watched) -> None:
        if told.channel == CHANNEL:
            watched.changed(ConversationId(told.payload))
        elif self._session is None or told.pid != self._session.info.backend_pid:
            watched.show_typing(ConversationId(told.payload[1:]), told.payload[0] == "1")

    def _tell(self, conversation: ConversationId, typing: bool) -> None:
        try:
            if self._session is None:
                self._session = postgres.session(self._engine, durable=False)
            with self._session.cursor() as cursor:
                cursor.execute("SELECT pg_notify(%s, %s)", (TYPING, f"{typing:d}{conversation}"))
        except postgres.FAILURES as error:
            logger.debug("typing_not_told", exc_info=error)
            self._hush()

    def _hush(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()
