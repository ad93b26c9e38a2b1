"""The customer who agrees that their order data is used, for tests that are about something else.

Whoever tests consent itself turns this off (`Talk.agrees`); a dialogue script does so by expecting
the question.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from helder.consent.purposes import ORDER_DATA, Purposes, Words
from helder.installation import consent_policy
from helder.settings import PROJECT

Json = dict[str, Any]


@lru_cache(maxsize=1)
def purposes() -> Purposes:
    return consent_policy(PROJECT / "policies")[0]


@lru_cache(maxsize=1)
def _thanks() -> set[str]:
    path = PROJECT / "data" / "responses" / "consent.yml"
    responses = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return {" ".join(each["text"].split()) for each in responses["utter_consent_thanks"]}


def asked(messages: list[Json]) -> Json | None:
    """The choice that says yes, if the last message asks whether order data may be used."""
    words = purposes().all[ORDER_DATA].words.values()
    questions = {each.question: each.yes_button for each in words}
    if not messages or messages[-1]["text"] not in questions:
        return None
    title = questions[messages[-1]["text"]]
    choice: Json = next(each for each in messages[-1]["choices"] if each["title"] == title)
    return choice


def without_thanks(messages: list[Json]) -> list[Json]:
    """What was said besides "thank you"."""
    return [each for each in messages if " ".join(each["text"].split()) not in _thanks()]


def filled(text: str, language: str) -> str:
    """A regular expression for a response's text, with the variables that consent.yml fills in."""
    said: list[Words] = [each.said(language) for each in purposes().all.values()]
    parts = re.split(r"(\{\w+\})", text)
    return "".join(_part(part, said) for part in parts)


def _part(part: str, said: list[Words]) -> str:
    if not re.fullmatch(r"\{\w+\}", part):
        return re.escape(part)
    name = part[1:-1]
    if name in ("question", "without", "receipt"):
        return "(?:" + "|".join(re.escape(getattr(each, name)) for each in said) + ")"
    return ".+?"
