"""How long somebody will still wait: an interval, or that it is unknown.

The distribution of the wait of one with so many ahead follows from how long service takes, who is
busy and since when (Whitt, "Predicting Queueing Delays", Management Science 45(6), 1999). Here it
is drawn: each busy conversation lasts on as one of those that lasted at least as long so far, each
new one as any that was seen (the bootstrap, Efron 1979), and those ahead are taken in their order
by whoever can take them first. Nothing is assumed of the shape of service times.

What cannot be known (who else comes and goes first, who gives up, when agents go home) stretches
the interval: after each wait that ended, its lower end goes up a little if the wait was not below
it and down much if it was, so that 10 % of waits come to lie below, and so does its upper end (the
quantile tracker of Angelopoulos, Candès and Tibshirani, "Conformal PID Control for Time Series
Prediction", 2023, on the logarithm; after Gibbs and Candès 2021). So in the long run 80 % of real
waits lie within, whatever is wrong with the model, as long as `MOST_STRETCH` is not reached.
"""

from __future__ import annotations

import heapq
import math
import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from helder.handoff.able import Agent, Asked, able

FEWEST = 20  # service times; with fewer nothing is said
DRAWS = 200
TAIL = 0.1  # of waits below the interval, and above it
STEP = 0.05  # a factor of 1.05
MOST_STRETCH = 10.0
EVERY = timedelta(seconds=5)


class Unknown(Enum):
    """Why nothing can be said about a wait."""

    NOBODY = "nobody_present"  # who could take it
    TOO_FEW = "too_few_observations"


@dataclass(frozen=True)
class Expected:
    """In four of five cases the wait is within this, both ends included."""

    low: timedelta
    high: timedelta


@dataclass(frozen=True)
class Stretch:
    """By how much what was drawn is made shorter or longer, at each end of the interval."""

    low: float = 1.0
    high: float = 1.0

    def after(self, told: Expected, waited: timedelta) -> Stretch:
        """Once it is known of somebody who was told this how long they waited.

        Who gave up after more than `told.high` waited too long for it, however long it would have
        been; of others who gave up nothing is known.
        """
        low = self.low * math.exp(STEP * (TAIL - (waited < told.low)))
        high = self.high * math.exp(STEP * ((waited > told.high) - TAIL))
        return Stretch(_within_reason(low), _within_reason(high))


@dataclass(frozen=True)
class Staff:
    """The agents who are present, and how long recent conversations with agents took."""

    agents: Sequence[Agent]
    served: Sequence[timedelta]


def expected(
    asked: Asked,
    before: Sequence[Asked],
    staff: Staff,
    now: datetime,
    dice: random.Random,
    stretch: Stretch = Stretch(),
) -> Expected | Unknown:
    """How long `asked` still waits, with those `before` it in the order in which they are taken."""
    if not any(able(agent, asked) and agent.capacity > 0 for agent in staff.agents):
        return Unknown.NOBODY
    if len(staff.served) < FEWEST:
        return Unknown.TOO_FEW
    draw = _Draw(asked, before, staff, now, dice)
    waits = sorted(draw.wait() for _ in range(DRAWS))
    high = stretch.high * _at(waits, 1 - TAIL)
    low = min(stretch.low * _at(waits, TAIL), high)
    return Expected(timedelta(seconds=low), timedelta(seconds=high))


def is_due(told: datetime | None, now: datetime) -> bool:
    """May a wait be told anew: never told, or at least `EVERY` ago?"""
    return told is None or now - told >= EVERY


class _Draw:
    """One way in which it may go, again and again. Seconds."""

    def __init__(
        self,
        asked: Asked,
        before: Sequence[Asked],
        staff: Staff,
        now: datetime,
        dice: random.Random,
    ) -> None:
        self._dice = dice
        self._served = sorted(each.total_seconds() for each in staff.served)
        self._mine = len(before)
        line = (*before, asked)
        self._able = [[able(agent, each) for each in line] for agent in staff.agents]
        # Each conversation that an agent can have: how long it has lasted, or None if it is free.
        self._slots: list[tuple[int, float | None]] = []
        for index, agent in enumerate(staff.agents):
            lasted = [max(0.0, (now - since).total_seconds()) for since in agent.busy]
            free = [None] * agent.room
            self._slots += [(index, each) for each in (*lasted[: agent.capacity], *free)]

    def wait(self) -> float:
        """How long it takes this time."""
        ends = [(0.0 if age is None else self._left(age), index) for index, age in self._slots]
        heapq.heapify(ends)
        waiting = list(range(self._mine + 1))
        while True:
            time, agent = heapq.heappop(ends)
            one = next((each for each in waiting if self._able[agent][each]), None)
            if one == self._mine:
                return time
            if one is not None:  # otherwise this agent has nobody to take any more
                waiting.remove(one)
                heapq.heappush(ends, (time + self._dice.choice(self._served), agent))

    def _left(self, age: float) -> float:
        """How long a conversation lasts on that has lasted so long."""
        longer = bisect_left(self._served, age)
        if longer == len(self._served):  # longer than any that was seen: as if it began just now
            return self._dice.choice(self._served)
        return self._served[self._dice.randrange(longer, len(self._served))] - age


def _at(waits: Sequence[float], level: float) -> float:
    """The wait at a level, from 0 to 1."""
    return waits[round(level * (len(waits) - 1))]


def _within_reason(factor: float) -> float:
    return min(max(factor, 1 / MOST_STRETCH), MOST_STRETCH)
