"""AskedForPerson: a message that asks for a person, or for help in despair, is read as that.

The classifier holds intents against each other, and a request wrapped in a topic ("my parcel is
lost, can I just talk to someone") is mostly about the topic. Here that one question is put by
itself: words say yes (words/person.yml), or what was learned of such requests (asked.py). No topic,
form or doubt stands between a customer and a person. Readings that are graver stay, and those that
only sound alike ("is there a human here?"), if the classifier is sure.
"""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helder.understanding import asked, classifier, component, counted, person, universal
from helder.understanding.asked import ASKED
from helder.understanding.classifier import COUNTED, WHY, HybridClassifier
from helder.understanding.encoder import SentenceEncoder, vector_of
from helder.understanding.hybrid import HybridModel
from helder.understanding.hybrid_store import load_model, save_model
from helder.understanding.speller import read_text
from helder.vocabulary import lists
from helder.vocabulary import person as person_words
from helder.vocabulary.model import Person
from helder.vocabulary.person import asks_for_a_person
from helder.vocabulary.reading import load_vocabulary

WORDS = Path("words")  # in the project, where Rasa runs
DISTRESS = "distress"
RANKING = "intent_ranking"
CONFIDENCE = 0.97  # as often as the words were right of messages that nobody had seen
LIKELY = 0.5
SURE = 0.9
_GRAVER = {"distress", "discrimination", "legal_threat", "bereavement", "vulnerable"}
_ALIKE = {"are_you_human", "how_it_works", "ask_why", "my_data", "no_ai", "switch_account"}
_GRAVE = 0.5
_LATER = "next_request"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AskedForPerson(GraphComponent):
    """Reads a request for a person as one."""

    def __init__(
        self,
        words: Person,
        model_storage: ModelStorage | None = None,
        resource: Resource | None = None,
        model: HybridModel | None = None,
    ) -> None:
        self._words = words
        self._model_storage = model_storage
        self._resource = resource
        self.model = model

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
        return cls(load_vocabulary(WORDS).person, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AskedForPerson:
        """The words as they are now, and what was learned. Raises DamagedModelError."""
        words = load_vocabulary(WORDS).person
        with model_storage.read_from(resource) as folder:
            return cls(words, model_storage, resource, load_model(folder))

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads the sentence vector."""
        return [SentenceEncoder]

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return []

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules, the words, and the messages that are learned from."""
        words = (WORDS / "person.yml").read_text(encoding="utf-8")
        helpers = [component, lists, person_words, asked, person, classifier]
        hybrids = HybridClassifier.fingerprint_addon({})
        return component.fingerprint(helpers, words, person.digest(), hybrids or "")

    def train(self, training_data: TrainingData) -> Resource:
        """Learn who asks for a person, and store it."""
        assert self._model_storage is not None
        assert self._resource is not None
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        if examples:
            self.model = asked.train(
                [example.get(TEXT) for example in examples],
                np.stack([vector_of(example) for example in examples]),
                [example.get(INTENT) for example in examples],
            )
        with self._model_storage.write_to(self._resource) as folder:
            save_model(folder, self.model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message once more."""
        for message in messages:
            if self._words.despair.are_in(message.get(TEXT) or ""):
                _read_as(message, DISTRESS, CONFIDENCE)
            else:
                self._hear(message)
        return messages

    def _hear(self, message: Message) -> None:
        learned = self._learned(read_text(message), vector_of(message))
        if not _open(message.get(INTENT), learned):
            return
        if asks_for_a_person(message.get(TEXT) or "", self._words):
            _read_as(message, ASKED, max(learned, CONFIDENCE))
        elif learned >= LIKELY:
            _read_as(message, ASKED, learned)
        if learned >= LIKELY and (message.get("metadata") or {}).get(WHY):
            message.set(COUNTED, self._counted(message), add_to_output=True)

    def _learned(self, text: str, vector: Any) -> float:
        said = self.model is not None and any(character.isalnum() for character in text)
        return asked.confidence(self.model, text, vector) if said and self.model else 0.0

    def _counted(self, message: Message) -> list[list[Any]]:
        """The words that counted, as HybridClassifier tells them."""
        assert self.model is not None

        def rank(texts: Sequence[str]) -> list[list[tuple[str, float]]]:
            pairs = zip(texts, universal.encode(texts), strict=True)
            return [[(ASKED, self._learned(text, vector))] for text, vector in pairs]

        written, read = str(message.get(TEXT)), read_text(message)
        found = counted.counted(written, read, ASKED, self.model, rank)
        return [[each.start, each.end, round(each.weight, 4)] for each in found]


def _open(intent: Any, learned: float) -> bool:
    """May this reading be overruled?"""
    name, confidence = (intent or {}).get("name"), (intent or {}).get("confidence") or 0.0
    graver = name in _GRAVER and confidence >= _GRAVE
    alike = name in _ALIKE and confidence >= SURE and learned < SURE
    return not graver and not alike


def _read_as(message: Message, name: str, confidence: float) -> None:
    """This goes first; what was asked besides is told to the person."""
    ranking = [each for each in message.get(RANKING) or [] if each["name"] != name]
    first = {"name": name, "confidence": confidence}
    rest = [{**each, "confidence": each["confidence"] * (1 - confidence)} for each in ranking]
    entities = [each for each in message.get(ENTITIES) or [] if each["entity"] != _LATER]
    message.set(INTENT, first, add_to_output=True)
    message.set(RANKING, [first, *rest], add_to_output=True)
    message.set(ENTITIES, entities, add_to_output=True)
