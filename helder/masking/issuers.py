"""Which numbers payment cards have: ranges of first digits with their lengths (ISO/IEC 7812).

A range is *sure* at a length when hardly anything but a card of that issuer begins so and is so
long; at its other lengths it is taken for a card too, unless something nearby says what else it is.
Ranges are wide where issuers moved them: masking too little is the worse mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from stdnum import luhn

SHORTEST, LONGEST = 12, 19


class Sure(IntEnum):
    """How much the first digits and the length say."""

    NO = 0
    PERHAPS = 1
    YES = 2


class Issuer(NamedTuple):
    """A range: the first digits from `low` to `high`."""

    name: str
    low: str
    high: str
    lengths: tuple[int, ...]
    sure: tuple[int, ...]


_ANY = tuple(range(SHORTEST, LONGEST + 1))
_LONG = (16, 17, 18, 19)


# Name, first digits, possible lengths, and those at which it is sure.
_TABLE: tuple[tuple[str, str, tuple[int, ...], tuple[int, ...]], ...] = (
    ("Visa", "4", (13, 14, 15, 16, 17, 18, 19), (16,)),
    ("Mastercard", "51-55 2221-2720", (16,), (16,)),
    ("American Express", "34 37", (15,), (15,)),
    ("Diners Club", "300-305 3095 36 38-39", (14, 15, 16, 17, 18, 19), (14, 16)),
    ("Discover", "6011 644-649 65 622126-622925", _LONG, (16,)),
    ("JCB", "3528-3589", _LONG, (16,)),
    ("JCB", "2131 1800", (15,), ()),
    ("UnionPay", "62 81", (14, 15, *_LONG), (16, 19)),
    ("Maestro", "5018 5020 5038 5612 5893 6304 6759 6761-6763 6703", _ANY, (16, 18, 19)),
    ("Maestro", "50 56-69", _ANY, ()),
    ("Mir", "2200-2204", _LONG, (16,)),
    ("RuPay", "60 65 81-82 508 353 356", (16,), (16,)),
    ("Troy", "9792 65", (16,), (16,)),
    ("Verve", "506099-506198 507865-507964 650002-650027", (16, 18, 19), (16, 18, 19)),
    ("Elo", "504175 506699-506778 509000-509999 627780 636297 636368", (16,), (16,)),
    ("Hipercard", "606282 637095 637568 637599 637609 637612 3841", (13, 16, 19), (16,)),
    ("Dankort", "5019 4571", (16,), (16,)),
    ("InterPayment", "636", _LONG, (16,)),
    ("InstaPayment", "637-639", (16,), (16,)),
    ("Switch and Solo", "564182 633110 6333 6334 6767", (16, 18, 19), (16, 18, 19)),
    ("Laser", "6706 6709 6771", _LONG, (16,)),
    ("UATP", "1", (15,), ()),
    ("Humo, UzCard, NAPAS, GPN", "9860 8600 9704 1946", (16,), (16,)),
)


def _ranges() -> Iterator[Issuer]:
    for name, ranges, lengths, sure in _TABLE:
        for each in ranges.split():
            low, _, high = each.partition("-")
            yield Issuer(name, low, high or low, lengths, sure)


ISSUERS = tuple(_ranges())
_BY_FIRST: dict[str, tuple[Issuer, ...]] = {
    digit: tuple(each for each in ISSUERS if each.low[0] <= digit <= each.high[0])
    for digit in "0123456789"
}


def sureness(digits: str) -> Sure:
    """How sure first digits and length say that this is a card; the check digit apart."""
    best = Sure.NO
    for issuer in _BY_FIRST[digits[0]]:
        if len(digits) in issuer.lengths and _begins(issuer, digits):
            if len(digits) in issuer.sure:
                return Sure.YES
            best = Sure.PERHAPS
    return best


def is_card(digits: str) -> Sure:
    """The same for a number with its check digit (ISO/IEC 7812-1 annex B, Luhn's formula)."""
    found = sureness(digits)
    if found is Sure.NO or len(set(digits)) == 1 or not luhn.is_valid(digits):
        return Sure.NO
    return found


def holds_card(digits: str) -> bool:
    """Is a sure card anywhere among them?"""
    ways = ((at, size) for size in (16, 15) for at in range(len(digits) - size + 1))
    return any(is_card(digits[at : at + size]) is Sure.YES for at, size in ways)


def may_begin(digits: str) -> bool:
    """Can these be the first digits of a longer card, one that is sure by its first digits?"""
    return any(
        any(length > len(digits) for length in issuer.lengths) and _begins(issuer, digits)
        for issuer in _BY_FIRST[digits[0]]
        if issuer.sure
    )


def _begins(issuer: Issuer, digits: str) -> bool:
    size = min(len(issuer.low), len(digits))
    return issuer.low[:size] <= digits[:size] <= issuer.high[:size]
