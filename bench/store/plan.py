"""How much is measured: which lengths, how often, with how many conversations."""

from __future__ import annotations

import math
from dataclasses import dataclass

SYSTEMS = ("stock", "helder")
DATABASES = ("sqlite", "postgresql")
LENGTHS = (1, 10, 100, 1000)
SHORT, LONG = 10, 1000  # the lengths that are judged
_DRIFT = 20


@dataclass(frozen=True)
class Plan:
    """`samples` turns are timed at each length, then `inside` more to see what is in them.

    At least `grown` turns are had at each length, so that bytes are not those of half-filled pages.
    """

    samples: int
    inside: int
    grown: int
    lengths: tuple[int, ...] = LENGTHS


FULL = Plan(samples=100, inside=50, grown=1000)
QUICK = Plan(samples=20, inside=10, grown=200)


@dataclass(frozen=True)
class Group:
    """So many conversations of one length, in each of which `width` turns are timed."""

    length: int
    width: int
    conversations: int

    @property
    def turns(self) -> int:
        """How many turns it takes to make them."""
        return self.length * self.conversations


def group(length: int, plan: Plan) -> Group:
    """The conversations that are needed for a plan's samples near a length.

    Each is `length` turns long when the first is taken, and at most 5 % longer at the last.
    """
    width = max(1, min(plan.samples, length // _DRIFT))
    for_samples, for_bytes = math.ceil(plan.samples / width), math.ceil(plan.grown / length)
    return Group(length, width, max(for_samples, for_bytes))
