"""The attacks by name. Each changes a copy of what is stored, and says what is noticed, by whom.

Readers that are not named may notice too, or be right: an entry that a reader does not need is not
opened by it. None may ever read something else than was written (see judge.py).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from tests.attacks.scene import Scene
from tests.attacks.stored import Stored


class Expected(NamedTuple):
    """The exception, and the readers of scene.READERS that must raise it."""

    error: type[Exception]
    seen_by: tuple[str, ...]


Play = Callable[[Scene, Stored, Random], Expected]
ATTACKS: dict[str, Play] = {}


def attack(play: Play) -> Play:
    """An attack of the catalogue."""
    ATTACKS[play.__name__] = play
    return play


def load() -> dict[str, Play]:
    """All of them, from the modules that hold them."""
    from tests.attacks import columns, entries, keys, rows, waiting  # noqa: F401 - they register

    return ATTACKS
