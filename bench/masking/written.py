"""Messages with something that must be masked, and messages in which nothing may be.

Drawn from a seed: the same seed gives the same messages. Each knows what of it must stay.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.masking import harmless, numbers
from bench.masking.ways import WAYS

LANGUAGES = ("en", "nl")
CARDS, SPLIT = "card", "card over messages"
ANNOUNCED = ("code over messages", "bsn over messages")
OTHERS = ("code", *ANNOUNCED, "bsn", "iban", "email", "phone", "postcode")
HARMLESS = (
    "order number",
    "invoice and return",
    "tracking number",
    "article number",
    "telephone",
    "date",
    "amount",
    "long id",
)
# Some issuers' cards are as long as other numbers: with letters for digits they are not certain.
_CERTAIN = ("Visa", "Mastercard", "Mastercard 2-series", "American Express", "Discover", "JCB")
_CERTAIN_LENGTHS = (15, 16)
_NAMES = "jan|anna.smith|fatima_el|p.devries|o'brien|kim-lee|s.van.dijk|info|Jo.Ann|r.de.wit+shop"
_HOSTS = "voorbeeld.nl|example.co.uk|mail.example.com|post.be|my-shop.eu|uni.example.org"
_STREETS = "Kerkstraat|Lange Nieuwstraat|Dorpsweg|Stationsplein|Meir|Church Lane|Market Street"
_TOWNS = "Gent|Antwerpen|Leuven|Brugge|Hasselt|Mechelen"


@dataclass(frozen=True)
class Written:
    """A message in pieces: every other one, from the second on, must become unreadable.

    `before` are the customer's messages before it. `whole` is all digits of a card that is split.
    """

    kind: str
    language: str
    way: str
    pieces: tuple[str, ...]
    before: tuple[str, ...] = ()
    whole: str = ""

    @property
    def text(self) -> str:
        """The message."""
        return "".join(self.pieces)


def messages(seed: int, scale: float = 1.0) -> Iterator[Written]:
    """All of them; at scale 1 more than 20,000."""
    rng = random.Random(seed)
    for language, issuer, way in product(LANGUAGES, numbers.ISSUERS, WAYS):
        if way != "letters O and l" or issuer in _CERTAIN:
            for _ in range(max(1, round(9 * scale))):
                yield _card(rng, language, issuer, way)
    for language in LANGUAGES:
        for _ in range(round(1000 * scale)):
            yield _with_code(rng, language)
            yield _split(rng, language)
        for kind in OTHERS:
            for _ in range(round(600 * scale)):
                yield _one(rng, kind, language)
        for kind in HARMLESS:
            for _ in range(round((1500 if kind == "order number" else 400) * scale)):
                yield _harmless(rng, kind, language)


def _card(rng: random.Random, language: str, issuer: str, way: str) -> Written:
    number = numbers.card(rng, issuer)
    while way == "letters O and l" and len(number) not in _CERTAIN_LENGTHS:
        number = numbers.card(rng, issuer)
    written = WAYS[way](number, rng)
    before, after = rng.choice(_frames(CARDS, language)).split("{}")
    return Written(CARDS, language, way, (before, written, after))


def _with_code(rng: random.Random, language: str) -> Written:
    """A card with its date and code, as in a form."""
    number = numbers.card(rng, rng.choice(_CERTAIN))
    written = WAYS[rng.choice(("as digits", "blanks", "dashes", "no-break blanks"))](number, rng)
    code = numbers.digits(rng, 4 if len(number) == 15 else 3)
    date = rng.choice(("exp 12/28", "12/28", "12-2028", "vervalt 12/28", "J. Jansen 12/28", ""))
    called = rng.choice((" cvc ", ", code ", " ", " / ", ", de code is ", " and the code is "))
    begin = rng.choice(("card: ", "", "kaart ", "visa ", "use this: "))
    way = "with date and code"
    return Written(CARDS, language, way, (begin, written, f" {date}{called}", code, ""))


def _split(rng: random.Random, language: str) -> Written:
    """A card over two to four messages."""
    number = numbers.card(rng, rng.choice(_CERTAIN))
    cuts = {15: ((4, 10), (4,), (10,))}.get(
        len(number), ((4, 8, 12), (8,), (4,), (12,), (4, 8), (6,), (10,), (7,), (9,))
    )
    cut = [0, *rng.choice(cuts), len(number)]
    parts = [number[a:b] for a, b in pairwise(cut)]
    sign = rng.choice(("", " ", "-"))
    shown = [sign.join(p[i : i + 4] for i in range(0, len(p), 4)) for p in parts]
    first = rng.choice(("{}", "my card {}", "mijn kaart begint met {}", "it is {}", "{} ..."))
    last = rng.choice(("{}", "{}.", "en {}", "and {}", "the rest is {}"))
    *earlier, end = [first.format(shown[0]), *shown[1:-1], last.format(shown[-1])]
    begin = end[: end.index(shown[-1])]
    pieces = (begin, shown[-1], end[len(begin) + len(shown[-1]) :])
    return Written(SPLIT, language, f"{len(parts)} parts", pieces, tuple(earlier), number)


def _announced(rng: random.Random, kind: str, language: str) -> Written:
    """What one message begins or calls by its name, and the next ones have."""
    shown = list(rng.choice(_frames(kind, language)))
    number = numbers.citizen(rng) if kind.startswith("bsn") else _code(rng)
    holes = sum("{}" in each for each in shown)
    cuts = [0, *sorted(rng.sample(range(1, 9), holes - 1)), len(number)]
    parts = [number[a:b] for a, b in pairwise(cuts)]
    *before, last = (each.format(parts.pop(0)) if "{}" in each else each for each in shown)
    return Written(kind, language, "", ("", last, ""), tuple(before))


def _one(rng: random.Random, kind: str, language: str) -> Written:
    if kind in ANNOUNCED:
        return _announced(rng, kind, language)
    written = _OTHERS[kind](rng)
    frames = _frames(kind, language)
    if kind == "code":  # on its own it is only a number
        frames = [frame for frame in frames if frame != "{}"]
    before, after = rng.choice(frames).split("{}")
    return Written(kind, language, "", (before, written, after))


def _harmless(rng: random.Random, kind: str, language: str) -> Written:
    text = rng.choice(_frames(kind, language))
    while "{}" in text:
        text = text.replace("{}", _HARMLESS[kind](rng), 1)
    return Written(kind, language, "", (text,))


def _code(rng: random.Random) -> str:
    number = numbers.digits(rng, rng.choice((3, 3, 3, 4)))
    return rng.choice((number, number, " ".join(number), WAYS["full-width"](number, rng)))


def _bsn(rng: random.Random) -> str:
    n = numbers.citizen(rng)
    return rng.choice(
        (
            n,
            n,
            f"{n[:3]} {n[3:6]} {n[6:]}",
            f"{n[:4]}.{n[4:6]}.{n[6:]}",
            f"{n[:3]}-{n[3:6]}-{n[6:]}",
            f"{n[:3]}.{n[3:6]}.{n[6:]}",
            " ".join(n),
            "\u200b".join(n),
            f"{n[:3]}\u00a0{n[3:6]}\u00a0{n[6:]}",
            n.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        )
    )


def _iban(rng: random.Random) -> str:
    n = numbers.iban_of(rng)
    fours = [n[i : i + 4] for i in range(0, len(n), 4)]
    return rng.choice((n, n.lower(), " ".join(fours), "-".join(fours), "\u00a0".join(fours)))


def _email(rng: random.Random) -> str:
    name, host = rng.choice(_NAMES.split("|")), rng.choice(_HOSTS.split("|"))
    sign = rng.choice(("@", "@", "@", " @ ", "(at)", " [at] ", "＠"))
    return rng.choice((str.lower, str, str.upper))(f"{name}{rng.randrange(100)}{sign}{host}")


def _phone(rng: random.Random) -> str:
    """Of the Netherlands, Belgium and Great Britain."""
    d = numbers.digits(rng, 8)
    return rng.choice(
        (
            f"06 {d}",
            f"06-{d}",
            f"06{d}",
            f"06 {d[:2]} {d[2:4]} {d[4:6]} {d[6:]}",
            f"+31 6 {d}",
            f"+316{d}",
            f"+31 (0)6 {d[:4]} {d[4:]}",
            f"0031 6 {d}",
            f"020-{d[:3]} {d[3:7]}",
            f"(020) {d[:7]}",
            f"0470 {d[:2]} {d[2:4]} {d[4:6]}",
            f"0470/{d[:2]}.{d[2:4]}.{d[4:6]}",
            f"+32 470 {d[:2]} {d[2:4]} {d[4:6]}",
            f"02 {d[:3]} {d[3:5]} {d[5:7]}",
            f"07700 9{d[:5]}",
            f"+44 7700 9{d[:5]}",
            f"+44 (0)20 7{d[:3]} {d[3:7]}",
            f"020 7{d[:3]} {d[3:7]}",
        )
    )


def _postcode(rng: random.Random) -> str:
    """A postcode with the house number, in the ways of three countries."""
    house = f"{rng.randrange(1, 400)}{rng.choice(('', '', '', 'a', ' B', '-2'))}"
    street, four = rng.choice(_STREETS.split("|")), str(rng.randrange(1000, 9993))
    pair = rng.choice(("CJ", "ab", "XZ", "kw", "LP", "vt"))
    dutch = four + rng.choice((" ", "", " ")) + pair
    area = rng.choice(("SW1A", "M1", "LS2", "EH12", "B33", "N1", "CF10"))
    british = f"{area}{rng.choice((' ', ''))}{rng.randrange(10)}{rng.choice(('AA', 'XD', 'JQ'))}"
    return rng.choice(
        (
            f"{dutch} {house}",
            f"{dutch}, {house}",
            f"{dutch} huisnummer {house}",
            f"{house}, {dutch}",
            f"{house.split()[0]}, {british}",
            f"{british} {house.split()[0]}",
            f"{house.split()[0]} {street}, {british}",
            f"B-{four} {rng.choice(_TOWNS.split('|'))}",
        )
    )


_OTHERS: Mapping[str, Callable[[random.Random], str]] = {
    "code": _code,
    "bsn": _bsn,
    "iban": _iban,
    "email": _email,
    "phone": _phone,
    "postcode": _postcode,
}
_HARMLESS: Mapping[str, Callable[[random.Random], str]] = {
    "order number": harmless.order,
    "invoice and return": lambda rng: f"{rng.choice(('IN', 'RT', 'in'))}-{numbers.six(rng)}",
    "tracking number": harmless.tracking,
    "article number": numbers.article,
    "telephone": _phone,
    "date": harmless.date_written,
    "amount": harmless.amount,
    "long id": lambda rng: numbers.digits(rng, rng.choice((7, 8, 9, 10, 12, 14, 15))),
}


@lru_cache(None)
def _frames(kind: str, language: str) -> Any:
    return _all_frames()[kind][language]


@lru_cache(None)
def _all_frames() -> Any:
    return YAML(typ="safe").load(Path(__file__).with_name("frames.yml"))
