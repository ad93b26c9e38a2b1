"""What is wrong with the rules of a version as a whole. Exact: see search.py."""

from __future__ import annotations

from collections.abc import Iterator

from helder.decisions.cells import Grid
from helder.decisions.conditions import Condition
from helder.decisions.errors import Problem
from helder.decisions.facts import Catalogue, Value, number
from helder.decisions.policy import Version
from helder.decisions.search import avoiding, conditions_of, deciding, within
from helder.shop.values import Money


def unsound(version: Version, facts: Catalogue) -> Iterator[Problem]:
    """Rules that can never decide, and cases that none decides."""
    grid = Grid(facts, conditions_of(version.rules))
    for index, rule in enumerate(version.rules):
        if within(grid, grid.everything, rule) is None:
            why = "its conditions cannot all be true at once"
        elif deciding(grid, version.rules, index) is None:
            why = "the rules above it take all its cases"
        else:
            continue
        yield Problem(rule.line, f"The rule {rule.name} can never decide: {why}.")
    left = avoiding(grid, grid.everything, version.rules)
    if left is not None:
        case = ", ".join(_told(name, value) for name, value in grid.example(left).items())
        sentence = f"No rule is left for this case: {case}. End with a rule for “anything else”."
        yield Problem(version.line, sentence)


def decides_on(condition: Condition, places: range) -> bool:
    """Is a condition true of any of these whole numbers?"""
    return any(condition.holds(place) for place in places)


def _told(name: str, value: Value) -> str:
    if value is None:
        return f"{name} is unknown"
    if isinstance(value, bool):
        return f"{name} is {'yes' if value else 'no'}"
    if isinstance(value, Money):
        return f"{name} is {number(value) / 100:.2f}"
    if isinstance(value, frozenset):
        return f"{name} has {', '.join(sorted(value)) or 'nothing'}"
    return f"{name} is {value}"
