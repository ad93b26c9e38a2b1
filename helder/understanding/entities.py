"""OrderEntities: order numbers, postcodes, e-mail, telephone, dates and countries, by rule."""
# ruff: noqa: ARG003  (Rasa's interface has arguments that we do not need)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from helder.understanding import (
    calendar_words,
    component,
    countries,
    dates,
    days,
    extractor,
    patterns,
    towns,
)

# "Tomorrow" is the customer's: all that we deliver to keep this time, or are an hour behind.
_ZONE = ZoneInfo("Europe/Amsterdam")


def today_here() -> date:
    """The day it is for our customers."""
    return datetime.now(_ZONE).date()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class OrderEntities(extractor.TextExtractor):
    """Adds `order_number`, `postcode`, `email`, `phone`, `date` and `country`, normalised.

    They never overlap. A date's value is ISO 8601, also where it was written as "next friday".
    """

    def __init__(self, config: dict[str, Any], today: Callable[[], date] = today_here) -> None:
        """`today` says which day it is when a message comes."""
        super().__init__(config)
        self._today = today

    @staticmethod
    def required_packages() -> list[str]:
        """See SentenceEncoder.required_packages."""
        return ["phonenumbers"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our helper modules."""
        helpers = [calendar_words, component, countries, dates, days, extractor, patterns, towns]
        return component.fingerprint(helpers)

    def find(self, text: str) -> list[dict[str, Any]]:
        """What patterns.find finds."""
        return [asdict(match) for match in patterns.find(text, self._today())]
