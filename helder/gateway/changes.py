"""Who is to be woken when something happens in a conversation.

Another process's commit is noticed by a cheap poll of SQLite's `PRAGMA data_version`; one query
then tells which of the watched conversations it concerns.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from helder.conversation.entries import ConversationId
from helder.conversation.errors import Tampered
from helder.conversation.log import ConversationLog

logger = structlog.get_logger(__name__)
POLL_SECONDS = 0.04
AGAIN_SECONDS = 1.0


class Watch:
    """One stream's view: woken at every change, and told who is typing.

    `stale` says that there may be something new in the log; whoever reads it sets it back first.
    """

    def __init__(self, typing: bool) -> None:
        self.typing = typing
        self.stale = True
        self._woken = asyncio.Event()

    def changed(self) -> None:
        """There may be something new in the log."""
        self.stale = True
        self._woken.set()

    def set_typing(self, typing: bool) -> None:
        """The assistant begins or ends to work on an answer."""
        self.typing = typing
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        """Wait to be woken; False if nothing happened for so long."""
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        self._woken.clear()
        return True


class Changes:
    """Wakes the watches of the conversations in which something happened."""

    def __init__(self, log: ConversationLog) -> None:
        self._log = log
        self._watches: dict[ConversationId, set[Watch]] = defaultdict(set)
        self._seen: dict[str, tuple[int, int]] = {}
        self._typing: set[ConversationId] = set()
        self._damaged: set[ConversationId] = set()
        self.closing = False

    @contextmanager
    def watch(self, conversation: ConversationId) -> Iterator[Watch]:
        """Watch a conversation."""
        watch = Watch(conversation in self._typing)
        self._watches[conversation].add(watch)
        try:
            yield watch
        finally:
            self._watches[conversation].discard(watch)
            if not self._watches[conversation]:
                del self._watches[conversation]
                self._seen.pop(conversation, None)

    def typing(self, conversation: ConversationId, typing: bool) -> None:
        """The assistant begins or ends to work on an answer."""
        (self._typing.add if typing else self._typing.discard)(conversation)
        for watch in self._watches.get(conversation, ()):
            watch.set_typing(typing)

    def changed(self, conversation: ConversationId) -> None:
        """This process has just written to the conversation."""
        for watch in self._watches.get(conversation, ()):
            watch.changed()

    def damaged(self, conversation: ConversationId) -> None:
        """Its log is not whole: its streams end, and whoever asks is told."""
        self._damaged.add(conversation)
        self.changed(conversation)

    def refuse_damaged(self, conversation: ConversationId) -> None:
        """Raises Tampered if the conversation was found to be damaged."""
        if conversation in self._damaged:
            raise Tampered("The conversation was found to be damaged.")

    def close(self) -> None:
        """End all streams."""
        self.closing = True
        for conversation in list(self._watches):
            self.changed(conversation)

    async def poll(self) -> None:
        """Notice what other processes write, for as long as this task lives."""
        while True:
            try:
                await self._follow()
            except (sqlite3.Error, SQLAlchemyError) as error:
                logger.error("watching_interrupted", exc_info=error)
                await asyncio.sleep(AGAIN_SECONDS)

    def _connect(self) -> sqlite3.Connection:
        # As an address, in which a `#` or `%` of the folder's name would mean something else.
        path = Path(str(make_url(str(self._log.engine.url)).database)).absolute()
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)

    async def _follow(self) -> None:
        connection = self._connect()
        try:
            version = None
            while True:
                now = connection.execute("PRAGMA data_version").fetchone()[0]
                if now != version and self._watches:
                    await self._look()
                version = now
                await asyncio.sleep(POLL_SECONDS)
        finally:
            connection.close()

    async def _look(self) -> None:
        heads = await asyncio.to_thread(self._log.heads, list(self._watches))
        for conversation in list(self._watches):
            head = heads.get(conversation)
            if head is None or head != self._seen.get(conversation):
                self.changed(conversation)
            if head is not None:
                self._seen[conversation] = head
