"""Medians and percentiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """Median and 95th percentile, in milliseconds."""

    median: float
    p95: float


@dataclass(frozen=True)
class Cost:
    """Seconds that something took on the clock, and of all processors together.

    Other work on the machine makes the first longer and hardly touches the second.
    """

    wall: float
    cpu: float


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each."""
    return Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that is not below `share` of them (the nearest rank)."""
    if not values:
        raise ValueError("There is no percentile of nothing.")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(seconds: Sequence[float]) -> Spread:
    """Of durations in seconds."""
    return Spread(median(seconds) * 1000, percentile(seconds, 0.95) * 1000)
