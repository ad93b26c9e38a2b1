"""What was measured, what was asked, and whether it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.numbers import Cost, Spread
from bench.processes import Memory

# What issue 2, section 8, asks. Ratios; at most.
FLAT = 1.25  # a turn at 500 to one at 10
SHARE_OF_STOCK = 1 / 8  # a turn at 500 to stock Rasa's
START = 1 / 2
MEMORY = 0.6
EARLY, LATE = 10, 500


@dataclass(frozen=True)
class Bar:
    """Something that was asked: at most `limit`, or `at_least` it. `value` None: not measured."""

    what: str
    value: float | None
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Is it? None if it was not measured."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass
class Figures:
    """All figures, by system: `stock`, `helder` (its Rasa), and beside those what helps to judge.

    `customer` is Helder seen by the customer, `all` all four of its processes. Seconds, megabytes,
    milliseconds, turns per second.
    """

    machine: dict[str, Any]
    plan: dict[str, Any]
    training: dict[str, Cost] = field(default_factory=dict)
    start: dict[str, Cost] = field(default_factory=dict)
    memory: dict[str, Memory] = field(default_factory=dict)
    turns: dict[str, dict[int, Spread]] = field(default_factory=dict)
    throughput: dict[str, float] = field(default_factory=dict)
    machine_noise: float | None = None
    seconds: float = 0

    def median_turn(self, system: str, point: int) -> float | None:
        """The median turn of a system at a point, in milliseconds."""
        found = self.turns.get(system, {}).get(point)
        return found.median if found else None

    def growth(self, system: str) -> float | None:
        """How many times an early turn a late one costs."""
        return ratio(self.median_turn(system, LATE), self.median_turn(system, EARLY))

    def bars(self) -> list[Bar]:
        """What was asked, in the order in which it was asked."""
        rss = {system: found.rss for system, found in self.memory.items()}
        start = {system: cost.wall for system, cost in self.start.items()}
        late = {s: self.median_turn(s, LATE) for s in ("stock", "helder")}
        return [
            Bar(f"a turn at {LATE} / one at {EARLY}", self.growth("helder"), FLAT),
            Bar(
                f"a turn at {LATE} / stock Rasa's",
                ratio(late["helder"], late["stock"]),
                SHARE_OF_STOCK,
            ),
            Bar(
                "start to first answer / stock Rasa's",
                ratio(start.get("helder"), start.get("stock")),
                START,
            ),
            Bar(
                "memory of the Rasa process / stock Rasa's",
                ratio(rss.get("helder"), rss.get("stock")),
                MEMORY,
            ),
        ]

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {**rounded(asdict(self)), **judged(self.bars())}


def ratio(ours: float | None, theirs: float | None) -> float | None:
    """Ours to theirs, if both were measured."""
    return ours / theirs if ours is not None and theirs else None


def judged(bars: Sequence[Bar]) -> dict[str, Any]:
    """What was asked and whether it is so, for machines."""
    asked = [
        {
            "what": b.what,
            "value": rounded(b.value),
            "limit": b.limit,
            "at_least": b.at_least,
            "met": b.met,
        }
        for b in bars
    ]
    return {"asked": asked, "all_met": _all_met(bars)}


def _all_met(bars: Sequence[Bar]) -> bool | None:
    """None: none is missed, but not all were measured."""
    if any(bar.met is False for bar in bars):
        return False
    return None if any(bar.met is None for bar in bars) else True


def rounded(value: Any) -> Any:
    """Figures with four digits after the point, and names for keys: what JSON can hold."""
    if isinstance(value, dict):
        return {str(name): rounded(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value
