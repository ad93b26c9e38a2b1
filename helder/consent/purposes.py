"""What customers are asked for: policies/consent.yml, read strictly.

What is wrong there is one sentence with its line; what would ask unfairly is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helder.content.policies import LANGUAGES, Kept, Policy

# Services of ours ask for these by name; a company may add others.
ORDER_DATA = "order_data"
KEEP_CONVERSATION = "keep_conversation"
IMPROVEMENT = "improvement"
REQUIRED = (ORDER_DATA, KEEP_CONVERSATION, IMPROVEMENT)

# What is asked with a question rests on consent and on nothing else: GDPR art. 6(1)(a), and 9(2)(a)
# for special categories. Asking for what is done anyway would mislead (EDPB 05/2020, 122).
LEGAL_BASES = ("consent", "explicit_consent")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXTS = ("title", "question", "yes_button", "no_button", "without", "receipt")
_FILLED = ("minutes", "days")
_UNEVEN = 8  # characters that one button may be longer than the other (EDPB Guidelines 03/2022)
_LONGEST_QUESTION = 160


@dataclass(frozen=True)
class Words:
    """A purpose in one language, filled in; see consent.yml."""

    title: str
    question: str
    yes_button: str
    no_button: str
    without: str
    receipt: str
    data: tuple[str, ...]
    retention: str


@dataclass(frozen=True)
class Purpose:
    """One thing that is asked for. Only a grant of this `version` counts."""

    name: str
    version: int
    legal_basis: str
    words: Mapping[str, Words]

    def said(self, language: str) -> Words:
        """Its texts, in English for a language that we do not speak."""
        return self.words.get(language) or self.words["en"]


@dataclass(frozen=True)
class Controller:
    """Who is responsible (GDPR art. 4(7))."""

    name: str
    address: str
    contact: str


@dataclass(frozen=True)
class Purposes:
    """All of consent.yml. `keep_days` is what a yes to keeping means today."""

    controller: Controller
    jurisdiction: str
    withdrawal: Mapping[str, str]  # how a yes is taken back, per language
    all: Mapping[str, Purpose]
    keep_days: int


def load_purposes(path: Path, kept: Kept) -> Purposes:
    """Read consent.yml; the periods in its texts come from retention.yml.

    Raises:
        PolicyRefused: it cannot be used.
    """
    policy = Policy(path)
    _only(policy, (), ("controller", "jurisdiction", "withdrawal", "purposes"))
    _only(policy, ("controller",), ("name", "address", "contact"))
    for name in ("name", "address", "contact"):
        policy.text(("controller", name), ())
    jurisdiction = policy.value("jurisdiction")
    if not isinstance(jurisdiction, str) or not re.fullmatch("[A-Z]{2}", jurisdiction):
        sentence = "jurisdiction must be a country in two capitals, such as NL."
        raise policy.refused(("jurisdiction",), sentence)
    _in_both(policy, ("withdrawal",), ())
    names = policy.names("purposes")
    for name in REQUIRED:
        policy.value("purposes", name)
    return Purposes(
        Controller(**policy.data["controller"]),
        jurisdiction,
        policy.data["withdrawal"],
        {name: _purpose(policy, name, kept) for name in names},
        kept.conversation_days,
    )


def _purpose(policy: Policy, name: Any, kept: Kept) -> Purpose:
    at = ("purposes", name)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        sentence = (
            f"{name} is no name for a purpose: small letters, digits and _, such as my_purpose."
        )
        raise policy.refused(at, sentence)
    _only(policy, at, ("version", "legal_basis", "data", "retention", "texts"))
    version = policy.number(*at, "version")
    basis = policy.value(*at, "legal_basis")
    if basis not in LEGAL_BASES:
        sentence = (
            f"{name}: legal_basis must be {' or '.join(LEGAL_BASES)}; nothing else is asked for."
        )
        raise policy.refused((*at, "legal_basis"), sentence)
    places = policy.indexes(*at, "data")
    if not places:
        raise policy.refused((*at, "data"), f"{name}: data must name what is used.")
    for place in places:
        _in_both(policy, (*at, "data", place), ())
    _in_both(policy, (*at, "retention"), _FILLED)
    _only(policy, (*at, "texts"), LANGUAGES)
    return Purpose(
        name, version, basis, {each: _words(policy, name, each, kept) for each in LANGUAGES}
    )


def _words(policy: Policy, name: str, language: str, kept: Kept) -> Words:
    at = ("purposes", name, "texts", language)
    _only(policy, at, _TEXTS)
    for key in _TEXTS:
        policy.text((*at, key), _FILLED)
    values = {"minutes": kept.conversation_minutes, "days": kept.conversation_days}
    mine = policy.data["purposes"][name]
    filled = {key: mine["texts"][language][key].strip().format(**values) for key in _TEXTS}
    _fair(policy, name, at, filled)
    return Words(
        **filled,
        data=tuple(each[language] for each in mine["data"]),
        retention=mine["retention"][language].format(**values),
    )


def _fair(policy: Policy, name: str, at: tuple[Any, ...], texts: Mapping[str, str]) -> None:
    """Yes and no must be equally easy, and the question clear (GDPR art. 7(2) and (4))."""
    question, yes, no = texts["question"], texts["yes_button"], texts["no_button"]
    if not question.endswith("?") or question.count("?") > 1:
        sentence = f"{name}: question must be one question, with ? at its end."
        raise policy.refused((*at, "question"), sentence)
    if len(question) > _LONGEST_QUESTION:
        sentence = f"{name}: question must have at most {_LONGEST_QUESTION} characters."
        raise policy.refused((*at, "question"), sentence)
    if yes.casefold() == no.casefold():
        raise policy.refused((*at, "no_button"), f"{name}: both buttons say the same.")
    if abs(len(yes) - len(no)) > _UNEVEN:
        longer = "yes_button" if len(yes) > len(no) else "no_button"
        sentence = (
            f"{name}: {longer} is more than {_UNEVEN} characters longer than the other button."
        )
        raise policy.refused((*at, longer), sentence)
    for key, text in (("yes_button", yes), ("no_button", no)):
        if "!" in text or (text.isupper() and len(text) > 1):
            sentence = f"{name}: {key} shouts; yes and no must look alike."
            raise policy.refused((*at, key), sentence)


def _in_both(policy: Policy, at: tuple[Any, ...], allowed: tuple[str, ...]) -> None:
    _only(policy, at, LANGUAGES)
    for language in LANGUAGES:
        policy.text((*at, language), allowed)


def _only(policy: Policy, at: tuple[Any, ...], allowed: tuple[str, ...]) -> None:
    """These names, and no others: one that is misspelt would be passed over in silence."""
    found = policy.names(*at) if at else list(policy.data)
    for name in found:
        if name not in allowed:
            sentence = f"{name} is not known here; it must be one of {', '.join(allowed)}."
            raise policy.refused((*at, name), sentence)
