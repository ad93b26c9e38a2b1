"""SpellingCorrector: what the components after it read instead of a message with slips.

The message itself stays as it was written.
"""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helder.understanding import component, language_model, spelling, storage, universal
from helder.understanding.spelling import Speller

CORRECTED = "corrected_text"


def read_text(message: Message) -> str:
    """The text to understand: corrected where it was, else as written."""
    return str(message.get(CORRECTED) or message.get(TEXT) or "")


# A featurizer to Rasa's recipe: what comes before the features of which are made.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingCorrector(GraphComponent):
    """Corrects unknown words towards the words of the examples."""

    def __init__(self, speller: Speller, model_storage: ModelStorage, resource: Resource) -> None:
        self._speller = speller
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpellingCorrector:
        """A corrector that knows no words yet, and so corrects nothing."""
        component.check_settings(cls.__name__, config, {})
        return cls(spelling.of_words({}, ()), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpellingCorrector:
        """The corrector as it was trained. Raises DamagedModelError."""
        with model_storage.read_from(resource) as folder:
            _, arrays = storage.load(folder)
        words = storage.unpack(arrays["words"])
        counts = dict(zip(words, arrays["counts"].tolist(), strict=True))
        pairs = [
            (pair.split(" ")[0], pair.split(" ")[1]) for pair in storage.unpack(arrays["pairs"])
        ]
        return cls(spelling.of_words(counts, pairs), model_storage, resource)

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return ["numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules, and what else says which words are known: word lists and encoder."""
        modules = [component, language_model, spelling, storage, universal]
        versions = (language_model.weights_digest(), universal.encoder_version())
        return component.fingerprint(modules, *versions)

    def train(self, training_data: TrainingData) -> Resource:
        """Count the words of the examples and of the lookup tables."""
        self._speller = spelling.of_examples(words_of(training_data))
        counts, pairs = self._speller.counts, self._speller.pairs
        words = sorted(counts)
        arrays: storage.Arrays = {
            "words": storage.pack(words),
            "counts": np.array([counts[word] for word in words], dtype=np.int32),
            "pairs": storage.pack(sorted(" ".join(pair) for pair in pairs)),
        }
        with self._model_storage.write_to(self._resource) as folder:
            storage.save(folder, {}, arrays)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to do: every word of the examples is known."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Keep a corrected text beside the one that was written, where they differ."""
        for message in messages:
            text = message.get(TEXT)
            corrected = self._speller.correct(text) if text else text
            if corrected != text:
                message.set(CORRECTED, corrected)
        return messages


def words_of(training_data: TrainingData) -> list[str]:
    """All texts with words that exist: the examples, and the elements of lookup tables.

    One table, words_of_the_shop, is there for nothing else: it names no entity.
    """
    texts = [example.get(TEXT) for example in training_data.intent_examples]
    tables = [table["elements"] for table in training_data.lookup_tables]
    # A table that is one text is a file of Rasa's older habit; nothing of ours names one.
    elements = [text for table in tables if isinstance(table, list) for text in table]
    return [str(text) for text in (*texts, *elements) if text]
