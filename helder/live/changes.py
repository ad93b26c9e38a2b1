"""Who is to be woken when something happens in a conversation."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterator

import structlog

from helder.conversation.entries import ConversationId
from helder.conversation.log import ConversationLog
from helder.database import is_postgres
from helder.live.following import Follower
from helder.live.listening import Listening
from helder.live.polling import Polling

logger = structlog.get_logger(__name__)
AGAIN_SECONDS = 1.0


class Watch:
    """One stream's view: woken at every change, and told who is typing.

    `stale` says that there may be something new in the log; whoever reads it sets it back first.
    """

    def __init__(self, typing: bool) -> None:
        self.typing = typing
        self.stale = True
        self.seen = asyncio.Event()  # all that was new has been passed on
        self._woken = asyncio.Event()

    def changed(self) -> None:
        """There may be something new in the log."""
        self.stale = True
        self.seen.clear()
        self._woken.set()

    def set_typing(self, typing: bool) -> None:
        """The assistant begins or ends to work on an answer."""
        self.typing = typing
        self._woken.set()

    def nudge(self) -> None:
        """Something that is not in the log may have changed."""
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        """Wait to be woken; False if nothing happened for so long."""
        if not self.stale:
            self.seen.set()
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        self._woken.clear()
        return True


class Changes:
    """Wakes the watches of the conversations in which something happened."""

    def __init__(self, log: ConversationLog) -> None:
        is_told = is_postgres(log.engine.url)
        self._follower: Follower = Listening(log.engine) if is_told else Polling(log)
        self._watches: dict[ConversationId, set[Watch]] = defaultdict(set)
        self._typing: set[ConversationId] = set()
        self.closing = False

    @contextlib.contextmanager
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

    def watched(self) -> Collection[ConversationId]:
        """The conversations that somebody watches."""
        return self._watches.keys()

    def typing(self, conversation: ConversationId, typing: bool) -> None:
        """The assistant begins or ends to work on an answer, here."""
        if typing != (conversation in self._typing):
            self._follower.tell_typing(conversation, typing)
        self.show_typing(conversation, typing)

    def show_typing(self, conversation: ConversationId, typing: bool) -> None:
        """The assistant begins or ends to work on an answer, here or at another gateway."""
        (self._typing.add if typing else self._typing.discard)(conversation)
        for watch in self._watches.get(conversation, ()):
            watch.set_typing(typing)

    def changed(self, conversation: ConversationId) -> None:
        """Something happened in the conversation; nothing to do if nobody watches it."""
        for watch in self._watches.get(conversation, ()):
            watch.changed()

    def stands(self, conversation: ConversationId) -> None:
        """Where a customer stands in line was looked at anew."""
        for watch in self._watches.get(conversation, ()):
            watch.nudge()

    async def seen(self, conversation: ConversationId, seconds: float) -> None:
        """Wait until those who watch here have got what is new; at most so long.

        If nobody does, the whole time: they may watch elsewhere, or be about to ask.
        """
        watches = [each.seen.wait() for each in self._watches.get(conversation, ())]
        waits = asyncio.gather(*watches) if watches else asyncio.Event().wait()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(waits, seconds)

    def close(self) -> None:
        """End all streams."""
        self.closing = True
        for conversation in list(self._watches):
            self.changed(conversation)

    async def follow(self) -> None:
        """Notice what other processes write, for as long as this task lives."""
        while True:
            try:
                await self._follower.follow(self)
            except Exception as error:
                # Whatever it is, streams must not stand still for good.
                logger.error("watching_interrupted", exc_info=error)
                await asyncio.sleep(AGAIN_SECONDS)
