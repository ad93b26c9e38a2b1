"""The finitely many cases that a policy can tell apart.

Each condition is about one fact, so a fact's values fall into *cells* between which no condition
distinguishes: `days < 30`, `= 30`, `> 30`. A set of cells is a bit mask; a *region* is a mask for
each fact, and stands for every combination of the values in it. What is true of all cells is true
of all values, which is what makes the checks and the explanations exact and not sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, pairwise

from helder.decisions.conditions import Condition
from helder.decisions.facts import (
    ANY_CURRENCY,
    ORDERED,
    Catalogue,
    Fact,
    Type,
    Value,
    from_number,
    line_of,
)
from helder.decisions.facts import number as place_of

Region = dict[str, int]  # a mask for each fact; no mask is empty
_NOBODY = "something_else"  # a word that no condition and no option names


@dataclass(frozen=True)
class Interval:
    """The places of a line from `low` to `high`, both of which are in it."""

    fact: Fact
    low: int
    high: int

    def nearest(self, value: Value, currency: str) -> Value:
        """The value in this cell that is the least different from another."""
        place = self.low if value is None else place_of(value)
        return from_number(self.fact, min(max(place, self.low), self.high), currency)


@dataclass(frozen=True)
class Single:
    """One value: yes, an option, or not known."""

    value: Value

    def nearest(self, value: Value, currency: str) -> Value:  # noqa: ARG002 - as Interval
        """See Interval."""
        return self.value


@dataclass(frozen=True)
class Words:
    """Lists that have a word of each of these groups, and no word of another."""

    groups: tuple[frozenset[str], ...]

    def nearest(self, value: Value, currency: str) -> Value:  # noqa: ARG002 - as Interval
        """See Interval."""
        old = value if isinstance(value, frozenset) else frozenset()
        kept = (old & group or frozenset([min(group)]) for group in self.groups)
        return frozenset(chain.from_iterable(kept))


Cell = Interval | Single | Words


class Grid:
    """The cells of every fact that conditions look at, and the masks of the conditions.

    `seen`: the values of a case, whose lists may hold words that nothing else names.
    """

    def __init__(
        self,
        facts: Catalogue,
        conditions: Iterable[Condition],
        seen: Mapping[str, Value] | None = None,
    ) -> None:
        values = seen or {}
        by_fact: dict[str, list[Condition]] = {}
        for each in conditions:
            by_fact.setdefault(each.fact, []).append(each)
        self.cells: dict[str, Sequence[Cell]] = {
            name: _cells(facts[name], about, values.get(name)) for name, about in by_fact.items()
        }
        self.everything: Region = {name: (1 << len(c)) - 1 for name, c in self.cells.items()}
        self._masks: dict[Condition, int] = {}

    def mask(self, condition: Condition) -> int:
        """The cells in which the condition is true."""
        if condition not in self._masks:
            cells = enumerate(self.cells[condition.fact])
            true = (1 << i for i, c in cells if condition.holds(c.nearest(None, ANY_CURRENCY)))
            self._masks[condition] = sum(true)
        return self._masks[condition]

    def where(self, region: Region, condition: Condition, outcome: bool) -> Region | None:
        """The part of a region in which a condition has this outcome; None if there is none."""
        mask = self.mask(condition)
        left = region[condition.fact] & (mask if outcome else ~mask)
        return {**region, condition.fact: left} if left else None

    def example(self, region: Region, currency: str = ANY_CURRENCY) -> dict[str, Value]:
        """One combination of values out of a region."""
        return {
            name: self.cells[name][(mask & -mask).bit_length() - 1].nearest(None, currency)
            for name, mask in region.items()
        }


def _cells(fact: Fact, conditions: Sequence[Condition], seen: Value) -> Sequence[Cell]:
    unknown: list[Cell] = [Single(None)] if fact.may_be_unknown else []
    if fact.type in ORDERED:
        return [*_intervals(fact, conditions), *unknown]
    if fact.type is Type.YES_NO:
        return [Single(True), Single(False), *unknown]
    if fact.type is Type.ONE_OF:
        return [*map(Single, fact.options), *unknown]
    return [*_lists(fact, conditions, seen), *unknown]


def _intervals(fact: Fact, conditions: Sequence[Condition]) -> list[Cell]:
    first, last = line_of(fact)
    cuts = {first, last + 1}
    for place in (int(each) for condition in conditions for each in condition.constants):
        cuts |= {cut for cut in (place, place + 1) if first < cut <= last}
    edges = sorted(cuts)
    return [Interval(fact, low, high - 1) for low, high in pairwise(edges)]


def _lists(fact: Fact, conditions: Sequence[Condition], seen: Value) -> list[Cell]:
    words = {str(word) for condition in conditions for word in condition.constants}
    words |= set(fact.options) | {_NOBODY} | (seen if isinstance(seen, frozenset) else set())
    groups: dict[tuple[bool, ...], set[str]] = {}
    for word in words:
        groups.setdefault(tuple(word in c.constants for c in conditions), set()).add(word)
    found = [_sayable(group) for _, group in sorted(groups.items(), reverse=True)]
    sizes = (combinations(found, size) for size in range(len(found) + 1))
    return [Words(each) for each in chain.from_iterable(sizes)]


def _sayable(group: set[str]) -> frozenset[str]:
    """The words of a group; the word that stands for all others only if there is nothing else."""
    return frozenset(group - {_NOBODY} or group)


def sayable(value: Value) -> bool:
    """Can the value be told to a person?"""
    return not (isinstance(value, frozenset) and _NOBODY in value) and value is not None


def distance(old: Value, new: Value) -> Fraction:
    """How different two values of a fact are: 0 to 1, exactly.

    Numbers, amounts and days: the step, measured by the larger of the two (days by a year). Lists:
    Jaccard's distance. Everything else is the same or different.
    """
    if old == new:
        return Fraction(0)
    if isinstance(old, frozenset) and isinstance(new, frozenset):
        return 1 - Fraction(len(old & new), len(old | new))
    if old is None or new is None or isinstance(old, bool | str):
        return Fraction(1)
    one, other = place_of(old), place_of(new)
    if hasattr(old, "toordinal"):
        return min(Fraction(1), Fraction(abs(one - other), 366))
    return Fraction(abs(one - other), max(one, other))
