"""The intent model: sentence vector and n-grams into one softmax regression.

It knows nothing of Rasa. What it learned is laid out per feature, so that the margin between two
intents can be led back to the words of a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
    near: HybridModel | None = None,
) -> HybridModel:
    """Learn from texts, their sentence vectors (texts, 512) and their intents.

    Two examples per intent are enough to run; the same input gives the same model. One that is not
    `calibrated` takes a quarter of the time: for who calibrates on held-out texts of their own.
    Learning begins at a model that is `near`, one of nearly the same examples.
    """
    with threadpool_limits(limits=1, user_api="blas"):  # the matrices are small: threads only spin
        return _train(texts, vectors, intents, c, sentence_scale, calibrated, near)


def _train(
    texts: Sequence[str],
    vectors: Single,
    intents: Sequence[str],
    c: float,
    sentence_scale: float,
    calibrated: bool,
    near: HybridModel | None,
) -> HybridModel:
    names = sorted(set(intents))
    labels: Labels = np.array([names.index(intent) for intent in intents], dtype=np.int64)
    words = [words_of(text) for text in texts]
    dense = vectors.astype(np.float64) * sentence_scale
    grams, weights = _fit(words, dense, labels, len(names), c, (near, names) if near else None)
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
    words: list[list[str]],
    dense: npt.NDArray[np.float64],
    labels: Labels,
    classes: int,
    c: float,
    near: tuple[HybridModel, list[str]] | None = None,
) -> tuple[tuple[NGrams, NGrams], Weights]:
    grams = NGrams.fit(word_ngrams, words), NGrams.fit(character_ngrams, words)
    sparse = hstack([gram.matrix(words) for gram in grams], format="csr")
    start = _as_weights(*near, grams) if near else None
    return grams, fit(dense, sparse, labels, classes, c=c, near=start)


def _as_weights(model: HybridModel, intents: list[str], grams: tuple[NGrams, NGrams]) -> Weights:
    """A model's weights for these intents and n-grams; zero for what it does not know."""
    known = [n for n, intent in enumerate(intents) if intent in model.intents]
    columns = [model.intents.index(intents[n]) for n in known]

    def placed(rows: list[int], old: list[int], count: int, weights: Single) -> Any:
        made = np.zeros((count, len(intents)))
        made[np.ix_(rows, known)] = weights[np.ix_(old, columns)]
        return made

    sparse = []
    for gram, before, weights in (
        (grams[0], model.words, model.weights_words),
        (grams[1], model.characters, model.weights_characters),
    ):
        places = {ngram: n for n, ngram in enumerate(before.vocabulary)}
        rows = [n for n, ngram in enumerate(gram.vocabulary) if ngram in places]
        old = [places[gram.vocabulary[n]] for n in rows]
        sparse.append(placed(rows, old, len(gram.vocabulary), weights))
    size = list(range(len(model.weights_sentence)))
    bias = np.zeros(len(intents))
    bias[known] = model.bias[columns]
    dense = placed(size, size, len(size), model.weights_sentence)
    return Weights(dense, np.concatenate(sparse), bias)


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
