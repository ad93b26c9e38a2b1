"""Between Rasa's tracker events and the log's entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    FollowupAction,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, ACTION_TEXT

from helder.brain.lean import NOTE as NOTE
from helder.brain.lean import kept, with_short_confidences
from helder.conversation.clock import iso
from helder.conversation.entries import Author, Choice, Draft, Kind, Message

# Under which name the channel puts what the customer saw into a message's metadata.
SHOWN = "helder_shown"
MESSAGE_ID = "helder_message"
SENT = "helder_sent"  # by the customer: ISO 8601, UTC


def draft_of(tracker: DialogueStateTracker, new: Iterable[Event]) -> Draft:
    """The turn that these new events make, with the dialogue's state after them."""
    new = list(new)
    slot = tracker.slots.get("language")
    language = str(slot.value) if slot else "en"
    return Draft(
        kind=Kind.TURN,
        messages=tuple(message for event in new for message in _messages(event, language)),
        events=tuple(kept(event) for event in new),
        state=state_of(tracker),
    )


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Everything of a tracker that later turns depend on, apart from the last turns themselves."""
    return {
        "slots": {s.name: s.value for s in tracker.slots.values() if s.value != s.initial_value},
        "loop": _loop_of(tracker),
        "paused": tracker.is_paused(),
        "followup": tracker.followup_action,
        "latest": tracker.latest_action,
    }


def _loop_of(tracker: DialogueStateTracker) -> dict[str, Any] | None:
    loop = tracker.active_loop
    if loop is None or not tracker.active_loop_name:
        return None
    return {
        "name": loop.name,
        "rejected": loop.rejected,
        "interrupted": loop.is_interrupted,
        "trigger": loop.trigger_message and with_short_confidences(loop.trigger_message),
    }


def events_from_state(
    state: dict[str, Any] | None, domain: Domain, at: float | None = None
) -> list[Event]:
    """Events that bring a new tracker into this state (None: of a conversation that begins).

    They stand for what was before `at` (seconds since 1970; None: now) and bear that time.
    """
    state = state or {}
    events: list[Event] = [_did(ACTION_SESSION_START_NAME), SessionStarted()]
    known = {slot.name for slot in domain.slots}
    slots = {name: value for name, value in state.get("slots", {}).items() if name in known}
    events += [SlotSet(name, value) for name, value in slots.items()]
    # A conversation that was just opened says nothing of this: the assistant listens.
    latest = state.get("latest", {ACTION_NAME: ACTION_LISTEN_NAME})
    loop = state.get("loop") or {}
    if loop:
        made = _loop_events(loop)
        events += [e for e in made if latest or not isinstance(e, ActionExecuted)]
    if latest:
        events.append(_did(latest.get(ACTION_NAME), latest.get(ACTION_TEXT)))
    # An action ends an interruption, and the form's own action its rejection.
    if loop.get("rejected") and latest.get(ACTION_NAME) == loop["name"]:
        events.append(ActionExecutionRejected(loop["name"]))
    if loop.get("interrupted"):
        events.append(LoopInterrupted(True))
    if state.get("followup"):
        events.append(FollowupAction(state["followup"]))
    if state.get("paused"):
        events.append(ConversationPaused())
    for event in events:
        event.timestamp = at or event.timestamp
    return events


def _loop_events(loop: dict[str, Any]) -> list[Event]:
    events: list[Event] = []
    trigger = loop.get("trigger")
    if trigger:
        # The loop remembers the message that started it; only a message event can give it that.
        events.append(_did(ACTION_LISTEN_NAME))
        events.append(
            UserUttered(
                trigger.get("text"), trigger.get("intent"), trigger.get("entities"), trigger
            )
        )
    events += [_did(loop["name"]), ActiveLoop(loop["name"])]
    if loop.get("rejected"):
        events.append(ActionExecutionRejected(loop["name"]))
    return events


def _did(action: str | None, text: str | None = None) -> ActionExecuted:
    # Hidden from stories: it stands for a state, not for something that was just done.
    return ActionExecuted(action, action_text=text, hide_rule_turn=True)


def _messages(event: Event, language: str) -> list[Message]:
    time = iso(datetime.fromtimestamp(event.timestamp, tz=timezone.utc))
    if isinstance(event, UserUttered):
        metadata = event.metadata or {}
        text = metadata.get(SHOWN) or event.text or ""
        notes = metadata.get(NOTE) or {}
        note = notes.get(language) or notes.get("en")
        told = [Message(Author.SYSTEM, note, time)] if note else []
        return [Message(Author.CUSTOMER, text, time, id=metadata.get(MESSAGE_ID)), *told]
    if isinstance(event, BotUttered):
        data = event.data or {}
        choices = tuple(Choice(b["title"], b["payload"]) for b in data.get("buttons") or ())
        if event.text or choices:
            return [Message(Author.ASSISTANT, event.text or "", time, choices)]
    return []
