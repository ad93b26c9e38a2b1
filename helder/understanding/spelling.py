"""Slips of the finger: an unknown word becomes the word of the examples that is nearest to it.

A slip is one letter added, dropped, changed, or two neighbours swapped (Damerau 1964). One is
undone in any word, two in a long one. Of several words that are as near, that is meant which the
examples have beside the same neighbours: "oder" is "order" behind "my" and "ouder" behind "mijn".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from helder.understanding import language_model, universal

_WORD = re.compile(r"[^\W\d_]+")
# Shorter words have too many neighbours.
MIN_LETTERS = 3
# Two slips leave enough of a word that is as long as this and keeps its first letter. With six
# letters already, "beamer" is "bewaar" more often than two slips are undone.
LONG = 7

Pair = tuple[str, str]


class Speller:
    """Corrects towards `counts` (word: how often the examples use it)."""

    def __init__(
        self,
        counts: Mapping[str, int],
        is_word: Callable[[str], bool],
        pairs: Collection[Pair] = (),
    ) -> None:
        """`is_word` says of a word outside the examples whether it is one all the same.

        `pairs` are neighbours in the examples.
        """
        self.counts = dict(counts)
        self.pairs = frozenset(pairs)
        self._is_word = is_word
        # Nothing longer can be a slip of a known word, and the shapes of a megabyte would fill the
        # memory.
        self._longest = max(map(len, self.counts), default=0) + 2
        self._near: dict[str, list[str]] = {}
        self._far: dict[str, list[str]] = {}
        for word in sorted(self.counts):
            if len(word) >= MIN_LETTERS:
                for shape in {word, *_deletions(word)}:
                    self._near.setdefault(shape, []).append(word)
            if len(word) >= LONG:
                for shape in _twice_less(word):
                    self._far.setdefault(shape, []).append(word)

    def correct(self, text: str) -> str:
        """The text with its slips undone, otherwise untouched."""
        places = list(_WORD.finditer(text))
        words = ["", *(place.group().lower() for place in places), ""]
        parts, end = [], 0
        for n, place in enumerate(places, 1):
            found = self._meant(words[n], words[n - 1], words[n + 1])
            parts += [text[end : place.start()], found or place.group()]
            words[n], end = found or words[n], place.end()
        return "".join((*parts, text[end:]))

    def _meant(self, word: str, before: str, after: str) -> str | None:
        if not MIN_LETTERS <= len(word) <= self._longest:
            return None
        if word in self.counts or self._is_word(word):
            return None
        shapes = {word, *_deletions(word)}
        near = {other for shape in shapes for other in self._near.get(shape, ())}
        fitting = {other for other in near if one_slip(word, other)}
        if not fitting and len(word) >= LONG:
            far = {other for shape in _twice_less(word) for other in self._far.get(shape, ())}
            fitting = {o for o in far if abs(len(o) - len(word)) <= 2 and o[0] == word[0]}
        return min(fitting, key=lambda o: self._rank(o, before, after)) if fitting else None

    def _rank(self, word: str, before: str, after: str) -> tuple[int, int, str]:
        beside = ((before, word) in self.pairs) + ((word, after) in self.pairs)
        return -beside, -self.counts[word], word


def of_examples(texts: Sequence[str]) -> Speller:
    """One that knows the words of the texts, and what else is a word in our languages."""
    return of_words(count_words(texts), neighbours(texts))


def of_words(counts: Mapping[str, int], pairs: Collection[Pair]) -> Speller:
    """The same from what was counted before."""
    listed = language_model.shipped().lists
    return Speller(counts, lambda word: listed(word) or universal.knows_word(word), pairs)


def neighbours(texts: Sequence[str]) -> set[Pair]:
    """The pairs of words that stand beside each other, in lower case."""
    return {pair for text in texts for pair in pairwise(_WORD.findall(text.lower()))}


def count_words(texts: Sequence[str]) -> dict[str, int]:
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


def _twice_less(word: str) -> set[str]:
    once = {word, *_deletions(word)}
    return once | {shape for other in once for shape in _deletions(other)}
