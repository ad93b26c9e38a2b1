"""Is a message English or Dutch? A few thousand words and character n-grams, with numpy alone.

Words count for a language as log-odds. A word that both languages use counts nothing, so "ok" or
"order" says nothing; an unlisted word counts a little, by its letters, so that a compound such as
"bezorgkostenvergoeding" helps but a family name alone never decides.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).with_name("language.npz")
# Addresses, links, order numbers and whatever else has a digit in it say nothing about language.
# "Black Friday" is called so in Dutch too.
_NOISE = re.compile(r"(?<!\S)\S*[@/\d_]\S*|\bwww\.\S*|\b(?:black fri|cyber mon)day\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MAX_WORDS = 100
_MAX_LETTERS = 30

# Log-odds. A listed word of three letters or more convinces alone (p = .95). One of two does beside
# another word, even one of both languages ("my order": .91), but "no" or "ja" alone does not.
_LISTED, _SHORT, _SHORT_ALONE, _BY_LETTERS = 3.0, 2.3, 1.2, 1.0
# So much of it for an English word that Dutch may have borrowed: one alone does not convince (.89).
_BORROWED = 0.7


@dataclass(frozen=True)
class Guess:
    """`language` is "en" or "nl", with its probability; `listed` of its own words were seen."""

    language: str
    probability: float
    listed: int


class LanguageModel:
    """`words[w]` is +1 for Dutch, -1 for English, between for less sure ones, 0 for both.

    `ngrams[g]` are log-odds of Dutch.
    """

    def __init__(self, words: dict[str, float], ngrams: dict[str, float], bias: float) -> None:
        self._words = words
        self._ngrams = ngrams
        self._bias = bias

    def guess(self, text: str) -> Guess:
        """The likelier language; probability .5 when nothing in the text says anything."""
        total, listed = 0.0, {1: 0, -1: 0}
        words = spoken_words(text)
        short = _SHORT if len(words) > 1 else _SHORT_ALONE
        for word in words:
            side = self._words.get(word)
            if side:
                listed[1 if side > 0 else -1] += 1
                total += side * (_LISTED if len(word) > 2 else short)
            elif side is None and len(word) > 3:
                total += max(-_BY_LETTERS, min(_BY_LETTERS, self.letters(word)))
        side = 1 if total > 0 else -1
        probability = 1 / (1 + math.exp(-min(abs(total), 30)))
        return Guess("nl" if side > 0 else "en", probability, listed[side])

    def lists(self, word: str) -> bool:
        """Whether it is among the words of one of the languages, or of both."""
        return word in self._words

    def letters(self, word: str) -> float:
        """Log-odds that a word is Dutch, by its letters alone."""
        found = sorted(word_ngrams(word))
        scale = 1 / math.sqrt(len(found))
        return self._bias + scale * sum(self._ngrams.get(ngram, 0.0) for ngram in found)


def spoken_words(text: str) -> list[str]:
    """The words of a text in lower case, without addresses, links and numbers."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    found = _WORD.findall(_NOISE.sub(" ", plain))[:_MAX_WORDS]
    return [word[:_MAX_LETTERS] for word in found]


def word_ngrams(word: str) -> set[str]:
    """Runs of 1 to 4 letters of a word, with its borders marked."""
    padded = f"^{word}$"
    return {padded[n : n + size] for size in range(1, 5) for n in range(len(padded) - size + 1)}


@lru_cache(maxsize=1)
def shipped() -> LanguageModel:
    """The model in this folder, made by `python -m helder.understanding.train_language`."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        keys = ("en", "borrowed", "nl", "both", "ngrams")
        lists = {key: _lines(stored[key]) for key in keys}
        weights = stored["weights"].astype(float) * float(stored["scale"])
        bias = float(stored["bias"])
    words = dict.fromkeys(lists["both"], 0.0) | dict.fromkeys(lists["borrowed"], -_BORROWED)
    words |= dict.fromkeys(lists["en"], -1.0) | dict.fromkeys(lists["nl"], 1.0)
    return LanguageModel(words, dict(zip(lists["ngrams"], weights.tolist(), strict=True)), bias)


def weights_digest() -> str:
    """SHA-256 of the shipped weights, for fingerprints."""
    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


def _lines(stored: object) -> list[str]:
    return np.asarray(stored, dtype=np.uint8).tobytes().decode("utf-8").split("\n")
