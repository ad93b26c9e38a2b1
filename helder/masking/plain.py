"""A text as detectors read it, with the place of each character in the original.

Digits of every script (and circled, full-width, raised ones) are 0-9, letters small, dashes `-`,
blanks and tags ` `; what cannot be seen (zero-width, direction, keycaps, accents that stand alone)
is gone; HTML entities and percent codes are what they stand for; digits said in words are digits.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from helder.masking.kinds import MASK
from helder.masking.spoken import FILLER, HINT, digits_of, said

_HAN = {ord(han): str(digit) for digit, han in enumerate("〇一二三四五六七八九")} | {ord("零"): "0"}
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,12});?", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,40}>")
# A blank, a dash or a digit; not whatever else an address may hold.
_PERCENT = re.compile(r"%(?:20|2[c-f]|3[0-9a]|a0|09|0a|0d)", re.IGNORECASE)
# A dot of ours is never alone between digits; one that is, is a sign like others.
_SIGNS = rf"[^\w{MASK}]"
_BULLET = re.compile(
    rf"(?:(?<=\d)|(?<=\d{_SIGNS})|(?<=\d{_SIGNS}{{2}})){MASK}(?={_SIGNS}{{0,2}}\d)"
)

# More signs in a row than stand between two groups of one number; an x between groups of a card.
_WIDE = re.compile(
    r"[\s\-_.,;:/\\|*=~]{7,}"
    r"|(?<=\d{4}) x (?=\d{4})|(?<!\d{5})(?<=\d{4})x(?=\d)|(?<=\d{4}x\d{6})x(?=\d)"
)


@dataclass(frozen=True)
class Plain:
    """`text` for reading. Its character `n` is `original[starts[n]:ends[n]]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def replaced(self, found: Iterable[re.Match[str]], by: Callable[[re.Match[str]], str]) -> Plain:
        """The same with each match replaced by another text: all of its places become one."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for match in found:
            begin, end = match.span()
            text.append(self.text[at:begin])
            starts += self.starts[at:begin]
            ends += self.ends[at:begin]
            new = by(match)
            text.append(new)
            starts += [self.starts[begin]] * len(new)
            ends += [self.ends[end - 1]] * len(new)
            at = end
        text.append(self.text[at:])
        return Plain("".join(text), [*starts, *self.starts[at:]], [*ends, *self.ends[at:]])


def plain_of(original: str) -> Plain:
    """The plain form of a text. Time and length are linear in the text's."""
    plain = _ascii(original) if original.isascii() else _any(original)
    if "&" in original:
        plain = plain.replaced(_ENTITY.finditer(plain.text), _entity)
    if "%" in original:
        plain = plain.replaced(_PERCENT.finditer(plain.text), _percent)
    if "<" in original:
        plain = plain.replaced(_TAG.finditer(plain.text), _blank)
    if MASK in original:
        plain = plain.replaced(_BULLET.finditer(plain.text), lambda _: "-")
    if _WIDE.search(plain.text):
        plain = plain.replaced(_WIDE.finditer(plain.text), _blank)
    if HINT.search(plain.text):
        plain = plain.replaced(FILLER.finditer(plain.text), _blank)
        plain = plain.replaced(said(plain.text), digits_of)
    elif FILLER.search(plain.text):
        plain = plain.replaced(FILLER.finditer(plain.text), _blank)
    return plain


def _ascii(original: str) -> Plain:
    at = range(len(original) + 1)
    return Plain(original.lower(), at[:-1], at[1:])


def _any(original: str) -> Plain:
    text: list[str] = []
    starts: list[int] = []
    for at, character in enumerate(original):
        for each in character.lower() if character.isascii() else _plainly(character):
            text.append(each)
            starts.append(at)
    return Plain("".join(text), starts, [at + 1 for at in starts])


@lru_cache(8192)
def _plainly(character: str) -> str:
    if character == MASK:
        return MASK
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    normal = unicodedata.normalize("NFKC", character)
    return "".join(_one(each) for each in normal.translate(_HAN).lower())


def _one(character: str) -> str:
    """One character as it is read; nothing if it cannot be seen by itself."""
    if character.isascii():
        return " " if character.isspace() else character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category == "Pd" or character in "\u2212\u00ad\u2043\u02d7":
        return "-"
    if category in ("Mn", "Me", "Cf", "Cc"):
        return ""
    return " " if category in ("Zs", "Zl", "Zp") else character


def _entity(match: re.Match[str]) -> str:
    meant = html.unescape(match[0] if match[0].endswith(";") else match[0] + ";")
    return _one(meant) if len(meant) == 1 else match[0]


def _percent(match: re.Match[str]) -> str:
    return _one(unquote(match[0], "latin-1"))


def _blank(_: re.Match[str]) -> str:
    return " "
