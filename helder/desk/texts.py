"""The words of the desk: policies/desk.yml."""

from __future__ import annotations

from typing import Any

from helder import texts


class Texts(texts.Texts):
    """As all texts (helder/texts.py), asked for by `section.key`."""

    def say(self, language: str, name: str, **values: Any) -> str:
        """The text `section.key`, its {places} filled in."""
        section, _, key = name.partition(".")
        return self.of(section, key, language).format(**values)

    def reason(self, language: str, code: str) -> str:
        """Why a message was left. A code without a text of its own is shown as it is."""
        return self.section("reasons", language).get(code) or code.replace("_", " ")
