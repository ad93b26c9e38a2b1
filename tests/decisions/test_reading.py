"""Policies as people write them: what is understood, and what is said about a mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from helder.decisions.conditions import Operator, read_condition
from helder.decisions.errors import FactError
from helder.decisions.facts import Value
from helder.decisions.policy import Policy
from helder.shop.values import Money
from tests.decisions.generate import FACTS

Problems = Callable[[str], list[str]]
Read = Callable[[str], Policy]

ONE = """\
values: {limit: 30, some: [p, q], enough: 12.50}
rules:
  - name: late
    when:
      - days is more than limit
      - kinds has one of some
    then: refuse
    BECAUSE
  - name: rest
    when: anything else
    then: allow
    pays: 10 % of total, at most enough
    BECAUSE
"""


def test_a_policy_is_read(read: Read) -> None:
    (version,) = read(ONE).versions
    assert version.since == date(2026, 1, 1)
    late, rest = version.rules
    assert [(c.operator, c.constants) for c in late.when] == [
        (Operator.MORE, (30,)),
        (Operator.HAS, ("p", "q")),
    ]
    assert rest.pays is not None
    assert rest.pays.of({"total": Money(5_000, "GBP")}, "GBP", to_customer=True) == Money(
        500, "GBP"
    )
    assert rest.pays.of({"total": Money(99_900, "GBP")}, "GBP", to_customer=True).cents == 1250


def test_comments_and_layout_do_not_make_another_version(read: Read) -> None:
    before = read(ONE).versions[0].digest
    assert read(ONE.replace("rules:", "\n# a comment\nrules:")).versions[0].digest == before
    assert read(ONE.replace("30", "31")).versions[0].digest != before


@pytest.mark.parametrize(
    ("text", "value", "outcome"),
    [
        ("days is 3", 3, True),
        ("days is at least 3", 2, False),
        ("days   is   at  most 3", 3, True),
        ("pieces is more than 3", None, False),
        ("pieces is not 3", None, False),
        ("pieces is unknown", None, True),
        ("pieces is known", 0, True),
        ("total is less than 2.50", Money(249, "EUR"), True),
        ("total is at least 2.50", Money(249, "EUR"), False),
        ("photo is not yes", False, True),
        ("state is none of open, paid", "sent", True),
        ("day is after 2026-01-03", date(2026, 1, 4), True),
        ("day is before 2026-01-03", date(2026, 1, 3), False),
        ("kinds has none of p, q", frozenset({"r"}), True),
        ("kinds has nothing but p, q", frozenset({"p"}), True),
        ("kinds has nothing but p, q", frozenset(), True),
        ("kinds has nothing but p, q", frozenset({"p", "r"}), False),
    ],
)
def test_a_condition_says_what_it_says(text: str, value: Value, outcome: bool) -> None:
    assert read_condition(text, FACTS, {}).holds(value) is outcome


@pytest.mark.parametrize(
    "text",
    [
        "days",
        "days is",
        "days is more",
        "days > 3",
        "days is -3",
        "days is 3.5",
        "days is 3, 4",
        "days is one of 3, 4",
        "days is before 3 days",
        "days is unknown really",
        "photo is maybe",
        "photo is more than yes",
        "state is lost",
        "state is one of",
        "kinds is p",
        "kinds has one of x, y z",
        "day is 3 May",
        "total is 2.505",
        "weight is 3",
        "",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(FactError):
        read_condition(text, FACTS, {})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("days is more", "dys is more", "9: There is no fact 'dys'"),
        ("more than limit", "more than lmit", "9: days must be a whole number"),
        ("one of some", "one of limit", "10: The value limit does not fit"),
        ("then: refuse", "then: no", "11: then must be one of"),
        ("BECAUSE\n  - name: rest", "\n  - name: rest", "7: because is missing"),
        ("name: rest", "name: late", "13: There are two rules called late"),
        (
            "anything else",
            "days is at most 3",
            "4: No rule is left for this case: days is 4,",
        ),
        ("10 %", "110 %", "16: A share is 0 to 100 %"),
        ("10 % of total", "10 % of day", "16: day is no amount of money"),
        ("at most enough", "at most plenty", "16: “plenty” is no amount"),
        ("limit: 30", "days: 30", "days cannot name a value"),
        ("limit: 30", "limit: {a: 1}", "limit must be a number"),
    ],
)
def test_a_mistake_is_told_with_its_line(problems: Problems, old: str, new: str, says: str) -> None:
    assert problems(ONE) == []
    assert old in ONE
    assert any(says in each for each in problems(ONE.replace(old, new))), problems(
        ONE.replace(old, new)
    )


def test_all_mistakes_are_told_at_once(problems: Problems) -> None:
    text = ONE.replace("days is more", "dys is more").replace("then: allow", "then: maybe")
    assert [each.split(":")[0] for each in problems(text)] == ["9", "15"]


def test_a_rule_that_several_above_it_leave_nothing_is_found(problems: Problems) -> None:
    rules = "rules:\n"
    for number, condition in enumerate(
        ["state is open", "photo is yes", "state is paid", "photo is no", "anything else"]
    ):
        rules += f"  - name: r{number}\n    when: {condition}\n    then: allow\n    BECAUSE\n"
    assert problems(rules) == [
        "22: The rule r4 can never decide: the rules above it take all its cases."
    ]


def test_a_case_that_only_the_unknown_leaves_is_found(problems: Problems) -> None:
    rules = "rules:\n"
    for number, condition in enumerate(["pieces is at most 3", "pieces is more than 3"]):
        rules += f"  - name: r{number}\n    when: {condition}\n    then: allow\n    BECAUSE\n"
    assert problems(rules) == [
        "4: No rule is left for this case: pieces is unknown. End with a rule for “anything else”."
    ]


def test_one_rule_for_everything_is_a_policy(problems: Problems) -> None:
    assert problems("rules:\n  - {name: a, when: anything else, then: allow, BECAUSE}\n") == []
