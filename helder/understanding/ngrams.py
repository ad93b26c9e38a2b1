"""TF-IDF of word and character n-grams, with the words that each n-gram came from.

The same numbers as scikit-learn's TfidfVectorizer (smooth idf, unit length), written out so that
serving needs no scikit-learn, a model is stored without pickle, and a weight can be led back to the
words of the message (see NLU.md, "Explanation").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from helder.understanding.normal import normal

Analyser = Callable[[Sequence[str]], Iterator[tuple[str, tuple[int, ...]]]]

_WORD = re.compile(r"\w+(?:['’]\w+)*")
# fmt: off
_NOT = frozenset((
    "not", "don't", "dont", "never", "no", "can't", "cannot", "won't", "didn't", "doesn't", "isn't",
    "without", "niet", "nie", "geen", "nooit", "zonder",
))
# fmt: on
_REACH = 4  # words
# No word is longer; a longer run of letters is noise, and must not cost time.
_MAX_WORD = 40
_MAX_WORDS = 200


def words_of(text: str) -> list[str]:
    """The words of a text, compatibility-normalised, lower case, numbers and addresses all alike.

    An order number that was never seen then looks like those in the examples: see normal.py.
    """
    plain = normal(unicodedata.normalize("NFKC", text)).replace("’", "'")
    return [word[:_MAX_WORD] for word in _WORD.findall(plain)[:_MAX_WORDS]]


def word_ngrams(words: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each word, each pair of neighbours, each word near a "not", with the positions of its words.

    "Delete it, do not keep it" differs from its opposite in what the "not" is near to. It stands
    before a verb in English and often behind it in Dutch, so both sides count (cf. Das & Chen 2001,
    who mark the words that follow).
    """
    negations = [at for at, word in enumerate(words) if word in _NOT]
    for at, word in enumerate(words):
        yield word, (at,)
        if at:
            yield f"{words[at - 1]} {word}", (at - 1, at)
        if near := [there for there in negations if 0 < abs(there - at) <= _REACH]:
            yield f"! {word}", (near[0], at)


def character_ngrams(words: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Runs of 2 to 5 characters within a word and the blanks around it, with its position."""
    for at, word in enumerate(words):
        padded = f" {word} "
        for size in range(2, 6):
            for start in range(max(1, len(padded) - size + 1)):
                yield padded[start : start + size], (at,)
            if size >= len(padded):
                break


class NGrams:
    """A fitted TF-IDF vocabulary over one analyser."""

    def __init__(
        self, analyse: Analyser, vocabulary: Sequence[str], idf: npt.NDArray[np.float32]
    ) -> None:
        """`idf[n]` is the weight of `vocabulary[n]`."""
        self.analyse = analyse
        self.vocabulary = list(vocabulary)
        self.idf = idf
        self._index = {ngram: n for n, ngram in enumerate(self.vocabulary)}

    @classmethod
    def fit(cls, analyse: Analyser, texts: Sequence[Sequence[str]], least: int = 1) -> NGrams:
        """Learn vocabulary (sorted, so that a retrain is identical) and idf from word lists.

        An n-gram counts that at least so many texts have.
        """
        seen: Counter[str] = Counter()
        for words in texts:
            seen.update({ngram for ngram, _ in analyse(words)})
        vocabulary = sorted(ngram for ngram, count in seen.items() if count >= least)
        counts = np.array([seen[ngram] for ngram in vocabulary], dtype=np.float64)
        idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(analyse, vocabulary, idf.astype(np.float32))

    def place(self, ngram: str) -> int | None:
        """Where an n-gram stands in the vocabulary; None if it is not known."""
        return self._index.get(ngram)

    def weigh(self, words: Sequence[str]) -> dict[int, float]:
        """The known n-grams of one text with their TF-IDF; the squares add up to 1."""
        counts: dict[int, int] = {}
        for ngram, _ in self.analyse(words):
            n = self._index.get(ngram)
            if n is not None:
                counts[n] = counts.get(n, 0) + 1
        weights = {n: count * float(self.idf[n]) for n, count in counts.items()}
        length = sum(weight * weight for weight in weights.values()) ** 0.5
        return {n: weight / length for n, weight in weights.items()}

    def matrix(self, texts: Sequence[Sequence[str]]) -> Any:
        """TF-IDF of many texts, a sparse matrix of shape (texts, vocabulary)."""
        rows = [self.weigh(words) for words in texts]
        ends = np.cumsum([0, *(len(row) for row in rows)])
        columns = [n for row in rows for n in row]
        values = [value for row in rows for value in row.values()]
        shape = (len(texts), len(self.vocabulary))
        return csr_matrix((values, columns, ends), shape=shape, dtype=np.float64)
