"""What the business decided: the decision policies of policies/, and what else is told by them.

A decision policy is any file there that has `versions`. The shop itself cannot do without six.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from helder.decisions.amounts import Amount
from helder.decisions.document import shown
from helder.decisions.errors import DecisionError, PolicyError, Problem
from helder.decisions.evaluate import Case, decide
from helder.decisions.policy import Policy, Result, Version
from helder.decisions.reading import load_policy_file
from helder.decisions.record import Decision

from .facts import FACTS, local_day
from .model import OrderState

__all__ = ["POLICIES", "PolicyError", "ShopPolicy", "Terms", "load_policy"]

POLICIES = Path(__file__).resolve().parents[2] / "policies"
RETURNS, CANCELLATION, ADDRESS = "returns", "cancellation", "address_change"
COMPENSATION, GOODWILL, EXCHANGE = "compensation", "goodwill", "exchange"
NEEDED = (RETURNS, CANCELLATION, ADDRESS, COMPENSATION, GOODWILL, EXCHANGE)
# Values of returns.yml that answers tell, with the least that they may be.
_NUMBERS = {"window_days": 14, "send_within_days": 1, "guarantee_years": 0}
# Nobody may be refused for these days (Directive 2011/83/EU art. 9; UK SI 2013/3134 reg. 30).
_PROTECTED = range(15)
_DECIDES = re.compile(r"^versions\s*:", re.MULTILINE)
# How far an order can be and still be stopped, the furthest first.
_STOPPABLE = (OrderState.PACKED, OrderState.PAID, OrderState.OPEN)
# The longest that paying back may take (Directive 2011/83/EU art. 13(1); UK SI 2013/3134 reg. 34).
PAY_BACK_DAYS = 14


@dataclass(frozen=True)
class Terms:
    """What answers tell in general, before any order is known."""

    window_days: int
    send_within_days: int
    guarantee_years: int
    not_returnable: frozenset[str]
    free_until: OrderState | None  # the last state in which cancelling costs nothing
    fees: tuple[tuple[OrderState, Amount], ...]  # the states in which it costs something


@dataclass(frozen=True)
class ShopPolicy:
    """All decision policies, by name."""

    policies: Mapping[str, Policy]

    def version(self, name: str, now: datetime) -> Version:
        """The version that is in force now. Raises DecisionError: there is none."""
        if name not in self.policies:
            known = ", ".join(sorted(self.policies))
            meant = "".join(
                f" Is it {each}?" for each in get_close_matches(name, self.policies, n=1)
            )
            raise DecisionError(f"There is no policy {name!r}.{meant} There are {known}.")
        return self.policies[name].in_force(local_day(now))

    def decide(self, name: str, case: Case, now: datetime) -> Decision:
        """What a policy decides about a case now."""
        return decide(self.version(name, now), case, now)

    def versions(self) -> list[Version]:
        """All versions of all policies."""
        return [version for policy in self.policies.values() for version in policy.versions]

    def terms(self, now: datetime) -> Terms:
        """What is told of them in general."""
        values = self.version(RETURNS, now).values
        free: list[OrderState] = []
        fees: list[tuple[OrderState, Amount]] = []
        cancelling = self.version(CANCELLATION, now)
        for state in _STOPPABLE:
            rule = next((r for r in cancelling.rules if _about(r.when, state)), None)
            if rule is None or rule.result is not Result.ALLOW:
                continue
            if rule.fee is None:
                free.append(state)
            else:
                fees.append((state, rule.fee))
        return Terms(
            **{name: int(values[name]) for name in _NUMBERS},
            not_returnable=frozenset(values["not_returnable"]),
            free_until=free[0] if free else None,
            fees=tuple(fees),
        )


def _about(when: tuple[Any, ...], state: OrderState) -> bool:
    """Does a rule take orders in this state, as far as the state goes?"""
    return all(each.holds(state.value) for each in when if each.fact == "order_state")


def load_policy(folder: Path = POLICIES) -> ShopPolicy:
    """Read all decision policies of a folder.

    Raises:
        PolicyError: one is missing or cannot be used; the message names file and line.
    """
    names = {*NEEDED, *decision_files(folder)}
    return ShopPolicy({name: read_policy(folder / f"{name}.yml") for name in sorted(names)})


def decision_files(folder: Path) -> list[str]:
    """The names of the files that decide."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        text = path.read_bytes().decode("utf-8", errors="replace")
        if _DECIDES.search(text):
            found.append(path.stem)
    return found


def read_policy(path: Path) -> Policy:
    """One policy, with what the law and other answers ask of it. Raises PolicyError."""
    policy = load_policy_file(path, FACTS)
    if policy.name == RETURNS:
        problems = [each for version in policy.versions for each in _returns(version)]
        if problems:
            raise PolicyError(path.name, sorted(problems))
    return policy


def _returns(version: Version) -> list[Problem]:
    """What returns.yml must say in every version."""
    found = []
    for name, least in _NUMBERS.items():
        value = version.values.get(name)
        if type(value) is not int or not least <= value <= 10_000:
            sentence = f"{name} must be a whole number of {least} or more, not {shown(value)}."
            found.append(Problem(version.line_of(name), sentence))
    kinds = version.values.get("not_returnable")
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        sentence = "not_returnable must be a list of words."
        found.append(Problem(version.line_of("not_returnable"), sentence))
    for rule in version.rules if not found else ():
        about = [each for each in rule.when if each.fact == "days_since_delivery"]
        early = about and any(all(c.holds(day) for c in about) for day in _PROTECTED)
        if rule.result is Result.REFUSE and early:
            sentence = (
                f"The rule {rule.name} refuses within 14 days of delivery, and the law gives them "
                "to everybody (Directive 2011/83/EU art. 9)."
            )
            found.append(Problem(rule.line, sentence))
    return found
