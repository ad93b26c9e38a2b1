"""AskedForPerson: a message that asks for a person, or for help in despair, is read as that.

The classifier learns from examples, and a request wrapped in a topic ("my parcel is lost, can I
just talk to someone") is mostly about the topic. Here words decide (words/person.yml): no topic,
form or doubt stands between a customer and a person. Readings that are graver stay, and those that
only sound alike ("is there a human here?"), if the classifier is sure.
"""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from helder.understanding import component
from helder.vocabulary import lists, person
from helder.vocabulary.model import Person
from helder.vocabulary.person import asks_for_a_person
from helder.vocabulary.reading import load_vocabulary

WORDS = Path("words")  # in the project, where Rasa runs
ASKED, DISTRESS = "contact_human_agent", "distress"
RANKING = "intent_ranking"
CONFIDENCE = 0.97  # as often as the words were right of messages that nobody had seen
SURE = 0.9
_GRAVER = {"distress", "discrimination", "legal_threat", "bereavement", "vulnerable"}
_ALIKE = {"are_you_human", "how_it_works", "ask_why", "my_data", "no_ai", "switch_account"}
_GRAVE = 0.5
_LATER = "next_request"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AskedForPerson(GraphComponent):
    """Reads a request for a person as one."""

    def __init__(self, words: Person) -> None:
        self._words = words

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AskedForPerson:
        """Read the words. Raises VocabularyError if they cannot be used."""
        component.check_settings(cls.__name__, config, {})
        return cls(load_vocabulary(WORDS).person)

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return []

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules, and the words."""
        words = (WORDS / "person.yml").read_text(encoding="utf-8")
        return component.fingerprint([component, lists, person], words)

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message once more."""
        for message in messages:
            text = message.get(TEXT) or ""
            if self._words.despair.are_in(text):
                _read_as(message, DISTRESS)
            elif _open(message.get(INTENT)) and asks_for_a_person(text, self._words):
                _read_as(message, ASKED)
        return messages


def _open(intent: Any) -> bool:
    """May the words overrule this reading?"""
    name, confidence = (intent or {}).get("name"), (intent or {}).get("confidence") or 0.0
    graver = name in _GRAVER and confidence >= _GRAVE
    return not graver and not (name in _ALIKE and confidence >= SURE)


def _read_as(message: Message, name: str) -> None:
    """This goes first; what was asked besides is told to the person."""
    ranking = [each for each in message.get(RANKING) or [] if each["name"] != name]
    first = {"name": name, "confidence": CONFIDENCE}
    rest = [{**each, "confidence": each["confidence"] * (1 - CONFIDENCE)} for each in ranking]
    entities = [each for each in message.get(ENTITIES) or [] if each["entity"] != _LATER]
    message.set(INTENT, first, add_to_output=True)
    message.set(RANKING, [first, *rest], add_to_output=True)
    message.set(ENTITIES, entities, add_to_output=True)
