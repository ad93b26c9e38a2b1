"""Database work never stalls Rasa's event loop: whoever waits for the disk, waits in a thread.

Nothing here measures time. A heartbeat on the loop ends the waiting; on a loop that stood still it
could not, and the waiting would end in an error.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rasa.core.brokers.sql import SQLEventBroker
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import event

from helder.brain import turn
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from tests.aio import run
from tests.brain.examples import DOMAIN
from tests.brain.talk import NOW

BEATS = 50
Work = Callable[[EncryptedTrackerStore, ConversationId], Awaitable[Any]]


class Heart:
    """Beats on the event loop for as long as some work goes on there."""

    def __init__(self) -> None:
        self._beats = 0
        self._beaten = threading.Condition()

    async def beside(self, work: Awaitable[Any]) -> Any:
        """The work's result."""
        task = asyncio.ensure_future(work)
        while not task.done():
            with self._beaten:
                self._beats += 1
                self._beaten.notify_all()
            await asyncio.sleep(0)
        return await task

    def hold(self, *_: object) -> None:
        """Hold a statement up until the loop has gone round so many times."""
        with self._beaten:
            enough = self._beats + BEATS
            assert self._beaten.wait_for(lambda: self._beats >= enough, 10), "the loop stood still"


async def save(store: EncryptedTrackerStore, conversation: ConversationId) -> None:
    tracker = await store.retrieve(conversation)
    tracker.update(UserUttered("hi"))
    await store.save(tracker)


async def save_from_elsewhere(store: EncryptedTrackerStore, conversation: ConversationId) -> None:
    events = [*(await store.retrieve_full_tracker(conversation)).events, UserUttered("hi")]
    await store.save(DialogueStateTracker.from_events(conversation, events, DOMAIN.slots))


async def answer(store: EncryptedTrackerStore, conversation: ConversationId) -> None:
    """A turn that answers a message of the customer's."""
    received = Received(MessageId("m"), "hi", NOW)
    await asyncio.to_thread(Inbox(store.log.engine, store.log.keyring).put, conversation, received)
    turn.current.set(turn.Turn(conversation, received.id, 0))
    tracker = await store.retrieve(conversation)
    tracker.update(BotUttered("hello"))
    await store.save(tracker)


WORK: dict[str, Work] = {
    "retrieve": lambda store, conversation: store.retrieve(conversation),
    "retrieve_full_tracker": lambda store, conversation: store.retrieve_full_tracker(conversation),
    "save": save,
    "answer": answer,
    "save from elsewhere": save_from_elsewhere,
    "exists": lambda store, conversation: store.exists(conversation),
    "keys": lambda store, _: store.keys(),
}


def test_a_turn_that_waits_for_another_writer_lets_the_others_go_on(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId
) -> None:
    async def wait_for_another(other: sqlite3.Connection) -> None:
        tracker = await store.retrieve(conversation)
        tracker.update(UserUttered("hi"))
        other.execute("BEGIN IMMEDIATE")
        saving = asyncio.ensure_future(store.save(tracker))
        for _ in range(BEATS):
            await asyncio.sleep(0)
            assert not saving.done()
        other.execute("ROLLBACK")
        await saving

    path = str(log.engine.url.database)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        run(wait_for_another(other))
    assert run(store.retrieve(conversation)).latest_message.text == "hi"


@pytest.mark.parametrize("work", WORK)
def test_no_statement_is_executed_on_the_event_loop(
    store: EncryptedTrackerStore, log: ConversationLog, conversation: ConversationId, work: str
) -> None:
    heart = Heart()
    event.listen(log.engine, "before_cursor_execute", heart.hold)
    run(heart.beside(WORK[work](store, conversation)))


def test_a_broker_that_waits_for_its_database_lets_the_others_go_on(
    store: EncryptedTrackerStore, conversation: ConversationId, tmp_path: Path
) -> None:
    store.event_broker = SQLEventBroker(db=str(tmp_path / "heard.db"))
    heart = Heart()
    event.listen(store.event_broker.engine, "before_cursor_execute", heart.hold)
    run(heart.beside(save(store, conversation)))
    store._broadcast._thread.shutdown()
    with closing(sqlite3.connect(tmp_path / "heard.db")) as heard:
        assert heard.execute("SELECT count(*) FROM events").fetchone() == (1,)
