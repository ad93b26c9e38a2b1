"""How many: a count in a customer's words."""

from __future__ import annotations

import re

from actions.turn import Turn
from helder.vocabulary.model import Counts

_WORD = re.compile(r"[^\W_]+")


def count_in(turn: Turn, most: int, *, asked: bool) -> int | None:
    """The count that was pressed or is said first; "both" and "all" are `most`. None: none is."""
    pressed = turn.entity("return_quantity")
    if pressed:
        return int(pressed) if pressed.isdecimal() else None
    common, counts = turn.vocabulary.common, turn.vocabulary.counts
    words = _WORD.findall(turn.plain().casefold())
    # "Not all", "niet allebei": then it is another count, if one is said.
    if (common.no | common.negation) & set(words):
        said = {count for word in words if (count := _count(word, counts, asked=True))}
        return said.pop() if len(said) == 1 and common.everything & set(words) else None
    for word in words:
        if word in common.everything:
            return most
        if (count := _count(word, counts, asked=asked)) is not None:
            return count
    return None


def count_said(text: str, counts: Counts) -> int | None:
    """The count that a part of a message says first, articles apart."""
    said = (_count(word, counts, asked=False) for word in _WORD.findall(text.casefold()))
    return next((count for count in said if count is not None), None)


def _count(word: str, counts: Counts, *, asked: bool) -> int | None:
    if asked and word in counts.one:
        return 1
    if word.isdecimal() and len(word) < 4:
        return int(word)
    return next((count for count, words in counts.numbers.items() if word in words), None)
