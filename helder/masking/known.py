"""Numbers of which the text itself says that they are something else: left alone.

Order, invoice and return numbers, telephone numbers, dates, times, amounts, and what a word right
before it calls an article, a parcel, a customer number. What has the shape of a card comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from stdnum import ean

Place = tuple[int, int]

# `HD-204817` and its invoice, return and message (IN-, RT-, KD-).
_ORDER = re.compile(r"(?<![a-z\d])(?:hd|in|rt|kd)[ \-–_.:#]{0,3}\d{3}[ .]?\d{3}(?!\d)")
# Ids that machines make: UUID, and 32 hexadecimal digits; with letters, or they may be digits only.
_MACHINE = re.compile(
    r"(?<![a-z\d])(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32})(?![a-z\d])"
)
# A carrier's code: letters and digits in one. The letters may call a card, though: `visa4111…`.
_CODE = re.compile(
    r"(?<![a-z\d])(?!(?:visa|card|kaart|nr|no|num|cc|pan|mc|amex|maestro|bsn|mastercard)\d)"
    r"(?:[a-z]{1,5}\d{6,24}[a-z]{0,3}|\d[a-z]{1,5}\d{6,22}[a-z]{0,3}|\d{6,22}[a-z]{1,3})(?![a-z\d])"
)
_DATE = re.compile(
    r"(?<![\d.,/-])(?:\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d{2}|(?:19|20)\d{2}([-/.])\d{1,2}\2\d{1,2})"
    r"(?:[t ,]{1,2}\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?(?!\d)"
)
_TIME = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])")
_AMOUNT = re.compile(
    r"(?:[€$£]|\beur(?:o|os)?\b)[ ]{0,2}\d{1,3}(?:[., ]?\d{3}){0,4}(?:[.,]\d{1,2}|,-)?(?!\d)"
    r"|(?<![\d.,])\d{1,3}(?:\.\d{3}){0,4},\d{2}(?![\d.,])"
    r"|(?<![\d.,])\d{1,3}(?:,\d{3}){0,4}\.\d{2}(?![\d.,])"
    r"|(?<![\d.,])\d{1,9}(?:[.,]\d{1,2})?[ ]?(?:[€$£]|eur(?:o|os)?\b|pounds?\b|cent(?:s|en)?\b)"
)
# A country's code or a zero, and at most 15 digits (ITU-T E.164); British ones without their plus.
PHONE = re.compile(
    r"(?<![a-z\d+])(?:\+|00)[ ]?[1-9](?:[ .\-/()]{0,3}\d){6,14}(?!\d)"
    r"|(?<![a-z\d+])\(?0[1-9](?:[ .\-/()]{0,3}\d){7,9}(?!\d)"
    r"|(?<![a-z\d+])447\d{9}(?!\d)"
)
# Four digits before it may be those of a card in which it stands.
_PHONE_ALONE = re.compile(rf"(?<!\D\d{{4}}\W)(?<!^\d{{4}}\W)(?:{PHONE.pattern})")
_PHONE_WORD = (
    r"tel|telephone|telefoon(?:nummer)?|phone|mobiel|mobile|gsm|bel me(?: op)?|call me(?: on| at)?"
    r"|whatsapp|reach me (?:on|at)|bereik(?:baar|en)(?: op)?"
)
_OTHER = (
    r"track(?:ing|\s?(?:&|and|en|n)\s?trace)?|t&t|zending|parcel|pakket|barcode|streepjescode|ean"
    r"|gtin|isbn|upc|artikel|article|item|product|sku|factuur|invoice|klant|customer|client|lid"
    r"|member"
    r"|kenmerk|referentie|reference|ref|ticket|case|dossier|imei|serial|serie|meter|kvk|order"
    r"|bestel"
    r"|bestelling|btw|vat|retour|return|waybill|vracht|shipment|colli|voucher|kortings?|coupon"
    r"|gift ?card"
    r"|cadeau(?:kaart|bon)"
)
_CALLED = re.compile(
    rf"(?<![a-z])(?:{_OTHER}|{_PHONE_WORD})[ -]?(?:number|nummer|nr|num|no|code|id|bon|kaart|card)?"
    r"(?:[ .:=#]{1,3}(?:is|was|=|says|zegt|met|with number|met nummer|number|nummer|nr|no|code"
    r"|id)){0,2}"
    r"[ .:=#\"'(\n\-]{0,4}(?P<number>\d(?:[ .\-/]?\d){4,23})(?![a-z\d])"
)
_EAN = re.compile(r"(?<![a-z\d])\d{13}(?![a-z\d])")
_GOODS = re.compile(
    r"(?<![a-z])(?:ean|barcode|artikel|article|product|item|sku|gtin|streepjescode)"
)

_PATTERNS = (_ORDER, _CODE, _DATE, _TIME, _AMOUNT)


class Known(NamedTuple):
    """Where they are: telephone numbers, and all else."""

    phones: list[Place]
    others: list[Place]


def known(text: str) -> Known:
    """What is known in a text as `Plain` has it."""
    others = [match.span() for pattern in _PATTERNS for match in pattern.finditer(text)]
    others += (
        match.span() for match in _MACHINE.finditer(text) if len(set(match[0]) & set("abcdef")) > 2
    )
    others += (match.span("number") for match in _CALLED.finditer(text))
    if _GOODS.search(text):
        others += (m.span() for m in _EAN.finditer(text) if ean.is_valid(m[0]))
    return Known([match.span() for match in _PHONE_ALONE.finditer(text)], others)


def covered(text: str, spans: Iterable[Place]) -> str:
    """The text with those places made letters, so that no digits are read across them."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            pieces += [text[at:start], "x" * (end - start)]
            at = end
    return "".join([*pieces, text[at:]])
