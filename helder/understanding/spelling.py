"""Slips of the finger: an unknown word becomes the word of the examples that is one slip away.

A slip is one letter added, dropped, changed, or two neighbours swapped (Damerau 1964).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

_WORD = re.compile(r"[^\W\d_]+")
# Shorter words have too many neighbours: "maat" and "laat" are both right.
MIN_LETTERS = 4


class Speller:
    """Corrects towards `counts` (word: how often the examples use it)."""

    def __init__(self, counts: Mapping[str, int], is_word: Callable[[str], bool]) -> None:
        """`is_word` says of a word outside the examples whether it is a word all the same."""
        self.counts = dict(counts)
        self._is_word = is_word
        self._near: dict[str, list[str]] = {}
        for word in sorted(self.counts):
            if len(word) >= MIN_LETTERS:
                for shape in {word, *_deletions(word)}:
                    self._near.setdefault(shape, []).append(word)

    def correct(self, text: str) -> str:
        """The text with its slips undone, otherwise untouched."""
        return _WORD.sub(lambda found: self._word(found.group()), text)

    def _word(self, written: str) -> str:
        word = written.lower()
        if len(word) < MIN_LETTERS or word in self.counts or self._is_word(word):
            return written
        shapes = {word, *_deletions(word)}
        near = {other for shape in shapes for other in self._near.get(shape, ())}
        fitting = [other for other in near if one_slip(word, other)]
        if not fitting:
            return written
        return min(fitting, key=lambda other: (-self.counts[other], other))


def count_words(texts: list[str]) -> dict[str, int]:
    """How often each word stands in the texts, in lower case."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in _WORD.findall(text.lower()):
            counts[word] = counts.get(word, 0) + 1
    return counts


def one_slip(one: str, two: str) -> bool:
    """Whether exactly one slip turns one word into the other."""
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    if len(one) > len(two):
        one, two = two, one
    at = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    if len(one) < len(two):
        return one[at:] == two[at + 1 :]
    swapped = one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    return one[at + 1 :] == two[at + 1 :] or swapped == two[at:]


def _deletions(word: str) -> Iterator[str]:
    return (word[:n] + word[n + 1 :] for n in range(len(word)))
