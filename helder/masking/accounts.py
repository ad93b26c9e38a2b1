"""Bank accounts: IBAN (ISO 13616), with its check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban
from stdnum.exceptions import ValidationError

_IBAN = re.compile(r"(?<![a-z\d])(?=([a-z]{2}[ .\-]{0,2}\d[ .\-]?\d(?:[ .\-]{0,3}[a-z\d]){10,30}))")
# Countries of the registry of IBAN (SWIFT, release 99).
_COUNTRIES = frozenset(
    [
        "ad",
        "ae",
        "al",
        "at",
        "az",
        "ba",
        "be",
        "bg",
        "bh",
        "bi",
        "br",
        "by",
        "ch",
        "cr",
        "cy",
        "cz",
        "de",
        "dj",
        "dk",
        "do",
        "ee",
        "eg",
        "es",
        "fi",
        "fk",
        "fo",
        "fr",
        "gb",
        "ge",
        "gi",
        "gl",
        "gr",
        "gt",
        "hr",
        "hu",
        "ie",
        "il",
        "iq",
        "is",
        "it",
        "jo",
        "kw",
        "kz",
        "lb",
        "lc",
        "li",
        "lt",
        "lu",
        "lv",
        "ly",
        "mc",
        "md",
        "me",
        "mk",
        "mn",
        "mr",
        "mt",
        "mu",
        "ni",
        "nl",
        "no",
        "om",
        "pk",
        "pl",
        "ps",
        "pt",
        "qa",
        "ro",
        "rs",
        "ru",
        "sa",
        "sc",
        "sd",
        "se",
        "si",
        "sk",
        "sm",
        "so",
        "st",
        "sv",
        "tl",
        "tn",
        "tr",
        "ua",
        "va",
        "vg",
        "xk",
        "ye",
    ]
)
_SHORTEST = 15  # Norway


def find_ibans(text: str) -> Iterator[tuple[int, int]]:
    """Where they are, in a text as `Plain` has it."""
    for match in _IBAN.finditer(text):
        if match[1][:2] not in _COUNTRIES:
            continue
        places = [at for at in range(*match.span(1)) if text[at].isalnum()]
        for size in range(len(places), _SHORTEST - 1, -1):
            end = places[size - 1] + 1
            number = "".join(text[at] for at in places[:size])
            if not text[end : end + 1].isalnum() and _is_iban(number):
                yield match.start(), end
                break


def _is_iban(number: str) -> bool:
    moved = number[4:] + number[:4]
    if int("".join(str(int(each, 36)) for each in moved)) % 97 != 1:
        return False
    try:
        iban.validate(number.upper(), check_country=False)
    except ValidationError:
        return False  # as long as no country's, or built otherwise
    return True
