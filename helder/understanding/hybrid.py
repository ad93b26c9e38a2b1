"""The intent model: sentence vector and n-grams into one softmax regression.

It knows nothing of Rasa. What it learned is laid out per feature, so that the margin between two
intents can be led back to the words of a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import hstack
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from helder.understanding.ngrams import NGrams, character_ngrams, word_ngrams, words_of
from helder.understanding.softmax import Calibration, Labels, Weights, calibrate, fit, folds

Single = npt.NDArray[np.float32]

RAW = Calibration(temperature=1.0, reject=0.0)
_FOLDS = 3
_SEED = 1


@dataclass(frozen=True)
class HybridModel:
    """A trained model. `weights_*[n, k]` is what feature n says for intent k."""

    intents: list[str]
    words: NGrams
    characters: NGrams
    sentence_scale: float
    weights_sentence: Single
    weights_words: Single
    weights_characters: Single
    bias: Single
    calibration: Calibration

    def logits(self, text: str, vector: Single) -> npt.NDArray[np.float64]:
        """Uncalibrated scores of the intents, shape (intents,)."""
        words = words_of(text)
        total = self.bias + self.sentence_scale * (vector @ self.weights_sentence)
        for ngrams, weights in (
            (self.words, self.weights_words),
            (self.characters, self.weights_characters),
        ):
            found = ngrams.weigh(words)
            if found:
                values = np.fromiter(found.values(), dtype=np.float32, count=len(found))
                total = total + values @ weights[list(found)]
        result: npt.NDArray[np.float64] = total.astype(np.float64)
        return result

    def ranking(self, text: str, vector: Single) -> list[tuple[str, float]]:
        """Intents with their confidence, the likeliest first; they add up to less than 1."""
        confidences = self.calibration.confidences(self.logits(text, vector)[None, :])[0]
        order = np.argsort(-confidences, kind="stable")
        return [(self.intents[n], float(confidences[n])) for n in order]


def train(
    texts: Sequence[str],
    vectors: Single,
    intents: Sequence[str],
    *,
    c: float = 10.0,
    sentence_scale: float = 3.0,
    calibrated: bool = True,
) -> HybridModel:
    """Learn from texts, their sentence vectors (texts, 512) and their intents.

    Two examples per intent are enough to run; the same input gives the same model. One that is not
    `calibrated` takes a quarter of the time: for who calibrates on held-out texts of their own.
    """
    with threadpool_limits(limits=1, user_api="blas"):  # the matrices are small: threads only spin
        return _train(texts, vectors, intents, c, sentence_scale, calibrated)


def _train(
    texts: Sequence[str],
    vectors: Single,
    intents: Sequence[str],
    c: float,
    sentence_scale: float,
    calibrated: bool,
) -> HybridModel:
    names = sorted(set(intents))
    labels: Labels = np.array([names.index(intent) for intent in intents], dtype=np.int64)
    words = [words_of(text) for text in texts]
    dense = vectors.astype(np.float64) * sentence_scale
    grams, weights = _fit(words, dense, labels, len(names), c)
    split = len(grams[0].vocabulary)
    return HybridModel(
        intents=names,
        words=grams[0],
        characters=grams[1],
        sentence_scale=sentence_scale,
        weights_sentence=weights.dense.astype(np.float32),
        weights_words=weights.sparse[:split].astype(np.float32),
        weights_characters=weights.sparse[split:].astype(np.float32),
        bias=weights.bias.astype(np.float32),
        calibration=_calibrate(words, dense, labels, len(names), c) if calibrated else RAW,
    )


def _fit(
    words: list[list[str]], dense: npt.NDArray[np.float64], labels: Labels, classes: int, c: float
) -> tuple[tuple[NGrams, NGrams], Weights]:
    grams = NGrams.fit(word_ngrams, words), NGrams.fit(character_ngrams, words)
    sparse = hstack([gram.matrix(words) for gram in grams], format="csr")
    return grams, fit(dense, sparse, labels, classes, c=c)


def _calibrate(
    words: list[list[str]], dense: npt.NDArray[np.float64], labels: Labels, classes: int, c: float
) -> Calibration:
    """Calibration on held-out folds; n-grams are learned anew in each, as held-out ones are new."""
    logits = np.zeros((len(labels), classes))
    usable = np.zeros(len(labels), dtype=bool)
    for held in folds(labels, _FOLDS, _SEED):
        seen = np.isin(labels, labels[~held])
        if not held.any() or not (~held).any():
            continue
        known = [words[n] for n in np.flatnonzero(~held)]
        grams, weights = _fit(known, dense[~held], labels[~held], classes, c)
        new = [words[n] for n in np.flatnonzero(held)]
        sparse = hstack([gram.matrix(new) for gram in grams], format="csr")
        logits[held] = weights.logits(dense[held], sparse)
        usable |= held & seen
    if not usable.any():  # one example per intent: nothing to learn it from
        return RAW
    return calibrate(logits[usable], labels[usable])
