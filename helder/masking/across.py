"""A card over several messages: what the end of one may be, and what the next makes of it.

An entry that is in the log cannot be changed. So what may begin a card is masked before it is kept,
from nine digits on; of a shorter beginning the first eight digits at most stay (PCI DSS FAQ 1091
lets the first eight and four others be kept), and what follows is masked. docs/masking.md has the
reasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from helder.masking.issuers import LONGEST, SHORTEST, Sure, is_card, may_begin
from helder.masking.kinds import MASK
from helder.masking.known import PHONE, covered, known
from helder.masking.plain import plain_of
from helder.masking.words import LEAD, CardWords

DANGLING = 9
_EAN = 13
_PIECES = re.compile(rf"[\d{MASK}]+")
_RUN = rf"[\d{MASK}](?:[^\w{MASK}]{{0,6}}[\d{MASK}])*"
_RUNS = re.compile(_RUN)
_NOTHING = re.compile(r"[\W_]*")
_HEAD = re.compile(rf"[\W_]*(?:(?:{LEAD})[\W_]+){{0,5}}(?P<run>{_RUN})(?![a-z\d])")


class Tail(NamedTuple):
    """The groups of digits, or of dots, with which the messages before this one end."""

    groups: list[str]

    @property
    def size(self) -> int:
        """How many digits."""
        return sum(map(len, self.groups))

    @property
    def dots(self) -> int:
        """How many dots, if there is nothing else but a month and a year behind them."""
        sizes = [len(each) for each in self.groups if MASK not in each]
        dated = sizes in ([2, 2], [2, 4]) and MASK not in "".join(self.groups[-2:])
        return self.size - sum(sizes) if dated or not sizes else 0


def may_go_on(text: str) -> bool:
    """Does a message begin as one does that goes on with the digits of the one before?"""
    return _HEAD.match(plain_of(text[:400]).text) is not None


def head_of(text: str) -> list[re.Match[str]]:
    """The groups of digits, or of dots, with which a text as `Plain` has it begins."""
    found = _HEAD.match(text)
    return list(islice(_PIECES.finditer(text, *found.span("run")), LONGEST)) if found else []


def tail_of(before: Iterable[str]) -> Tail:
    """What the customer's messages end with, the newest first."""
    groups: list[str] = []
    for text in before:
        plain = _called_nothing(plain_of(text[-400:]).text)
        found = _last(plain)
        if not found:
            break
        groups = found + groups
        if not _is_all(plain) or sum(map(len, groups)) > LONGEST:
            break
    return Tail(groups[-LONGEST:])


def dangling(text: str, others: str, words: CardWords) -> tuple[int, int] | None:
    """Where a text ends with what may be the first nine digits of a card, or more."""
    place = _tail(others)
    if place is None or MASK in others[slice(*place)]:
        return None
    groups = list(_PIECES.finditer(others, *place))
    sizes = [len(group[0]) for group in groups]
    begin = _begin(sizes)
    digits = "".join(group[0] for group in groups[begin:])
    start = groups[begin].start()
    if not DANGLING <= len(digits) < LONGEST or not may_begin(digits):
        return None
    glued = begin == 0 and text[start - 1 : start].isalpha() and not words.near(start, start)
    if glued or (len(groups) - begin == 1 and len(digits) == _EAN and not words.near(start, start)):
        return None
    return start, groups[-1].end()


def continued(text: str, tail: Tail) -> tuple[int, int] | None:
    """Where the message goes on with the card that the messages before it began."""
    new = head_of(_called_nothing(text)) if tail.groups else []
    if not new:
        return None
    if MASK in "".join(tail.groups) and PHONE.match(text, new[0].start()):
        return None
    for first in range(len(tail.groups)):
        for last in range(len(new), 0, -1):
            old, more = tail.groups[first:], [piece[0] for piece in new[:last]]
            if _is_one(old, more, whole=first == 0):
                return new[0].start(), new[last - 1].end()
    return None


def _is_one(old: list[str], new: list[str], *, whole: bool) -> bool:
    digits = "".join([*old, *new])
    if not DANGLING <= len(digits) <= LONGEST or MASK in "".join(new):
        return False
    if MASK in digits:
        seen = bool("".join(old).strip(MASK))
        # Behind a beginning that is masked as a whole, the last four may be seen.
        return whole and (seen or (len(digits) >= SHORTEST and sum(map(len, new)) > 4))
    sizes = [len(group) for group in (*old, *new)]
    sure = is_card(digits) if len(digits) >= SHORTEST else Sure.NO
    if sure is not Sure.NO:
        return not _are_orders(sizes[: len(old)], sizes[len(old) :])
    return digits[0] != "0" and _is_regular(sizes) and may_begin(digits)


def _are_orders(old: list[int], new: list[int]) -> bool:
    """An order number, and what is asked for after one: another, a postcode of four digits."""
    six = ([6], [3, 3])
    return old in six and new in (*six, [4], [6, 6], [6, 4])


def _is_regular(sizes: list[int]) -> bool:
    size = sizes[0]
    if sizes[:2] == [4, 6]:
        return len(sizes) < 4
    return size in (1, 2, 4, 8, 12) and all(s % size == 0 for s in sizes[:-1]) and sizes[-1] <= 12


def _begin(sizes: list[int]) -> int:
    """The first of the last groups that are of one size, the last of them apart."""
    if sizes[-2:] == [4, 6] or sizes[-3:-1] == [4, 6]:
        return len(sizes) - (2 if sizes[-2:] == [4, 6] else 3)
    if len(sizes) == 1 or sizes[-1] >= DANGLING:
        return len(sizes) - 1
    size, begin = sizes[-2], len(sizes) - 2
    if sizes[-1] > size or size not in (1, 2, 4, 5):
        return len(sizes) - 1
    while begin > 0 and sizes[begin - 1] == size:
        begin -= 1
    return begin


def _called_nothing(text: str) -> str:
    # What looks like a telephone number may be the middle of a card here, unless it has its plus.
    phones, others = known(text)
    return covered(text, [*others, *(p for p in phones if text[p[0]] == "+")])


def _last(text: str) -> list[str]:
    place = _tail(text)
    return _PIECES.findall(text, *place) if place else []


def _tail(text: str) -> tuple[int, int] | None:
    """Where the run is that the text ends with."""
    found = [match.span() for match in _RUNS.finditer(text)]
    return found[-1] if found and _NOTHING.fullmatch(text, found[-1][1]) else None


def _is_all(text: str) -> bool:
    found = _HEAD.match(text)
    return found is not None and _NOTHING.fullmatch(text, found.end()) is not None
