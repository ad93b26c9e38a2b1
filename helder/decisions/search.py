"""Exact questions about a list of rules: can this one ever decide? is there a case without one?

Each is a search for a region: the rules above must each have a condition that is false, and those
conditions narrow one fact each. The branches are disjoint (a rule's first false condition), so no
case is looked at twice. It is exponential at worst (deciding it is NP-hard); policies that people
can read take microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helder.decisions.cells import Grid, Region
from helder.decisions.conditions import Condition
from helder.decisions.policy import Rule


def conditions_of(rules: Sequence[Rule]) -> list[Condition]:
    """All conditions, in order."""
    return [condition for rule in rules for condition in rule.when]


def within(grid: Grid, region: Region, rule: Rule) -> Region | None:
    """The part of a region in which all conditions of a rule are true; None if there is none."""
    found: Region | None = region
    for condition in rule.when:
        if found is None:
            return None
        found = grid.where(found, condition, True)
    return found


def avoiding(grid: Grid, region: Region, rules: Sequence[Rule]) -> Region | None:
    """A part of a region in which none of these rules decides; None if there is none."""
    if not rules:
        return region
    inside: Region | None = region
    for condition in rules[0].when:
        assert inside is not None
        outside = grid.where(inside, condition, False)
        found = None if outside is None else avoiding(grid, outside, rules[1:])
        if found is not None:
            return found
        inside = grid.where(inside, condition, True)
        if inside is None:  # nothing is left that this branch has not been through
            return None
    return None


def deciding(grid: Grid, rules: Sequence[Rule], index: int) -> Region | None:
    """Cases in which this rule decides; None if it never can."""
    inside = within(grid, grid.everything, rules[index])
    return None if inside is None else avoiding(grid, inside, rules[:index])


def deciding_otherwise(
    grid: Grid, region: Region, rules: Sequence[Rule], outcome: tuple[Any, ...]
) -> Region | None:
    """Cases of a region that are decided with another outcome; None if there are none."""
    for index, rule in enumerate(rules):
        inside = within(grid, region, rule) if rule.outcome != outcome else None
        found = None if inside is None else avoiding(grid, inside, rules[:index])
        if found is not None:
            return found
    return None
