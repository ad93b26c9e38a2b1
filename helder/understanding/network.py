"""A small network on the features of the regression: what words say together, not one by one.

One hidden layer. It is learned by Adam (Kingma and Ba 2015) with dropout of n-grams and of the
layer (Srivastava et al. 2014), and with smoothed labels (Szegedy et al. 2016). On messages that
nobody wrote examples after it is right where the regression is wrong more often than the other way
round; the two together are better than each: see docs/adr/0016.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Single = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

HIDDEN = 128
# A step costs what the weights weigh, whatever it learns from: few large ones are the soonest.
_BATCH = 1024
_EPOCHS = 14
# Of a handful of examples an epoch is one step, and fourteen steps are not enough to learn them.
_LEAST_STEPS = 140
# From a network of nearly the same examples a part of the way is enough.
_EPOCHS_NEAR = 4
_RATE = 8e-3
_WARM = 20  # steps until the rate is reached, from which it falls to nothing
_DROPPED = 0.3
_SMOOTHED = 0.1
_SPREAD_DENSE, _SPREAD_SPARSE = 0.24, 0.1
_MEAN, _SQUARE = 0.9, 0.999  # what of the mean, and of the mean square, is kept at each step
_SEED = 1


@dataclass(frozen=True)
class Network:
    """Weights: dense (dims, hidden), sparse (n-grams, hidden), out (hidden, classes)."""

    dense: Single
    sparse: Single
    bias: Single
    out: Single
    out_bias: Single

    def logits(self, dense: Single, sparse: Any) -> Single:
        """Shape (texts, classes)."""
        return self.outcome(dense @ self.dense + sparse @ self.sparse)

    def outcome(self, sums: Single) -> Single:
        """Scores of the classes from the sums that the features add up to in the hidden layer."""
        result: Single = np.maximum(sums + self.bias, 0) @ self.out + self.out_bias
        return result

    def halves(self) -> dict[str, npt.NDArray[np.float16]]:
        """As it is stored, by the names of `PARTS`: in half the bytes."""
        return {part: getattr(self, part).astype(np.float16) for part in PARTS}

    @classmethod
    def of_halves(cls, halves: Mapping[str, npt.NDArray[Any]]) -> Network:
        """What was stored. Raises KeyError."""
        return cls(*(halves[part].astype(np.float32) for part in PARTS))

    def fits(self, dims: int, ngrams: int, classes: int) -> bool:
        """Whether its weights have the shapes for so many features and classes."""
        hidden = len(self.bias)
        shapes = ((dims, hidden), (ngrams, hidden), (hidden,), (hidden, classes), (classes,))
        return all(
            getattr(self, part).shape == shape for part, shape in zip(PARTS, shapes, strict=True)
        )


PARTS = tuple(field.name for field in fields(Network))


def fit(
    dense: Single, sparse: Any, labels: Labels, classes: int, near: Network | None = None
) -> Network:
    """Learn from `dense` (texts, dims), `sparse` (texts, n-grams), `labels` in 0..classes-1.

    Begins at a network that is `near`, which is sooner there. What is drawn is drawn from a fixed
    seed: the same input gives the same network.
    """
    rng = np.random.default_rng(_SEED)
    start = near or _drawn(rng, dense.shape[1], sparse.shape[1], classes)
    parts = [getattr(start, part).copy() for part in PARTS]
    adam = _Adam(parts)
    sparse = sparse.astype(np.float32)
    for rate, chosen in batches(rng, len(labels), _EPOCHS_NEAR if near else _EPOCHS):
        adam.step(rate, _slopes(rng, parts, dense[chosen], sparse[chosen], labels[chosen]))
    # As it is stored, so that the loaded model answers to the bit as this one.
    return Network.of_halves(Network(*parts).halves())


def _drawn(rng: np.random.Generator, dims: int, ngrams: int, classes: int) -> Network:
    def normal(spread: float, *shape: int) -> Single:
        return (rng.standard_normal(shape, dtype=np.float32) * np.float32(spread)).astype(
            np.float32
        )

    def zeros(size: int) -> Single:
        return np.zeros(size, dtype=np.float32)

    return Network(
        dense=normal(_SPREAD_DENSE, dims, HIDDEN),
        sparse=normal(_SPREAD_SPARSE, ngrams, HIDDEN),
        bias=zeros(HIDDEN),
        out=normal(HIDDEN**-0.5, HIDDEN, classes),
        out_bias=zeros(classes),
    )


def batches(
    rng: np.random.Generator, texts: int, epochs: int
) -> Iterator[tuple[float, npt.NDArray[np.int64]]]:
    """A learning rate and the texts to learn from, step by step."""
    each = -(-texts // _BATCH)
    epochs = max(epochs, -(-_LEAST_STEPS * epochs // (_EPOCHS * each)))
    total = epochs * each
    for epoch in range(epochs):
        order = rng.permutation(texts)
        for n in range(each):
            step = epoch * each + n + 1
            rate = _RATE * min(1.0, step / _WARM) * (1 - step / (total + 1))
            yield rate, order[n * _BATCH : (n + 1) * _BATCH]


def _slopes(
    rng: np.random.Generator, parts: list[Single], dense: Single, sparse: Any, labels: Labels
) -> list[Single]:
    """The gradient of the mean cross-entropy with smoothed labels, under dropout."""
    dense_weights, sparse_weights, bias, out, out_bias = parts
    sparse.data *= _kept(rng, sparse.data.shape)
    sums = dense @ dense_weights + sparse @ sparse_weights + bias
    kept = _kept(rng, sums.shape)
    hidden = np.maximum(sums, 0) * kept
    logits = hidden @ out + out_bias
    logits -= logits.max(axis=1, keepdims=True)
    error = np.exp(logits)
    error /= error.sum(axis=1, keepdims=True)
    error -= np.float32(_SMOOTHED / error.shape[1])
    error[np.arange(len(labels)), labels] -= np.float32(1 - _SMOOTHED)
    error /= np.float32(len(labels))
    back = (error @ out.T) * kept * (sums > 0)
    return [dense.T @ back, sparse.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]


def _kept(rng: np.random.Generator, shape: tuple[int, ...]) -> Single:
    """Zero for what is dropped, and as much more for the rest."""
    kept = rng.random(shape, dtype=np.float32) >= np.float32(_DROPPED)
    return kept * np.float32(1 / (1 - _DROPPED))


class _Adam:
    """Steps along mean slopes, each weight by how steep it used to be; in place."""

    def __init__(self, parts: list[Single]) -> None:
        self._parts = parts
        self._mean = [np.zeros_like(part) for part in parts]
        self._square = [np.zeros_like(part) for part in parts]
        self._taken = 0

    def step(self, rate: float, slopes: list[Single]) -> None:
        """One step; `slopes` are used up."""
        self._taken += 1
        unbiased = (1 - _SQUARE**self._taken) ** 0.5 / (1 - _MEAN**self._taken)
        length = np.float32(rate * unbiased)
        for part, mean, square, slope in zip(
            self._parts, self._mean, self._square, slopes, strict=True
        ):
            mean *= np.float32(_MEAN)
            mean += np.float32(1 - _MEAN) * slope
            slope *= slope
            slope *= np.float32(1 - _SQUARE)
            square *= np.float32(_SQUARE)
            square += slope
            np.sqrt(square, out=slope)
            slope += np.float32(1e-8)
            np.divide(mean, slope, out=slope)
            slope *= length
            part -= slope
