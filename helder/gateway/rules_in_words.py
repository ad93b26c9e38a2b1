"""The rules by which the assistant decides, in words: from the policies as they are loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from babel.lists import format_list

from helder.content.told import Told
from helder.shop.model import OrderState
from helder.shop.policy import Terms, load_policy

_STATES = (OrderState.OPEN, OrderState.PAID, OrderState.PACKED)
_KIND = "utter_word_kind_"


def rules_in_words(project: Path, told: Told, now: datetime) -> list[str]:
    """Each rule that holds now as a sentence, in the language of `told`.

    Raises:
        PolicyError: a policy cannot be used.
    """
    terms = load_policy(project / "policies").terms(now)
    found = [
        *_cancelling(terms, told),
        told("rules", "window", window_days=terms.window_days),
        told("rules", "send", send_within_days=terms.send_within_days),
    ]
    if terms.not_returnable:
        names = _kinds(project, told.language)
        kinds = [names.get(each, each.replace("_", " ")) for each in sorted(terms.not_returnable)]
        found.append(told("rules", "kinds", kinds=format_list(kinds, "or", told.language)))
    if terms.guarantee_years:
        found.append(told("rules", "guarantee", guarantee_years=terms.guarantee_years))
    return found


def _cancelling(terms: Terms, told: Told) -> Iterator[str]:
    def listed(states: Sequence[OrderState]) -> str:
        return str(format_list([told("states", s.value) for s in states], "or", told.language))

    paid = [state for state in _STATES if state in dict(terms.fees)]
    if terms.free_until is not None:
        free = _STATES[: _STATES.index(terms.free_until) + 1]
        yield told("rules", "cancel", states=listed([s for s in free if s not in paid]))
    if paid:
        yield told("rules", "cancel_fee", states=listed(paid))
    if not paid and terms.free_until is None:
        yield told("rules", "cancel_never")


def _kinds(project: Path, language: str) -> Mapping[str, str]:
    """What the assistant calls the categories that are not taken back."""
    content: Any = yaml.safe_load((project / "data/responses/refunds.yml").read_text("utf-8"))
    return {
        key.removeprefix(_KIND): variation["text"]
        for key, variations in content["responses"].items()
        if key.startswith(_KIND)
        for variation in variations
        if ("nl" if variation.get("condition") else "en") == language
    }
