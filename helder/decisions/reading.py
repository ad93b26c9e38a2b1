"""policies/<name>.yml as a policy: everything that is wrong in it, each with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from helder.decisions.amounts import Amount, read_amount
from helder.decisions.conditions import Condition, read_condition
from helder.decisions.document import Document, shown
from helder.decisions.errors import FactError, PolicyError
from helder.decisions.facts import Catalogue
from helder.decisions.policy import Policy, Result, Rule, Version, placeholders
from helder.decisions.soundness import unsound
from helder.shop.values import Text

LANGUAGES = {"en": "English", "nl": "Dutch"}
ALWAYS = "anything else"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RULE = ("name", "when", "then", "pays", "fee", "because", "contest")
_VERSION = ("from", "values", "rules")
_POLICY = ("question", "contest", "versions")
T = TypeVar("T")


def load_policy_file(path: Path, facts: Catalogue) -> Policy:
    """Read a policy. Its name is that of its file.

    Raises:
        PolicyError: it cannot be used; `problems` has all that is wrong, with lines.
    """
    document = Document.of(path)
    policy = _Reader(document, path.stem, facts).policy()
    if policy is not None:
        for version in policy.versions:
            for line, sentence in unsound(version, facts):
                document.wrong_at(line, sentence)
    if policy is None or document.problems:
        raise PolicyError(path.name, sorted(document.problems))
    return policy


def version_from(data: Mapping[str, Any], facts: Catalogue) -> Version:
    """A version from its `data`, as it was archived. Raises PolicyError."""
    contest, name = data.get("contest"), str(data.get("policy"))
    document = Document({**data, "from": date.fromisoformat(data["from"])})
    version = _Reader(document, name, facts).version((), contest)
    if version is None or document.problems:
        raise PolicyError(f"{name}.yml", document.problems)
    return version


class _Reader:
    """Reads on after a mistake, so that all of them are told at once."""

    def __init__(self, document: Document, name: str, facts: Catalogue) -> None:
        self.document = document
        self.name = name
        self.facts = facts

    def policy(self) -> Policy | None:
        """The whole file; None if it has no version that can be read."""
        self.document.only((), _POLICY)
        question, contest = self._text("question"), self._text("contest")
        plain = self.document.value("contest")
        found = [
            self.version(("versions", i), plain) for i in self.document.indexes("versions", least=1)
        ]
        versions = [each for each in found if each is not None]
        for before, after in pairwise(versions):
            if after.since <= before.since:
                same = "the same day as" if after.since == before.since else "before"
                self.document.wrong_at(
                    after.line,
                    f"This version begins on {after.since}, {same} the one above it; each begins "
                    "on a later day.",
                )
        if question is None or contest is None or len(versions) < len(found) or not found:
            return None
        return Policy(self.name, question, tuple(versions))

    def version(self, at: tuple[Any, ...], contest: Any) -> Version | None:
        """The version at this place; None if it cannot be read."""
        if at:
            self.document.only(at, _VERSION)
        since = self.document.typed((*at, "from"), date, "a day such as 2026-01-01")
        values = self._values(at)
        rules = [self._rule((*at, "rules", i), values) for i in self.document.indexes(*at, "rules")]
        self._names(at, [rule for rule in rules if rule])
        told = self._bilingual(contest)
        for name in sorted((placeholders(told) if told else set()) - {*self.facts, *values}):
            sentence = f"contest has {{{name}}}, which is no fact and no value of this policy."
            self.document.wrong(("contest",), sentence)
        if since is None or told is None or not rules or None in rules:
            return None
        data = {
            "policy": self.name,
            "from": since.isoformat(),
            "contest": contest,
            "values": {name: _plain(value) for name, value in values.items()},
            "rules": _plain(self.document.value(*at, "rules")),
        }
        found = tuple(rule for rule in rules if rule)
        line = self.document.line(*at, "from")
        lines = {name: self.document.line(*at, "values", name) for name in values}
        return Version(self.name, since, values, found, told, data, line, lines)

    def _values(self, at: tuple[Any, ...]) -> dict[str, Any]:
        values = self.document.value(*at, "values") or {}
        if not isinstance(values, dict):
            self.document.wrong((*at, "values"), "values must have names with values.")
            return {}
        for name, value in values.items():
            if not _NAME.fullmatch(str(name)) or name in self.facts:
                sentence = f"{name} cannot name a value; use small letters, and no fact's name."
                self.document.wrong((*at, "values", name), sentence)
            items = value if isinstance(value, list) else [value]
            if not all(isinstance(each, int | float | str | bool | date) for each in items):
                sentence = f"{name} must be a number, an amount, a day, a word, or a list of words."
                self.document.wrong((*at, "values", name), sentence)
        return {str(name): value for name, value in values.items()}

    def _names(self, at: tuple[Any, ...], rules: list[Rule]) -> None:
        seen: set[str] = set()
        for rule in rules:
            if rule.name in seen:
                self.document.wrong_at(rule.line, f"There are two rules called {rule.name}.")
            seen.add(rule.name)
        if not rules and not self.document.problems:
            self.document.wrong((*at, "rules"), "A version needs at least one rule.")

    def _rule(self, at: tuple[Any, ...], values: Mapping[str, Any]) -> Rule | None:
        document = self.document
        document.only(at, _RULE)
        name = document.typed((*at, "name"), str, "a name such as window_over")
        if name is not None and not _NAME.fullmatch(name):
            document.wrong((*at, "name"), f"{name} is no name; use small letters, digits and _.")
        when = self._when(at, values)
        said = document.value(*at, "then")
        result = next((each for each in Result if each.value == said), None)
        if result is None:
            known = ", ".join(each.value for each in Result)
            document.wrong((*at, "then"), f"then must be one of {known}; it is {shown(said)}.")
        pays, fee = (self._amount((*at, kind), values) for kind in ("pays", "fee"))
        because = self._because(at, values)
        contest = self._text(*at, "contest") if document.value(*at, "contest") else None
        if name is None or when is None or result is None or because is None:
            return None
        return Rule(name, when, result, pays, fee, because, contest, document.line(*at, "name"))

    def _when(self, at: tuple[Any, ...], values: Mapping[str, Any]) -> tuple[Condition, ...] | None:
        said = self.document.value(*at, "when")
        if said == ALWAYS:
            return ()
        listed = isinstance(said, list)
        written = said if listed else [said]
        if not written or not all(isinstance(each, str) for each in written):
            sentence = f"when must be a list of conditions, or “{ALWAYS}”."
            self.document.wrong((*at, "when"), sentence)
            return None
        found = []
        for index, each in enumerate(written):
            place = (*at, "when", index) if listed else (*at, "when")
            found.append(self._try(place, read_condition, each, values))
        return None if None in found else tuple(each for each in found if each)

    def _amount(self, at: tuple[Any, ...], values: Mapping[str, Any]) -> Amount | None:
        said = self.document.value(*at)
        if said is None:
            return None
        return self._try(at, read_amount, str(said), values)

    def _because(self, at: tuple[Any, ...], values: Mapping[str, Any]) -> Text | None:
        text = self._text(*at, "because")
        money = {"amount": "pays", "fee": "fee"}
        told = {name for name, kind in money.items() if self.document.value(*at, kind) is not None}
        known = {*self.facts, *values, *told}
        for name in sorted((placeholders(text) if text else set()) - known):
            sentence = f"because has {{{name}}}, which is no fact and no value of this policy."
            self.document.wrong((*at, "because"), sentence)
        return text

    def _text(self, *at: Any) -> Text | None:
        found = self.document.value(*at)
        name = at[-1]
        if not isinstance(found, dict):
            self.document.wrong(
                at, f"{name} is missing, or has no text in English (en) and Dutch (nl)."
            )
            return None
        for code, language in LANGUAGES.items():
            if not isinstance(found.get(code), str) or not found[code].strip():
                self.document.wrong(at, f"{name} has no {language} text ({code}).")
            elif set("{}") & set(re.sub(r"\{\w+\}", "", found[code])):
                self.document.wrong(at, f"{name} has a brace without its other half.")
        return self._bilingual(found)

    def _bilingual(self, found: Any) -> Text | None:
        known = isinstance(found, dict) and all(isinstance(found.get(c), str) for c in LANGUAGES)
        return Text(found["nl"].strip(), found["en"].strip()) if known else None

    def _try(
        self,
        at: tuple[Any, ...],
        read: Callable[[str, Catalogue, Mapping[str, Any]], T],
        written: str,
        values: Mapping[str, Any],
    ) -> T | None:
        try:
            return read(written, self.facts, values)
        except FactError as error:
            self.document.wrong(at, str(error))
            return None


def _plain(value: Any) -> Any:
    """As JSON has it; days as ISO 8601, broken numbers as they are written."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
