"""In which language a text is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helder.content.reading import Place, named
from helder.content.sources import Variation
from helder.responses import DUTCH, Phrases, language_of

SIGNED_IN = {"type": "slot", "name": "account", "value": "yes"}
PLACE = Place("x.yml", 1)


@pytest.mark.parametrize(
    ("conditions", "language"),
    [
        (None, "en"),
        ([], "en"),
        ([DUTCH], "nl"),
        ([DUTCH | {"value": "fr"}], None),
        ([SIGNED_IN], None),
        ([DUTCH, SIGNED_IN], None),
    ],
)
def test_only_the_language_decides_the_language(
    conditions: list[dict[str, Any]] | None, language: str | None
) -> None:
    assert language_of(conditions) == language


def test_the_check_reads_it_by_the_same_rule() -> None:
    def language(slot: str, value: str) -> str | None:
        return Variation(PLACE, "", named(slot, PLACE), value, ()).language

    assert language("language", "nl") == "nl"
    assert language("account", "nl") is None


def test_an_action_never_tells_a_text_of_another_condition_as_dutch(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(
        """
responses:
  utter_x:
    - text: Signed in
      condition: [{type: slot, name: account, value: "yes"}]
    - text: Nederlands
      condition: [{type: slot, name: language, value: nl}]
    - text: English
"""
    )
    phrases = Phrases(tmp_path)
    assert (phrases.text("utter_x", "nl"), phrases.text("utter_x", "en")) == (
        "Nederlands",
        "English",
    )
