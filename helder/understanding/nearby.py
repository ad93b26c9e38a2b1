"""What a model learned, laid out for the intents and n-grams that there are now.

Learning that begins there ends soon: see hybrid.train.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from helder.understanding.network import Network
from helder.understanding.ngrams import NGrams
from helder.understanding.softmax import Weights

if TYPE_CHECKING:
    from helder.understanding.hybrid import HybridModel

Array = npt.NDArray[Any]


class Near(NamedTuple):
    """Where learning begins; zero for an intent or n-gram that the model does not know."""

    regression: Weights
    network: Network


class _Places(NamedTuple):
    """What was known before: where it stands now, where it stood; and how many there are now."""

    now: list[int]
    before: list[int]
    size: int


def near(model: HybridModel, intents: Sequence[str], words: NGrams, characters: NGrams) -> Near:
    """The weights of a model for these intents and n-grams."""
    known = _places(model.intents, intents)
    of_words = _places(model.words.vocabulary, words.vocabulary)
    of_characters = _places(model.characters.vocabulary, characters.vocabulary)
    dims, hidden = (_all(size) for size in model.network.dense.shape)
    split = len(model.words.vocabulary)
    regression = Weights(
        dense=np.concatenate(
            [
                _moved(model.weights_sentence, dims, known),
                _moved(model.weights_likeness, known, known),
            ]
        ),
        sparse=np.concatenate(
            [
                _moved(model.weights_words, of_words, known),
                _moved(model.weights_characters, of_characters, known),
            ]
        ),
        bias=_moved(model.bias[None, :], _all(1), known)[0],
    )
    before = model.network
    network = Network(
        dense=before.dense,
        sparse=np.concatenate(
            [
                _moved(before.sparse[:split], of_words, hidden),
                _moved(before.sparse[split:], of_characters, hidden),
            ]
        ),
        bias=before.bias,
        out=_moved(before.out, hidden, known),
        out_bias=_moved(before.out_bias[None, :], _all(1), known)[0],
    )
    return Near(regression, network)


def _places(before: Sequence[str], now: Sequence[str]) -> _Places:
    stood = {name: n for n, name in enumerate(before)}
    known = [n for n, name in enumerate(now) if name in stood]
    return _Places(known, [stood[now[n]] for n in known], len(now))


def _all(size: int) -> _Places:
    every = list(range(size))
    return _Places(every, every, size)


def _moved(weights: Array, rows: _Places, columns: _Places) -> Array:
    made = np.zeros((rows.size, columns.size), dtype=weights.dtype)
    made[np.ix_(rows.now, columns.now)] = weights[np.ix_(rows.before, columns.before)]
    return made
