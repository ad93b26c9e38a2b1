"""Keys, randomness and time that are the same in every run, so that what is written is too."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from unittest import mock

from helder.conversation.errors import KeyringError
from helder.conversation.keyring import Key

BEGINNING = datetime(2026, 11, 22, 9, tzinfo=timezone.utc)


@dataclass
class FixedClock:
    """Stands still until it is moved."""

    now: datetime = BEGINNING

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class FixedKeyring:
    """Keys given as they are, of which a rotation may show only the first ones."""

    keys: dict[str, dict[int, bytes]]
    newest: dict[str, int] = field(default_factory=lambda: {"master": 1, "index": 1})
    slow: bool = False

    @classmethod
    def of_hex(cls, keys: dict[str, dict[str, str]]) -> FixedKeyring:
        """The keys of a vector, all of them in use."""
        given = {
            purpose: {int(version): bytes.fromhex(key) for version, key in versions.items()}
            for purpose, versions in keys.items()
        }
        return cls(given, {purpose: max(versions) for purpose, versions in given.items()})

    def rotate(self) -> None:
        """Use the next version of every key from now on."""
        self.newest = {purpose: version + 1 for purpose, version in self.newest.items()}

    def current(self, purpose: str) -> Key:
        return self.get(purpose, self.newest[purpose])

    def get(self, purpose: str, version: int) -> Key:
        if version not in self.versions(purpose):
            raise KeyringError(f"The {purpose} key of version {version} is missing.")
        return Key(version, self.keys[purpose][version])

    def versions(self, purpose: str) -> tuple[int, ...]:
        known = (version for version in self.keys[purpose] if version <= self.newest[purpose])
        return tuple(sorted(known, reverse=True))


@contextmanager
def randomness(seed: str) -> Iterator[None]:
    """Random bytes of the operating system, replaced by SHAKE-256 of a seed and a count.

    Each length is counted by itself, so that nonces stay what they are if an id is made earlier.
    """
    drawn: Counter[int] = Counter()

    def draw(length: int) -> bytes:
        drawn[length] += 1
        return hashlib.shake_256(f"{seed}/{length}/{drawn[length]}".encode()).digest(length)

    # `secrets` draws through `random`, which has a name of its own for it.
    with mock.patch("os.urandom", draw), mock.patch("random._urandom", draw):
        yield
