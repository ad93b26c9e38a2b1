"""The words that Helder says by itself: files of texts in policies/, read once and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

LANGUAGES = ("en", "nl")


class TextsError(ValueError):
    """A file of texts lacks something; the message says what."""


class Texts:
    """Texts by section and key, in both languages.

    Raises:
        TextsError: a text is missing in one of the languages.
    """

    def __init__(self, path: Path) -> None:
        content: dict[str, dict[str, dict[str, str]]] = YAML(typ="safe").load(path)
        for section, texts in content.items():
            for key, text in texts.items():
                for language in LANGUAGES:
                    if not isinstance(text.get(language), str):
                        raise TextsError(f"{path.name}: {section}.{key} has no text in {language}.")
        self._content = content

    def error(self, code: str, language: str) -> str:
        """What a customer reads when a request fails."""
        return self._content["errors"][code][pick(language)]

    def system(self, key: str, language: str, **values: Any) -> str:
        """What the system itself says in a conversation."""
        return self._content["system"][key][pick(language)].format(**values)

    def of(self, section: str, key: str, language: str) -> str:
        """A text of any section."""
        return self._content[section][key][pick(language)]

    def section(self, section: str, language: str) -> dict[str, str]:
        """All texts of a section."""
        return {key: self.of(section, key, language) for key in self._content[section]}


def pick(language: str | None) -> str:
    """A language that we speak: the one asked for, or English."""
    wanted = (language or "").strip().lower()[:2]
    return wanted if wanted in LANGUAGES else "en"


def accepted(header: str | None) -> str:
    """The language that a browser asks for (Accept-Language, RFC 9110 §12.5.4), or English."""
    ranked = []
    for position, part in enumerate((header or "").split(",")):
        name, _, quality = part.strip().partition(";q=")
        if name[:2].lower() in LANGUAGES:
            try:
                ranked.append((-float(quality or 1), position, name[:2].lower()))
            except ValueError:
                continue  # a weight that is no number: the next language is tried
    return min(ranked)[2] if ranked else "en"
