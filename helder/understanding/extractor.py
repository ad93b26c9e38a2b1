"""What our entity extractors share: they look at one text, and learn nothing."""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from helder.understanding import component


class TextExtractor(GraphComponent, EntityExtractorMixin):
    """A graph component that adds what `find` finds to a message's entities."""

    ranges: ClassVar[Mapping[str, tuple[float, float]]] = {}

    def __init__(self, config: dict[str, Any]) -> None:
        """Raises InvalidConfigException for an unknown setting or one out of `ranges`."""
        component.check_settings(type(self).__name__, config, self.ranges)
        self.config = {**self.get_default_config(), **config}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextExtractor:
        """A new component; there is nothing to load."""
        return cls(config)

    @abstractmethod
    def find(self, text: str) -> list[dict[str, Any]]:
        """Entities of a text: entity, value, start and end in the text."""

    def seen(self, message: Message) -> str:
        """The text that `find` looks at; as long as the message's, so that places stay right."""
        return message.get(TEXT) or ""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        for message in messages:
            found = self.find(self.seen(message))
            if found:
                named = [{**entity, "extractor": self.name} for entity in found]
                message.set(ENTITIES, [*message.get(ENTITIES, []), *named], add_to_output=True)
        return messages
