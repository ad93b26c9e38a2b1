"""LanguageDetector: the language of a message, when the message makes it clear."""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

import re
from typing import Any, ClassVar

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from helder.shop import towns
from helder.understanding import component, extractor, language_model

# Data say nothing about the language that somebody writes; a date such as "next friday" does.
_DATA = {"order_number", "postcode", "email", "phone"}
_POSTCODE = "\0"  # stands where one was
# Nor does an address. Before the number: the street, and words with a capital or of a street name.
_PLACE = r"[^\W\d_][\w'.-]{0,30}"
_NAME = (
    r"(?:(?-i:[A-Z'])[\w'.-]{0,30}|van|de|den|der|het|the|op|nieuwe|oude|lange|korte|grote|kleine)"
)
_KIND = (
    "straat|laan|weg|plein|gracht|kade|dijk|hof|markt|singel|steeg|dreef|lei|kaai|plantsoen|pad"
    "|street|st|road|rd|lane|avenue|ave|close|drive|crescent|terrace|gardens|square|mews"
)
_NUMBER = r",? \d{1,5}\b(?: ?[a-z]\b)?"
_STREET = re.compile(
    rf"(?:\b{_NAME} ){{0,3}}\b[\w'.-]{{0,30}}(?:{_KIND}){_NUMBER}"
    rf"|(?:\b{_NAME} ){{0,3}}\b{_PLACE}{_NUMBER}(?=\W{{0,3}}{_POSTCODE})"
    rf"|\b\d{{1,5}} (?:{_PLACE} ){{1,3}}(?:{_KIND})\b",
    re.IGNORECASE,
)
# After the postcode: the town, of at most four words.
_TOWN = re.compile(rf"{_POSTCODE}+,? {_PLACE}(?: {_PLACE}){{0,3}}(?=\W*$|[.,;])")


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
        modules = [component, extractor, language_model, towns]
        return component.fingerprint(modules, language_model.weights_digest())

    def seen(self, message: Message) -> str:
        """See TextExtractor. Without numbers, addresses and other data."""
        text = super().seen(message)
        for entity in message.get(ENTITIES, []):
            if entity.get("entity") in _DATA:
                start, end = entity["start"], entity["end"]
                mark = _POSTCODE if entity["entity"] == "postcode" else " "
                text = text[:start] + mark * (end - start) + text[end:]
        for pattern in (_STREET, _TOWN):
            text = pattern.sub(lambda found: " " * len(found.group()), text)
        return "" if towns.town(text.strip(" .,!")) else text

    def find(self, text: str) -> list[dict[str, Any]]:
        """One entity or none."""
        guess = language_model.shipped().guess(text)
        if not guess.listed or guess.probability < self.config["margin"]:
            return []
        entity = {"entity": "language", "value": guess.language, "start": 0, "end": len(text)}
        return [{**entity, "confidence_entity": guess.probability}]
