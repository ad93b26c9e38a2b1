"""What was measured of the two stores, what was asked, and whether it is met."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bench.figures import Bar, judged, ratio, rounded
from bench.numbers import Spread
from bench.store.measure import Grown, Inside, Times
from bench.store.plan import LONG, SHORT

# What is asked. Ratios; at most.
SHORT_TURN = 0.5  # a turn at 10, to stock's
LONG_TURN = 0.05  # a turn at 1,000, to stock's
GROWTH = 1.2  # a turn at 1,000 to one at 10
BYTES = 0.25  # bytes a turn, to stock's
CRYPTOGRAPHY = 0.1  # of a turn

Parts = dict[str, Spread]  # retrieve, save, turn, receive


@dataclass
class OfDatabase:
    """The figures on one kind of database, by system and length. Milliseconds, bytes, rows."""

    title: str
    durability: str
    times: dict[str, dict[int, Parts]] = field(default_factory=dict)
    bytes_per_turn: dict[str, dict[int, float]] = field(default_factory=dict)
    rows_per_turn: dict[str, dict[int, float]] = field(default_factory=dict)
    inside: dict[int, Inside] = field(default_factory=dict)

    def fill_sizes(self, system: str, grown: dict[int, Grown]) -> None:
        """What the conversations of a store take."""
        self.bytes_per_turn[system] = {n: each.bytes_per_turn for n, each in grown.items()}
        self.rows_per_turn[system] = {n: each.rows_per_turn for n, each in grown.items()}

    def fill_times(self, taken: dict[str, dict[int, Times]]) -> None:
        """How long it took."""
        self.times = {
            system: {length: times.spreads() for length, times in lengths.items()}
            for system, lengths in taken.items()
        }

    def median(self, system: str, length: int, part: str = "turn") -> float | None:
        """In milliseconds; None if it was not measured."""
        found = self.times.get(system, {}).get(length)
        return found[part].median if found else None

    def turn(self, length: int) -> float | None:
        """Our turn to stock's."""
        return ratio(self.median("helder", length), self.median("stock", length))

    def growth(self, system: str) -> float | None:
        """How many times a short conversation's turn a long one's costs."""
        return ratio(self.median(system, LONG), self.median(system, SHORT))

    def bytes(self, length: int) -> float | None:
        """Our bytes a turn to stock's."""
        each = {system: of.get(length) for system, of in self.bytes_per_turn.items()}
        return ratio(each.get("helder"), each.get("stock"))

    def bars(self) -> list[Bar]:
        """What was asked, in the order in which it was asked; of two lengths the worse."""
        shares = [inside.share for inside in self.inside.values()]
        sizes = [size for size in map(self.bytes, (SHORT, LONG)) if size is not None]
        at = f"{self.title}: "
        return [
            Bar(f"{at}a turn at {SHORT} / stock Rasa's", self.turn(SHORT), SHORT_TURN),
            Bar(f"{at}a turn at {LONG} / stock Rasa's", self.turn(LONG), LONG_TURN),
            Bar(f"{at}a turn at {LONG} / one at {SHORT}", self.growth("helder"), GROWTH),
            Bar(f"{at}bytes a turn / stock Rasa's", max(sizes, default=None), BYTES),
            Bar(f"{at}cryptography in a turn", max(shares, default=None), CRYPTOGRAPHY),
        ]


@dataclass
class StoreFigures:
    """All figures, by database; those that could not be measured with the reason."""

    machine: dict[str, Any]
    plan: dict[str, Any]
    databases: dict[str, OfDatabase] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    dialogue: dict[str, float] = field(default_factory=dict)
    machine_noise: float | None = None
    fsync: Spread | None = None
    seconds: float = 0

    def bars(self) -> list[Bar]:
        """What was asked, on every database."""
        return [bar for database in self.databases.values() for bar in database.bars()]

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        found = {**rounded(asdict(self)), **judged(self.bars())}
        if self.missing and found["all_met"]:
            found["all_met"] = None
        return found
