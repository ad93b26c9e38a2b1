"""Verification codes of cards (CVV, CVC, CID): called so, or right behind a card."""

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
)
_BETWEEN = (
    r"is|was|are|zijn|my|mijn|the|de|het|a|een|of|van|on|op|for|voor|and|en|it|its|this|dit|deze"
    r"|dat"
    r"|card|kaart|creditcard|credit|visa|mastercard|amex|back|achterop|achterkant|there|says|staat"
    r"|so|dus|namely|namelijk|would be|equals|here|hier|as|trouwens|actually|by the way|follows"
    r"|als|volgt|code|number|nummer|s|er"
)
_CODE = r"(?P<code>\d(?:[ .\-]?\d){2,3})(?!\d|[.,]\d)"
_CALLED = re.compile(
    rf"(?<![a-z\d])(?:{_WORD})(?![a-z])(?:[\W_]{{1,4}}(?:{_BETWEEN})(?![a-z])){{0,6}}[\W_]{{0,5}}{_CODE}"
)
_CALLED_AFTER = re.compile(
    r"(?<![\d.,\-])(?P<code>\d(?:[ .\-]?\d){2,3})[ ,]{0,2}(?:\(|\[|(?:is|as|als|=|for|voor|being"
    r"|that's|dat is)[ ])"
    rf"[ ]?(?:(?:{_BETWEEN})[ ]){{0,3}}(?:{_WORD})(?![a-z])"
)
_UNIT = (
    r"(?![\d.,:/\-]?\d|[ ]?(?:[€$£%]|eur|euro|x\b|st\b|stuks|pieces|items|dagen|days|[a-z]{2}\b))"
)
# What may stand between the card and its code: an expiry date, and words for both.
_EXPIRY = (
    r"[\W_]{1,10}(?:(?:exp[a-z]*|vervalt|verloopt|vervaldatum|geldig|valid|tot|until|thru|date|op"
    r"|en"
    r"|and|met|with)[\W_]{1,4}){0,3}"
    r"(?:\d{1,2}[ ]?[/\-. ][ ]?(?:20)?\d{2}[\W_]{1,6}|(?:0[1-9]|1[0-2])\d{2}[\W_]{1,6})?"
    r"(?:(?:en|and|met|with|code)[\W_]{1,3}){0,2}"
)
_BEHIND = re.compile(rf"{MASK}{_EXPIRY}(?P<code>\d{{3}}){_UNIT}")
# Only American Express, with fifteen digits, has four in its code.
_BEHIND_AMEX = re.compile(
    rf"(?<!{MASK})(?:{MASK}[^\w{MASK}]{{0,3}}){{14}}{MASK}{_EXPIRY}(?P<code>\d{{4}}){_UNIT}"
)
_ALONE = re.compile(r"[\W_]*(?P<code>\d{3,4})[\W_]*")


def find_codes(text: str) -> Iterator[tuple[int, int]]:
    """Where they are. `text` is as `Plain` has it, with cards as dots."""
    patterns = [_CALLED, _CALLED_AFTER]
    if MASK in text:
        patterns += [_BEHIND, _BEHIND_AMEX]
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span("code")


def code_alone(text: str, digits_before: int) -> tuple[int, int] | None:
    """Where a code is, if that is all there is, and the message before ended with so many dots."""
    match = _ALONE.fullmatch(text)
    if match is None or digits_before < 12 or (len(match["code"]) == 4) != (digits_before == 15):
        return None
    return match.span("code")
