"""Run one action as Rasa does: a tracker in, events and responses out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HelderAction
from actions.services import Services
from tests.aio import run

Event = dict[str, Any]


@dataclass
class Did:
    """What an action said, and the events that it returned."""

    messages: list[dict[str, Any]]
    events: list[Event]

    @property
    def said(self) -> list[str]:
        """The responses' keys."""
        return [message["response"] for message in self.messages]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that it set."""
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def rejected(self) -> bool:
        """Did it leave the message to the rules?"""
        kinds = [event["event"] for event in self.events]
        return not self.events or "action_execution_rejected" in kinds


@dataclass
class Play:
    """One conversation, as far as a single action sees it."""

    services: Services
    conversation: str
    slots: dict[str, Any] = field(default_factory=lambda: {"language": "nl"})
    form: str | None = None
    events: list[Event] = field(default_factory=list)
    message: str = "m1"
    sent: str = ""

    def do(
        self,
        action: type[HelderAction],
        text: str = "",
        intent: str = "inform",
        confidence: float = 1.0,
        ranking: list[Event] | None = None,
        after: list[Event] | None = None,
        **entities: str | tuple[str, ...],
    ) -> Did:
        """Let `action` have a message; `after` are events between the message and the action."""
        parsed = [
            _entity(text, name, value)
            for name, values in entities.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        latest = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": parsed,
            "intent_ranking": ranking or [{"name": intent, "confidence": confidence}],
            "metadata": {"helder_message": self.message, "helder_sent": self.sent},
        }
        said = {"event": "user", "text": text, "parse_data": latest}
        events = [*self.events, said, *(after or [])]
        loop = {"name": self.form} if self.form else {}
        tracker = Tracker(
            self.conversation, dict(self.slots), latest, events, False, None, loop, "action_listen"
        )
        dispatcher = CollectingDispatcher()
        returned = run(action(self.services).run(dispatcher, tracker, {}))
        did = Did(dispatcher.messages, returned)
        self.slots |= did.slots
        return did


def _entity(text: str, name: str, value: str) -> Event:
    written = value if value in text else text
    start = text.find(written)
    return {"entity": name, "value": value, "start": start, "end": start + len(written)}


def as_read(did: Did, play: Play) -> list[str]:
    """What the customer reads; fails if a variable is missing."""
    texts = []
    for message in did.messages:
        values = {k: v for k, v in message.items() if isinstance(v, str) and k != "response"}
        slots = {k: v for k, v in play.slots.items() if v is not None and k != "language"}
        for language in ("nl", "en"):
            text = play.services.phrases.text(message["response"], language, **(slots | values))
            assert "None" not in text
        texts.append(play.services.phrases.text(message["response"], "nl", **(slots | values)))
    return texts
