"""Plays an attack and holds what is read afterwards against what was written."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg2

from helder.conversation.errors import ConversationError, KeyringError, Locked, Tampered
from tests.attacks.catalogue import Expected, Play
from tests.attacks.scene import READERS, Read, Scene

# The database itself would not hold it: another value is tried.
PREVENTED = (
    *(sqlite3.IntegrityError, psycopg2.IntegrityError),
    *(psycopg2.DataError, psycopg2.ProgrammingError),
)
TRIES = 50
REFUSED = (Tampered, KeyringError)


@dataclass
class Judge:
    """Counts the cases, and fails at the first that is not as it should be."""

    scene: Scene
    readers: dict[str, Read] = field(default_factory=lambda: READERS)
    cases: int = 0
    prevented: int = 0

    def __post_init__(self) -> None:
        self._right = {name: found(self.scene, read) for name, read in self.readers.items()}
        self._unharmed = self.scene.log.history(self.scene.bystander)

    def play(self, play: Play, seed: int) -> Expected | None:
        """One case: the attack, and everybody's reading of what it left.

        None if the database does not hold such values.
        """
        self.scene.restore()
        expected = self._attack(play, Random(f"{play.__name__} {seed}"))
        case = f"{play.__name__}, seed {seed}"
        if expected is None:
            return None
        for name, read in self.readers.items():
            self.scene.unlock()
            got = found(self.scene, read)
            if name in expected.seen_by:
                assert got is expected.error, f"{case}: {name} found {got!s:.200}"
                self._is_locked(case, name, read, expected)
            else:
                right = got == self._right[name] or _is_refusal(got)
                assert right, f"{case}: {name} found {got!s:.200}"
        if play.__name__ != "the_whole_database_is_rolled_back":
            assert self.scene.log.history(self.scene.bystander) == self._unharmed, case
        self.cases += 1
        return expected

    def _attack(self, play: Play, chance: Random) -> Expected | None:
        for _ in range(TRIES):
            stored = self.scene.now.copy()
            expected = play(self.scene, stored, chance)
            try:
                self.scene.attacker.write(stored)
            except PREVENTED:
                self.prevented += 1
                continue
            if self.scene.attacker.read() != self.scene.now:
                return expected
        return None

    def _is_locked(self, case: str, name: str, read: Read, expected: Expected) -> None:
        locks = self.scene.anchor.locks()
        if issubclass(expected.error, Tampered):
            assert [reason for _, reason in locks] == [expected.error.__name__], case
            assert found(self.scene, read) is Locked, f"{case}: {name} is not locked"
        else:
            assert locks == [], f"{case}: a missing key is no damage"


def found(scene: Scene, read: Read) -> Any:
    """What a reader finds, or the type of what it raises. Any other exception is a fault."""
    try:
        return read(scene)
    except ConversationError as error:
        return type(error)


def _is_refusal(got: Any) -> bool:
    return isinstance(got, type) and issubclass(got, REFUSED)
