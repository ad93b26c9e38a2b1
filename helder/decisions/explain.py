"""Why a decision came out as it did, and what would have changed it. From its record alone.

**What mattered** is a set of conditions with their outcomes that is

- *sufficient*: in every case in which they come out as they did, whatever all else is, the outcome
  (result and reckoning of money) is the same; and
- *minimal*: of no smaller part of it is that true.

That is an abductive or prime-implicant explanation (Shih, Choi, Darwiche 2018; Ignatiev,
Narodytska, Marques-Silva 2019; for decision lists Ignatiev, Marques-Silva 2021), with conditions in
place of values ("inflated", Izza et al. 2023): "more than 30 days", not "35 days". Where several
sets are minimal, the one that keeps to the rule that decided is told.

**What would have changed it**: of all cases with a better outcome those in which the fewest facts
differ, and of these the nearest (Wachter, Mittelstadt, Russell 2017). Each is decided again by the
evaluator before it is offered. Advice holds only facts that the customer can still influence;
others are told as what would have been, never as advice. GDPR art. 15(1)(h) asks for this much: the
procedure and principles that were actually applied to this person's data, and how other data would
have changed the result (CJEU C-203/22, Dun & Bradstreet Austria, 27 February 2025).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from helder.decisions.cells import Grid, Region, distance, sayable
from helder.decisions.conditions import Condition
from helder.decisions.evaluate import case_of, decide, rule_of
from helder.decisions.facts import Catalogue, Value
from helder.decisions.policy import Result, Rule, Version
from helder.decisions.record import Decision
from helder.decisions.search import conditions_of, deciding_otherwise

_BEST_FIRST = tuple(Result)
# What nobody can change is told only if so few facts would have done; more help nobody.
_FEW = 2


@dataclass(frozen=True)
class Mattered:
    """A condition that was needed for the outcome, and how it came out."""

    condition: Condition
    outcome: bool


@dataclass(frozen=True)
class Counterfactual:
    """Facts that would have changed the outcome, and the decision that they lead to, replayed."""

    changes: tuple[tuple[str, Value], ...]
    decision: Decision


@dataclass(frozen=True)
class Explanation:
    """All that is told about a decision. `advice` and `otherwise` are None if there is nothing."""

    decision: Decision
    rule: Rule
    mattered: tuple[Mattered, ...]
    advice: Counterfactual | None
    otherwise: Counterfactual | None


def explain(version: Version, decision: Decision, facts: Catalogue) -> Explanation:
    """The explanation of a decision by this version. Raises NotReplayed: it is not of it."""
    rule = rule_of(version, decision)
    mattered = what_mattered(version, decision, facts)
    own = [name for name in decision.facts if facts[name].influenced]
    return Explanation(
        decision,
        rule,
        mattered,
        advice=next(counterfactuals(version, decision, facts, own), None),
        otherwise=next(counterfactuals(version, decision, facts, [*decision.facts], _FEW), None),
    )


def what_mattered(version: Version, decision: Decision, facts: Catalogue) -> tuple[Mattered, ...]:
    """The minimal sufficient conditions, in the order in which they were evaluated."""
    rule = rule_of(version, decision)
    grid = Grid(facts, conditions_of(version.rules), decision.facts)
    evaluated = version.rules[: version.rules.index(rule) + 1]
    values = decision.facts
    literals: dict[tuple[str, int], Mattered] = {}
    for asked in conditions_of(evaluated):
        holds = asked.holds(values[asked.fact])
        literals.setdefault((asked.fact, grid.mask(asked)), Mattered(asked, holds))
    own = {(each.fact, grid.mask(each)) for each in rule.when}
    # Try to do without what other rules asked: first what was true of them, and the last first.
    kept = list(literals.values())
    last_first = list(reversed(literals))
    last_first.sort(key=lambda key: (key in own, not literals[key].outcome))
    for each in (literals[key] for key in last_first):
        rest = [other for other in kept if other is not each]
        if _sufficient(grid, rest, version.rules, rule):
            kept = rest
    return tuple(kept)


def _sufficient(
    grid: Grid, literals: Sequence[Mattered], rules: Sequence[Rule], rule: Rule
) -> bool:
    region: Region | None = grid.everything
    for each in literals:
        assert region is not None  # the case itself is in it
        region = grid.where(region, each.condition, each.outcome)
    assert region is not None
    return deciding_otherwise(grid, region, rules, rule.outcome) is None


def counterfactuals(
    version: Version,
    decision: Decision,
    facts: Catalogue,
    changeable: Sequence[str],
    most: int | None = None,
) -> Iterator[Counterfactual]:
    """The smallest changes of these facts with a better outcome, the nearest first.

    All of them change equally many facts, no more than `most`; nothing if no such change helps. A
    fact is never changed into not being known.
    """
    grid = Grid(facts, conditions_of(version.rules), decision.facts)
    names = [name for name in changeable if name in grid.cells]
    for count in range(1, min(most or len(names), len(names)) + 1):
        found = [
            (sum(distance(decision.facts[n], v) for n, v in changes), order, each)
            for order, changes in enumerate(_changes(grid, facts, decision, names, count))
            if (each := _replayed(version, decision, facts, changes)) is not None
        ]
        if found:
            yield from (each for _, _, each in sorted(found, key=_by_distance))
            return


def _by_distance(found: tuple[Fraction | int, int, Counterfactual]) -> tuple[Fraction | int, int]:
    return found[:2]


def _changes(
    grid: Grid, facts: Catalogue, decision: Decision, names: Sequence[str], count: int
) -> Iterator[tuple[tuple[str, Value], ...]]:
    """Every way to change exactly `count` facts, each to the nearest value of another cell."""
    values = decision.facts
    others = {
        name: [
            nearest
            for cell in grid.cells[name]
            if sayable(nearest := cell.nearest(values[name], decision.currency))
            and nearest != values[name]
        ]
        for name in names
    }
    for name in names:
        options = facts[name].options
        if values[name] in options:  # of equally different ones, the next in order comes first
            here = options.index(str(values[name]))
            others[name].sort(key=lambda value: abs(options.index(str(value)) - here))
    for chosen in combinations(names, count):
        for combination in product(*(others[name] for name in chosen)):
            yield tuple(zip(chosen, combination, strict=True))


def _replayed(
    version: Version, decision: Decision, facts: Catalogue, changes: tuple[tuple[str, Value], ...]
) -> Counterfactual | None:
    """What these changes lead to, decided by the evaluator; None unless that is better, and not
    only because the same share of more is more."""
    case = case_of(decision).supposing(facts, dict(changes))
    again = decide(version, case, decision.at, decision.by)
    same = rule_of(version, again).outcome == rule_of(version, decision).outcome
    return None if same or not better(again, decision) else Counterfactual(changes, again)


def better(one: Decision, other: Decision) -> bool:
    """Is it better for the customer: a better result, or the same with more money?"""
    if one.result is not other.result:
        return _BEST_FIRST.index(one.result) < _BEST_FIRST.index(other.result)
    return _money(one) > _money(other)


def _money(decision: Decision) -> int:
    pays = decision.pays.cents if decision.pays else 0
    return pays - (decision.fee.cents if decision.fee else 0)
