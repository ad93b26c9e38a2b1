"""The two stores, as a turn uses them: retrieve a tracker, have it go on, save it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Protocol

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bench.store.dialogue import Dialogue, Timeline
from helder.brain import turn as under_way
from helder.brain.events import MESSAGE_ID, SHOWN
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.clock import iso, utc_now
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.inbox import Inbox, Received

LANGUAGE = "en"
TOKEN_LIFE = timedelta(days=2)


class Conversation(Protocol):
    """One conversation in a store. A turn is `receive`, `retrieve`, `happen`, `save`."""

    async def receive(self, number: int) -> None:
        """Do what is done before the turn with this number begins."""

    async def retrieve(self) -> DialogueStateTracker:
        """The tracker, as Rasa gets it."""

    def happen(self, tracker: DialogueStateTracker, number: int) -> None:
        """Put the events of this turn into the tracker, as Rasa does. Nothing is stored."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new."""


class Store(Protocol):
    """One of the two stores on a database of its own."""

    name: str

    async def open(self) -> Conversation:
        """Begin a conversation."""


class StockStore:
    """Rasa's own."""

    name = "stock"

    def __init__(self, store: SQLTrackerStore, domain: Domain, dialogue: Dialogue) -> None:
        self.store = store
        self.domain = domain
        self.dialogue = dialogue

    async def open(self) -> Conversation:
        """A session that has begun, as Rasa begins one."""
        sender, timeline = uuid.uuid4().hex, Timeline()
        tracker = DialogueStateTracker(sender, self.domain.slots)
        for event in timeline.happening(self.dialogue.opening):
            tracker.update(event)
        await self.store.save(tracker)
        return _StockConversation(self, sender, timeline)


class _StockConversation:
    def __init__(self, stock: StockStore, sender: str, timeline: Timeline) -> None:
        self._stock = stock
        self._sender = sender
        self._timeline = timeline

    async def receive(self, number: int) -> None:
        """Nothing: stock Rasa keeps no message before its turn."""

    async def retrieve(self) -> DialogueStateTracker:
        return await self._stock.store.retrieve(self._sender)

    def happen(self, tracker: DialogueStateTracker, number: int) -> None:
        for event in self._timeline.happening(self._stock.dialogue.turn(number).events):
            tracker.update(event)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self._stock.store.save(tracker)


class HelderStore:
    """The encrypted log, with the message waiting in its inbox, from which the save takes it."""

    name = "helder"

    def __init__(self, store: EncryptedTrackerStore, inbox: Inbox, dialogue: Dialogue) -> None:
        self.store = store
        self.inbox = inbox
        self.dialogue = dialogue

    async def open(self) -> Conversation:
        """A conversation in the log."""
        return _HelderConversation(self, self.store.log.open(LANGUAGE, TOKEN_LIFE).conversation)


class _HelderConversation:
    def __init__(self, helder: HelderStore, conversation: ConversationId) -> None:
        self._helder = helder
        self._conversation = conversation
        self._message = MessageId("")
        self._timeline = Timeline()

    async def receive(self, number: int) -> None:
        """Put the message into the inbox, which the gateway does before it acknowledges."""
        self._message = MessageId(str(uuid.uuid4()))
        said = self._helder.dialogue.turn(number).said
        self._helder.inbox.put(self._conversation, Received(self._message, said, iso(utc_now())))
        under_way.current.set(under_way.Turn(self._conversation, self._message, 0))

    async def retrieve(self) -> DialogueStateTracker:
        return await self._helder.store.retrieve(self._conversation)

    def happen(self, tracker: DialogueStateTracker, number: int) -> None:
        turn = self._helder.dialogue.turn(number)
        channel = {MESSAGE_ID: self._message, SHOWN: turn.said}
        for event in self._timeline.happening(turn.events, channel):
            tracker.update(event)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self._helder.store.save(tracker)
