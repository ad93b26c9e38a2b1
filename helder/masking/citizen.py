"""The Dutch citizen service number (BSN, Wabb art. 1): nine digits that pass the test of eleven."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.nl import bsn

from helder.masking.kinds import MASK
from helder.masking.runs import Window, runs, windows

_WORD = (
    r"b ?\.? ?s ?\.? ?n|burger ?service ?(?:nummer|nr)|sofi[ -]?(?:nummer|nr)?"
    r"|citi[sz]en(?:'?s)?[ -]service[ -]number|dutch (?:social security|citizen|national) number"
)
_SIGN = rf"(?:[^\w{MASK}]|_)"
_INTRO = (
    rf"(?<![a-z])(?:{_WORD})(?![a-z]{{3}})(?:[ -]?(?:nummer|number|nr|no)\b)?"
    r"(?:SIGN{1,4}(?:is|was|van|of|mij|me|mijn|my|number|nummer|namelijk|dus|it's|het|luidt"
    r"|as follows"
    r"|als volgt|zijn|are|het is|it is|s)(?![a-z])){0,4}"
).replace("SIGN", _SIGN)
_CALLED = re.compile(rf"{_INTRO}{_SIGN}{{0,6}}(?P<number>\d(?:{_SIGN}{{0,3}}\d){{7,8}})(?!\d)")
_DIGIT = rf"[\d{MASK}]"
# The end of a text that calls what follows one, with what there is of it already.
_BEGUN = re.compile(
    rf"{_INTRO}(?P<before>{_SIGN}{{0,6}})"
    rf"(?P<number>(?:{_DIGIT}(?:{_SIGN}{{0,3}}{_DIGIT}){{0,8}})?){_SIGN}{{0,6}}$"
)
_END = 100
SIZE = 9
_WORD_ANYWHERE = re.compile(rf"(?<![a-z])(?:{_WORD})(?![a-z]{{3}})")
# As it is printed, as it is said, as it is typed in forms.
_SHAPES = (
    [9],
    [3, 3, 3],
    [4, 2, 3],
    [2, 2, 2, 3],
    [3, 2, 2, 2],
    [2, 3, 2, 2],
    [4, 5],
    [5, 4],
    [3, 6],
)


def find_citizen_numbers(text: str, others: str) -> Iterator[tuple[int, int]]:
    """Where they are. `others` is `text` with what is known to be something else covered."""
    for match in _CALLED.finditer(text):
        yield match.span("number")
    called = bool(_WORD_ANYWHERE.search(text))
    for run in runs(others, 8 if called else 9):
        for window in windows(run, 8 if called else 9, 9):
            if _is_one(others, window, called):
                yield window.start, window.end


def begun(text: str) -> tuple[int, int] | None:
    """Where a text ends with the first digits of one, which it calls so."""
    at = max(0, len(text) - _END)
    match = _BEGUN.search(text[at:])
    if match is None or not re.search(r"\d", match["number"]):
        return None
    return at + match.start("number"), at + match.end("number")


def announces(text: str) -> bool:
    """Does a text end with calling what follows one? A question about it does not."""
    match = _BEGUN.search(text[-_END:])
    return match is not None and (bool(match["number"]) or "?" not in match[0])


def _is_one(text: str, window: Window, called: bool) -> bool:
    # Nine digits that pass the test are taken for one even where nothing says so: one in eleven
    # other numbers of nine digits is masked for nothing, and no number of ours has nine. Telephone
    # numbers have, and a colleague has to be able to call them: `02 123 45 67`.
    digits, sizes = window.digits, window.sizes
    if not bsn.is_valid(digits):
        return False
    if called:
        return True
    alone = window.ends_alone(sizes[0]) and window.ends_alone(sizes[-1])
    shaped = (sizes in _SHAPES or sizes == [1] * 9) and (alone or len(sizes) == 1)
    return (shaped or window.is_whole) and digits[0] != "0" and not _is_in_word(text, window)


def _is_in_word(text: str, window: Window) -> bool:
    beside = text[window.start - 1 : window.start] + text[window.end : window.end + 1]
    return any(each.isalnum() or each in "+_" for each in beside)
