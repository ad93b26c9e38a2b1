"""What may never be kept, taken out before anything is stored or logged.

Card numbers and their verification codes (PCI DSS 4.0 req. 3.3: not even encrypted), and the Dutch
citizen service number (BSN; UAVG art. 46). What is left shows that something was there.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum import luhn
from stdnum.nl import bsn

_SEPARATOR = r"[\s.\-–—_/\u00a0\u2009\u202f]{0,2}"
_CARD = re.compile(rf"(?<!\d)\d(?:{_SEPARATOR}\d){{11,18}}(?!\d)")
_BSN = re.compile(rf"(?<![\w+])\d(?:{_SEPARATOR}\d){{7,8}}(?!\w)")
_CODE = re.compile(
    r"(?P<word>\b(?:cvv2?|cvc2?|cid|security code|beveiligingscode|veiligheidscode|kaartcode)\b"
    r"[^\d\n]{0,20})(?P<code>\d{3,4})(?!\d)",
    re.IGNORECASE,
)
# What stands before the rest of a telephone number: `+31 `, `0032 `, `+31 (0)`.
_ABROAD = re.compile(r"(?:\+|\b00)[\s.-]{0,2}\d{1,3}[\s.-]{0,2}(?:\(0\))?[\s.-]{0,2}$")
_BSN_WORD = re.compile(
    r"\b(?:bsn|burgerservicenummer|sofi-?nummer|citizen service number)\b", re.IGNORECASE
)
# First digits of the payment schemes: Maestro, Visa, Mastercard, Amex, Diners, Discover, JCB, Mir.
_ISSUERS = re.compile(r"(?:4|5[0-9]|2[2-7]|3[04-9]|6[0-9])")


def mask(text: str) -> str:
    """The text without card numbers, verification codes and citizen service numbers."""
    plain = _digits_unified(text)
    spans = [m.span() for m in _CARD.finditer(plain) if _is_card(m)]
    spans += [m.span("code") for m in _CODE.finditer(plain)]
    called_bsn = bool(_BSN_WORD.search(plain))
    spans += [m.span() for m in _BSN.finditer(plain) if _is_bsn(m, called_bsn)]
    return _blackened(text, spans)


def _digits_unified(text: str) -> str:
    """The same text, character by character, with every script's digits as 0-9."""
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text
    )


def _is_card(candidate: re.Match[str]) -> bool:
    digits = _only_digits(candidate[0])
    # One telephone number in ten passes the test as well: `+44 7166 349434`. They have at most 15
    # digits (ITU-T E.164), and a colleague has to be able to call them.
    called = candidate.string[: candidate.start()].rstrip().endswith("+") and len(digits) <= 15
    return bool(
        not called
        and 12 <= len(digits) <= 19
        and _ISSUERS.match(digits)
        and len(set(digits)) > 1
        and luhn.is_valid(digits)
    )


def _is_bsn(candidate: re.Match[str], called_bsn: bool) -> bool:
    digits = _only_digits(candidate[0])
    return (called_bsn or _may_be_bsn(candidate, digits)) and bsn.is_valid(digits)


def _may_be_bsn(candidate: re.Match[str], digits: str) -> bool:
    # Nine digits that pass the test are taken for one even where nothing says so: one in eleven
    # other numbers of nine digits is masked for nothing, and no number of ours has nine. Telephone
    # numbers do (`+31 6 12345678`, `02 123 45 67`), and a colleague has to be able to call them.
    before = candidate.string[max(0, candidate.start() - 20) : candidate.start()]
    return len(digits) == 9 and digits[0] != "0" and not _ABROAD.search(before)


def _only_digits(candidate: str) -> str:
    return "".join(c for c in candidate if c.isdigit())


def _blackened(text: str, spans: list[tuple[int, int]]) -> str:
    characters = list(text)
    for start, end in spans:
        for i in range(start, end):
            if characters[i].isdigit():
                characters[i] = "•"
    return "".join(characters)
