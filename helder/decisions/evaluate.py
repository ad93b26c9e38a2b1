"""Facts in, decision out: pure, total, and the same again years later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from helder.decisions.errors import FactError, NotReplayed
from helder.decisions.facts import Catalogue, Source, Value
from helder.decisions.policy import Rule, Version
from helder.decisions.record import Checked, Decision, Given, decode
from helder.shop.values import Money

ASSISTANT = "assistant"


@dataclass(frozen=True)
class Case:
    """What is to be decided: a value for every fact that a policy may look at."""

    about: str
    currency: str
    given: tuple[Given, ...]

    def supposing(self, facts: Catalogue, values: Mapping[str, Value]) -> Case:
        """The same case, if these facts were otherwise. Raises FactError."""
        given = {each.fact: each for each in self.given}
        for name, value in values.items():
            facts.known(name).check(value)
            if isinstance(value, Money):
                value = Money(value.cents, self.currency)
            given[name] = Given(name, value, Source.SUPPOSED)
        return replace(self, given=tuple(given.values()))


def decide(version: Version, case: Case, at: datetime, by: str = ASSISTANT) -> Decision:
    """What this version of a policy decides about a case.

    Only the facts that the version looks at are recorded (GDPR art. 5(1)(c)).

    Raises:
        FactError: the case lacks a fact that the policy looks at, or no rule is left, which
            `reading` does not let through.
    """
    facts = {each.fact: each.value for each in case.given}
    needed = used(version)
    for name in needed:
        if name not in facts:
            raise FactError(f"{version.policy} looks at {name}, of which nothing is known here.")
    checked: list[Checked] = []
    for rule in version.rules:
        outcomes = [each.holds(facts[each.fact]) for each in rule.when]
        for each, outcome in zip(rule.when, outcomes, strict=True):
            checked.append(Checked(rule.name, each.written, each.fact, outcome))
        if all(outcomes):
            return Decision(
                policy=version.policy,
                version=version.since.isoformat(),
                digest=version.digest,
                about=case.about,
                currency=case.currency,
                given=tuple(each for each in case.given if each.fact in needed),
                checked=tuple(checked),
                rule=rule.name,
                result=rule.result,
                pays=_amount(rule, "pays", facts, case.currency),
                fee=_amount(rule, "fee", facts, case.currency),
                by=by,
                at=at,
            )
    raise FactError(f"{version.policy} of {version.since} has no rule for this case.")


def used(version: Version) -> frozenset[str]:
    """The facts that a version looks at, in a condition, an amount or a text."""
    names = {each.fact for rule in version.rules for each in rule.when}
    amounts = [each for rule in version.rules for each in (rule.pays, rule.fee) if each]
    names |= {name for each in amounts for name in each.facts}
    return frozenset(names | version.said - {"amount", "fee"} - set(version.values))


def rule_of(version: Version, decision: Decision) -> Rule:
    """The rule that decided. Raises NotReplayed: it is not of this version."""
    for rule in version.rules:
        if rule.name == decision.rule:
            return rule
    raise NotReplayed(f"{version.policy} of {version.since} has no rule {decision.rule}.")


def case_of(decision: Decision) -> Case:
    """The case that was decided."""
    return Case(decision.about, decision.currency, decision.given)


def replay(text: str, facts: Catalogue, find: Callable[[Decision], Version]) -> Decision:
    """Decide again what a record says, and compare the two to the last byte.

    `find` gives the version that the record names by its digest; see archive.py.

    Raises:
        NotReplayed: the record cannot be read, or it comes out differently.
        PolicyLost: the version is nowhere.
    """
    recorded = decode(text, facts)
    version = find(recorded)
    if version.digest != recorded.digest:
        raise NotReplayed("This is not the version of the policy that decided.")
    try:
        again = decide(version, case_of(recorded), recorded.at, recorded.by)
    except FactError as error:
        raise NotReplayed(f"It cannot be decided again: {error}") from None
    if again.encode() != text:
        raise NotReplayed("Decided again, it comes out differently: the record was changed.")
    return again


def _amount(rule: Rule, kind: str, facts: Mapping[str, Value], currency: str) -> Money | None:
    amount = rule.pays if kind == "pays" else rule.fee
    return amount.of(facts, currency, to_customer=kind == "pays") if amount else None
