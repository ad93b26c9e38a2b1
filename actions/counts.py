"""How many: a count in a customer's words."""

from __future__ import annotations

import re

from actions.turn import Turn

_COUNTS = {
    **dict.fromkeys(("één", "eentje", "ééntje", "1tje", "single"), 1),
    **dict.fromkeys(("twee", "tweetal", "two", "couple"), 2),
    **dict.fromkeys(("drie", "three"), 3),
    **dict.fromkeys(("vier", "four"), 4),
    **dict.fromkeys(("vijf", "five"), 5),
    **dict.fromkeys(("zes", "six"), 6),
}
_ARTICLES = {"een", "one"}  # a count where one was asked for, else mostly not
ALL_OF_THEM = {"all", "everything", "both", "alles", "allemaal", "allebei", "beide", "alle"}
# "Not all", "niet allebei": then it is another count, if one is said.
NOT_ALL = {"niet", "not", "geen", "don", "dont", "no", "nee"}
_WORD = re.compile(r"[^\W_]+")


def count_in(turn: Turn, most: int, *, asked: bool) -> int | None:
    """The count that was pressed or is said first; "both" and "all" are `most`. None: none is."""
    pressed = turn.entity("return_quantity")
    if pressed:
        return int(pressed) if pressed.isdecimal() else None
    words = _WORD.findall(turn.plain().casefold())
    if NOT_ALL & set(words):
        counts = {count for word in words if (count := _count(word, asked=True))}
        return counts.pop() if len(counts) == 1 and ALL_OF_THEM & set(words) else None
    for word in words:
        if word in ALL_OF_THEM:
            return most
        if (count := _count(word, asked=asked)) is not None:
            return count
    return None


def count_said(text: str) -> int | None:
    """The count that a part of a message says first, articles apart."""
    counts = (_count(word, asked=False) for word in _WORD.findall(text.casefold()))
    return next((count for count in counts if count is not None), None)


def _count(word: str, *, asked: bool) -> int | None:
    if asked and word in _ARTICLES:
        return 1
    if word.isdecimal() and len(word) < 4:
        return int(word)
    return _COUNTS.get(word)
