"""Invented people by the thousand: names, addresses, numbers that pass their checks. None is real.

Each is found nowhere else: surnames and streets are put together from syllables, and whoever plants
them first looks whether one of them happens to be somewhere already.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stdnum import iban, luhn
from stdnum.nl import bsn


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GIVEN = {
    "en": _words("Oliver Amelia George Isla Zoë Siobhán Harry Ava Chloë Jack Freya Seán"),
    "nl": _words("Sanne Daan Fleur Bram Noor Thijs Joëlle Anaïs Sem Lotte Jörgen Renée"),
}
_SYLLABLES = {
    "en": _words("thorn ble wick ham ford ley kirk brad shaw dun holm row stan gar mire croft"),
    "nl": _words("kruis veld zwaan hoek linden berg schoot boer duin haag meer wijk plas eng brug"),
}
_STREETS = {"en": ("Lane", "Crescent", "Close"), "nl": ("laan", "kade", "straat")}
_TOWNS = {"en": ("Leeds", "Norwich", "Truro"), "nl": ("Utrecht", "Assen", "Goes")}
_CARDS = (("4", 16), ("53", 16), ("37", 15), ("6304", 18), ("2221", 16))
_LETTERS = "ABDEGHJKLNPRSTVWXZ"


class Canary(NamedTuple):
    """A secret: what kind, how its owner writes it, and what must be found nowhere.

    What is `masked` must not even be in the sealed log.
    """

    kind: str
    text: str
    needles: tuple[str, ...]
    masked: bool = False


@dataclass
class Breeder:
    """Makes secrets, always the same for a seed."""

    dice: random.Random

    def brood(self, count: int) -> Iterator[Canary]:
        """So many, of each kind and language in turn."""
        kinds = (self.name, self.address, self.email, self.phone)
        numbers = (self.card, self.citizen, self.account, self.code)
        for number in range(count):
            language = ("en", "nl")[number // 8 % 2]
            pick = number % 8
            yield kinds[pick](language) if pick < 4 else numbers[pick - 4]()

    def name(self, language: str) -> Canary:
        """A given name and a surname that nobody has."""
        surname = self._word(language).capitalize()
        if language == "nl" and self.dice.random() < 0.5:
            surname = f"van der {surname}"
        text = f"{self.dice.choice(_GIVEN[language])} {surname}"
        return Canary(f"name, {language}", text, (text, surname))

    def address(self, language: str) -> Canary:
        """A street, a number, a postcode and a town."""
        word, number = self._word(language).capitalize(), self.dice.randrange(1, 400)
        kind, town = self.dice.choice(_STREETS[language]), self.dice.choice(_TOWNS[language])
        if language == "en":
            postcode = f"{self._letters(2)}{self._digits(1)} {self._digits(1)}{self._letters(2)}"
            text = f"{number} {word} {kind}, {town} {postcode}"
            return Canary("address, en", text, (text, f"{word} {kind}", f"{town} {postcode}"))
        postcode = f"{self.dice.randrange(1_000, 9_999)} {self._letters(2)}"
        text = f"{word}{kind} {number}, {postcode} {town}"
        return Canary("address, nl", text, (text, f"{word}{kind}", f"{postcode} {town}"))

    def email(self, language: str) -> Canary:
        """An address at a domain that is reserved for examples (RFC 2606)."""
        user = f"{self._word(language)}.{self._digits(3)}"
        host = "post.example" if language == "nl" else "mail.example"
        return Canary(f"e-mail, {language}", f"{user}@{host}", (f"{user}@{host}", user))

    def phone(self, language: str) -> Canary:
        """A mobile number, written in one of the ways in which people do."""
        local = self._digits(8)
        dutch = (f"06-{local}", f"06 {local[:4]} {local[4:]}", f"+31 6 {local}", f"06{local}")
        english = (f"07{local[:3]} {local[3:]}4", f"+44 7{local[:3]} {local[3:]}4", f"07{local}4")
        text = self.dice.choice(dutch if language == "nl" else english)
        return Canary(f"phone, {language}", text, (text, local))

    def card(self) -> Canary:
        """A payment card that passes Luhn's check."""
        begin, length = self.dice.choice(_CARDS)
        digits = begin + self._digits(length - len(begin) - 1)
        digits += luhn.calc_check_digit(digits)
        text = self._grouped(digits, 4)
        return Canary("card", text, tuple({digits, text, self._spaced(digits)}), masked=True)

    def citizen(self) -> Canary:
        """A BSN that passes the test of eleven, called by its name."""
        while True:
            digits = str(self.dice.randrange(1, 10)) + self._digits(8)
            if bsn.is_valid(digits):
                return Canary("BSN", f"BSN {digits}", (digits,), masked=True)

    def account(self) -> Canary:
        """A Dutch bank account with the right check digits (ISO 13616)."""
        rest = self.dice.choice(("ABNA", "INGB", "RABO")) + "0" + self._digits(9)
        number = f"NL{iban.calc_check_digits('NL00' + rest)}{rest}"
        text = self._grouped(number, 4)
        return Canary("IBAN", text, tuple({number, text}))

    def code(self) -> Canary:
        """Something only its owner knows."""
        text = f"{self._word('nl')}-{self._word('en')}-{self._digits(4)}"
        return Canary("secret", text, (text,))

    def _word(self, language: str) -> str:
        return "".join(self.dice.choice(_SYLLABLES[language]) for _ in range(4))

    def _digits(self, count: int) -> str:
        return "".join(self.dice.choice("0123456789") for _ in range(count))

    def _letters(self, count: int) -> str:
        return "".join(self.dice.choice(_LETTERS) for _ in range(count))

    def _grouped(self, text: str, size: int) -> str:
        separator = self.dice.choice(("", " ", "-"))
        return separator.join(text[i : i + size] for i in range(0, len(text), size))

    def _spaced(self, digits: str) -> str:
        return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
