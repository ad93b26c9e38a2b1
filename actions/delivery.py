"""What delivery costs and how long it takes, from the shop's own catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from actions.base import Button, Events, HelderAction, Voice
from actions.turn import Turn
from actions.wording import Wording
from helder.shop.model import DeliveryOption

# Where a customer who does not say so probably lives, and the other countries to choose.
_BY_LANGUAGE = {"nl": "NL", "en": "GB"}
COUNTRIES = ("NL", "BE", "GB")


class DeliveryAction(HelderAction):
    """Says one line per way of delivery in the country that the customer named, or lives in."""

    intent: str
    response: str

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        country = country_of(turn)
        options = self.services.backend.delivery_options(country)
        if not options:
            name = voice.words.in_country(country)
            voice.ask("utter_delivery_not_there", self._others(country, voice), country=name)
            return []
        lines = "\n".join(self._line(option, voice.words) for option in options)
        voice.ask(
            self.response, self._others(country, voice), where=where(turn, voice), lines=lines
        )
        return []

    def _line(self, option: DeliveryOption, words: Wording) -> str:
        raise NotImplementedError

    def _others(self, country: str, voice: Voice) -> Sequence[Button]:
        return [
            (voice.words.country(code), f'/{self.intent}{{"country": "{code}"}}')
            for code in COUNTRIES
            if code != country
        ]


class DeliveryOptions(DeliveryAction):
    """What there is, and what it costs."""

    called = "action_delivery_options"
    intent = "delivery_options"
    response = "utter_delivery_options"

    def _line(self, option: DeliveryOption, words: Wording) -> str:
        price = words.money(option.price)
        if option.free_from is not None:
            free_from = words.money(option.free_from)
            price = words.phrase("utter_word_price_or_free", price=price, free_from=free_from)
        return words.phrase(
            "utter_word_delivery_option",
            name=option.name.of(words.language),
            price=price,
            description=option.description.of(words.language),
        )


class DeliveryPeriod(DeliveryAction):
    """How long it takes."""

    called = "action_delivery_period"
    intent = "delivery_period"
    response = "utter_delivery_period"

    def _line(self, option: DeliveryOption, words: Wording) -> str:
        return words.phrase(
            "utter_word_delivery_period",
            name=option.name.of(words.language),
            days=_days(option, words),
            order_before=option.order_before,
        )


def _days(option: DeliveryOption, words: Wording) -> str:
    least, most = option.days_min, option.days_max
    if least != most:
        return words.phrase("utter_word_working_days_range", least=str(least), most=str(most))
    return words.working_days(least)


def where(turn: Turn, voice: Voice) -> str:
    """`in Belgium`; `if you live in the Netherlands` where the customer did not say so."""
    country = voice.words.in_country(country_of(turn))
    key = "utter_word_in_country" if turn.entity("country") else "utter_word_if_you_live_in"
    return voice.words.phrase(key, country=country)


def country_of(turn: Turn) -> str:
    """The country that the customer named, or where people of that language mostly live."""
    return (turn.entity("country") or _BY_LANGUAGE[turn.language]).upper()
