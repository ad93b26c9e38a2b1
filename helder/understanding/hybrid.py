"""The intent model: sentence vector, likeness to examples and n-grams into one softmax regression.

A small network on the same features stands beside it, and the scores of the two are added. It
knows nothing of Rasa. What the regression learned is laid out per feature, so that its margin
between two intents can be led back to the words of a message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import hstack
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has none

from helder.understanding import nearby, network, outside, universal
from helder.understanding.likeness import Likeness
from helder.understanding.network import Network
from helder.understanding.ngrams import NGrams, character_ngrams, word_ngrams, words_of
from helder.understanding.softmax import Calibration, Labels, Weights, calibrate, fit, folds

Single = npt.NDArray[np.float32]

RAW = Calibration(temperature=1.0, reject=0.0)
_FOLDS = 3
_THREADS = 2
# What is in one example alone only costs time: 40,000 features, and as good without. Of characters,
# what is in less than six of 9,000 examples is another 9,000 of 18,000 features, for nothing.
_LEAST = 2
_PER_LEAST = 2000
_SEED = 1


@dataclass(frozen=True)
class HybridModel:
    """A trained model. `weights_*[n, k]` is what feature n says for intent k.

    The network's n-grams are the words', and behind them the characters'.
    """

    intents: list[str]
    words: NGrams
    characters: NGrams
    likeness: Likeness
    sentence_scale: float
    weights_sentence: Single
    weights_likeness: Single
    weights_words: Single
    weights_characters: Single
    bias: Single
    network: Network
    calibration: Calibration

    def logits(self, text: str, vector: Single) -> npt.NDArray[np.float64]:
        """Uncalibrated scores of the intents, shape (intents,)."""
        words = words_of(text)
        likeness = self.likeness.of(vector[None, :])[0]
        sentence = vector @ self.weights_sentence + likeness @ self.weights_likeness
        total = self.bias + self.sentence_scale * sentence
        sums = vector @ self.network.dense
        for ngrams, weights, first in (
            (self.words, self.weights_words, 0),
            (self.characters, self.weights_characters, len(self.words.vocabulary)),
        ):
            found = ngrams.weigh(words)
            if found:
                places = np.fromiter(found, dtype=np.int64, count=len(found))
                values = np.fromiter(found.values(), dtype=np.float32, count=len(found))
                total = total + values @ weights[places]
                sums = sums + values @ self.network.sparse[places + first]
        result: npt.NDArray[np.float64] = (total + self.network.outcome(sums)).astype(np.float64)
        return result

    def ranking(self, text: str, vector: Single) -> list[tuple[str, float]]:
        """Intents with their confidence, the likeliest first; they add up to less than 1."""
        confidences = self.calibration.confidences(self.logits(text, vector)[None, :])[0]
        order = np.argsort(-confidences, kind="stable")
        ranked = [(self.intents[n], float(confidences[n])) for n in order]
        return [(intent, confidence) for intent, confidence in ranked if intent != outside.INTENT]


def train(
    texts: Sequence[str],
    vectors: Single,
    intents: Sequence[str],
    *,
    c: float = 20.0,
    sentence_scale: float = 1.6,
    calibrated: bool = True,
    near: HybridModel | None = None,
) -> HybridModel:
    """Learn from texts, their sentence vectors (texts, 512) and their intents.

    Two examples per intent are enough to run; the same input gives the same model. One that is not
    `calibrated` takes a quarter of the time: for who calibrates on held-out texts of their own.
    Learning begins at a model that is `near`, one of nearly the same examples. What is out of scope
    is learned beside the intents, and is never one of a ranking.
    """
    more = outside.examples(len(texts))
    intents = [*intents, *(outside.INTENT for _ in more)]
    names = sorted(set(intents))
    labels: Labels = np.array([names.index(intent) for intent in intents], dtype=np.int64)
    words = [words_of(text) for text in (*texts, *more)]
    everything = np.concatenate([vectors, universal.encode(more)]) if more else vectors
    examples = _Examples(words, everything, labels, len(names))
    # The matrices are small: threads of BLAS only spin. Models learn side by side instead.
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(_THREADS) as pool:
        raw = pool.submit(_fit, examples, names, c, sentence_scale, near)
        if not calibrated:
            return raw.result()
        found = _calibrate(examples, lambda part: pool.submit(_fit, part, names, c, sentence_scale))
        return replace(raw.result(), calibration=found)


@dataclass(frozen=True)
class _Examples:
    words: list[list[str]]
    vectors: Single
    labels: Labels
    classes: int

    def those(self, wanted: npt.NDArray[np.bool_]) -> _Examples:
        words = [self.words[n] for n in np.flatnonzero(wanted)]
        return replace(self, words=words, vectors=self.vectors[wanted], labels=self.labels[wanted])


def _fit(
    examples: _Examples,
    intents: list[str],
    c: float,
    sentence_scale: float,
    near: HybridModel | None = None,
) -> HybridModel:
    words = NGrams.fit(word_ngrams, examples.words, least=_LEAST)
    least = _LEAST + len(examples.words) // _PER_LEAST
    characters = NGrams.fit(character_ngrams, examples.words, least=least)
    likeness = Likeness(examples.vectors, examples.labels, examples.classes)
    known = nearby.near(near, intents, words, characters) if near else None
    sparse = _sparse((words, characters), examples.words)
    weights = fit(
        _dense(examples.vectors, likeness.of_examples(), sentence_scale),
        sparse,
        examples.labels,
        examples.classes,
        c=c,
        near=known and known.regression,
    )
    beside = network.fit(
        examples.vectors,
        sparse,
        examples.labels,
        examples.classes,
        near=known and known.network,
    )
    dense, sparse = weights.dense.astype(np.float32), weights.sparse.astype(np.float32)
    dims, split = examples.vectors.shape[1], len(words.vocabulary)
    return HybridModel(
        intents=intents,
        words=words,
        characters=characters,
        likeness=likeness,
        sentence_scale=sentence_scale,
        weights_sentence=dense[:dims],
        weights_likeness=dense[dims:],
        weights_words=sparse[:split],
        weights_characters=sparse[split:],
        bias=weights.bias.astype(np.float32),
        network=beside,
        calibration=RAW,
    )


def _dense(vectors: Single, likeness: Single, scale: float) -> npt.NDArray[np.float64]:
    return np.concatenate([vectors, likeness], axis=1).astype(np.float64) * scale


def _sparse(grams: tuple[NGrams, NGrams], words: list[list[str]]) -> Any:
    return hstack([gram.matrix(words) for gram in grams], format="csr")


def _calibrate(
    examples: _Examples, learn: Callable[[_Examples], Future[HybridModel]]
) -> Calibration:
    """Calibration on held-out folds; all is learned anew in each, as held-out texts are new."""
    labels = examples.labels
    logits = np.zeros((len(labels), examples.classes))
    usable = np.zeros(len(labels), dtype=bool)
    masks = [m for m in folds(labels, _FOLDS, _SEED) if m.any() and not m.all()]
    for held, learned in [(held, learn(examples.those(~held))) for held in masks]:
        model, new = learned.result(), examples.those(held)
        weights, scale = _weights_of(model), model.sentence_scale
        dense = _dense(new.vectors, model.likeness.of(new.vectors), scale)
        sparse = _sparse((model.words, model.characters), new.words)
        logits[held] = weights.logits(dense, sparse) + model.network.logits(new.vectors, sparse)
        usable |= held & np.isin(labels, labels[~held])
    if not usable.any():  # one example per intent: nothing to learn it from
        return RAW
    return calibrate(logits[usable], labels[usable])


def _weights_of(model: HybridModel) -> Weights:
    return Weights(
        np.concatenate([model.weights_sentence, model.weights_likeness]),
        np.concatenate([model.weights_words, model.weights_characters]),
        model.bias.astype(np.float64),
    )
