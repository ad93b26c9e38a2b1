"""In which language a text of data/responses is said: one rule for whoever reads these files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DUTCH = {"type": "slot", "name": "language", "value": "nl"}


def language_of(conditions: Sequence[Mapping[str, Any]] | None) -> str | None:
    """`nl` on condition that the language is nl, `en` without any; None if it depends on more."""
    if not conditions:
        return "en"
    return "nl" if [dict(each) for each in conditions] == [DUTCH] else None
