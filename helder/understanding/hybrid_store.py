"""The intent model on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from helder.understanding import storage, universal
from helder.understanding.hybrid import HybridModel
from helder.understanding.likeness import Likeness
from helder.understanding.network import PARTS, Network
from helder.understanding.ngrams import Analyser, NGrams, character_ngrams, word_ngrams
from helder.understanding.softmax import Calibration
from helder.understanding.storage import Arrays, DamagedModelError


def save_model(folder: Path, model: HybridModel | None) -> None:
    """Store a model; None (no examples) is stored as a model without intents."""
    if model is None:
        storage.save(folder, {"intents": []}, {})
        return
    meta = {
        "intents": model.intents,
        "sentence_scale": model.sentence_scale,
        "temperature": model.calibration.temperature,
        "reject": model.calibration.reject,
    }
    arrays: Arrays = {
        "words": storage.pack(model.words.vocabulary),
        "words_idf": model.words.idf,
        "characters": storage.pack(model.characters.vocabulary),
        "characters_idf": model.characters.idf,
        "examples": model.likeness.vectors.astype(np.float16),
        "examples_intents": model.likeness.labels.astype(np.int16),
        "weights_sentence": model.weights_sentence,
        "weights_likeness": model.weights_likeness,
        "weights_words": model.weights_words,
        "weights_characters": model.weights_characters,
        "bias": model.bias,
        **{f"network_{part}": half for part, half in model.network.halves().items()},
    }
    storage.save(folder, meta, arrays)


def load_model(folder: Path) -> HybridModel | None:
    """Read a stored model. Raises DamagedModelError when it is altered or does not fit itself."""
    meta, arrays = storage.load(folder)
    if not meta["intents"]:
        return None
    try:
        model = HybridModel(
            intents=[str(name) for name in meta["intents"]],
            words=_ngrams(word_ngrams, arrays, "words"),
            characters=_ngrams(character_ngrams, arrays, "characters"),
            likeness=_likeness(arrays, len(meta["intents"])),
            sentence_scale=float(meta["sentence_scale"]),
            weights_sentence=arrays["weights_sentence"],
            weights_likeness=arrays["weights_likeness"],
            weights_words=arrays["weights_words"],
            weights_characters=arrays["weights_characters"],
            bias=arrays["bias"],
            network=Network.of_halves({part: arrays[f"network_{part}"] for part in PARTS}),
            calibration=Calibration(float(meta["temperature"]), float(meta["reject"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedModelError(f"The stored intent model is incomplete: {error!r}.") from error
    _check_shapes(model)
    return model


def _likeness(arrays: Arrays, classes: int) -> Likeness:
    vectors, labels = arrays["examples"], arrays["examples_intents"].astype(np.int64)
    if vectors.shape != (len(labels), universal.DIMENSIONS) or (labels >= classes).any():
        raise ValueError("examples and their intents")
    return Likeness(vectors, labels, classes)


def _ngrams(analyse: Analyser, arrays: Arrays, key: str) -> NGrams:
    return NGrams(analyse, storage.unpack(arrays[key]), arrays[f"{key}_idf"])


def _check_shapes(model: HybridModel) -> None:
    classes = len(model.intents)
    expected = {
        "sentence": (model.weights_sentence, universal.DIMENSIONS),
        "likeness": (model.weights_likeness, classes),
        "words": (model.weights_words, len(model.words.vocabulary)),
        "characters": (model.weights_characters, len(model.characters.vocabulary)),
    }
    for name, (weights, rows) in expected.items():
        if weights.shape != (rows, classes):
            raise DamagedModelError(f"The stored intent model's {name} weights have a wrong shape.")
    ngrams = len(model.words.vocabulary) + len(model.characters.vocabulary)
    if not model.network.fits(universal.DIMENSIONS, ngrams, classes):
        raise DamagedModelError("The stored intent model's network has a wrong shape.")
