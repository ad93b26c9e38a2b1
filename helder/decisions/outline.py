"""A policy in general, in the customer's language: its rules before there is any case.

The words are those of facts.yml and of the policy. An amount is in the currency of the case; before
there is one, it is told in that of the shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from helder.decisions.amounts import Amount
from helder.decisions.conditions import Condition, Operator
from helder.decisions.facts import ANY_CURRENCY, ORDERED, Fact, Type, from_number
from helder.decisions.policy import Policy, Result, Rule, Version
from helder.decisions.words import COMPARED, DAYS, LOCALES, Words
from helder.shop.values import Text

_THEN = {
    Result.ALLOW: "then_allow",
    Result.RECOMMEND: "then_recommend",
    Result.REFER: "then_refer",
    Result.REFUSE: "then_refuse",
}
_WORDED = {
    **dict.fromkeys((Operator.IS, Operator.ONE_OF), "is"),
    **dict.fromkeys((Operator.IS_NOT, Operator.NONE_OF, Operator.HAS_NOT), "is_not"),
    Operator.HAS: "has",
    Operator.NOTHING_BUT: "only",
}
_ALL = 100  # percent
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_BRACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class OutlinedRule:
    """When a rule holds, what it then decides, and why ("" if that is only known of a case)."""

    when: str
    then: str
    because: str


@dataclass(frozen=True)
class Outline:
    """What a policy decides about, and its rules, of which the first that holds decides."""

    question: str
    rules: tuple[OutlinedRule, ...]


def outline(
    policy: Policy, version: Version, words: Words, language: str, currency: str
) -> Outline:
    """A version of a policy in words. `currency` (ISO 4217) is the one that amounts are told in."""
    told = _Outliner(version, words, language, currency)
    return Outline(policy.question.of(language), tuple(told.rule(each) for each in version.rules))


class _Outliner:
    def __init__(self, version: Version, words: Words, language: str, currency: str) -> None:
        self.version = version
        self.words = words
        self.language = language
        self.currency = currency

    def rule(self, rule: Rule) -> OutlinedRule:
        conditions = [self._condition(each) for each in rule.when] or [self._say("rest")]
        when = self._say("and_if").join(conditions)
        then = [self._say(_THEN[rule.result])]
        for phrase, amount in (("pays", rule.pays), ("costs", rule.fee)):
            if amount:
                then.append(self._say(phrase, amount=self._amount(amount)))
        return OutlinedRule(
            when[0].upper() + when[1:] + ".", " ".join(then), self._because(rule.because)
        )

    def _say(self, phrase: str, **values: str) -> str:
        return self.words.phrase(phrase, self.language).format_map(values)

    def _condition(self, condition: Condition) -> str:
        fact, operator = self.words.catalogue[condition.fact], condition.operator
        if operator is Operator.UNKNOWN:
            return self.words.clause(fact, "when_unknown", self.language)
        if fact.type is Type.YES_NO:
            known = operator is Operator.KNOWN
            yes = [True, False] if known else [(operator is Operator.IS) is condition.constants[0]]
            kinds = ["when_yes" if each else "when_no" for each in yes]
            return self._or(self.words.clause(fact, kind, self.language) for kind in kinds)
        name = self.words.fact(fact.name, self.language)
        if operator is Operator.KNOWN:
            return self._say("known", fact=name)
        said = [self._constant(fact, each) for each in condition.constants]
        compared = COMPARED.get((operator, True))
        if compared:
            phrase = DAYS[compared] if fact.type is Type.DATE else compared
            return self._say("is", fact=name, value=self._say(phrase, bound=said[0]))
        return self._say(_WORDED[operator], fact=name, value=self._or(said))

    def _constant(self, fact: Fact, constant: Any) -> str:
        if fact.type is Type.MONEY:
            return self._sum(int(constant))
        if fact.type in ORDERED:
            value = from_number(fact, int(constant), ANY_CURRENCY)
            return self.words.value(fact.name, value, self.language)
        return self._say("quoted", value=self.words.value(fact.name, constant, self.language))

    def _amount(self, amount: Amount) -> str:
        terms = []
        for term in amount.terms:
            fact = self.words.fact(term.fact, self.language) if term.fact else ""
            if not term.fact:
                terms.append(self._sum(term.cents))
            elif term.percent == _ALL:
                terms.append(fact)
            else:
                percent = Decimal(term.percent.numerator) / term.percent.denominator
                said = format_decimal(percent, locale=LOCALES[self.language])
                terms.append(self._say("share", percent=said, fact=fact))
        told = [format_list(terms, locale=LOCALES[self.language])]
        for phrase, bound in (("least", amount.least), ("most", amount.most)):
            if bound is not None:
                told.append(self._say(phrase, bound=self._sum(bound)))
        return ", ".join(told)

    def _because(self, text: Text) -> str:
        """As far as it is so in every case: up to the first sentence that tells of one."""
        values = {name: self._value(value) for name, value in self.version.values.items()}
        told = []
        for sentence in _SENTENCE.split(" ".join(text.of(self.language).split())):
            if not set(_BRACES.findall(sentence)) <= set(values):
                break
            told.append(sentence.format_map(values))
        return " ".join(told)

    def _value(self, value: Any) -> str:
        if isinstance(value, float):
            return self._sum(round(value * 100))
        return self.words.constant(value, ANY_CURRENCY, self.language)

    def _sum(self, cents: int) -> str:
        amount = Decimal(cents) / 100
        return str(format_currency(amount, self.currency, locale=LOCALES[self.language]))

    def _or(self, items: Iterable[str]) -> str:
        return str(format_list(list(items), "or", locale=LOCALES[self.language]))
