"""HybridClassifier: the intent of a message, with a confidence that means what it says."""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helder.understanding import (
    component,
    counted,
    halves,
    hybrid,
    hybrid_store,
    lbfgs,
    likeness,
    nearby,
    network,
    ngrams,
    normal,
    outside,
    softmax,
    storage,
    two,
    universal,
)
from helder.understanding.encoder import SentenceEncoder
from helder.understanding.hybrid import HybridModel
from helder.understanding.hybrid_store import load_model, save_model
from helder.understanding.speller import read_text

# Under which name a message's metadata asks for the words that counted, and where they are told.
WHY = "helder_why"
COUNTED = "counted"
_DEFAULTS = {"C": 20.0, "sentence_scale": 1.6, "ranking_length": 10, "together": ()}
_RANGES = {"C": (0.01, 1000.0), "sentence_scale": (0.0, 100.0), "ranking_length": (1, 1000)}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class HybridClassifier(GraphComponent, IntentClassifier):
    """Softmax regression and a network on sentence vector, word n-grams and character n-grams.

    The confidences of the ranking add up to less than 1; the rest is the probability that the
    message fits no intent. A message without a letter or digit gets no intent, with confidence 0.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: HybridModel | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
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
    ) -> HybridClassifier:
        """An untrained classifier. Raises InvalidConfigException."""
        numbers = {name: value for name, value in config.items() if name != "together"}
        component.check_settings(cls.__name__, numbers, _RANGES)
        component.check_lists(cls.__name__, "together", config.get("together") or ())
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HybridClassifier:
        """The classifier as it was trained. Raises DamagedModelError."""
        # Only a served model is loaded: have the encoder ready before the first customer.
        universal.encode(["hallo"])
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, load_model(folder))

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads the sentence vector."""
        return [SentenceEncoder]

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return ["numpy", "scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """C and scale as measured; `ranking_length` intents are reported; see halves.Families."""
        return dict(_DEFAULTS)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules; the encoder is part of its own component's key."""
        helpers = [
            component,
            counted,
            halves,
            hybrid,
            hybrid_store,
            lbfgs,
            likeness,
            nearby,
            network,
            ngrams,
            normal,
            outside,
            softmax,
            storage,
        ]
        return component.fingerprint(helpers, outside.digest())

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and store what was learned."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        model = None
        if examples:
            model = hybrid.train(
                [example.get(TEXT) for example in examples],
                np.stack([_vector(example) for example in examples]),
                [example.get(INTENT) for example in examples],
                c=float(self._config["C"]),
                sentence_scale=float(self._config["sentence_scale"]),
            )
        self.model = model
        with self._model_storage.write_to(self._resource) as folder:
            save_model(folder, model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking`; of several requests, those of the first."""
        for message in messages:
            ranking = self._rank(message)
            text = read_text(message)
            parts = halves.find(
                text, ranking, self._rank_texts, message.get(TEXT), self._config["together"] or ()
            )
            if parts is not None:
                message.set(two.PARTS, parts)
                ranking = list(parts[0].ranking)
            entries = [{"name": name, "confidence": p} for name, p in ranking]
            top = entries[0] if entries else {"name": None, "confidence": 0.0}
            message.set("intent", dict(top), add_to_output=True)
            kept = entries[: int(self._config["ranking_length"])]
            message.set("intent_ranking", kept, add_to_output=True)
            if (message.get("metadata") or {}).get(WHY):
                found = self._counted(message, ranking, parts[0] if parts else None)
                message.set(COUNTED, found, add_to_output=True)
        return messages

    def _counted(
        self, message: Message, ranking: halves.Ranking, part: halves.Part | None
    ) -> list[list[Any]]:
        """See counted.Counted, as JSON takes it."""
        if self.model is None or not ranking:
            return []
        span = (part.start, part.end) if part else None
        written, read, (intent, _) = str(message.get(TEXT)), read_text(message), ranking[0]
        found = counted.counted(written, read, intent, self.model, self._rank_texts, span)
        return [[each.start, each.end, round(each.weight, 4)] for each in found]

    def _rank_texts(self, texts: Sequence[str]) -> list[halves.Ranking]:
        model = self.model
        if model is None:
            return [[] for _ in texts]
        pairs = zip(texts, universal.encode(texts), strict=True)
        return [model.ranking(t, vector) if _is_read(t) else [] for t, vector in pairs]

    def _rank(self, message: Message) -> list[tuple[str, float]]:
        text = read_text(message)
        if self.model is None or not _is_read(text):
            return []
        return self.model.ranking(text, _vector(message))


def _is_read(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _vector(message: Message) -> npt.NDArray[np.float32]:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:  # a message that did not come through the pipeline
        return np.zeros(universal.DIMENSIONS, dtype=np.float32)
    vector: npt.NDArray[np.float32] = sentence.features[0]
    return vector
