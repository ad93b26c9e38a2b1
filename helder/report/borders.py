"""Which examples pull intents apart: the misread ones, each with its nearest on either side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helder.report.crossing import Example
from helder.report.measures import Reading


@dataclass(frozen=True)
class Neighbour:
    """An example, and how near it is: the cosine of the two sentence vectors."""

    example: Example
    likeness: float


@dataclass(frozen=True)
class Pull:
    """A message that was misread, and the nearest examples of what it is and was taken for."""

    message: Example
    reading: Reading
    own: Neighbour | None
    other: Neighbour | None


@dataclass(frozen=True)
class Border:
    """Messages of one intent that were read as another."""

    intent: str
    taken_for: str
    count: int
    pulls: tuple[Pull, ...]


class Examples:
    """The examples, to look for near ones."""

    def __init__(self, examples: Sequence[Example], vectors: npt.NDArray[np.float32]) -> None:
        self.examples = list(examples)
        self._vectors = vectors
        self._intents = np.array([each.intent for each in examples])

    def nearest(
        self, message: Example, vector: npt.NDArray[np.float32], intent: str
    ) -> Neighbour | None:
        """The nearest example of an intent, the message itself apart."""
        members = [
            n for n in np.flatnonzero(self._intents == intent) if self.examples[n] != message
        ]
        if not members:
            return None
        likeness = self._vectors[members] @ vector
        best = int(np.argmax(likeness))
        return Neighbour(self.examples[members[best]], float(likeness[best]))


def borders(
    messages: Sequence[Example],
    vectors: npt.NDArray[np.float32],
    readings: Sequence[Reading],
    examples: Examples,
    *,
    most: int,
    shown: int,
) -> list[Border]:
    """The `most` frequent mix-ups, each with the `shown` messages that were misread most surely."""
    wrong = [n for n, reading in enumerate(readings) if not reading.right]
    counted = Counter((messages[n].intent, readings[n].read) for n in wrong)
    found: list[Border] = []
    for (intent, taken_for), count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        if len(found) == most:
            break
        members = [
            n for n in wrong if (messages[n].intent, readings[n].read) == (intent, taken_for)
        ]
        members.sort(key=lambda n: -readings[n].confidence)
        pulls = tuple(
            Pull(
                messages[n],
                readings[n],
                examples.nearest(messages[n], vectors[n], intent),
                examples.nearest(messages[n], vectors[n], taken_for),
            )
            for n in members[:shown]
        )
        found.append(Border(intent, taken_for, count, pulls))
    return found
