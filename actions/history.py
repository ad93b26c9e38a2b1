"""What was said and done in a conversation, seen from the customer's last message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from actions.heard import Message, heard

OTHER_ORDER = "action_other_order"
RESPONSE = "utter_action"  # where Rasa writes down which response was said


class Answer(NamedTuple):
    """Something that the assistant said: the response's key, and the words."""

    response: str
    text: str


class History:
    """The events of Rasa's tracker, oldest first."""

    def __init__(self, events: Sequence[Mapping[str, Any]]) -> None:
        self._events = events

    def returns_to(self, form: str) -> bool:
        """Does the form only ask again, after something else was dealt with?"""
        return any(
            event.get("event") == "action_execution_rejected" and event.get("name") == form
            for event in self.events_since_message()
        )

    def silence(self, now: datetime) -> timedelta:
        """How long ago was anything said before this message?"""
        times = (event.get("timestamp") for event in self.before_message())
        last = next((time for time in times if time), None)
        return timedelta(seconds=max(0.0, now.timestamp() - last)) if last else timedelta()

    def said_before(self, beginning: str) -> bool:
        """Did the turn before this one say a response whose key begins so?"""
        messages = 0
        for event in reversed(self._events):
            messages += event.get("event") == "user"
            if messages == 2:
                return False
            said = (event.get("metadata") or {}).get(RESPONSE) or ""
            if messages == 1 and said.startswith(beginning):
                return True
        return False

    def said_now(self, response: str) -> bool:
        """Has this turn said the response already?"""
        events = self.events_since_message()
        return any((event.get("metadata") or {}).get(RESPONSE) == response for event in events)

    def answers(self, turns: int | None = None) -> Iterator[Answer]:
        """What the assistant said in the turns before this one, newest first."""
        messages = 0
        for event in self.before_message():
            messages += event.get("event") == "user"
            if messages == turns:
                return
            said = (event.get("metadata") or {}).get(RESPONSE)
            if event.get("event") == "bot" and said:
                yield Answer(str(said), str(event.get("text") or ""))

    def earlier_message(self) -> Message | None:
        """The customer's message before this one that was no why, and no mere yes."""
        for event in self.before_message():
            message = heard(event)
            if message is not None and message.intent not in ("ask_why", "affirm"):
                return message
        return None

    def earlier_entity(self, *names: str) -> str | None:
        """The last entity of these names since the customer named an order, this message apart."""
        for event in self.before_message():
            named = event.get("name") == "order_number" and event.get("value")
            if named or event.get("name") == OTHER_ORDER:
                return None
            parsed = event.get("parse_data") or {}
            for entity in reversed(parsed.get("entities") or []):
                if entity.get("entity") in names:
                    return str(entity["value"])
        return None

    def events_since_message(self) -> Iterator[Mapping[str, Any]]:
        """What came after the customer's message, newest first."""
        for event in reversed(self._events):
            if event.get("event") == "user":
                return
            yield event

    def before_message(self) -> Iterator[Mapping[str, Any]]:
        """What came before the customer's message, newest first."""
        messages = 0
        for event in reversed(self._events):
            if messages:
                yield event
            messages += event.get("event") == "user"


def is_slot(event: Mapping[str, Any], name: str) -> bool:
    """Is a slot of this name set?"""
    return event.get("event") == "slot" and event.get("name") == name
