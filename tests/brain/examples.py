"""An event of every kind that Rasa has, a slot of every kind, and texts that break things."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa.shared.core import events as rasa_events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event

EMOJI = "Hé 👩🏽‍🚒, çà va? «ﷺ» \u202e naar links\u202c \x07 \u0000 ✅"
HUGE = "Waar blijft mijn pakket? 🐌 " * 20_000  # over half a million characters

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet, number]
    entities: [number]
    slots:
      text: {type: text, mappings: [{type: custom}]}
      flag: {type: bool, initial_value: true, mappings: [{type: custom}]}
      kind: {type: categorical, values: [a, b], mappings: [{type: custom}]}
      count: {type: float, max_value: 100, mappings: [{type: custom}]}
      several: {type: list, mappings: [{type: custom}]}
      anything: {type: any, mappings: [{type: custom}]}
      language: {type: text, initial_value: en, mappings: [{type: custom}]}
    forms:
      order_form: {required_slots: [text]}
    responses:
      utter_greet: [{text: Hello!}]
    actions: [action_shout]
    session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
    """
)

SLOTS: dict[str, list[Any]] = {
    "text": ["", "777", EMOJI, None],
    "flag": [True, False, None],
    "kind": ["a", "b", None],
    "count": [0, 0.1 + 0.2, -1e300, 2**53, None],
    "several": [[], ["één", "twee"], [{"a": [1, None]}], None],
    "anything": [{"naam": {"voor": "Zoë", "leeg": None}}, [1, [2, [3]]], "x", 5, False, None],
}


def parsed(text: str, intent: str = "greet") -> dict[str, Any]:
    """What NLU makes of a text."""
    entity = {"entity": "number", "value": "777", "start": 0, "end": 3, "extractor": "Regex"}
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 0.93},
        "entities": [entity],
        "intent_ranking": [{"name": intent, "confidence": 0.93}],
        "text_tokens": [[0, 3]],
    }


def heard(text: str = "hello", intent: str = "greet") -> Event:
    """A customer's message."""
    about = parsed(text, intent)
    return rasa_events.UserUttered(
        text, about["intent"], about["entities"], about, input_channel="helder", message_id="m1"
    )


def every_kind() -> list[Event]:
    """One of each, some of them in more than one form."""
    e = rasa_events
    soon = datetime(2026, 11, 22, 9, 30, tzinfo=timezone.utc)
    about = {"why": "naïve", "deep": {"a": [1, 2.5, None, True]}}
    entities = [{"entity": "number", "value": "777"}]
    return [
        heard(EMOJI),
        e.UserUttered("/greet", {"name": "greet"}, metadata=about, use_text_for_featurization=True),
        e.UserUttered(None),
        e.DefinePrevUserUtteredFeaturization(True, metadata=about),
        e.EntitiesAdded(entities, metadata=about),
        e.BotUttered("Hé!", {"buttons": [{"title": "Ja", "payload": "/affirm"}]}, about),
        e.BotUttered(None, {"custom": {"card": EMOJI}, "image": "x.png", "attachment": None}),
        e.SlotSet("text", EMOJI, metadata=about),
        e.Restarted(metadata=about),
        e.UserUtteranceReverted(metadata=about),
        e.AllSlotsReset(metadata=about),
        e.ReminderScheduled("greet", soon, entities, "later", False, metadata=about),
        e.ReminderCancelled("later", "greet", entities, metadata=about),
        e.ActionReverted(metadata=about),
        e.StoryExported(metadata=about),
        e.FollowupAction("action_shout", metadata=about),
        e.ConversationPaused(metadata=about),
        e.ConversationResumed(metadata=about),
        e.ActionExecuted("action_shout", "RulePolicy", 0.7, metadata=about, hide_rule_turn=True),
        e.ActionExecuted(action_text="Hé!", metadata=about),
        e.AgentUttered("Anna hier.", {"x": 1}, metadata=about),
        e.ActiveLoop("order_form", metadata=about),
        e.ActiveLoop(None),
        e.LegacyForm("order_form"),
        e.LoopInterrupted(True, metadata=about),
        e.LegacyFormValidation(False),
        e.ActionExecutionRejected("order_form", "RulePolicy", 1.0, metadata=about),
        e.SessionStarted(metadata=about),
    ]
