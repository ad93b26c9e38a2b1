"""What was measured of understanding, what was asked, and whether it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.figures import Bar, judged, ratio, rounded
from bench.nlu.entities import Found
from bench.numbers import Cost, percentile
from helder.report.measures import Reading, accuracy, auroc, calibration_error, macro_f1

# What issue 4, section 2, asks.
ACCURACY = {"en": 0.90, "nl": 0.88}
CALIBRATION, OUTSIDE, TYPOS, COLD, TIMES, RECALL = 0.06, 0.95, 8.0, 60.0, 10.0, 0.98
NAMES = {"en": "English", "nl": "Dutch"}


@dataclass(frozen=True)
class Threshold:
    """A FallbackClassifier's settings."""

    least: float
    ambiguity: float


@dataclass(frozen=True)
class Quality:
    """One system in one language. `lost` is in points of accuracy, at one and two slips."""

    messages: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    outside: int
    auroc: float | None
    p50_ms: float
    p95_ms: float
    lost: dict[int, float]
    good_refused: float  # of those it reads right, the share that fallback asks about
    wrong_caught: float | None
    outside_caught: float | None


@dataclass
class NluFigures:
    """Everything. By language, then by system (`stock`, `helder`)."""

    machine: dict[str, Any]
    plan: dict[str, Any]
    quality: dict[str, dict[str, Quality]] = field(default_factory=dict)
    entities: dict[str, dict[str, Found]] = field(default_factory=dict)
    training: dict[str, Cost] = field(default_factory=dict)
    unknown: dict[str, list[int]] = field(default_factory=dict)
    seconds: float = 0

    def bars(self) -> list[Bar]:
        """What was asked, in the order in which it was asked."""
        found = [bar for language in self.quality for bar in self.of_language(language)]
        found += self.bars_of_training()
        found += [
            Bar(f"recall of {kind} in {NAMES[language]}", score.recall, RECALL, at_least=True)
            for language, kinds in self.entities.items()
            for kind, score in kinds.items()
        ]
        return found

    def bars_of_training(self) -> tuple[Bar, Bar]:
        """The seconds on all examples, and how many times sooner ours is on the same examples."""
        wall = {system: cost.wall for system, cost in self.training.items()}
        times = ratio(wall.get("stock"), wall.get("helder"))
        return (
            Bar("seconds of cold training", wall.get("whole", wall.get("helder")), COLD),
            Bar("stock Rasa's training / ours", times, TIMES, at_least=True),
        )

    def of_language(self, language: str) -> list[Bar]:
        """Accuracy, accuracy beside stock Rasa's, calibration error, out of scope, two slips."""
        name, systems = NAMES[language], self.quality[language]
        ours, stock = systems["helder"], systems.get("stock")
        more = ours.accuracy - stock.accuracy if stock else None
        return [
            Bar(f"accuracy in {name}", ours.accuracy, ACCURACY[language], at_least=True),
            Bar(f"accuracy over stock Rasa's in {name}", more, 0.0, at_least=True),
            Bar(f"calibration error in {name}", ours.calibration_error, CALIBRATION),
            Bar(f"out-of-scope AUROC in {name}", ours.auroc, OUTSIDE, at_least=True),
            Bar(f"points lost at two slips in {name}", ours.lost.get(2), TYPOS),
        ]

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        content = asdict(self)
        for kinds in content["entities"].values():
            for kind, score in kinds.items():
                found = Found(**score)
                kinds[kind] = {**score, "recall": found.recall, "precision": found.precision}
        return {**rounded(content), **judged(self.bars())}


def quality(
    readings: Sequence[Reading],
    milliseconds: Sequence[float],
    outside: Sequence[Reading],
    misspelt: dict[int, Sequence[Reading]],
    threshold: Threshold,
) -> Quality:
    """Of messages, of messages out of scope, and of the former with so many slips each."""
    right = [reading for reading in readings if reading.right]
    wrong = [reading for reading in readings if not reading.right]
    return Quality(
        messages=len(readings),
        accuracy=accuracy(readings),
        macro_f1=macro_f1(readings),
        calibration_error=calibration_error(readings),
        outside=len(outside),
        auroc=auroc([r.confidence for r in readings], [r.confidence for r in outside])
        if outside
        else None,
        p50_ms=percentile(milliseconds, 0.5),
        p95_ms=percentile(milliseconds, 0.95),
        lost={n: 100 * (accuracy(readings) - accuracy(r)) for n, r in misspelt.items()},
        good_refused=_refused(right, threshold) or 0.0,
        wrong_caught=_refused(wrong, threshold),
        outside_caught=_refused(outside, threshold),
    )


def _refused(readings: Sequence[Reading], threshold: Threshold) -> float | None:
    if not readings:
        return None
    refused = [r for r in readings if r.falls_back(threshold.least, threshold.ambiguity)]
    return len(refused) / len(readings)
