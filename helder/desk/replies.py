"""Ready-made answers: policies/replies.yml, in the customer's language, with places filled in."""

from __future__ import annotations

from pathlib import Path

from helder.texts import LANGUAGES, Texts, TextsError, pick


class Replies:
    """The answers, read once.

    Raises:
        TextsError: one has no text in one of the languages, or a place that nothing fills in.
    """

    def __init__(self, path: Path) -> None:
        self._texts = Texts(path)
        for language in LANGUAGES:
            try:
                self.filled(language, "", None)
            except (KeyError, IndexError, ValueError) as error:
                raise TextsError(f"{path.name} has a text that cannot be used: {error}") from None

    def filled(self, language: str, name: str, number: int | None) -> list[tuple[str, str]]:
        """Title and text of each; {name} is the colleague's, {reference} the conversation's."""
        spoken = pick(language)
        titles = self._texts.section("titles", spoken)
        texts = self._texts.section("texts", spoken)
        reference = f"#{number}" if number else ""
        return [(titles[key], texts[key].format(name=name, reference=reference)) for key in titles]
