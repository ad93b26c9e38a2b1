"""The rules by which the assistant decides, in words: from the policies as they are loaded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from helder.decisions.errors import NoVersion
from helder.decisions.outline import Outline, outline
from helder.decisions.words import Words
from helder.shop.facts import FACTS, local_day
from helder.shop.policy import NEEDED, ShopPolicy

_CURRENCY = "EUR"  # of Kade's own country; an order in another one is decided in its own


def rules_in_words(shop: ShopPolicy, folder: Path, language: str, now: datetime) -> list[Outline]:
    """Every decision policy that holds now, those that a company added last.

    Raises:
        PolicyError: facts.yml cannot be used.
    """
    words = Words.of(folder, FACTS)
    found = []
    for name in [*NEEDED, *sorted(set(shop.policies) - set(NEEDED))]:
        policy = shop.policies[name]
        try:
            version = policy.in_force(local_day(now))
        except NoVersion:
            continue  # it begins later: nothing is decided by it today
        found.append(outline(policy, version, words, language, _CURRENCY))
    return found
