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
_ALL = {"all", "everything", "both", "alles", "allemaal", "allebei", "beide", "alle"}
_WORD = re.compile(r"[^\W_]+")


def count_in(turn: Turn, most: int, *, asked: bool) -> int | None:
    """The count that was pressed or is said first; "both" and "all" are `most`. None: none is."""
    pressed = turn.entity("return_quantity")
    if pressed:
        return int(pressed) if pressed.isdecimal() else None
    for word in _WORD.findall(turn.plain().casefold()):
        if word in _ALL:
            return most
        if asked and word in _ARTICLES:
            return 1
        if word.isdecimal() and len(word) < 4:
            return int(word)
        if word in _COUNTS:
            return _COUNTS[word]
    return None
