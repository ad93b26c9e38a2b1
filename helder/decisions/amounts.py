"""Money that a rule pays to the customer, or asks of them: fixed, or a share of a fact.

    5.00
    10 % of order_total, at least 2.50, at most 15.00
    goods_total + shipping
    late_share % of order_total

An amount has no currency: it is that of the case. A part of a cent goes to the customer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor
from typing import Any

from helder.decisions.errors import FactError
from helder.decisions.facts import Catalogue, Type, Value, cents, number
from helder.shop.values import Money

_SHARE = re.compile(r"(?P<percent>[\w.,]+)\s*%\s*of\s+(?P<fact>\w+)")
_BOUND = re.compile(r",\s*at\s+(least|most)\s+([\w.]+)")
_ALL = Fraction(100)


@dataclass(frozen=True)
class Term:
    """A fixed number of cents, or so many percent of a fact."""

    cents: int = 0
    percent: Fraction = Fraction(0)
    fact: str | None = None


@dataclass(frozen=True)
class Amount:
    """A sum of terms within bounds, in cents. `written` is what stands in the file."""

    terms: tuple[Term, ...]
    least: int | None
    most: int | None
    written: str

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it is made of."""
        return tuple(term.fact for term in self.terms if term.fact)

    @property
    def meaning(self) -> tuple[Any, ...]:
        """What it comes to, however it is written."""
        return self.terms, self.least, self.most

    def of(self, facts: Mapping[str, Value], currency: str, *, to_customer: bool) -> Money:
        """What it is in a case."""
        total = Fraction(0)
        for term in self.terms:
            total += term.cents
            if term.fact:
                total += Fraction(number(facts[term.fact])) * term.percent / 100
        whole = ceil(total) if to_customer else floor(total)
        if self.least is not None:
            whole = max(whole, self.least)
        if self.most is not None:
            whole = min(whole, self.most)
        return Money(whole, currency)


def read_amount(text: str, facts: Catalogue, values: Mapping[str, Any]) -> Amount:
    """An amount as it is written. Raises FactError."""
    bounds = {kind: _cents(each, values) for kind, each in _BOUND.findall(text)}
    plain = _BOUND.sub("", text)
    terms = tuple(_term(part.strip(), facts, values) for part in plain.split("+"))
    least, most = bounds.get("least"), bounds.get("most")
    if least is not None and most is not None and least > most:
        raise FactError(f"“{text}”: at least is more than at most.")
    return Amount(terms, least, most, text)


def _term(text: str, facts: Catalogue, values: Mapping[str, Any]) -> Term:
    share = _SHARE.fullmatch(text)
    if share:
        return Term(percent=_percent(share["percent"], values), fact=_money(share["fact"], facts))
    if text in facts:
        return Term(percent=_ALL, fact=_money(text, facts))
    return Term(cents=_cents(text, values))


def _money(name: str, facts: Catalogue) -> str:
    fact = facts.known(name)
    if fact.type is not Type.MONEY or fact.may_be_unknown:
        raise FactError(f"{name} is no amount of money that is always known.")
    return name


def _percent(text: str, values: Mapping[str, Any]) -> Fraction:
    try:
        found = Fraction(Decimal(str(values.get(text, text)).replace(",", ".")))
    except (InvalidOperation, ValueError):
        raise FactError(f"“{text}” is no number of percent, and no value of this policy.") from None
    if not 0 <= found <= 100:
        raise FactError(f"A share is 0 to 100 %, not {text} %.")
    return found


def _cents(text: str, values: Mapping[str, Any]) -> int:
    try:
        return cents(str(values.get(text, text)))
    except (InvalidOperation, ValueError):
        raise FactError(
            f"“{text}” is no amount such as 5.00, no fact and no value of this policy."
        ) from None
