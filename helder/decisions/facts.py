"""Facts: what a policy may look at. Each is declared once, by whoever can tell its value.

A value is an int, a Money, a bool, a word, a date, a frozenset of words, or None when it is not
known. A condition on a fact that is not known is never true (see conditions.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import Enum
from typing import Any, Union

from helder.decisions.errors import FactError
from helder.shop.values import Money

Value = Union[int, Money, bool, str, date, "frozenset[str]", None]
ANY_CURRENCY = "XXX"  # ISO 4217: no currency; the case says which
_MOST = 10**9  # of a whole number, and of cents
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_YES_NO = {"yes": True, "no": False}


class Type(str, Enum):
    """What a fact's value is."""

    WHOLE = "whole number"
    MONEY = "money"
    YES_NO = "yes or no"
    ONE_OF = "one of"
    DATE = "date"
    LIST = "list of"


ORDERED = (Type.WHOLE, Type.MONEY, Type.DATE)


class Source(str, Enum):
    """Where a fact's value comes from; an explanation says so."""

    ORDER = "order"
    PARCEL = "parcel"
    CUSTOMER = "customer"  # what the customer said or chose
    CLOCK = "clock"
    POLICY = "policy"
    SUPPOSED = "supposed"  # a what-if: nobody claims that it is so


@dataclass(frozen=True)
class Fact:
    """One thing that can be known of a case.

    `influenced`: the customer can still change it, and honestly. What they *say* happened is not
    influenced: advice to say something else would be advice to lie.
    """

    name: str
    type: Type
    source: Source
    influenced: bool = False
    options: tuple[str, ...] = ()  # of ONE_OF, all; of LIST, those that we have words for
    may_be_unknown: bool = False

    def read(self, text: str) -> Value:
        """A value as people write it. Raises FactError, with what it must look like."""
        text = text.strip()
        if text == "unknown" and self.may_be_unknown:
            return None
        try:
            value: Value = _READ[self.type](self, text)
            return value
        except (ValueError, InvalidOperation):
            wanted = _WANTED[self.type].format(options=", ".join(self.options) or "words")
            raise FactError(f"{self.name} must be {wanted}, not {text!r}.") from None

    def check(self, value: Value) -> None:
        """Raises FactError unless the fact can have this value."""
        fits = self.may_be_unknown if value is None else _FITS[self.type](self, value)
        if not fits:
            raise FactError(f"{self.name} cannot be {value!r}; it is {self.type.value}.")


class Catalogue(Mapping[str, Fact]):
    """All facts that there are, by name, in the order in which they were declared."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = {fact.name: fact for fact in facts}

    def __getitem__(self, name: str) -> Fact:
        return self._facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def known(self, name: str) -> Fact:
        """The fact of this name. Raises FactError, which names those that there are."""
        if name not in self._facts:
            known = ", ".join(self._facts)
            meant = "".join(f" Is it {each}?" for each in get_close_matches(name, self._facts, n=1))
            raise FactError(f"There is no fact {name!r}.{meant} The facts are {known}.")
        return self._facts[name]


def number(value: Value) -> int:
    """The place of an ordered value on its line: the number itself, cents, or the day's ordinal."""
    if isinstance(value, Money):
        return value.cents
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"{type(value).__name__} has no order")


def from_number(fact: Fact, place: int, currency: str) -> Value:
    """The reverse of `number`."""
    if fact.type is Type.MONEY:
        return Money(place, currency)
    return date.fromordinal(place) if fact.type is Type.DATE else place


def line_of(fact: Fact) -> tuple[int, int]:
    """The first and the last place of an ordered fact; nothing is negative."""
    if fact.type is Type.DATE:
        return date.min.toordinal(), date.max.toordinal()
    return 0, _MOST


def to_json(value: Value) -> Any:
    """A value as it is recorded."""
    if isinstance(value, Money):
        return {"cents": value.cents, "currency": value.currency}
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def from_json(fact: Fact, data: Any) -> Value:
    """The reverse of `to_json`. Raises FactError."""
    value: Value = data
    try:
        if fact.type is Type.MONEY and isinstance(data, dict):
            value = Money(data["cents"], data["currency"])
        elif fact.type is Type.DATE and isinstance(data, str):
            value = date.fromisoformat(data)
        elif fact.type is Type.LIST and isinstance(data, list):
            value = frozenset(data)
    except (ValueError, KeyError, TypeError):
        raise FactError(f"The record of {fact.name} cannot be read.") from None
    fact.check(value)
    return value


def cents(text: str) -> int:
    """`12.50`, `12,50` or `12` as cents. Raises ValueError, InvalidOperation."""
    amount = Decimal(text.replace(",", ".")) * 100
    if amount != amount.to_integral_value() or not 0 <= amount <= _MOST:
        raise ValueError("no amount")
    return int(amount)


def _whole(_: Fact, text: str) -> Value:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError("no whole number")
    return int(text)


def _money(_: Fact, text: str) -> Value:
    return Money(cents(text), ANY_CURRENCY)


def _yes_no(_: Fact, text: str) -> Value:
    if text.lower() not in _YES_NO:
        raise ValueError("neither yes nor no")
    return _YES_NO[text.lower()]


def _one_of(fact: Fact, text: str) -> Value:
    if text not in fact.options:
        raise ValueError("no option")
    return text


def _list(_: Fact, text: str) -> Value:
    words = frozenset(word.strip() for word in text.split(",") if word.strip())
    if not all(map(_WORD.fullmatch, words)):
        raise ValueError("no words")
    return words


_READ: Mapping[Type, Any] = {
    Type.WHOLE: _whole,
    Type.MONEY: _money,
    Type.YES_NO: _yes_no,
    Type.ONE_OF: _one_of,
    Type.DATE: lambda _, text: date.fromisoformat(text),
    Type.LIST: _list,
}
_WANTED = {
    Type.WHOLE: "a whole number such as 30",
    Type.MONEY: "an amount such as 12.50",
    Type.YES_NO: "yes or no",
    Type.ONE_OF: "one of {options}",
    Type.DATE: "a date such as 2026-12-01",
    Type.LIST: "words with commas between them, such as {options}",
}
_FITS: Mapping[Type, Any] = {
    Type.WHOLE: lambda _, v: type(v) is int and 0 <= v <= _MOST,
    Type.MONEY: lambda _, v: isinstance(v, Money) and 0 <= v.cents <= _MOST,
    Type.YES_NO: lambda _, v: isinstance(v, bool),
    Type.ONE_OF: lambda f, v: isinstance(v, str) and v in f.options,
    Type.DATE: lambda _, v: type(v) is date,
    Type.LIST: lambda _, v: isinstance(v, frozenset) and all(isinstance(w, str) for w in v),
}
