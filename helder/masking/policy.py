"""What the business decides about masking: policies/masking.yml, once it is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from helder.masking.kinds import Kind

Words = Mapping[str, str]  # by language


@dataclass(frozen=True)
class MaskingPolicy:
    """What is masked in the conversation and in what leaves it, besides what always is."""

    conversation: frozenset[Kind]
    exported: frozenset[Kind]
    text: Words
    between: Words
    names: Mapping[Kind, Words]

    def told(self, kinds: Collection[str]) -> dict[str, str]:
        """The line for a customer of whose message these kinds were masked, in each language."""
        found = [kind for kind in Kind if kind.value in kinds]
        return {
            language: text.format(what=self._listed(found, language))
            for language, text in self.text.items()
        }

    def _listed(self, kinds: list[Kind], language: str) -> str:
        *others, last = (self.names[kind][language] for kind in kinds)
        return f"{', '.join(others)} {self.between[language]} {last}" if others else last
