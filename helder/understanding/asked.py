"""Does a message ask for a person? Learned from such messages, and from those that sound alike.

The intents are learned against each other, and a message that asks for a person in passing is
mostly about something else: of such messages that nobody had seen, the intent was read in three of
ten. Here one question is learned by itself, with the same features and the same kind of model.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import exp

import numpy as np
import numpy.typing as npt

from helder.understanding import hybrid, person, universal
from helder.understanding.hybrid import HybridModel

Single = npt.NDArray[np.float32]

ASKED = "contact_human_agent"
_OTHER = "other"
# Refusing the assistant is neither: it has an answer of its own.
_NEITHER = "no_ai"
# Of what asks for something else, one example in two: learned as well, in two thirds of the time.
_ONE_IN = 2
# From here on it is taken for a request: whoever is offered a person for nothing loses a moment,
# whoever asks in vain loses more. Chosen on held-out parts of the messages that are learned from.
BORDER = -3.0

learn = hybrid.train  # a name of its own: helder/brain/retrain.py puts another in its place


def train(texts: Sequence[str], vectors: Single, intents: Sequence[str]) -> HybridModel:
    """Learn from a shop's examples, their sentence vectors (texts, 512) and intents, and ours."""
    mine = [
        n
        for n, intent in enumerate(intents)
        if intent == ASKED or (intent != _NEITHER and n % _ONE_IN == 0)
    ]
    ours, meant, encoded = _ours()
    return learn(
        [*(texts[n] for n in mine), *ours],
        np.concatenate([vectors[mine], encoded]),
        [*(ASKED if intents[n] == ASKED else _OTHER for n in mine), *meant],
        calibrated=False,
    )


@cache
def _ours() -> tuple[list[str], list[str], Single]:
    """Our messages, what each is, and their vectors."""
    asks, alike = person.asks(), person.alike()
    texts = [*asks, *alike]
    return texts, [*(ASKED for _ in asks), *(_OTHER for _ in alike)], universal.encode(texts)


def confidence(model: HybridModel, text: str, vector: Single) -> float:
    """From 0 to 1 that it asks for a person; 0.5 where it begins to be taken for that."""
    scores = dict(zip(model.intents, model.logits(text, vector), strict=True))
    margin = scores.pop(ASKED) - max(scores.values())
    return 1 / (1 + exp(-max(min(margin - BORDER, 50.0), -50.0)))
