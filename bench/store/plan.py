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
    """`samples` turns are timed at each length, then `inside` more to see what is in them."""

    samples: int
    inside: int
    lengths: tuple[int, ...] = LENGTHS


FULL = Plan(samples=100, inside=50)
QUICK = Plan(samples=20, inside=10)


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


def group(length: int, samples: int) -> Group:
    """The conversations that are needed for so many samples near a length.

    Each is `length` turns long when the first is taken, and at most 5 % longer at the last.
    """
    width = max(1, min(samples, length // _DRIFT))
    return Group(length, width, math.ceil(samples / width))
