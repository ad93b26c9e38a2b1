"""LanguageDetector: the language of a message, when the message makes it clear."""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from typing import Any, ClassVar

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from helder.understanding import component, extractor, language_model


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(extractor.TextExtractor):
    """Adds an entity `language` ("nl" or "en") over the whole text, or none at all.

    None means: keep the language of the conversation. It takes a word that only one language uses
    and a probability of at least `margin`.
    """

    ranges: ClassVar = {"margin": (0.5, 1.0)}

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return ["numpy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """One clear word gives .95, a short one beside others .91."""
        return {"margin": 0.9}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules and the shipped weights."""
        modules = [component, extractor, language_model]
        return component.fingerprint(modules, language_model.weights_digest())

    def find(self, text: str) -> list[dict[str, Any]]:
        """One entity or none."""
        guess = language_model.shipped().guess(text)
        if not guess.listed or guess.probability < self.config["margin"]:
            return []
        entity = {"entity": "language", "value": guess.language, "start": 0, "end": len(text)}
        return [{**entity, "confidence_entity": guess.probability}]
