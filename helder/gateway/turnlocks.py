"""Turn locks: of several gateways on one database, one at a time works at a conversation.

They save work and keep answers from racing; that each message is answered exactly once does not
hang on them but on the log (compare-and-set, and the inbox). So a lock that is lost with its
connection does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import structlog
from sqlalchemy.engine import Engine

from helder import postgres
from helder.conversation.entries import ConversationId
from helder.database import is_postgres

logger = structlog.get_logger(__name__)


class TurnLocks(Protocol):
    """A lock per conversation, for as long as one message is being answered."""

    def holding(self, conversation: ConversationId) -> AbstractAsyncContextManager[bool]:
        """Hold the lock; False, and nothing held, if another gateway has it."""
        ...

    async def close(self) -> None:
        """Let go of all of them."""
        ...


def turn_locks(engine: Engine, longest_turn: float) -> TurnLocks:
    """The locks that fit this database. `longest_turn`: seconds that a turn may take."""
    if not is_postgres(engine.url):
        return NoOtherGateway()
    return AdvisoryLocks(engine, silence=2 * longest_turn + 30)


class NoOtherGateway:
    """On SQLite there is one gateway, which has one task per conversation: nothing to lock."""

    @asynccontextmanager
    async def holding(self, _conversation: ConversationId) -> AsyncIterator[bool]:
        """Always held."""
        yield True

    async def close(self) -> None:
        """Nothing to let go of."""


class AdvisoryLocks:
    """PostgreSQL's advisory locks, all held by one session, which ends with its gateway.

    A gateway that hangs lets go too: the server ends a session that says nothing for `silence`
    seconds. One that merely had nothing to do opens another when it needs one.

    https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS
    """

    def __init__(self, engine: Engine, silence: float) -> None:
        self._engine = engine
        self._silence_ms = int(silence * 1000)
        self._session: Any = None
        self._held: set[int] = set()
        # One thread: a connection runs one statement at a time.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="turn-locks")

    @asynccontextmanager
    async def holding(self, conversation: ConversationId) -> AsyncIterator[bool]:
        """Hold the lock, or don't.

        Raises:
            psycopg2.Error, sqlalchemy.exc.SQLAlchemyError: the database cannot be asked.
        """
        loop, number = asyncio.get_running_loop(), postgres.lock_number("turn", conversation)
        held = await loop.run_in_executor(self._thread, self._take, number)
        try:
            yield held
        finally:
            if held:
                await loop.run_in_executor(self._thread, self._release, number)

    async def close(self) -> None:
        """Let go of all of them; the next one that is wanted opens a new session."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._hang_up)

    def _take(self, number: int) -> bool:
        fresh = self._session is None
        try:
            held = self._ask("pg_try_advisory_lock", number)
        except postgres.FAILURES:
            if fresh:
                raise
            held = self._ask("pg_try_advisory_lock", number)  # the old session had ended
        if held:
            self._held.add(number)
        return held

    def _release(self, number: int) -> None:
        if number not in self._held:
            return  # it went with the session that it was taken in
        self._held.discard(number)
        try:
            self._ask("pg_advisory_unlock", number)
        except postgres.FAILURES as error:
            logger.warning("turn_locks_lost", exc_info=error)

    def _ask(self, function: str, number: int) -> bool:
        try:
            if self._session is None:
                self._session = self._new_session()
            with self._session.cursor() as cursor:
                cursor.execute(f"SELECT {function}(%s)", (number,))
                return bool(cursor.fetchone()[0])
        except postgres.FAILURES:
            self._hang_up()
            raise

    def _new_session(self) -> Any:
        session = postgres.session(self._engine)
        with session.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('idle_session_timeout', %s, false)", (str(self._silence_ms),)
            )
        return session

    def _hang_up(self) -> None:
        self._held.clear()
        session, self._session = self._session, None
        if session is not None:
            session.close()
