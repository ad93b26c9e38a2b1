"""The words of data/responses, for what an action has to put together: titles, lists, days.

An action names a response; Rasa fills it in and sends it. Only a button whose title depends on the
customer, or a part of a sentence, is made here, from the same files.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency

from helder.responses import Phrases
from helder.shop.model import Money

SHOWN = 200  # characters
ZONE = ZoneInfo("Europe/Amsterdam")
_NEAR = {-1: "utter_word_yesterday", 0: "utter_word_today", 1: "utter_word_tomorrow"}
_ARTICLES = {
    **{("en", code): "the " for code in ("AE", "CZ", "GB", "NL", "PH", "US")},
    ("nl", "GB"): "het ",
    **{("nl", code): "de " for code in ("AE", "US")},
}
_LOCALES = {"nl": "nl_NL", "en": "en_GB"}


class Wording:
    """Phrases, dates and amounts in one language. `today` is a day on the shop's calendar."""

    def __init__(self, phrases: Phrases, language: str, today: date) -> None:
        self._phrases = phrases
        self.language = language
        self.today = today
        self._locale = _LOCALES[language]

    def phrase(self, key: str, **values: Any) -> str:
        """A response's text."""
        return self._phrases.text(key, self.language, **values)

    def money(self, amount: Money) -> str:
        """€ 34,95 or €34.95."""
        value = Decimal(amount.cents) / 100
        return str(format_currency(value, amount.currency, locale=self._locale))

    def day(self, day: date) -> str:
        """`dinsdag 24 november`; with the year when it is not this one."""
        pattern = "EEEE d MMMM" if day.year == self.today.year else "EEEE d MMMM y"
        return str(format_date(day, pattern, locale=self._locale))

    def on_day(self, day: date) -> str:
        """`vandaag`, `morgen`, `op dinsdag 24 november`."""
        near = _NEAR.get((day - self.today).days)
        if near is not None:
            return self.phrase(near)
        return self.phrase("utter_word_on_day", day=self.day(day))

    def time(self, moment: datetime) -> str:
        """`14:05`, on the shop's clock."""
        return str(format_time(moment.astimezone(ZONE), "HH:mm", locale=self._locale))

    def weekday(self, number: int) -> str:
        """The name of a day of the week; 0 is Monday."""
        return str(Locale.parse(self._locale).days["format"]["wide"][number])

    def working_days(self, count: int) -> str:
        """`1 werkdag`, `3 werkdagen`."""
        if count == 1:
            return self.phrase("utter_word_working_day")
        return self.phrase("utter_word_working_days", count=str(count))

    def country(self, code: str) -> str:
        """The name of a country, ISO 3166-1."""
        return str(Locale.parse(self._locale).territories.get(code, code))

    def in_country(self, code: str) -> str:
        """A country's name as it stands in a sentence: `the Netherlands`."""
        return _ARTICLES.get((self.language, code), "") + self.country(code)

    def listing(self, items: Iterable[str]) -> str:
        """`a, b en c`."""
        return str(format_list(list(items), locale=self._locale))


def shortened(text: str) -> str:
    """A customer's message as it is shown back: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN].rstrip()}…"


def local_day(moment: datetime) -> date:
    """The day on the shop's calendar."""
    return moment.astimezone(ZONE).date()
