"""What was measured of masking, what was asked, and whether it is met."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bench.figures import Bar, judged, rounded
from bench.masking.judge import Judge, Score
from bench.masking.written import CARDS, OTHERS, SPLIT
from bench.numbers import Spread, spread

CARD, OTHER, WRONG, P95 = 1.0, 0.995, 0.005, 2.0


@dataclass
class MaskingFigures:
    """Everything. Scores by kind, then by language; times in milliseconds."""

    machine: dict[str, Any]
    plan: dict[str, Any]
    scores: dict[str, dict[str, Score]] = field(default_factory=dict)
    ways: dict[str, float] = field(default_factory=dict)
    wall_ms: Spread | None = None
    cpu_ms: Spread | None = None
    slowest_ms: float | None = None
    seconds: float = 0

    def take(self, judge: Judge) -> None:
        """What the judge has counted."""
        self.scores = judge.scores
        self.ways = {
            way: 1 - judge.missed_ways[way] / count for way, count in sorted(judge.ways.items())
        }
        self.wall_ms = spread([cost.wall for cost in judge.costs])
        self.cpu_ms = spread([cost.cpu for cost in judge.costs])
        self.slowest_ms = 1000 * max(cost.cpu for cost in judge.costs)

    def of(self, kind: str) -> Score | None:
        """A kind in both languages together."""
        found = self.scores.get(kind)
        if not found:
            return None
        total = Score()
        for score in found.values():
            total.messages += score.messages
            total.masked += score.masked
            total.too_much += score.too_much
        return total

    def bars(self) -> list[Bar]:
        """What was asked, in the order in which it was asked."""
        bars = []
        for kind in (CARDS, SPLIT, *OTHERS):
            score = self.of(kind)
            limit = CARD if kind in (CARDS, SPLIT) else OTHER
            value = score.recall if score else None
            bars.append(Bar(f"recall of {kind}", value, limit, at_least=True))
        orders = self.of("order number")
        wrong = orders.wrong if orders else None
        bars.append(Bar("order numbers wrongly masked", wrong, WRONG))
        # Other work on the machine makes the clock's time longer and hardly touches this.
        p95 = self.cpu_ms.p95 if self.cpu_ms else None
        bars.append(Bar("a message, 95th percentile in ms", p95, P95))
        return bars

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        scores = {
            kind: {
                language: {
                    "messages": score.messages,
                    "recall": score.recall,
                    "wrong": score.wrong,
                }
                for language, score in languages.items()
            }
            for kind, languages in self.scores.items()
        }
        rest = {**asdict(self), "scores": scores}
        return {**rounded(rest), **judged(self.bars())}
