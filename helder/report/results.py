"""What a report shows: the figures of each language, the weakest intents, the borders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helder.content.sources import NAMES
from helder.report import measures
from helder.report.borders import Border, Examples, borders
from helder.report.crossing import Example, Settings
from helder.report.measures import Bin, Reading, Score

WEAKEST = 15
MATRIX = 14
BORDERS = 12
PULLS = 3
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Outcome:
    """What customers get, as shares: the answer, a question back, or the wrong answer."""

    right: float
    right_asked: float
    wrong_asked: float
    wrong: float

    @property
    def asked(self) -> float:
        """The fallback rate."""
        return self.right_asked + self.wrong_asked


@dataclass(frozen=True)
class Weak:
    """An intent, how well it is found, and what it is mostly taken for."""

    score: Score
    taken_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Matrix:
    """How often the intents that are mixed up most were read as each other, and as others."""

    intents: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]  # a row per intent: each of `intents`, then all others
    totals: tuple[int, ...]


@dataclass(frozen=True)
class InLanguage:
    """Everything about the messages of one language."""

    language: str
    name: str
    messages: int
    accuracy: float
    between: tuple[float, float]
    macro_f1: float
    calibration_error: float
    outcome: Outcome
    at_thresholds: tuple[tuple[float, Outcome], ...]
    bins: tuple[Bin, ...]
    weakest: tuple[Weak, ...]
    matrix: Matrix
    borders: tuple[Border, ...]


@dataclass(frozen=True)
class Part:
    """The figures of one set of messages. `outside` of them fit no intent."""

    key: str
    title: str
    about: str
    languages: tuple[InLanguage, ...]
    outside: int = 0
    outside_asked: float | None = None
    auroc: float | None = None
    left_out: str | None = None


def part(
    key: str,
    title: str,
    about: str,
    messages: Sequence[Example],
    vectors: npt.NDArray[np.float32],
    readings: Sequence[Reading],
    examples: Examples,
    settings: Settings,
) -> Part:
    """Figures of messages that have an intent."""
    found = []
    for language, name in NAMES.items():
        mine = [n for n, each in enumerate(messages) if each.language == language]
        if mine:
            chosen = [messages[n] for n in mine], vectors[mine], [readings[n] for n in mine]
            found.append(_in_language(language, name, *chosen, examples, settings))
    return Part(key, title, about, tuple(found))


def _in_language(
    language: str,
    name: str,
    messages: list[Example],
    vectors: npt.NDArray[np.float32],
    readings: list[Reading],
    examples: Examples,
    settings: Settings,
) -> InLanguage:
    accuracy = measures.accuracy(readings)
    return InLanguage(
        language,
        name,
        len(messages),
        accuracy,
        measures.interval(accuracy, len(messages)),
        measures.macro_f1(readings),
        measures.calibration_error(readings),
        outcome(readings, settings.threshold, settings.ambiguity),
        tuple((at, outcome(readings, at, settings.ambiguity)) for at in THRESHOLDS),
        tuple(measures.bins(readings)),
        tuple(_weakest(readings)),
        matrix(readings),
        tuple(borders(messages, vectors, readings, examples, most=BORDERS, shown=PULLS)),
    )


def outcome(readings: Sequence[Reading], threshold: float, ambiguity: float) -> Outcome:
    """What customers get with these settings of the fallback."""
    counted = Counter((r.right, r.falls_back(threshold, ambiguity)) for r in readings)
    share = {key: count / len(readings) for key, count in counted.items()}
    return Outcome(
        right=share.get((True, False), 0.0),
        right_asked=share.get((True, True), 0.0),
        wrong_asked=share.get((False, True), 0.0),
        wrong=share.get((False, False), 0.0),
    )


def _weakest(readings: Sequence[Reading]) -> list[Weak]:
    confused = measures.confusions(readings)
    found = []
    weak = [score for score in measures.scores(readings) if score.f1 < 1]
    for score in weak[:WEAKEST]:
        taken = Counter(
            {read: n for (intent, read), n in confused.items() if intent == score.intent}
        )
        found.append(Weak(score, tuple(taken.most_common(2))))
    return found


def matrix(readings: Sequence[Reading], size: int = MATRIX) -> Matrix:
    """The intents with the most mix-ups, on either side, in the order of their names."""
    confused = measures.confusions(readings)
    involved: Counter[str] = Counter()
    for (intent, read), count in confused.items():
        involved[intent] += count
        involved[read] += count
    totals = Counter(reading.intent for reading in readings)
    chosen = [intent for intent, _ in involved.most_common() if totals[intent]][:size]
    names = tuple(sorted(chosen))
    read_as = Counter((reading.intent, reading.read) for reading in readings)
    rows = []
    for intent in names:
        cells = [read_as[intent, other] for other in names]
        rows.append((*cells, totals[intent] - sum(cells)))
    return Matrix(names, tuple(rows), tuple(totals[intent] for intent in names))
