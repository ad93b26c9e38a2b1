"""Policies and cases by the thousands, with an oracle that shares no code with the evaluator.

Domains are small enough to be walked whole, and have every value that a condition can tell apart.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from typing import Any

from helder.decisions.evaluate import Case, decide
from helder.decisions.facts import Catalogue, Fact, Source, Type, Value
from helder.decisions.policy import Version
from helder.decisions.reading import version_from
from helder.decisions.record import Decision, Given
from helder.shop.values import Money

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
FIRST = date(2026, 1, 1)
WORDS = ("p", "q", "r")
_LISTS = [frozenset(c) for size in range(5) for c in combinations((*WORDS, "unheard_of"), size)]

FACTS = Catalogue(
    [
        Fact("days", Type.WHOLE, Source.CLOCK),
        Fact("pieces", Type.WHOLE, Source.CUSTOMER, influenced=True, may_be_unknown=True),
        Fact("photo", Type.YES_NO, Source.CUSTOMER, influenced=True),
        Fact("late", Type.YES_NO, Source.PARCEL, may_be_unknown=True),
        Fact("state", Type.ONE_OF, Source.ORDER, options=("open", "paid", "sent")),
        Fact("total", Type.MONEY, Source.ORDER),
        Fact("day", Type.DATE, Source.ORDER, influenced=True),
        Fact("kinds", Type.LIST, Source.ORDER, options=WORDS),
    ]
)
DOMAINS: Mapping[str, list[Value]] = {
    "days": list(range(9)),
    "pieces": [*range(7), None],
    "photo": [True, False],
    "late": [True, False, None],
    "state": ["open", "paid", "sent"],
    "total": [Money(cents, "EUR") for cents in range(9)],
    "day": [FIRST + timedelta(days=n) for n in range(7)],
    "kinds": _LISTS,
}
_BETTER = {"allow": 0, "recommend": 1, "refer to a person": 2, "refuse": 3}
Test = Callable[[Value], bool]


@dataclass(frozen=True)
class Made:
    """A generated policy: as data, and as plain Python that knows nothing of helder.decisions."""

    facts: tuple[str, ...]
    rules: tuple[tuple[tuple[tuple[str, str, Test], ...], str, int, int], ...]  # …, pays, share

    @cached_property
    def version(self) -> Version:
        text = {"en": "because", "nl": "omdat"}
        rules = []
        for number, (tests, result, pays, share) in enumerate(self.rules):
            rule: dict[str, Any] = {"name": f"rule_{number}", "then": result, "because": text}
            rule["when"] = [written for _, written, _ in tests] or "anything else"
            if pays or share:
                rule["pays"] = f"{pays / 100:.2f}" + (f" + {share} % of total" if share else "")
            rules.append(rule)
        data = {"policy": "made", "from": "2026-01-01", "contest": text, "rules": rules}
        return version_from(data, FACTS)

    def row(self, values: tuple[Value, ...]) -> tuple[tuple[str, int, int], int]:
        """The outcome of a case by plain Python, and the money in 1/100 cents."""
        facts = dict(zip(self.facts, values, strict=True))
        for tests, result, pays, share in self.rules:
            if all(test(facts[name]) for name, _, test in tests):
                total = facts["total"].cents if share else 0  # type: ignore[union-attr]  # money
                return (result, pays, share), -(-(pays * 100 + total * share) // 100)
        raise AssertionError("the last rule takes everything")

    @cached_property
    def table(self) -> dict[tuple[Value, ...], tuple[tuple[str, int, int], int]]:
        """The outcome of every case that there is."""
        cases = product(*(DOMAINS[name] for name in self.facts))
        return {values: self.row(values) for values in cases}

    def decide(self, values: tuple[Value, ...]) -> Decision:
        given = (Given(n, v, FACTS[n].source) for n, v in zip(self.facts, values, strict=True))
        return decide(self.version, Case("HD-100000", "EUR", tuple(given)), NOW)


def made(seed: int) -> Made:
    """The policy of a seed: two to four facts, one to six rules and one for all else."""
    dice = random.Random(seed)
    size = dice.choice([2, 3, 3, 4])
    names = dice.sample([n for n in FACTS if size < 4 or n not in ("kinds", "total")], size)
    rules = []
    for _ in range(dice.randint(1, 6)):
        about = dice.sample(names, dice.randint(1, min(3, size)))
        if dice.random() < 0.2:
            about.append(about[0])
        rules.append((tuple(_test(name, dice) for name in about), *_result(names, dice)))
    return Made(tuple(names), (*rules, ((), *_result(names, dice))))


def cases(policy: Made, seed: int, count: int) -> Iterator[tuple[Value, ...]]:
    """Some cases of a policy."""
    dice = random.Random(seed)
    for _ in range(count):
        yield tuple(dice.choice(DOMAINS[name]) for name in policy.facts)


def _result(names: list[str], dice: random.Random) -> tuple[str, int, int]:
    result = dice.choice(list(_BETTER))
    pays = dice.choice([0, 0, 100, 250]) if result == "allow" else 0
    return result, pays, dice.choice([0, 10]) if pays and "total" in names else 0


def _test(name: str, dice: random.Random) -> tuple[str, str, Test]:
    """A condition, as it is written and as Python."""
    fact = FACTS[name]
    if fact.may_be_unknown and dice.random() < 0.2:
        if dice.random() < 0.5:
            return name, f"{name} is unknown", lambda v: v is None
        return name, f"{name} is known", lambda v: v is not None
    written, test = _TESTS[fact.type](name, dice)
    return name, written, lambda v: v is not None and test(v)


def _ordered(name: str, dice: random.Random) -> tuple[str, Test]:
    # Not the first nor the last: what is beyond a bound is then in the small world too.
    value = dice.choice([each for each in DOMAINS[name] if each is not None][1:-1])
    shown = f"{value.cents / 100:.2f}" if isinstance(value, Money) else str(value)

    def key(each: Any) -> Any:
        return each.cents if isinstance(each, Money) else each

    bound = key(value)
    said, test = dice.choice(
        [
            ("is", lambda v: key(v) == bound),
            ("is not", lambda v: key(v) != bound),
            ("is at least", lambda v: key(v) >= bound),
            ("is at most", lambda v: key(v) <= bound),
            ("is more than", lambda v: key(v) > bound),
            ("is less than", lambda v: key(v) < bound),
        ]
    )
    return f"{name} {said} {shown}", test


def _yes_no(name: str, dice: random.Random) -> tuple[str, Test]:
    wanted = dice.random() < 0.5
    shown = "yes" if wanted else "no"
    if dice.random() < 0.5:
        return f"{name} is {shown}", lambda v: v is wanted
    return f"{name} is not {shown}", lambda v: v is not wanted


def _one_of(name: str, dice: random.Random) -> tuple[str, Test]:
    some = dice.sample(["open", "paid", "sent"], dice.randint(1, 2))
    if dice.random() < 0.5:
        return f"{name} is one of {', '.join(some)}", lambda v: v in some
    return f"{name} is none of {', '.join(some)}", lambda v: v not in some


def _lists(name: str, dice: random.Random) -> tuple[str, Test]:
    some = set(dice.sample(WORDS, dice.randint(1, 2)))
    said, test = dice.choice(
        [
            ("has one of", lambda v: bool(v & some)),
            ("has none of", lambda v: not v & some),
            ("has nothing but", lambda v: v <= some),
        ]
    )
    return f"{name} {said} {', '.join(sorted(some))}", test


_TESTS: Mapping[Type, Callable[[str, random.Random], tuple[str, Any]]] = {
    Type.WHOLE: _ordered,
    Type.MONEY: _ordered,
    Type.DATE: _ordered,
    Type.YES_NO: _yes_no,
    Type.ONE_OF: _one_of,
    Type.LIST: _lists,
}


def step(old: Value, new: Value) -> Fraction:
    """How far a value is changed, said once more without the code under test."""
    if old == new:
        return Fraction(0)
    if isinstance(old, frozenset) and isinstance(new, frozenset):
        return 1 - Fraction(len(old & new), len(old | new))
    if old is None or new is None or isinstance(old, bool | str):
        return Fraction(1)
    if isinstance(old, date):
        return Fraction(abs((old - new).days), 366)  # type: ignore[operator]  # both days
    one, other = (v.cents if isinstance(v, Money) else v for v in (old, new))
    # By now both are whole numbers.
    return Fraction(abs(one - other), max(one, other))  # type: ignore[operator,type-var,arg-type]


def smallest(
    policy: Made, values: tuple[Value, ...], changeable: list[str]
) -> tuple[int, Fraction] | None:
    """The fewest facts and then the nearest values that give a better outcome, by walking all."""
    outcome, money = policy.table[values]
    best: tuple[int, Fraction] | None = None
    for other, (reached, more) in policy.table.items():
        rank, before = _BETTER[reached[0]], _BETTER[outcome[0]]
        if reached == outcome or (rank, -more) >= (before, -money):
            continue
        changed = [i for i in range(len(values)) if values[i] != other[i]]
        if all(policy.facts[i] in changeable and _sayable(values[i], other[i]) for i in changed):
            size = sum((step(values[i], other[i]) for i in changed), Fraction(0))
            best = min(best or (len(changed), size), (len(changed), size))
    return best


def _sayable(old: Value, new: Value) -> bool:
    if isinstance(new, frozenset) and isinstance(old, frozenset):
        return "unheard_of" not in new - old
    return new is not None
