"""Digits said in words, in English and Dutch: "four one double one", "vier een streepje nul"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS = {
    "zero": "0", "oh": "0", "nought": "0", "nul": "0", "one": "1", "een": "1", "één": "1",
    "two": "2", "twee": "2", "three": "3", "drie": "3", "four": "4", "vier": "4", "five": "5",
    "vijf": "5", "six": "6", "zes": "6", "seven": "7", "zeven": "7", "eight": "8", "acht": "8",
    "nine": "9", "negen": "9",
}  # fmt: skip
_TIMES = {"double": 2, "dubbel": 2, "dubbele": 2, "triple": 3, "drie keer": 3, "twee keer": 2}
_WORD = "|".join(sorted(_DIGITS, key=len, reverse=True))
_SAID = rf"(?:(?:{'|'.join(_TIMES)})[ -])?(?:{_WORD}|\d(?!\d))(?! (?:keer|maal|times))"
_ONE = re.compile(
    rf"(?:(?P<times>{'|'.join(_TIMES)})[ -])?(?P<word>{_WORD})(?!\w)(?! (?:keer|maal|times))"
)
# Three in a row at least: one or two are only counting.
_ROW = re.compile(rf"(?<!\w){_SAID}(?:[ ,;.\-/]{{1,3}}{_SAID}){{2,}}(?!\w)")
_FILLER = "dash|hyphen|streepje|spatie|space|then|daarna|dan|stop"
# What is said between numbers, and means nothing there.
FILLER = re.compile(
    rf"(?<=[a-z\d])[ ,]{{1,2}}(?:{_FILLER})[ ,]{{1,2}}(?=\d|(?:{_WORD})(?!\w))"
    r"|(?<=\d)[ ,]{1,2}(?:and|en|next|last|en dan|and then)[ ,]{1,2}(?=\d{4}(?!\d))"
)
HINT = re.compile(rf"(?<!\w)(?:{_WORD})[ ,;.\-/]")


def said(text: str) -> Iterator[re.Match[str]]:
    """The words of the text that are digits."""
    for row in _ROW.finditer(text):
        yield from _ONE.finditer(text, *row.span())


def digits_of(word: re.Match[str]) -> str:
    """The digits that one of them says."""
    return _DIGITS[word["word"]] * _TIMES.get(word["times"] or "", 1)
