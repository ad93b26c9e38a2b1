"""Payment cards, however they are written.

First what is a card by its shape: digits in one, or grouped as on cards. Then, with what is known
to be something else out of the way, what only check digit and first digits tell: digit by digit,
grouped anyhow. A word such as "card" nearby lets more be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from helder.masking.issuers import LONGEST, SHORTEST, Sure, is_card, sureness
from helder.masking.runs import Window, runs, windows
from helder.masking.words import CardWords

# As they stand on cards: most; American Express and Diners Club; 19 digits.
_EMBOSSED = (
    [4, 4, 4, 4],
    [4, 6, 5],
    [4, 6, 4],
    [4, 4, 4, 4, 3],
    [6, 13],
    [4, 4, 5],
    [4, 4, 4, 5],
    [4, 5, 6],
)
_MOST_GROUPS = 5
_ORDER_SIZE = 6
# Ranks: four by four or digit by digit; otherwise alike; near a word for cards; grouped anyhow.
_REGULAR, _ALIKE, _NAMED, _ANYHOW = 0, 3, 5, 6
_LETTERS = str.maketrans("oil|", "0111")
_MIXED = re.compile(r"(?<![a-z\d])[\doil|](?:[^\w•]{0,3}[\doil|])*(?![a-z\d])")
_GROUP = re.compile(r"[\doil|]+")


class Texts(NamedTuple):
    """A text as `Plain` has it: without IBANs; without anything known; with telephone numbers."""

    whole: str
    alone: str
    phones: str


class _Found(NamedTuple):
    rank: int  # the lower, the surer
    start: int
    end: int


def find_cards(texts: Texts, words: CardWords) -> list[tuple[int, int]]:
    """Where they are."""
    found = [*_by_shape(texts.whole, words), *_by_digits(texts.alone, words)]
    if texts.phones != texts.alone:
        found += (each for each in _by_digits(texts.phones, words) if each.rank == _REGULAR)
    found += _with_letters(texts.whole)
    taken: list[tuple[int, int]] = []
    for each in sorted(found, key=lambda f: (f.rank, f.start - f.end)):
        if all(each.end <= start or end <= each.start for start, end in taken):
            taken.append((each.start, each.end))
    return taken


def _by_shape(text: str, words: CardWords) -> Iterator[_Found]:
    for run in runs(text, SHORTEST):
        for window in windows(run, SHORTEST, LONGEST):
            if window.last - window.first >= _MOST_GROUPS:
                continue
            sizes = window.sizes
            if sizes not in _EMBOSSED and len(sizes) > 1:
                continue
            sure = is_card(window.digits)
            if sure is Sure.YES and not _is_called(text, window):
                yield _Found(0, window.start, window.end)
            elif (
                sizes == [4, 4, 4, 4]
                and sureness(window.digits) is Sure.YES
                and words.near(window.start, window.end)
            ):  # mistyped, as everything else about it says
                yield _Found(2, window.start, window.end)
        for group in run:
            if len(group.digits) > LONGEST and (size := _glued(group.digits)):
                yield _Found(1, group.start, group.start + size)


def _by_digits(text: str, words: CardWords) -> Iterator[_Found]:
    for run in runs(text, SHORTEST):
        for window in windows(run, SHORTEST, LONGEST):
            rank = _rank(window, words)
            if rank is None or window.run[window.first].digits[0] == "0":
                continue
            sure = is_card(window.digits)
            if sure >= (Sure.YES if rank == _ANYHOW else Sure.PERHAPS) and not _is_called(
                text, window
            ):
                yield _Found(rank, window.start, window.end)


def _rank(window: Window, words: CardWords) -> int | None:
    """How well digits are grouped for a card; None: not like one, whatever they are."""
    if _is_regular(window):
        return _REGULAR if len(window.run[window.first].digits) in (1, 4) else _ALIKE
    if words.near(window.start, window.end):
        if not (words.of_orders and _are_orders(window)):
            return _NAMED
    elif _may_be_irregular(window):
        return _ANYHOW
    return None


def _is_regular(window: Window) -> bool:
    """One group, or all of one size but the last, with no other of that size beside them."""
    size = len(window.run[window.first].digits)
    if window.first == window.last:
        return True
    if not (window.begins_alone(size) or window.stops_alone(size)):
        return False
    sizes = window.sizes
    if set(sizes) == {1}:  # other digits may be said before it, or after
        return True
    alike = all(each == size for each in sizes[:-1]) and sizes[-1] <= size
    return ((alike and size in (1, 2, 4, 5)) or sizes in _EMBOSSED) and window.ends_alone(size)


def _may_be_irregular(window: Window) -> bool:
    """Grouped anyhow, but not as an order number beside something else would be."""
    if window.is_whole:
        return not _are_orders(window)
    return window.begins_alone(len(window.run[window.first].digits)) and max(window.sizes) <= 2


def _are_orders(window: Window) -> bool:
    sizes = window.sizes
    return _ORDER_SIZE in sizes and sizes not in _EMBOSSED and len(set(sizes) - {6, 4, 10, 2}) == 0


def _is_called(text: str, window: Window) -> bool:
    """A telephone number with its plus: one in ten passes the test as well (ITU-T E.164: 15)."""
    return (
        text[max(0, window.start - 8) : window.start].rstrip(" (").endswith("+")
        and len(window.digits) <= 15
    )


def _glued(digits: str) -> int:
    """How much of a card with its date and code in one, or of two cards, is masked; 0: none."""
    for size in (16, 15):
        rest = digits[size:]
        if is_card(digits[:size]) is Sure.YES and len(rest) <= LONGEST:
            month = rest[:2]
            if "01" <= month <= "12" or is_card(rest) is not Sure.NO:
                return len(digits)
    return 0


def _with_letters(text: str) -> Iterator[_Found]:
    """O for 0 and l, I or | for 1, where a card is certain."""
    for found in _MIXED.finditer(text):
        if not any(letter in found[0] for letter in "oil|") or len(found[0]) < SHORTEST:
            continue
        groups = list(_GROUP.finditer(text, *found.span()))
        for first in range(len(groups)):
            for last in (first, first + 2, first + 3, first + 4):
                some = groups[first : last + 1]
                if len(some) != last - first + 1:
                    continue
                written = "".join(group[0] for group in some)
                sizes = [len(group[0]) for group in some]
                if len(some) > 1 and sizes not in _EMBOSSED:
                    continue
                if SHORTEST <= len(written) <= LONGEST and _is_read(written):
                    yield _Found(1, some[0].start(), some[-1].end())


def _is_read(written: str) -> bool:
    digits = sum(character.isdigit() for character in written)
    sure = is_card(written.translate(_LETTERS))
    return (sure is Sure.YES and digits >= 6) or (sure is Sure.PERHAPS and digits >= 10)
