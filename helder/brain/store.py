"""`EncryptedTrackerStore`: Rasa's view of the log. Named in endpoints.yml.

A retrieved tracker is a snapshot and a short window; a saved turn is one entry. A conversation that
is not in the log, or not whole, is an error: never a new conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from helder import settings as settings_module
from helder.brain import guard
from helder.brain.events import draft_of, events_from_state, events_of
from helder.brain.turn import ActionsUnreachable, TurnFailed, current
from helder.conversation.entries import ConversationId, Kind, Position
from helder.conversation.errors import StaleEpoch, StaleSequence
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of, keyring_of

guard.install()


class LoggedTracker(DialogueStateTracker):
    """A tracker that knows where in the log it came from, and which of its events are new."""

    position: Position
    logged: int = 0

    def mark(self, position: Position) -> None:
        """All events up to here are in the log at `position`."""
        self.position = position
        self.logged = len(self.events)


class EncryptedTrackerStore(TrackerStore):
    """Trackers from, and turns to, the conversation log."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        log: ConversationLog | None = None,
        **_ignored: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self.log = log or _log_of_this_installation()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """The dialogue's state and its last turns.

        Raises:
            UnknownConversation, Tampered: never a tracker that was made up instead.
            StaleEpoch: the turn under way was sent under another ownership.
        """
        window = await asyncio.to_thread(self.log.window, ConversationId(sender_id))
        turn = current.get()
        if turn is not None and turn.epoch != window.position.epoch:
            raise StaleEpoch("The conversation has a new owner.")
        events = events_from_state(window.state, self.domain) + events_of(window.turns)
        return self._tracker(sender_id, events, window.position)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker:
        """Everything since the conversation was opened."""
        conversation = ConversationId(conversation_id)
        entries = await asyncio.to_thread(self.log.history, conversation)
        events: list[Event] = []
        for entry in entries:
            if entry.kind is Kind.TURN:
                events += events_of([entry])
            elif entry.state:  # opened, or given back to the assistant
                events += events_from_state(entry.state, self.domain)
        head = await asyncio.to_thread(self.log.head, conversation)
        return self._tracker(conversation_id, events, head.position)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save what is new as one turn, with the message that it answers, or nothing at all.

        Raises:
            Conflict: the conversation went on, or has a new owner, since it was retrieved.
            NotPending: the message is answered already.
            TurnFailed: an action of the turn broke.
        """
        if not isinstance(tracker, LoggedTracker):
            raise StaleSequence("Only a tracker that was retrieved from the log can be saved.")
        new = list(islice(tracker.events, tracker.logged, None))
        if not new:
            return
        turn = current.get()
        if turn is not None and turn.failed:
            raise (ActionsUnreachable if turn.unreachable else TurnFailed)(turn.failed)
        draft = draft_of(tracker, new)
        answers = turn.message if turn is not None else None
        head = await asyncio.to_thread(self.log.save_turn, tracker.position, draft, answers)
        tracker.mark(head.position)
        if turn is not None:
            turn.head = head
            turn.said = sum(1 for m in draft.messages if m.author.value == "assistant")
        await self._stream(new, tracker.sender_id)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await asyncio.to_thread(self.log.ids)

    async def exists(self, conversation_id: str) -> bool:
        """Is there such a conversation?"""
        return await asyncio.to_thread(self.log.exists, conversation_id)

    def _tracker(self, sender_id: str, events: list[Event], position: Position) -> LoggedTracker:
        tracker = LoggedTracker(sender_id, self.domain.slots)
        for event in events:
            tracker.update(event)
        tracker.mark(position)
        return tracker

    async def _stream(self, new: list[Event], sender_id: str) -> None:
        # Only what is saved is published: stock Rasa publishes before it saves.
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, sender_id)


def _log_of_this_installation() -> ConversationLog:
    settings = settings_module.load()
    engine = connect(settings.database_url)
    return ConversationLog(engine, keyring_of(settings), anchor=anchor_of(settings))
