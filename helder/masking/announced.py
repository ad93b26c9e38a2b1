"""What the customer's messages before this one announce: a code ("my cvv is"), the rest of a BSN.

Nothing is kept for it: the messages before are read from the log, as they are kept there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from helder.masking.across import Tail, head_of
from helder.masking.citizen import SIZE, announces
from helder.masking.codes import SMALL_WORDS, find_called
from helder.masking.issuers import LONGEST
from helder.masking.kinds import MASK, Kind, Span
from helder.masking.plain import plain_of
from helder.masking.words import LEAD

_WORDS = re.compile(r"\w+")
_SMALL = SMALL_WORDS | set(LEAD.split("|"))
_LONG = 80
_END = 200


def recent(before: Iterable[str]) -> list[str]:
    """The messages that may belong to this one, the newest first.

    Those of digits and small words only ("it's on the back"), and the one that says more.
    """
    found: list[str] = []
    for text in before:
        found.append(text)
        if len(found) > LONGEST or not _says_little(text):
            break
    return found


def ends_with_citizen(said: Sequence[str], tail: Tail) -> bool:
    """Do the messages before end with a whole BSN, so that digits now are something else?"""
    return tail.size == SIZE and bool(said) and announces(plain_of(said[-1][-_END:]).text)


def announced(text: str, said: Sequence[str], tail: Tail) -> list[Span]:
    """What of a text as `Plain` has it was announced. `said` is from `recent`."""
    if not said:
        return []
    before = "".join(f"{plain_of(each[-_END:]).text}\n" for each in reversed(said))
    joined = before + text[:_END]
    found = [
        Span(start - len(before), end - len(before), Kind.CODE)
        for start, end in find_called(joined)
        if start >= len(before)
    ]
    return found or _rest_of_citizen(text, said, tail)


def _rest_of_citizen(text: str, said: Sequence[str], tail: Tail) -> list[Span]:
    if not announces(plain_of(said[-1][-_END:]).text):
        return []
    size, end = tail.size, 0
    groups = head_of(text)
    for group in groups:
        if MASK in group[0] or size + len(group[0]) > SIZE:
            break
        size += len(group[0])
        end = group.end()
    return [Span(groups[0].start(), end, Kind.BSN)] if end else []


def _says_little(text: str) -> bool:
    if len(text) > _LONG:
        return False
    return all(word.isdigit() or word in _SMALL for word in _WORDS.findall(plain_of(text).text))
