"""Order numbers, postcodes, e-mail, telephone numbers, dates and countries in a customer's text.

Rules, not statistics: the same text always gives the same answer, on the same day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import phonenumbers

from helder.understanding import countries, dates
from helder.understanding.towns import TOWN

# Where our customers live; a number without country code is read as Dutch, Belgian, British.
REGIONS = ("NL", "BE", "GB")
_MAX_CHARACTERS = 4000

_EMAIL = re.compile(r"[\w.+'-]{1,64} ?(?:@|[(\[] ?at ?[)\]]) ?(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}\b")
_SIX = r"(\d{3}[ .]?\d{3})(?!\d)(?![.,]\d)"
# Behind HD the digits may be split anyhow.
_ANY_SIX = r"(\d(?:[ .-]?\d){5})(?!\d)(?![.,-]\d)"
_NUMBER_WORD = r"number|nummer|nr|no|num"
_ORDER_WORD = rf"(?:order|ordr|ordre|bestel|bestl)\w{{0,8}}(?: ?(?:{_NUMBER_WORD})\b)?"
_ORDER_MARKED = re.compile(
    rf"(?:\bh ?d|#|\b{_ORDER_WORD}|\b(?:{_NUMBER_WORD})\b)[ \-–—_.:#/=]{{0,4}}"
    rf"(?:is |was )?(?:h ?d)?[ \-–—_.:#/]{{0,3}}{_SIX}",
    re.IGNORECASE,
)
_ORDER_SPLIT = re.compile(rf"\bh ?d[ \-–—_.:#/]{{0,3}}{_ANY_SIX}", re.IGNORECASE)
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
# Four digits that follow a street and its number, or words about where somebody lives.
_STREET = re.compile(
    r"(?:(?:straat|laan|weg|plein|lei|kaai|dreef|markt|baan|berg|dijk|hof|veld|street|road|lane|avenue"
    r"|rue [\w ]{2,20}) ?\d{1,4} ?[a-z]?(?: ?(?:bus|bte) ?\w{1,4})?,? {1,2}"
    r"|\b(?:woon|wonen|woont|live|living|moved?|verhuisd?)(?: \w+)? (?:in|naar|to|op|at) )$",
    re.IGNORECASE,
)
_BEFORE = 80  # letters in which such a street is looked for
# "HD-204817, 9000": number and postcode, as they are asked for.
_JOIN = re.compile(
    r" ?[,;/&+] ?(?:(?:en|and|met|with) )?| (?:(?:en|and|met|with) )?", re.IGNORECASE
)
# "in 2024 is er …": a year before a short word is no postcode, unless it is written like one.
_YEAR = re.compile(r"19\d\d|20[0-4]\d")
_ENDS = re.compile(r" ?(?:[.,;!?)]|$)")
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


def find(text: str, today: date | None = None) -> list[Match]:
    """All that is found, in the order of the text; where two overlap, the surer one.

    Dates are found only when it is told which day it is.
    """
    plain = _plain(text[:_MAX_CHARACTERS])
    kept: list[Match] = []

    def keep(found: Iterable[Match]) -> None:
        for match in found:
            if all(match.end <= other.start or other.end <= match.start for other in kept):
                kept.append(match)

    keep(_emails(plain))
    keep(_marked_orders(plain))
    if today is not None:
        keep(Match("date", day.isoformat(), a, b) for a, b, day in dates.find(plain, today))
    for finder in (_phones, _dutch, _british, _bare_orders):
        keep(finder(plain))
    keep(_belgian(plain, kept))
    keep(Match("country", code, a, b) for code, a, b in countries.find(plain))
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
        value = re.sub(r"[(\[]at[)\]]", "@", found.group().replace(" ", "").lower())
        value = value.lstrip(".'-")
        if not value.startswith("@"):
            yield Match("email", value, found.end() - len(found.group().lstrip(".'-")), found.end())


def _marked_orders(text: str) -> Iterator[Match]:
    for pattern in (_ORDER_MARKED, _ORDER_SPLIT):
        for found in pattern.finditer(text):
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
        if letters.islower() and gap.strip(" ") == "" != gap and _SHORT_WORD.fullmatch(letters):
            ends = not _YEAR.fullmatch(digits) and _ENDS.match(text, found.end())
            if not (named or ends or _is_whole(found) or _placed(found)):
                continue
        yield Match("postcode", f"{digits}{letters.upper()}", found.start(), found.end())


def _is_whole(found: re.Match[str]) -> bool:
    return found.group() == found.string.strip(" .!?,")


def _is_last(found: re.Match[str]) -> bool:
    """Behind a comma at the end: "… HD-204817 back, 2060". A year of late is none."""
    before, after = found.string[: found.start()].rstrip(), found.string[found.end() :]
    return (
        before.endswith((",", ";"))
        and not after.strip(" .!?)")
        and not found.group(1).startswith("202")
    )


def _placed(found: re.Match[str]) -> bool:
    """Behind a street and number or words for living somewhere, or before a town."""
    before = found.string[max(0, found.start() - _BEFORE) : found.start()]
    return bool(_STREET.search(before) or TOWN.match(found.string, found.end()))


def _british(text: str) -> Iterator[Match]:
    for found in _GB.finditer(text):
        value = (found.group(1) + found.group(2)).upper()
        yield Match("postcode", value, found.start(), found.end())


def _belgian(text: str, others: list[Match]) -> Iterator[Match]:
    """Four digits are a postcode only where something says so, or there is nothing else."""
    named = bool(_POSTCODE_WORD.search(text))
    orders = [match.end for match in others if match.entity == "order_number"]
    for found in _BE.finditer(text):
        joined = (text[end : found.start()] for end in orders if end <= found.start())
        if (
            named
            or _is_whole(found)
            or found.group()[0] in "bB"
            or _placed(found)
            or any(map(_JOIN.fullmatch, joined))
            or (orders and _is_last(found))
        ):
            yield Match("postcode", found.group(1), found.start(), found.end())
