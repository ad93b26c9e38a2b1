"""The rules by which the assistant decides, in words: from the policies as they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from babel.lists import format_list

from helder.content.told import Told
from helder.shop.model import OrderState
from helder.shop.policy import load_policy

_STATES = (OrderState.OPEN, OrderState.PAID, OrderState.PACKED)
_KIND = "utter_word_kind_"


def rules_in_words(project: Path, told: Told) -> list[str]:
    """Each rule as a sentence, in the language of `told`.

    Raises:
        PolicyError: a policy cannot be used.
    """
    policy = load_policy(project / "policies")
    states = [told("states", state.value) for state in _STATES if state in policy.free_while]
    found = [
        told("rules", "cancel", states=format_list(states, "or", told.language))
        if states
        else told("rules", "cancel_never"),
        told("rules", "window", window_days=policy.window_days),
        told("rules", "send", send_within_days=policy.send_within_days),
    ]
    if policy.not_returnable:
        names = _kinds(project, told.language)
        kinds = [names.get(each, each.replace("_", " ")) for each in sorted(policy.not_returnable)]
        found.append(told("rules", "kinds", kinds=format_list(kinds, "or", told.language)))
    if policy.guarantee_years:
        found.append(told("rules", "guarantee", guarantee_years=policy.guarantee_years))
    return found


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
