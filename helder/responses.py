"""The texts of data/responses, and in which language each is said: one rule for all who read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helder import quick_yaml

DUTCH = {"type": "slot", "name": "language", "value": "nl"}


def language_of(conditions: Sequence[Mapping[str, Any]] | None) -> str | None:
    """`nl` on condition that the language is nl, `en` without any; None if it depends on more."""
    if not conditions:
        return "en"
    return "nl" if [dict(each) for each in conditions] == [DUTCH] else None


class Phrases:
    """Every response's text, by key and language.

    Raises:
        KeyError: a response that is not in data/responses (`make check` finds it first).
    """

    def __init__(self, folder: Path) -> None:
        self._texts: dict[tuple[str, str], str] = {}
        for path in sorted(folder.glob("*.yml")):
            content = quick_yaml.load(path) or {}
            for key, variations in (content.get("responses") or {}).items():
                for variation in variations:
                    language = language_of(variation.get("condition"))
                    if language is not None:  # else only Rasa can tell when it is said
                        self._texts.setdefault((key, language), variation.get("text") or "")

    def has(self, key: str) -> bool:
        """Is there such a response?"""
        return (key, "en") in self._texts

    def text(self, key: str, language: str, **values: Any) -> str:
        """A response's text with its variables filled in."""
        return self._texts[key, language].format(**values)
