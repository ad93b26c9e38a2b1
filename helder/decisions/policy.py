"""A policy: ordered rules, in versions, of which one is in force on a day.

The first rule of which all conditions are true decides: a decision list (R. L. Rivest, "Learning
Decision Lists", 1987). Nothing is weighed, so everything that was decided can be told.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any

from helder.decisions.amounts import Amount
from helder.decisions.conditions import Condition
from helder.decisions.errors import NoVersion
from helder.shop.values import Text


class Result(str, Enum):
    """What a rule decides; from the best for the customer to the worst."""

    ALLOW = "allow"
    RECOMMEND = "recommend"  # something else is suggested; the customer may still choose
    REFER = "refer to a person"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Rule:
    """What is decided when all conditions are true; none: always. `line` is where it begins."""

    name: str
    when: tuple[Condition, ...]
    result: Result
    pays: Amount | None
    fee: Amount | None
    because: Text
    contest: Text | None
    line: int = field(default=1, compare=False)

    @property
    def outcome(self) -> tuple[Any, ...]:
        """What makes two rules decide the same: the result, and the money as it is reckoned."""
        return (
            self.result,
            self.pays.meaning if self.pays else None,
            self.fee.meaning if self.fee else None,
        )


@dataclass(frozen=True)
class Version:
    """The rules of a policy from a day on. `data` is what stands in the file, as plain JSON."""

    policy: str
    since: date
    values: Mapping[str, Any]
    rules: tuple[Rule, ...]
    contest: Text
    data: Mapping[str, Any] = field(compare=False)
    line: int = field(default=1, compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def line_of(self, value: str) -> int:
        """Where one of `values` stands, or where the version begins."""
        return self.lines.get(value, self.line)

    @cached_property
    def said(self) -> frozenset[str]:
        """The names in the braces of its texts: facts, values, `amount` or `fee`."""
        texts = [self.contest, *(r.because for r in self.rules)]
        texts += [rule.contest for rule in self.rules if rule.contest]
        return frozenset(name for text in texts for name in placeholders(text))

    @property
    def text(self) -> str:
        """Everything that it says, in canonical JSON: comments and layout do not count."""
        return canonical(self.data)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `text`, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def contest_of(self, rule: Rule) -> Text:
        """How to disagree with what a rule decides."""
        return rule.contest or self.contest


@dataclass(frozen=True)
class Policy:
    """All versions of one policy, the oldest first."""

    name: str
    question: Text
    versions: tuple[Version, ...]

    def in_force(self, day: date) -> Version:
        """The version that decides on this day. Raises NoVersion."""
        found = [version for version in self.versions if version.since <= day]
        if not found:
            first = self.versions[0].since
            raise NoVersion(f"The policy {self.name} begins on {first}; on {day} there was none.")
        return found[-1]


def placeholders(text: Text) -> set[str]:
    """The names in the braces of a text, in both languages."""
    return set(re.findall(r"\{(\w+)\}", text.nl + text.en))


def canonical(data: Any) -> str:
    """JSON with one spelling: names in order, no blanks (in the manner of RFC 8785)."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
