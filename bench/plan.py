"""How much is measured, and which turns of a conversation stand for a point in it."""

from __future__ import annotations

import math
from dataclasses import dataclass

PHASES = ("training", "start", "memory", "turns", "throughput")
MEMORY_TURNS = 50
# Both assistants answer each of these with one written response, by a rule, without an action.
MESSAGES = ("bye", "are you a bot?")


@dataclass(frozen=True)
class Plan:
    """Numbers of repetitions. `samples` turns are timed at each of `points` of a conversation."""

    trainings: int
    starts: int
    points: tuple[int, ...]
    samples: int
    rounds: int
    customers: int
    turns: int


FULL = Plan(
    trainings=2,
    starts=3,
    points=(5, 10, 50, 200, 500),
    samples=40,
    rounds=3,
    customers=20,
    turns=15,
)
QUICK = Plan(
    trainings=1, starts=1, points=(5, 10, 50, 200), samples=20, rounds=1, customers=20, turns=5
)


@dataclass(frozen=True)
class Window:
    """The turns `first` … `first + width - 1` of each of so many `conversations`."""

    point: int
    first: int
    width: int
    conversations: int


def window(point: int, samples: int) -> Window:
    """The turns around `point` that are timed: `samples` in all, early on in several conversations.

    A window is never wider than its point, so it never reaches back to the first turn, in which a
    session begins.
    """
    width = max(1, min(samples, point))
    return Window(point, point - width // 2, width, math.ceil(samples / width))


def message(turn: int) -> str:
    """What the customer says in this turn."""
    return MESSAGES[turn % len(MESSAGES)]
