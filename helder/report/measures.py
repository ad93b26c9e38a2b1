"""Figures of understanding: accuracy, F1, calibration, out-of-scope ranking, confusion.

Nothing here knows a model; what was said and what was read from it comes in as `Reading`s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

BINS = 10
_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True)
class Reading:
    """A message, the intent it has, and how it was read: intents with confidence, best first."""

    text: str
    intent: str
    ranking: tuple[tuple[str, float], ...]

    @property
    def read(self) -> str:
        """The likeliest intent; "" when there is none."""
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        """That of the likeliest intent."""
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def right(self) -> bool:
        """Is the likeliest intent the one it has?"""
        return self.read == self.intent

    def falls_back(self, threshold: float, ambiguity: float) -> bool:
        """Is it not understood, by Rasa's FallbackClassifier with these settings?"""
        second = self.ranking[1][1] if len(self.ranking) > 1 else 0.0
        return self.confidence < threshold or self.confidence - second < ambiguity


@dataclass(frozen=True)
class Score:
    """How well one intent is found. A share of nothing is None."""

    intent: str
    messages: int  # that have it
    precision: float | None  # of those read as it, the share that has it
    recall: float | None  # of those that have it, the share read as it
    f1: float


@dataclass(frozen=True)
class Bin:
    """Messages with a confidence from `low` to `high`."""

    low: float
    high: float
    messages: int
    confidence: float  # the mean
    accuracy: float


def accuracy(readings: Sequence[Reading]) -> float:
    """The share that was read right. Raises ValueError when there are none."""
    if not readings:
        raise ValueError("There is no accuracy of nothing.")
    return sum(each.right for each in readings) / len(readings)


def interval(share: float, count: int) -> tuple[float, float]:
    """Between what a share of `count` lies in truth, with 95 % certainty (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    square = _Z * _Z / count
    middle = (share + square / 2) / (1 + square)
    half = _Z * (share * (1 - share) / count + square / (4 * count)) ** 0.5 / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def scores(readings: Sequence[Reading]) -> list[Score]:
    """Every intent that a message has, the weakest first."""
    has = Counter(each.intent for each in readings)
    read = Counter(each.read for each in readings)
    both = Counter(each.intent for each in readings if each.right)
    found = [
        Score(
            intent,
            count,
            both[intent] / read[intent] if read[intent] else None,
            both[intent] / count,
            2 * both[intent] / (count + read[intent]),
        )
        for intent, count in has.items()
    ]
    return sorted(found, key=lambda score: (score.f1, score.intent))


def macro_f1(readings: Sequence[Reading]) -> float:
    """The mean of the F1 of the intents that messages have."""
    found = scores(readings)
    return sum(score.f1 for score in found) / len(found)


def bins(readings: Sequence[Reading], count: int = BINS) -> list[Bin]:
    """The messages by confidence, in bins of equal width; bins of nobody are left out."""
    kept: dict[int, list[Reading]] = {}
    for each in readings:
        kept.setdefault(min(count - 1, int(each.confidence * count)), []).append(each)
    return [
        Bin(
            number / count,
            (number + 1) / count,
            len(members),
            sum(each.confidence for each in members) / len(members),
            accuracy(members),
        )
        for number, members in sorted(kept.items())
    ]


def calibration_error(readings: Sequence[Reading], count: int = BINS) -> float:
    """By how much confidence and accuracy differ, over bins of confidence (Guo et al. 2017)."""
    found = bins(readings, count)
    return sum(b.messages * abs(b.confidence - b.accuracy) for b in found) / len(readings)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often a message of ours is surer than one that is out of scope; a tie is a half."""
    ordered = sorted([(value, True) for value in inside] + [(value, False) for value in outside])
    below, won = 0, 0.0
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        members = [ours for _, ours in group]
        mine = sum(members)
        others = len(members) - mine
        won += mine * (below + others / 2)
        below += others
    return won / (len(inside) * len(outside))


def confusions(readings: Sequence[Reading]) -> Counter[tuple[str, str]]:
    """How often an intent (the first) was read as another (the second)."""
    return Counter((each.intent, each.read) for each in readings if not each.right)
