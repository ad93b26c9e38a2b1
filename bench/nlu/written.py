"""Sentences with an order number, a postcode, an e-mail address or a date, as customers write them.

Drawn from a seed: the same seed gives the same sentences. Each knows what should be found in it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from ruamel.yaml import YAML

from bench.nlu.written_dates import a_date

TODAY = date(2026, 3, 11)  # a Wednesday; dates are said with respect to it
LANGUAGES = ("en", "nl")

KINDS = ("order_number", "postcode_nl", "postcode_be", "postcode_gb", "email", "date")
ENTITIES = dict.fromkeys(("postcode_nl", "postcode_be", "postcode_gb"), "postcode")
_TOWNS = {
    "en": "Ghent|Antwerp|Leuven|Brussels|Bruges|Hasselt|Mechelen|Kortrijk|Liège|Ostend",
    "nl": "Gent|gent|Antwerpen|Leuven|Brussel|Brugge|hasselt|Mechelen|Kortrijk|Aalst|Oostende|Genk",
}
_NAMES = (
    "jan|anna.smith|fatima_el|p.devries|o'brien|kim-lee|s.van.dijk|x2|info|Jo.Ann|r.de.wit+shop"
)
_HOSTS = (
    "voorbeeld.nl|example.co.uk|mail.example.com|post.be|my-shop.eu|gmail.example|uni.example.org"
)


@dataclass(frozen=True)
class Written:
    """A sentence, and the one thing of `kind` that is in it, by its entity and value."""

    kind: str
    language: str
    text: str
    entity: str
    value: str


def sentences(seed: int, each: int) -> Iterator[Written]:
    """So many of each kind and language."""
    rng = random.Random(seed)
    all_frames = YAML(typ="safe").load(Path(__file__).with_name("frames.yml"))
    for kind, language in product(KINDS, LANGUAGES):
        frames = all_frames[f"{kind}_{language}"]
        for _ in range(each):
            value, written = _MAKERS[kind](rng, language)
            frame = rng.choice(frames)
            # A town is only asked for where it is in Belgium.
            town = rng.choice(_TOWNS[language].split("|"))
            text = frame.replace("{town}", town).replace("{}", written)
            text = rng.choice([text, text, text, text.lower(), text.rstrip(".") + "."])
            yield Written(kind, language, text, ENTITIES.get(kind, kind), value)


def _order(rng: random.Random, _: str) -> tuple[str, str]:
    digits = f"{rng.randrange(100_000, 1_000_000)}"
    split = [f"{digits[:3]}{gap}{digits[3:]}" for gap in " ."]
    shown = rng.choice([digits, digits, digits, *split])
    marks = ["HD-", "HD-", "hd-", "hd", "HD ", "hd ", "#", "HD–", "Hd - ", "hd. ", "HD#", "h d "]
    mark = rng.choice(marks if shown != digits else [*marks, "", ""])
    return f"HD-{digits}", mark + shown


def _dutch(rng: random.Random, _: str) -> tuple[str, str]:
    digits, pair = str(rng.randrange(1000, 10_000)), _letters(rng, "ABCDEGHJKLMNPRTVWXZ")
    gap = rng.choice([" ", " ", "", "  ", "-"])
    return digits + pair, digits + gap + rng.choice([pair, pair, pair.lower()])


def _belgian(rng: random.Random, _: str) -> tuple[str, str]:
    digits = str(rng.randrange(1000, 9993))
    return digits, digits


def _british(rng: random.Random, _: str) -> tuple[str, str]:
    area = rng.choice(
        ["SW1A", "M1", "LS2", "EH12", "B33", "N1", "CF10", "BT7", "W1T", "CR2", "DN55"]
    )
    inward = str(rng.randrange(10)) + _letters(rng, "ABDEFGHJLNPQRSTUWXYZ")
    written = area + rng.choice([" ", " ", "", "-"]) + inward
    return area + inward, rng.choice([written, written, written.lower()])


def _email(rng: random.Random, _: str) -> tuple[str, str]:
    value = f"{rng.choice(_NAMES.split('|'))}{rng.choice(['', str(rng.randrange(100))])}"
    value += "@" + rng.choice(_HOSTS.split("|"))
    written = rng.choice([value, value, value.upper(), value.replace("@", " @ ")])
    return value.lower(), written


def _date(rng: random.Random, language: str) -> tuple[str, str]:
    return a_date(rng, language, TODAY)


def _letters(rng: random.Random, alphabet: str) -> str:
    while (pair := "".join(rng.choices(alphabet, k=2))) in ("SA", "SD", "SS"):
        pass
    return pair


_MAKERS: dict[str, Callable[[random.Random, str], tuple[str, str]]] = {
    "order_number": _order,
    "postcode_nl": _dutch,
    "postcode_be": _belgian,
    "postcode_gb": _british,
    "email": _email,
    "date": _date,
}
