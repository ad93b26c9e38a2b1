"""NextRequest: of two requests in one message, the first is the message; the second waits.

The classifier (classifier.py, halves.py) has cut the message. Here, once everything is extracted,
the message keeps what belongs to its first half, and the second becomes an entity `next_request`,
which fills the slot of that name: actions/next_request.py deals with it.
"""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from helder.understanding import component, halves
from helder.understanding.halves import Half

HALVES = "halves"
NEXT = "next_request"
# Whatever half they stand in, they prove or concern both.
_OF_BOTH = {"postcode", "email", "phone", "language"}
_NUMBER = "order_number"
Entity = Mapping[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NextRequest(GraphComponent, EntityExtractorMixin):
    """Sets the second of two requests apart."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NextRequest:
        """A new component; there is nothing to load."""
        component.check_settings(cls.__name__, config, {})
        return cls()

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return []

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules."""
        return component.fingerprint([component, halves])

    def process(self, messages: list[Message]) -> list[Message]:
        """Divide the entities of messages with two requests."""
        for message in messages:
            pair: tuple[Half, Half] | None = message.get(HALVES)
            if pair is not None:
                found = divided(message.get(TEXT), pair, message.get(ENTITIES, []))
                named = [{**entity, "extractor": self.name} for entity in found[1:]]
                message.set(ENTITIES, [*found[0], *named], add_to_output=True)
        return messages


def divided(text: str, pair: tuple[Half, Half], entities: list[Entity]) -> list[Any]:
    """The entities of the first request, and the second request as an entity.

    The only order number in a message is what both are about: "where is HD-204817, and cancel it".
    """
    first, second = pair
    several = len({each["value"] for each in entities if each["entity"] == _NUMBER}) > 1

    def of(half: Half) -> list[Entity]:
        return [
            each
            for each in entities
            if each["entity"] in _OF_BOTH
            or (each["entity"] == _NUMBER and not several)
            or half.start <= each.get("start", -1) < half.end
        ]

    request = {
        "intent": second.intent,
        "text": text[second.start : second.end],
        "entities": [{"entity": e["entity"], "value": e["value"]} for e in of(second)],
    }
    value = json.dumps(request, ensure_ascii=False)
    return [of(first), {"entity": NEXT, "value": value, "start": second.start, "end": second.end}]
