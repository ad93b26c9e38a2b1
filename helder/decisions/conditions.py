"""One comparison of one fact with constants, written as people say it.

    days_since_delivery is more than window_days
    order_state is one of open, paid
    arrived is no
    kinds has nothing but not_returnable

A constant is written out, or is one of the policy's own values by name. No condition compares two
facts: so each fact's cases can be told apart one by one, and questions such as "can this rule ever
decide?" have exact answers (see cells.py). Of a fact that is not known only `is unknown` is true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from helder.decisions.errors import FactError
from helder.decisions.facts import ORDERED, Catalogue, Fact, Type, Value, number

Constant = int | bool | str  # of an ordered fact: its place on the line


class Operator(str, Enum):
    """How a fact is compared."""

    IS = "is"
    IS_NOT = "is not"
    AT_LEAST = "is at least"
    AT_MOST = "is at most"
    MORE = "is more than"
    LESS = "is less than"
    ONE_OF = "is one of"
    NONE_OF = "is none of"
    HAS = "has one of"
    HAS_NOT = "has none of"
    NOTHING_BUT = "has nothing but"
    KNOWN = "is known"
    UNKNOWN = "is unknown"


_EXACT = (Operator.IS, Operator.IS_NOT)
_ORDER = (Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE, Operator.LESS)
_LISTS = (Operator.HAS, Operator.HAS_NOT, Operator.NOTHING_BUT)
_SEVERAL = (Operator.ONE_OF, Operator.NONE_OF, *_LISTS)
_BARE = (Operator.KNOWN, Operator.UNKNOWN)
_ALLOWED: Mapping[Type, tuple[Operator, ...]] = {
    **dict.fromkeys(ORDERED, (*_EXACT, *_ORDER, *_BARE)),
    Type.YES_NO: (*_EXACT, *_BARE),
    Type.ONE_OF: (*_EXACT, Operator.ONE_OF, Operator.NONE_OF, *_BARE),
    Type.LIST: (*_LISTS, *_BARE),
}
# Days come before and after; the longer words first, since one begins with the other.
_SAID = {
    **{operator.value: operator for operator in Operator},
    "is after": Operator.MORE,
    "is before": Operator.LESS,
}
_FORM = re.compile(
    r"(?P<fact>\w+)\s+(?P<operator>"
    + "|".join(sorted(_SAID, key=len, reverse=True)).replace(" ", r"\s+")
    + r")(?:\s+(?P<rest>.+))?"
)


@dataclass(frozen=True)
class Condition:
    """A fact, an operator and constants. `written` is what stands in the file."""

    fact: str
    operator: Operator
    constants: tuple[Constant, ...]
    written: str

    def holds(self, value: Value) -> bool:
        """Is it true of this value?"""
        if self.operator in _BARE:
            return (value is None) is (self.operator is Operator.UNKNOWN)
        if value is None:
            return False
        if isinstance(value, frozenset):
            return self._holds_of_words(value)
        place = value if isinstance(value, bool | str) else number(value)
        if self.operator in (Operator.IS, Operator.ONE_OF):
            return place in self.constants
        if self.operator in (Operator.IS_NOT, Operator.NONE_OF):
            return place not in self.constants
        return _compare(self.operator, int(place), int(self.constants[0]))

    def _holds_of_words(self, words: frozenset[str]) -> bool:
        if self.operator is Operator.NOTHING_BUT:  # true of an empty list
            return words <= set(self.constants)
        return words.isdisjoint(self.constants) is (self.operator is Operator.HAS_NOT)


def _compare(operator: Operator, place: int, bound: int) -> bool:
    if operator is Operator.AT_LEAST:
        return place >= bound
    if operator is Operator.AT_MOST:
        return place <= bound
    return place > bound if operator is Operator.MORE else place < bound


def read_condition(text: str, facts: Catalogue, values: Mapping[str, Any]) -> Condition:
    """A condition as it is written. `values` are the policy's own.

    Raises:
        FactError: it cannot be read; the message says what is wrong.
    """
    match = _FORM.fullmatch(" ".join(text.split()))
    if match is None:
        raise FactError(
            f"“{text}” is no condition; write a fact, a comparison and a value, "
            "such as order_state is one of open, paid."
        )
    fact = facts.known(match["fact"])
    operator = _SAID[match["operator"]]
    if operator not in _ALLOWED[fact.type]:
        can = ", ".join(each.value for each in _ALLOWED[fact.type])
        raise FactError(f"{fact.name} ({fact.type.value}) is compared by one of: {can}.")
    return Condition(fact.name, operator, _constants(fact, operator, match["rest"], values), text)


def _constants(
    fact: Fact, operator: Operator, rest: str | None, values: Mapping[str, Any]
) -> tuple[Constant, ...]:
    written = [part.strip() for part in (rest or "").split(",")] if rest else []
    if operator in _BARE:
        if written:
            raise FactError(f"After “{operator.value}” nothing more is said.")
        return ()
    if not written or (len(written) > 1 and operator not in _SEVERAL):
        much = "values" if operator in _SEVERAL else "one value"
        raise FactError(f"After “{fact.name} {operator.value}” comes {much}.")
    found: list[Constant] = []
    for each in written:
        found += _of_policy(fact, each, values) if each in values else [_written(fact, each)]
    return tuple(dict.fromkeys(found))


def _written(fact: Fact, text: str) -> Constant:
    try:
        return _literal(fact, text)
    except FactError as error:
        raise FactError(f"{error} No value of this policy has that name either.") from None


def _of_policy(fact: Fact, name: str, values: Mapping[str, Any]) -> list[Constant]:
    value = values[name]
    items = value if isinstance(value, list) else [value]
    try:
        return [_literal(fact, _text(each)) for each in items]
    except FactError as error:
        raise FactError(f"The value {name} does not fit: {error}") from None


def _text(value: Any) -> str:
    """A value of YAML as a person would type it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _literal(fact: Fact, text: str) -> Constant:
    if fact.type is Type.LIST:
        words = fact.read(text)
        assert isinstance(words, frozenset)
        if fact.options and not words <= set(fact.options):
            raise FactError(f"{fact.name} knows {', '.join(fact.options)}, not {text!r}.")
        return str(next(iter(words), text))
    value = fact.read(text)
    if value is None:
        raise FactError(f"Write “{fact.name} is unknown”, without more.")
    return value if isinstance(value, bool | str) else number(value)
