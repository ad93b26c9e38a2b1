"""NextRequest: of several requests in one message, the first is the message; the others wait.

The classifier (classifier.py, halves.py) has cut the message. Here, once everything is extracted,
the message keeps what belongs to its first part, and the others become one entity `next_request`,
which fills the slot of that name: actions/next_request.py deals with them.
"""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from helder.understanding import component, halves
from helder.understanding.halves import Part

PARTS = "parts"
NEXT = "next_request"
# Whatever part they stand in, they prove or concern all.
_OF_ALL = {"postcode", "email", "phone", "language"}
_NUMBER = "order_number"
Entity = Mapping[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NextRequest(GraphComponent, EntityExtractorMixin):
    """Sets all requests but the first apart."""

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
        """Divide the entities of messages with several requests."""
        for message in messages:
            parts: tuple[Part, ...] | None = message.get(PARTS)
            if parts is not None:
                found = divided(message.get(TEXT), parts, message.get(ENTITIES, []))
                named = [{**entity, "extractor": self.name} for entity in found[1:]]
                message.set(ENTITIES, [*found[0], *named], add_to_output=True)
        return messages


def divided(text: str, parts: Sequence[Part], entities: list[Entity]) -> list[Any]:
    """The entities of the first request, and the others as one entity, a list of them in JSON.

    The only order number in a message is what all are about: "where is HD-204817, and cancel it".
    """
    several = len({each["value"] for each in entities if each["entity"] == _NUMBER}) > 1

    def of(part: Part) -> list[Entity]:
        return [
            each
            for each in entities
            if each["entity"] in _OF_ALL
            or (each["entity"] == _NUMBER and not several)
            or _is_in(part, each)
        ]

    first, *others = parts
    requests = [
        {
            "intent": part.intent,
            "text": text[part.start : part.end],
            "entities": [_placed(each, part) for each in of(part)],
        }
        for part in others
    ]
    value = json.dumps(requests, ensure_ascii=False)
    span = {"start": others[0].start, "end": others[-1].end}
    return [of(first), {"entity": NEXT, "value": value, **span}]


def _is_in(part: Part, entity: Entity) -> bool:
    return part.start <= entity.get("start", -1) < part.end


def _placed(entity: Entity, part: Part) -> dict[str, Any]:
    """With its place in the part's own text, if it stands there."""
    found = {"entity": entity["entity"], "value": entity["value"]}
    if _is_in(part, entity):
        found |= {key: entity[key] - part.start for key in ("start", "end")}
    return found
