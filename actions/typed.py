"""A number that is nearly an order number: what was typed, and what it must have been if that is
certain.

Only letters that look like a digit are taken for one (`HD-2O4817`). A digit too few or too many, or
two that changed places, are never put right: that would be guessing somebody else's order.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LIKE = str.maketrans("OoQIl|", "000111")
_TYPED = re.compile(
    r"(?<![\w@.])((?:h ?d|#)?[ \-–_]{0,2}[\dOoQIl|][\dOoQIl|.\- ]{0,10})(?![\w@])", re.IGNORECASE
)
_DIGITS = 6
# Digits: "HD-12" was meant as a number, "on 12 November" was not.
_MARKED, _UNMARKED = 2, 4


class Typed(NamedTuple):
    """`read` as it was typed; `number` when nothing else can have been meant."""

    read: str
    number: str | None


def nearly(text: str, *, marked: bool = False) -> Typed | None:
    """The first nearly-number in a text, or None. `marked`: only one with HD or # before it."""
    for found in _TYPED.finditer(text):
        read = found[1].strip(" -–_.")
        mark = re.match(r"h ?d|#", read, re.IGNORECASE)
        written = re.sub(r"[ .\-–_]", "", read[mark.end() if mark else 0 :])
        fewest = _MARKED if mark else _UNMARKED
        if (marked and not mark) or sum(each.isdigit() for each in written) < fewest:
            continue
        if len(written) == _DIGITS and written.isdigit():
            continue  # a whole one, which is read elsewhere
        plain = written.translate(_LIKE)
        certain = plain != written and len(plain) == _DIGITS and plain.isdigit()
        return Typed(read, f"HD-{plain}" if certain else None)
    return None
