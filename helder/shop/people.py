"""Invented customers: names from many languages, addresses in three countries, fixed by a seed.

Where somebody's name comes from decides only how the row is made up; it is kept nowhere, so that
nothing about a person's group can enter a decision.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml
from faker import Faker

from .model import AccountState, Address, Customer, CustomerId, NewsletterState

# How many customers bear names from where. Scripts are left as people write them; Chinese names
# are romanised, as on a parcel.
LOCALES: Mapping[str, int] = {
    "nl_NL": 110,
    "nl_BE": 40,
    "en_GB": 64,
    "tr_TR": 22,
    "pl_PL": 18,
    "ar_AA": 18,
    "fr_BE": 12,
    "de_DE": 10,
    "hi_IN": 8,
    "en_IN": 8,
    "zh_CN": 8,
    "es_ES": 6,
    "uk_UA": 4,
}
_HOME = {"nl_NL": "NL", "nl_BE": "BE", "fr_BE": "BE", "en_GB": "GB"}
# NFKD takes accents off; these letters carry none.
_LATIN = str.maketrans({"ı": "i", "ł": "l", "Ł": "L", "ø": "o", "ß": "ss", "æ": "ae", "đ": "d"})


@dataclass(frozen=True)
class Person:
    """A customer, and the Faker locale that the name came from."""

    locale: str
    customer: Customer


def invent_people(seed: int, today: date) -> list[Person]:
    """The customers of the example shop, the same for the same seed."""
    dice = random.Random(f"people {seed}")  # noqa: S311  # nothing here is secret
    towns = yaml.safe_load(Path(__file__).with_name("places.yml").read_text(encoding="utf-8"))
    people: list[Person] = []
    for locale, count in LOCALES.items():
        faker = Faker(locale)
        faker.seed_instance(seed)
        for _ in range(count):
            people.append(_person(locale, faker, len(people), towns, dice, today))
    return people


def _person(
    locale: str, faker: Faker, index: int, towns: Any, dice: random.Random, today: date
) -> Person:
    name = _name(locale, faker)
    country = _HOME.get(locale) or dice.choices(("NL", "BE", "GB"), (7, 2, 2))[0]
    since = datetime(today.year, today.month, today.day, 9, tzinfo=timezone.utc)
    since -= timedelta(days=dice.randint(500, 1600), minutes=dice.randint(0, 600))
    speaks_dutch = country != "GB" and (locale in _HOME or dice.random() < 0.7)
    customer = Customer(
        id=CustomerId(f"C-{20_000 + 7 * index}"),
        name=name,
        email=_email(name, index, dice),
        language="nl" if speaks_dutch else "en",
        account=dice.choices(tuple(AccountState), (83, 15, 2))[0],
        newsletter=dice.choices(tuple(NewsletterState), (40, 4, 56))[0],
        since=since,
        address=_address(name, country, towns[country], dice),
    )
    return Person(locale, customer)


def _name(locale: str, faker: Faker) -> str:
    if locale == "zh_CN":
        return str(faker.romanized_name())
    return f"{faker.first_name()} {faker.last_name()}"


def _email(name: str, index: int, dice: random.Random) -> str:
    """An address that can reach nobody: example.* is reserved (RFC 2606)."""
    plain = unicodedata.normalize("NFKD", name.translate(_LATIN)).encode("ascii", "ignore")
    slug = re.sub(r"[^a-z]+", ".", plain.decode().lower()).strip(".") or "customer"
    return f"{slug}{index + 11}@example.{dice.choice(('com', 'org', 'net'))}"


def _address(name: str, country: str, places: Any, dice: random.Random) -> Address:
    city, *codes = dice.choice(places["towns"])
    house = str(dice.randint(1, 180)) + dice.choices(("", "a", "b", " bis"), (88, 5, 4, 3))[0]
    street = dice.choice(places["streets"])
    postcode = _POSTCODES[country](codes, dice)
    return Address(name, street, house.strip(), postcode, city, country)


def _dutch(codes: Any, dice: random.Random) -> str:
    # No letters that look like digits, and never SA, SD or SS.
    letters = "".join(dice.choices("ABCDEGHJKLMNPRTVWXZ", k=2))
    return f"{dice.randint(*codes)} {letters}"


def _belgian(codes: Any, dice: random.Random) -> str:
    return str(dice.choice(codes))


def _british(codes: Any, dice: random.Random) -> str:
    # Inward code: a digit and two letters out of those that Royal Mail uses there.
    letters = "".join(dice.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    return f"{dice.choice(codes[0])} {dice.randint(1, 9)}{letters}"


_POSTCODES = {"NL": _dutch, "BE": _belgian, "GB": _british}
