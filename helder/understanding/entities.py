"""OrderEntities: order numbers, postcodes, e-mail addresses and telephone numbers, by rule."""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from helder.understanding import component, extractor, patterns


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class OrderEntities(extractor.TextExtractor):
    """Adds `order_number`, `postcode`, `email` and `phone`, normalised, never overlapping."""

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return ["phonenumbers"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules."""
        return component.fingerprint([component, extractor, patterns])

    def find(self, text: str) -> list[dict[str, Any]]:
        """What patterns.find finds."""
        return [asdict(match) for match in patterns.find(text)]
