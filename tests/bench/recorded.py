"""A short dialogue as stock Rasa stores one, for trials of the measuring itself."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain

from bench.store.dialogue import Dialogue, divide

DOMAIN = """
version: "3.1"
intents: [greet, inform]
entities: [name]
slots:
  name: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: name}]}
responses:
  utter_greet: [{text: "Hello!"}]
"""
IDS = {"model_id": "0123456789abcdef", "assistant_id": "tiny"}


def domain() -> Domain:
    """What the dialogue is about."""
    return Domain.from_yaml(DOMAIN)


def dialogue() -> Dialogue:
    """Two turns."""
    opening = [did("action_session_start"), {"event": "session_started"}, did("action_listen")]
    greeting = [user("Hello", "greet"), did("utter_greet"), bot("Hello!"), did("action_listen")]
    name = {"event": "slot", "name": "name", "value": "Sanne"}
    naming = [user("I am Sanne", "inform"), name, bot("Hello Sanne!"), did("action_listen")]
    events = [
        {"timestamp": 1.0 + number / 4, "metadata": dict(IDS), **event}
        for number, event in enumerate([*opening, *greeting, *naming])
    ]
    return divide(events, ["Hello", "I am Sanne"])


def user(text: str, intent: str) -> dict[str, Any]:
    """The customer's message, understood."""
    ranking = [{"name": intent, "confidence": 0.9}, {"name": "other", "confidence": 0.1}]
    message = {"text": text, "message_id": "fedcba9876543210"}
    parsed = {"intent": ranking[0], "entities": [], "intent_ranking": ranking, "metadata": {}}
    parsed |= message
    return {"event": "user", "parse_data": parsed, "input_channel": "helder", **message}


def bot(text: str) -> dict[str, Any]:
    """The assistant's words, with a button."""
    buttons = [{"title": "Bye", "payload": "/bye"}]
    return {"event": "bot", "text": text, "data": {"buttons": buttons}}


def did(action: str) -> dict[str, Any]:
    """An action."""
    fixed = {"action_text": None, "hide_rule_turn": False}
    return {"event": "action", "name": action, "policy": "RulePolicy", "confidence": 1.0, **fixed}
