"""Decisions in the customer's language. The words are in policies/facts.yml, none are here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from helder.decisions.conditions import Operator
from helder.decisions.document import Document
from helder.decisions.errors import PolicyError, Problem
from helder.decisions.evaluate import rule_of
from helder.decisions.explain import Counterfactual, Explanation, Mattered
from helder.decisions.facts import Catalogue, Fact, Type, Value, from_number
from helder.decisions.policy import Result, Version
from helder.decisions.record import Decision
from helder.shop.values import Money, Text

LOCALES = {"nl": "nl_NL", "en": "en_GB"}
FILE = "facts.yml"
_TWO = ("when_yes", "when_no", "if_yes", "if_no")
_ADVICE = ("advice_yes", "advice_no")
_NAMED = {Result.ALLOW: "allow", Result.RECOMMEND: "recommend", Result.REFER: "refer"}
# What a comparison is called when it is true, and when it is not.
COMPARED = {
    (Operator.MORE, True): "more",
    (Operator.MORE, False): "at_most",
    (Operator.LESS, True): "less",
    (Operator.LESS, False): "at_least",
    (Operator.AT_LEAST, True): "at_least",
    (Operator.AT_LEAST, False): "less",
    (Operator.AT_MOST, True): "at_most",
    (Operator.AT_MOST, False): "more",
}
DAYS = {"more": "after", "less": "before", "at_least": "from", "at_most": "until"}
_PHRASES = (
    "is", "quoted", "compared", *DAYS, *DAYS.values(), "always", "if",
    "and_if", "would_allow", "would_recommend", "would_refer", "would_pay", "can_allow",
    "can_recommend", "can_refer", "can_pay", "yes", "no", "unknown", "nothing",
    "known", "is_not", "has", "only", "rest", "then_allow", "then_recommend", "then_refer",
    "then_refuse", "pays", "costs", "share", "least", "most",
)  # fmt: skip


class Words:
    """The words of facts.yml, checked against the facts that there are."""

    def __init__(self, data: Mapping[str, Any], facts: Catalogue) -> None:
        self._facts = data["facts"]
        self._phrases = data["phrases"]
        self.catalogue = facts

    @classmethod
    def of(cls, folder: Path, facts: Catalogue) -> Words:
        """Those of a folder of policies. Raises PolicyError: a word is missing somewhere."""
        document = Document.of(folder / FILE)
        problems = sorted({*document.problems, *_missing(document, facts)})
        if problems:
            raise PolicyError(FILE, problems)
        return cls({"facts": document.value("facts"), "phrases": document.value("phrases")}, facts)

    def fact(self, name: str, language: str) -> str:
        """What a fact is called; the name itself for one that is yes or no."""
        return str(self._facts[name].get(language, name))

    def value(self, name: str, value: Value, language: str) -> str:
        """A value of a fact as it stands in a sentence."""
        if value is None:
            return self.phrase("unknown", language)
        if isinstance(value, bool):
            return self.phrase("yes" if value else "no", language)
        if isinstance(value, Money):
            amount = Decimal(value.cents) / 100
            return str(format_currency(amount, value.currency, locale=LOCALES[language]))
        if isinstance(value, date):
            return str(format_date(value, "d MMMM y", locale=LOCALES[language]))
        if isinstance(value, frozenset):
            named = sorted(self._option(name, each, language) for each in value)
            return _listed(named, language) or self.phrase("nothing", language)
        if isinstance(value, int):
            return str(format_decimal(value, locale=LOCALES[language]))
        return self._option(name, value, language)

    def filled(self, text: Text, version: Version, decision: Decision, language: str) -> str:
        """A text of a policy with its braces filled in, from the record alone."""
        values = {
            name: self.constant(value, decision.currency, language)
            for name, value in version.values.items()
        }
        given = decision.facts
        values |= {name: self.value(name, value, language) for name, value in given.items()}
        for name, amount in (("amount", decision.pays), ("fee", decision.fee)):
            values[name] = self.value(name, amount, language)
        return " ".join(text.of(language).format_map(values).split())

    def reason(self, explanation: Explanation, version: Version, language: str) -> str:
        """The reason of the rule that decided."""
        rule = explanation.rule
        return self.filled(rule.because, version, explanation.decision, language)

    def contest(self, version: Version, decision: Decision, language: str) -> str:
        """How to disagree with a decision."""
        text = version.contest_of(rule_of(version, decision))
        return self.filled(text, version, decision, language)

    def mattered(self, explanation: Explanation, language: str) -> str:
        """Everything that counted, in one line: each fact once, with all its bounds."""
        by_fact: dict[str, list[Mattered]] = {}
        for each in explanation.mattered:
            by_fact.setdefault(each.condition.fact, []).append(each)
        decision = explanation.decision
        told = [self.counted(name, about, decision, language) for name, about in by_fact.items()]
        if not told:
            return self.phrase("always", language)
        return _listed(dict.fromkeys(told), language)

    def counted(
        self, name: str, about: Sequence[Mattered], decision: Decision, language: str
    ) -> str:
        """What counted of one fact: its value, and the bounds that it was held against."""
        fact, value = self.catalogue[name], decision.facts[name]
        if value is None:
            return self.clause(fact, "when_unknown", language)
        if isinstance(value, bool):
            return self.clause(fact, "when_yes" if value else "when_no", language)
        bounds = []
        for each in about:
            compared = COMPARED.get((each.condition.operator, each.outcome))
            if compared:
                constant = int(each.condition.constants[0])
                bound = from_number(fact, constant, decision.currency)
                phrase = DAYS[compared] if fact.type is Type.DATE else compared
                said = self.value(name, bound, language)
                bounds.append(self.phrase(phrase, language).format_map({"bound": said}))
        values = {
            "fact": self.fact(name, language),
            "value": self.quoted(name, value, language),
            "bounds": _listed(dict.fromkeys(bounds), language),
        }
        return self.phrase("compared" if bounds else "is", language).format_map(values)

    def changed(self, explanation: Explanation, language: str) -> str:
        """What can still be done, or what would have changed it; "" if neither helps.

        What nobody can change is told of a refusal only, and only if one thing would have done.
        """
        own, other, decision = explanation.advice, explanation.otherwise, explanation.decision
        if own is not None:
            return self.advice(own, decision, language)
        if other is None or decision.result is not Result.REFUSE or len(other.changes) > 1:
            return ""
        return self.otherwise(other, decision, language)

    def advice(self, found: Counterfactual, decision: Decision, language: str) -> str:
        """What the customer can do, and what comes of it."""
        told = [self._advice(name, value, language) for name, value in found.changes]
        return " ".join([*told, self.phrase(f"can_{_way(found, decision)}", language)])

    def otherwise(self, found: Counterfactual, decision: Decision, language: str) -> str:
        """What would have changed it."""
        told = [self._if(name, value, language) for name, value in found.changes]
        condition = self.phrase("and_if", language).join(told)
        phrase = self.phrase(f"would_{_way(found, decision)}", language)
        return phrase.format_map({"if": condition})

    def _if(self, name: str, value: Value, language: str) -> str:
        fact = self.catalogue[name]
        if isinstance(value, bool):
            return self.clause(fact, "if_yes" if value else "if_no", language)
        values = {"fact": self.fact(name, language), "value": self.quoted(name, value, language)}
        return self.phrase("if", language).format_map(values)

    def _advice(self, name: str, value: Value, language: str) -> str:
        fact = self.catalogue[name]
        if isinstance(value, bool):
            return self.clause(fact, "advice_yes" if value else "advice_no", language)
        told = self.clause(fact, "advice", language)
        return told.format_map({"value": self.value(name, value, language)})

    def clause(self, fact: Fact, kind: str, language: str) -> str:
        """One of a fact's own clauses, such as its `when_yes`."""
        return str(self._facts[fact.name][kind][language])

    def phrase(self, name: str, language: str) -> str:
        """One of the phrases, with its braces."""
        return str(self._phrases[name][language])

    def quoted(self, name: str, value: Value, language: str) -> str:
        """A value as it is told; words of the shop between quotes."""
        said = self.value(name, value, language)
        words = isinstance(value, str | frozenset) and value
        return self.phrase("quoted", language).format_map({"value": said}) if words else said

    def _option(self, name: str, option: str, language: str) -> str:
        options = self._facts.get(name, {}).get("options", {})
        return str(options[option][language]) if option in options else option.replace("_", " ")

    def constant(self, value: Any, currency: str, language: str) -> str:
        """One of a policy's own values: a number, an amount (with a part), a day, words."""
        if isinstance(value, list):
            return self.value("kinds", frozenset(map(str, value)), language)
        if isinstance(value, float):
            value = Money(round(value * 100), currency)
        return self.value("", value, language)


