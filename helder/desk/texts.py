"""The words of the desk: policies/desk.yml, read once and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

LANGUAGES = ("en", "nl")


class TextsError(ValueError):
    """policies/desk.yml lacks something; the message says what."""


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

    def say(self, language: str, name: str, **values: Any) -> str:
        """The text `section.key`, its {places} filled in."""
        section, _, key = name.partition(".")
        return self._content[section][key][language].format(**values)

    def section(self, section: str, language: str) -> dict[str, str]:
        """All texts of a section, as they are."""
        return {key: text[language] for key, text in self._content[section].items()}

    def reason(self, language: str, code: str) -> str:
        """Why a message was left. A code without a text of its own is shown as it is."""
        known = self._content["reasons"].get(code)
        return known[language] if known else code.replace("_", " ")


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
