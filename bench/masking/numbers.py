"""Numbers that pass their checks, drawn from a seed: cards of every issuer, BSN, IBAN, EAN."""

from __future__ import annotations

import random

from stdnum import ean, luhn
from stdnum.iso7064 import mod_97_10
from stdnum.nl import bsn

# First digits and lengths as the issuers publish them, apart from what Helder knows of them.
ISSUERS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "Visa": (("4",), (13, 16, 19)),
    "Mastercard": (("51", "52", "53", "54", "55"), (16,)),
    "Mastercard 2-series": (("2221", "2230", "2300", "2500", "2699", "2720"), (16,)),
    "American Express": (("34", "37"), (15,)),
    "Diners Club": (("300", "305", "3095", "36", "38", "39"), (14, 16, 19)),
    "Discover": (("6011", "644", "649", "65", "622126"), (16, 19)),
    "JCB": (("3528", "3550", "3589"), (16, 17, 18, 19)),
    "UnionPay": (("62", "81"), (16, 17, 18, 19)),
    "Maestro": (
        ("5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763", "56", "57"),
        (12, 13, 14, 15, 16, 17, 18, 19),
    ),
    "Mir": (("2200", "2204"), (16, 17, 18, 19)),
    "RuPay": (("60", "65", "81", "82", "508"), (16,)),
    "Troy": (("9792", "65"), (16,)),
    "Verve": (("506100", "507900", "650010"), (16, 18, 19)),
    "Elo": (("401178", "438935", "504175", "506700", "509000", "636297"), (16,)),
    "Hipercard": (("606282", "384100"), (16,)),
    "Dankort": (("5019", "4571"), (16,)),
    "UATP": (("1",), (15,)),
    "InterPayment": (("636",), (16, 17, 18, 19)),
}
_COUNTRIES = {"NL": 10, "BE": 12, "DE": 18, "FR": 23, "GB": 14, "ES": 20, "IT": 23, "AT": 16}
_BANKS = ("ABNA", "INGB", "RABO", "TRIO", "BUNQ", "KNAB")


def digits(rng: random.Random, size: int) -> str:
    """So many."""
    return "".join(rng.choices("0123456789", k=size))


def card(rng: random.Random, issuer: str) -> str:
    """A card of this issuer, with its check digit."""
    prefixes, lengths = ISSUERS[issuer]
    prefix, length = rng.choice(prefixes), rng.choice(lengths)
    body = prefix + digits(rng, length - len(prefix) - 1)
    return f"{body}{luhn.calc_check_digit(body)}"


def citizen(rng: random.Random) -> str:
    """A BSN; the few that begin with a zero are written only where they are called so."""
    while True:
        body = str(rng.randrange(1, 10)) + digits(rng, 7)
        found = [body + last for last in "0123456789" if bsn.is_valid(body + last)]
        if found:
            return found[0]


def iban_of(rng: random.Random) -> str:
    """An IBAN of a country of Europe."""
    country = rng.choice(list(_COUNTRIES))
    size = _COUNTRIES[country]
    if country == "NL":
        account = rng.choice(_BANKS) + digits(rng, size)
    elif country == "GB":
        account = "NWBK" + digits(rng, size)
    elif country == "BE":
        first = digits(rng, 10)
        account = first + f"{int(first) % 97 or 97:02d}"
    elif country == "IT":
        account = "X" + digits(rng, size - 1)
    else:
        account = digits(rng, size)
    check = mod_97_10.calc_check_digits(f"{account}{country}")
    return f"{country}{check}{account}"


def article(rng: random.Random) -> str:
    """An EAN-13, of the countries whose goods are sold here most."""
    country = rng.choice(("871", "872", "541", "400", "426", "501", "300", "690", "978"))
    body = country + digits(rng, 9)
    return f"{body}{ean.calc_check_digit(body)}"


def six(rng: random.Random) -> str:
    """The digits of an order number."""
    return f"{rng.randrange(100_000, 1_000_000)}"
