"""`EncryptedTrackerStore`: Rasa's view of the log. Named in endpoints.yml.

A retrieved tracker is a snapshot and a short window; a saved turn is one entry. A conversation that
is not in the log, or not whole, is an error: never a new conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NoReturn

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from helder import settings as settings_module
from helder.brain import guard, turn
from helder.brain.broadcast import Broadcast
from helder.brain.errors import PersonHasIt, SilentTurn
from helder.brain.events import draft_of
from helder.brain.handing import handing
from helder.brain.history import (
    Told,
    current_session,
    reaches_back,
    told,
    told_of_all,
    what_is_new,
)
from helder.brain.tracker import LoggedTracker
from helder.consent.purposes import IMPROVEMENT
from helder.consent.records import Consents
from helder.content.policies import load_masking
from helder.conversation.entries import Author, ConversationId, Draft, Head, Owner, Position
from helder.conversation.errors import StaleSequence, UnknownConversation
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.database import connect
from helder.installation import anchor_of, consents_of, keyring_of
from helder.masking.masker import Masker

guard.install()


class EncryptedTrackerStore(TrackerStore):
    """Trackers from, and turns to, the conversation log.

    `max_event_history` has no effect, as in Rasa's SQL store: how far a tracker looks back is
    `WINDOW_TURNS`.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        log: ConversationLog | None = None,
        granted: Callable[[ConversationId], bool] | None = None,
        **_ignored: Any,
    ) -> None:
        """`granted`: see Broadcast; by default, what the customer's own records say."""
        super().__init__(domain, event_broker)
        self.log = log or _log_of_this_installation()
        masker = _masker_of_this_installation() if event_broker else None
        self._broadcast = Broadcast(masker, granted or _granted_in(self.log))

    async def retrieve(self, sender_id: str) -> LoggedTracker:
        """The dialogue's state and its last turns, of the current session.

        Raises:
            UnknownConversation, Tampered: never a tracker that was made up instead.
            StaleEpoch: the turn under way was sent under another ownership.
        """
        turn.failure.set(None)
        window = await asyncio.to_thread(self.log.window, ConversationId(sender_id))
        turn.refuse_another_ownership(window.position)
        history = told(window.state, window.turns, self.domain)
        if reaches_back([each.event for each in history if each.saved]):
            # What they undo is older than the window: only the whole history tells.
            return await self._rebuilt(sender_id, current=True)
        return self._tracker(sender_id, current_session(history), window.position)

    async def retrieve_full_tracker(self, conversation_id: str) -> LoggedTracker:
        """Everything since the conversation was opened. Raises as `retrieve`."""
        turn.failure.set(None)
        return await self._rebuilt(conversation_id)

    async def create_tracker(
        self,
        sender_id: str,
        append_action_listen: bool = True,  # noqa: ARG002 - Rasa's signature
    ) -> NoReturn:
        """Never: the gateway opens conversations, and one that is not there is an error.

        Raises:
            UnknownConversation: always.
        """
        raise UnknownConversation(f"There is no conversation {sender_id!r}; Rasa opens none.")

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save what is new as one turn, with the message that it answers, or nothing at all.

        A tracker that was not retrieved here may be saved if it begins with all that the log has.

        Raises:
            Conflict: the conversation went on, or has a new owner, since it was retrieved.
            NotPending: the message is answered already.
            SaveRefused: see helder/brain/errors.py.
        """
        logged = await self._logged(tracker)
        new = logged.added()
        if not new:
            return
        turn.refuse_failure()
        draft = draft_of(await self._with_what_is_undone(logged), new)
        said = sum(message.author is Author.ASSISTANT for message in draft.messages)
        answering = turn.current.get()
        if answering is None:
            head = await asyncio.to_thread(self._append, logged.position, draft)
        elif not said:
            raise SilentTurn("The assistant has not said a word to this message.")
        else:
            also = handing(draft, self.log.clock())
            head = await asyncio.to_thread(
                self.log.save_turn, logged.position, draft, answering.message, also
            )
            answering.head, answering.said = head, said
        logged.saved_at(head.position)
        await self._broadcast.publish(self.event_broker, new, tracker.sender_id)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await asyncio.to_thread(self.log.ids)

    async def exists(self, conversation_id: str) -> bool:
        """Is there such a conversation?"""
        return await asyncio.to_thread(self.log.exists, conversation_id)

    async def _rebuilt(self, sender_id: str, *, current: bool = False) -> LoggedTracker:
        position, entries = await asyncio.to_thread(self.log.whole, ConversationId(sender_id))
        turn.refuse_another_ownership(position)
        history = told_of_all(entries, self.domain)
        return self._tracker(sender_id, current_session(history) if current else history, position)

    def _tracker(
        self, sender_id: str, history: Sequence[Told], position: Position
    ) -> LoggedTracker:
        return LoggedTracker.rebuilt(sender_id, history, self.domain, position)

    async def _logged(self, tracker: DialogueStateTracker) -> LoggedTracker:
        """The tracker, as one of the log."""
        if isinstance(tracker, LoggedTracker):
            return tracker
        logged = await self._rebuilt(tracker.sender_id)
        for event in what_is_new(list(tracker.events), logged.history):
            logged.update(event)
        return logged

    async def _with_what_is_undone(self, tracker: LoggedTracker) -> LoggedTracker:
        """The same tracker, in the right state even if new events undo what it cannot see."""
        if not tracker.undoes_unseen():
            return tracker
        whole = await self._rebuilt(tracker.sender_id, current=True)
        if whole.position != tracker.position:
            raise StaleSequence("An entry was added in the meantime.")
        for event in tracker.added():
            whole.update(event)
        return whole

    def _append(self, expected: Position, draft: Draft) -> Head:
        """Save what answers no message: a reminder, or events that were posted to Rasa."""
        # The first owner is the assistant, and a new owner begins a new epoch.
        head = self.log.head(expected.conversation) if expected.epoch else None
        if head is not None and head.owner is not Owner.ASSISTANT:
            raise PersonHasIt("A person has this conversation, or it waits for one.")
        return self.log.save_turn(expected, draft, None)


def _granted_in(log: ConversationLog) -> Callable[[ConversationId], bool]:
    """Does the customer agree to improvement? consent.yml is read when that is first asked."""

    @cache
    def consents() -> Consents:
        proofs = Proofs(log.engine, log.keyring, log.anchor)
        return consents_of(settings_module.load(), proofs)

    return lambda conversation: consents().granted(conversation, IMPROVEMENT)


def _masker_of_this_installation() -> Masker:
    policies = settings_module.load().project / "policies"
    return Masker(load_masking(policies / "masking.yml").exported)


def _log_of_this_installation() -> ConversationLog:
    settings = settings_module.load()
    engine = connect(settings.database_url)
    return ConversationLog(engine, keyring_of(settings), anchor=anchor_of(settings))
