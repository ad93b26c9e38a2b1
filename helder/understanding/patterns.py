"""Order numbers, postcodes, e-mail addresses and telephone numbers in a customer's text.

Rules, not statistics: the same text always gives the same answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

# Where our customers live; a number without country code is read as Dutch, Belgian, British.
REGIONS = ("NL", "BE", "GB")
_MAX_CHARACTERS = 4000

_EMAIL = re.compile(r"[\w.+'-]{1,64} ?@ ?(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}\b")
_SIX = r"(\d{3}[ .]?\d{3})(?!\d)(?![.,]\d)"
_NUMBER_WORD = r"number|nummer|nr|no|num"
_ORDER_WORD = rf"(?:order|ordr|ordre|bestel|bestl)\w{{0,8}}(?: ?(?:{_NUMBER_WORD})\b)?"
_ORDER_MARKED = re.compile(
    rf"(?:\bh ?d|#|\b{_ORDER_WORD}|\b(?:{_NUMBER_WORD})\b)[ \-–—_.:#/=]{{0,4}}"
    rf"(?:is |was )?(?:h ?d)?[ \-–—_.:#/]{{0,3}}{_SIX}",
    re.IGNORECASE,
)
_ORDER_BARE = re.compile(r"(?<![\w@+.,-])(\d{6})(?![\w@])(?![.,-]\d)")
# The letters SA, SD and SS are never given out.
_NL = re.compile(
    r"(?<![\w@.,-])([1-9]\d{3})([ -]{0,2})((?!s[ads])[a-z]{2})(?![\w@])", re.IGNORECASE
)
_GB = re.compile(
    r"(?<![\w@-])([a-pr-uwyz][a-hk-y]?\d[a-z\d]?)[ -]{0,2}(\d[abd-hjlnp-uw-z]{2})(?![\w@])",
    re.IGNORECASE,
)
_BE = re.compile(r"(?<![\w@.,-])(?:b[ -]?)?([1-9]\d{3})(?![\w@])(?![.,-]\d)", re.IGNORECASE)
_POSTCODE_WORD = re.compile(r"post ?(?:al )?cod|\bzip\b|\bpostc", re.IGNORECASE)
# "in 2024 is er …": a year before a short word is no postcode, unless it is written like one.
_SHORT_WORD = re.compile(
    "a[flmnst]|b[evy]|cm|d[aeor]|e[nru]|ex|g[ao]|h[eoè]|i[fkmnst]|j[ae]|k[gm]|la|m[elmy]|n[adoru]"
    "|o[fhkmnpr]|pm|r[de]|s[eot]|t[ehmo]|u[prsw]|v[a]|w[aceo]|z[eo]"
)


@dataclass(frozen=True)
class Match:
    """`entity` with its normalised `value`, found at text[start:end]."""

    entity: str
    value: str
    start: int
    end: int


def find(text: str) -> list[Match]:
    """All that is found, in the order of the text; where two overlap, the surer one."""
    plain = _plain(text[:_MAX_CHARACTERS])
    kept: list[Match] = []
    for finder in (_emails, _marked_orders, _phones, _dutch, _british, _bare_orders, _belgian):
        for match in finder(plain):
            if all(match.end <= other.start or other.end <= match.start for other in kept):
                kept.append(match)
    return sorted(kept, key=lambda match: match.start)


def _plain(text: str) -> str:
    """Full-width and other compatibility characters as plain ones, each in its own place."""
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if character.isspace():
        return " "
    if character.isdecimal():
        return str(int(character))
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _emails(text: str) -> Iterator[Match]:
    for found in _EMAIL.finditer(text):
        value = found.group().replace(" ", "").lower().lstrip(".'-")
        if not value.startswith("@"):
            yield Match("email", value, found.end() - len(found.group().lstrip(".'-")), found.end())


def _marked_orders(text: str) -> Iterator[Match]:
    for found in _ORDER_MARKED.finditer(text):
        start = _after_word(text, found)
        yield Match("order_number", _order(found.group(1)), start, found.end(1))


def _after_word(text: str, found: re.Match[str]) -> int:
    """Where the number itself begins: at its HD or #, else at its first digit."""
    prefix = re.search(r"(?:\bh ?d|#)[ \-–—_.:#/]*$", text[found.start() : found.start(1)], re.I)
    return found.start() + prefix.start() if prefix else found.start(1)


def _bare_orders(text: str) -> Iterator[Match]:
    for found in _ORDER_BARE.finditer(text):
        yield Match("order_number", _order(found.group(1)), found.start(1), found.end(1))


def _order(digits: str) -> str:
    return "HD-" + re.sub(r"\D", "", digits)


def _phones(text: str) -> Iterator[Match]:
    if sum(character.isdigit() for character in text) < 8:
        return
    found = [
        Match("phone", _e164(match.number), match.start, match.end)
        for region in REGIONS
        for match in phonenumbers.PhoneNumberMatcher(text, region)
    ]
    # The longest reading first; sorting is stable, so REGIONS decides between equals.
    yield from sorted(found, key=lambda match: match.start - match.end)


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _dutch(text: str) -> Iterator[Match]:
    named = bool(_POSTCODE_WORD.search(text))
    for found in _NL.finditer(text):
        digits, gap, letters = found.groups()
        whole = found.group() == text.strip(" .!?,")
        if letters.islower() and gap and _SHORT_WORD.fullmatch(letters) and not (named or whole):
            continue
        yield Match("postcode", f"{digits}{letters.upper()}", found.start(), found.end())


def _british(text: str) -> Iterator[Match]:
    for found in _GB.finditer(text):
        value = (found.group(1) + found.group(2)).upper()
        yield Match("postcode", value, found.start(), found.end())


def _belgian(text: str) -> Iterator[Match]:
    """Four digits are a postcode only where the text says so or is nothing else."""
    named = bool(_POSTCODE_WORD.search(text))
    for found in _BE.finditer(text):
        if named or found.group() == text.strip(" .!?,"):
            yield Match("postcode", found.group(1), found.start(), found.end())
