"""Postcodes of our customers' countries (NL, BE, GB) with the house number beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helder.masking.plain import Plain

_NUMBER_AFTER = (
    r"(?:[ ,;:]{1,3}(?:(?:and|en|met|with|at|op)[ ])?(?:huisnummer|house ?number|huisnr|number"
    r"|nummer|nr|no)?"
    r"[ .:]{0,3}\d{1,5}(?:[ \-/]?[a-z](?![a-z])|[\-/ ]\d{1,3}(?!\d)|[ ](?:bus|bis|hs"
    r"|box)[ ]?\d{0,4})?"
    r"(?![\d@]))?"
)
_DUTCH = re.compile(
    rf"(?<![\w@.,\-])(?P<code>[1-9]\d{{3}}[ \-]{{0,2}}(?!s[ads])[a-z]{{2}})(?![\w@]){_NUMBER_AFTER}"
)
_BRITISH = re.compile(
    r"(?<![\w@\-])(?P<code>[a-pr-uwyz][a-hk-y]?\d[a-z\d]?[ \-]{0,2}\d[abd-hjlnp-uw-z]{2})(?![\w@])"
    rf"{_NUMBER_AFTER}"
)
_BELGIAN = re.compile(r"(?<![\w@.,\-])(?:be?[ \-]?)?(?P<code>[1-9]\d{3})(?![\w@])(?![.,\-]\d)")
_POSTCODE_WORD = re.compile(
    r"(?:post(?:al)? ?cod[a-z]{1,3}|\bzip)[\W_]{0,3}(?:is|=|van mij|of)?[\W_]{0,3}$"
)
_STREET = re.compile(r"[a-z]{3,} ?\d{1,4} ?[a-z]?(?: ?(?:bus|bte|box|/) ?\w{1,4})?[ ,]{1,3}$")
_HOUSE_BEFORE = re.compile(
    r"(?<![\w.,\-])\d{1,4}(?:[ \-/]?(?:[a-z](?![a-z])|\d{1,3}(?!\d)))?(?=[^\d]{0,40}$)"
)
_YEAR = re.compile(r"19\d\d|20[0-4]\d")
_SHORT_WORD = re.compile(
    "a[flmnst]|b[evy]|cm|d[aeor]|e[nru]|ex|g[ao]|h[eoè]|i[fkmnst]|j[ae]|k[gm]|la|m[elmy]|n[adoru]"
    "|o[fhkmnpr]|pm|r[de]|s[eot]|t[ehmo]|u[prsw]|va|w[aceo]|z[eo]"
)
_BEFORE = 48  # characters in which a house number may stand before its postcode


def find_homes(plain: Plain, original: str) -> Iterator[tuple[int, int]]:
    """Where postcodes and their house numbers are."""
    text = plain.text
    for pattern in (_DUTCH, _BRITISH):
        for match in pattern.finditer(text):
            if pattern is _DUTCH and not _is_dutch(match["code"], plain, original, match.start()):
                continue
            yield match.span()
            yield from _house_before(text, match.start())
    for match in _BELGIAN.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        street, called = _STREET.search(before), _POSTCODE_WORD.search(before)
        town = _town_follows(plain, original, match.end()) and not _YEAR.fullmatch(match["code"])
        if street or called or town or match[0][0] == "b":
            yield match.span()
            yield from _house_before(text, match.start())


def _is_dutch(code: str, plain: Plain, original: str, start: int) -> bool:
    """Not "1000 en": a short word behind a blank, in small letters."""
    letters = original[plain.starts[start + len(code) - 2] : plain.ends[start + len(code) - 1]]
    glued = code[4:6] == code[-2:]
    return glued or not letters.islower() or not _SHORT_WORD.fullmatch(code[-2:])


def _house_before(text: str, start: int) -> Iterator[tuple[int, int]]:
    first = max(0, start - _BEFORE)
    match = _HOUSE_BEFORE.search(text[first:start])
    if match:
        yield first + match.start(), first + match.end()


def _town_follows(plain: Plain, original: str, end: int) -> bool:
    """A blank and a capital letter."""
    follows = plain.starts[end : end + 2]
    if len(follows) < 2:
        return False
    return original[follows[0]].isspace() and original[follows[1]].isupper()