def _listed(items: Iterable[str], language: str) -> str:
    """`a, b en c`."""
    return str(format_list(list(items), locale=LOCALES[language]))


def _way(found: Counterfactual, decision: Decision) -> str:
    result = found.decision.result
    return "pay" if result is decision.result else _NAMED[result]


def _missing(document: Document, facts: Catalogue) -> Iterator[Problem]:
    """Every word that an explanation might need and that is not there in both languages."""
    for fact in facts.values():
        at: tuple[Any, ...] = ("facts", fact.name)
        kinds: tuple[str, ...] = _TWO + (_ADVICE if fact.influenced else ())
        if fact.type is not Type.YES_NO:
            kinds = ("advice",) if fact.influenced else ()
            yield from _both(document, at)
        kinds += ("when_unknown",) if fact.may_be_unknown else ()
        for kind in kinds:
            yield from _both(document, (*at, kind))
        for option in {**dict.fromkeys(fact.options), **(document.value(*at, "options") or {})}:
            yield from _both(document, (*at, "options", option))
    for name in document.value("facts") or ():
        if name not in facts:
            line = document.line("facts", name)
            yield Problem(line, f"There is no fact {name}; see helder/shop/facts.py.")
    for phrase in _PHRASES:
        yield from _both(document, ("phrases", phrase))


def _both(document: Document, at: tuple[Any, ...]) -> Iterator[Problem]:
    for code, language in (("en", "English"), ("nl", "Dutch")):
        said = document.value(*at, code)
        if not isinstance(said, str) or not said.strip():
            name = ".".join(map(str, at[1:]))
            yield Problem(document.line(*at), f"{name} has no {language} word ({code}).")
