"""Verification codes of cards (CVV, CVC, CID) and their PIN: called so, or right behind a card.

None may be kept (PCI DSS 4.0 req. 3.3.1.2 and 3.3.1.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from helder.masking.kinds import MASK

_WORD = (
    r"(?:cvv2?|cvc2?|cvn2?|cav2?|csc|cid|4dbc)(?:[ -]?(?:code|number|nummer))?"
    r"|(?:card |kaart)?(?:security|verification|validation) (?:code|number|value)"
    r"|(?:beveiligings|veiligheids|kaart|verificatie|kaartverificatie|controle)(?:code|getal"
    r"|cijfers?)"
    r"|(?:3|4|three|four|drie|vier|laatste|last)(?: (?:3|4|three|drie|vier|laatste|last))?"
    r" (?:digits|numbers|cijfers|getallen)[a-z ]{0,20}(?:back|achter[a-z]{0,6})"
    r"|code (?:achter ?op|op de achter[a-z]{2,6}|on the back)"
    r"|code (?:van|of|on|op|for|bij)(?: (?:my|mijn|the|de))? (?:(?:credit|debit|bank) ?)?"
    r"(?:card|kaart|pas)|(?<!gift )card[ -]code"
    r"|pin(?:[ -]?(?:code|number|nummer))?|personal identification number"
)
# Words with which a code may be told, and that say nothing else.
_BETWEEN = (
    r"is|was|are|zijn|my|mijn|the|de|het|a|een|of|van|on|op|for|voor|and|en|it|its|this|dit|deze"
    r"|dat"
    r"|card|kaart|creditcard|credit|visa|mastercard|amex|back|achterop|achterkant|there|says|staat"
    r"|so|dus|namely|namelijk|would be|equals|here|hier|as|trouwens|actually|by the way|follows"
    r"|die|als|volgt|code|number|nummer|s|er|(?:bank|betaal|pin)?pas"
)
SMALL_WORDS = frozenset(re.findall(r"[a-z]+", _BETWEEN))
# Not `204 817`, an order number, nor a date, an amount, a postcode with its house number.
_NO_CODE = (
    r"(?!\d|[.,]\d|(?<=\d{3})[ ]\d{3}(?!\d)|[ ]?[a-z]{2}[ ]?\d|[ ]?(?:[€$£%]|eur|stuks|pieces))"
)
_NO_DATE = (
    r"(?<![€$£])(?<![€$£] )(?!\d{1,2}[\-/.]\d{1,2}[\-/.](?:19|20)\d\d"
    r"|(?:19|20)\d\d[\-/.]\d\d[\-/.]\d)"
)
_CODE = rf"{_NO_DATE}(?P<code>\d(?:[ .\-]?\d){{2,3}}){_NO_CODE}"
_CALLED = re.compile(
    rf"(?<![a-z\d])(?:{_WORD})(?![a-z])(?:[\W_]{{1,4}}(?:{_BETWEEN})(?![a-z])){{0,9}}[\W_]{{0,5}}{_CODE}"
)
_CALLED_AFTER = re.compile(
    r"(?<![\d.,\-])(?P<code>\d(?:[ .\-]?\d){2,3})[ ,]{0,2}(?:\(|\[|(?:is|as|als|=|for|voor|being"
    r"|that's|dat is)[ ])"
    rf"[ ]?(?:(?:{_BETWEEN})[ ]){{0,3}}(?:{_WORD})(?![a-z])"
)
# `123 achterop`, which nothing but "is" comes before.
_ON_THE_BACK = re.compile(
    r"(?:^|\b(?:is|are|zijn|was|code|s)[ :]{1,2})[\W_]{0,3}(?P<code>\d(?:[ .\-]?\d){2,3})[ ,(]{1,3}"
    r"(?:achter ?op|op de achter[a-z]{2,6}|(?:on|at) the back)"
)
# A PIN has up to twelve digits (ISO 9564-1), nearly always four; of six is an order number, too.
_LONG_PIN = re.compile(
    rf"(?<![a-z\d])(?:(?:my|mijn) pin|pin[ -]?(?:code|number|nummer))(?![a-z])"
    rf"(?:[\W_]{{1,4}}(?:{_BETWEEN})(?![a-z])){{0,9}}[\W_]{{0,5}}(?P<code>\d{{5,12}})(?!\d)"
)
_UNIT = (
    r"(?![\d.,:/\-]?\d|[ ]?(?:[€$£%]|eur|euro|x\b|st\b|stuks|pieces|items|dagen|days"
    r"|(?:[ckm]m|kg|gr|ml|[gm]b)\b))"
)
# What may stand between the card and its code: small words, its holder's name, its date.
_SMALL = (
    r"(?:(?:exp[a-z]*|vervalt|verloopt|vervaldatum|geldig|valid|tot|until|thru|date|datum|op|en|and"
    r"|met|with|plus|then|dan|de|het|the|its?|my|mijn|code|is|s|dat|that)[\W_]{1,4})"
)
_DATE = r"\d{1,2}[ ]?[/\-. ][ ]?(?:20)?\d{2}(?![\-/.](?:19|20)\d\d)[\W_]{1,6}"
_BETWEEN_BOTH = (
    rf"[\W_]{{1,10}}(?:{_SMALL}{{0,6}}(?:{_DATE}|(?:0[1-9]|1[0-2])\d{{2}}[\W_]{{1,6}})?"
    rf"|(?:[^\W\d_]{{1,20}}[\W_]{{1,4}}){{1,6}}{_DATE}){_SMALL}{{0,6}}"
)
_BEHIND = re.compile(rf"{MASK}{_BETWEEN_BOTH}(?P<code>\d{{3}}){_UNIT}")
# Only American Express, with fifteen digits, has four in its code.
_BEHIND_AMEX = re.compile(
    rf"(?<!{MASK})(?<!{MASK}[^\w])(?:{MASK}[^\w{MASK}]{{0,3}}){{14}}{MASK}(?![^\w{MASK}]{{0,3}}{MASK})"
    rf"{_BETWEEN_BOTH}(?P<code>\d{{4}}){_UNIT}(?![ ]?[a-z]{{2}}\b)"
)
_BEHIND_CALLED = re.compile(
    rf"{MASK}[\W_]{{1,10}}{_SMALL}{{0,4}}code[\W_]{{1,4}}(?:is[\W_]{{1,4}})?(?P<code>\d{{4}}){_UNIT}"
    r"(?![ ]?[a-z]{2}[ ]?\d)"
)
_ALONE = re.compile(
    r"[\W_]*(?:(?:en|and|de|the|my|mijn|code|is|it|s|dat|that|then|dan)[\W_]{1,4}){0,6}"
    r"(?:\d{1,2}[ ]?[/\-][ ]?(?:20)?\d{2}[\W_]{1,6})?(?P<code>\d{3,4})[\W_]*"
)


def find_codes(text: str) -> Iterator[tuple[int, int]]:
    """Where they are. `text` is as `Plain` has it, with cards as dots."""
    yield from find_called(text)
    if MASK in text:
        for pattern in (_BEHIND, _BEHIND_AMEX, _BEHIND_CALLED):
            for match in pattern.finditer(text):
                yield match.span("code")


def find_called(text: str) -> Iterator[tuple[int, int]]:
    """Where those are that the text calls so."""
    for pattern in (_CALLED, _CALLED_AFTER, _ON_THE_BACK, _LONG_PIN):
        for match in pattern.finditer(text):
            yield match.span("code")


def code_alone(text: str, digits_before: int) -> tuple[int, int] | None:
    """Where a code is, if that is all there is, and the message before ended with so many dots."""
    match = _ALONE.fullmatch(text)
    if match is None or digits_before < 12 or (len(match["code"]) == 4) != (digits_before == 15):
        return None
    return match.span("code")
