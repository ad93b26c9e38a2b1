"""What is written down of a model fits that model, and a measurement what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from helder.card import (
    Measured,
    card_of,
    forget_card,
    read_card,
    read_measured,
    write_card,
    write_measured,
)
from helder.settings import PROJECT
from tests.report.houses import EXAMPLES, build

MEASURED = Measured("2026-11-22", {"en": 100, "nl": 50}, {"en": 89, "nl": 41})


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return build(tmp_path / "house")


def test_a_card_counts_examples_and_intents_and_names_the_topics(house: Path) -> None:
    card = card_of(house)
    for language, intents in EXAMPLES.items():
        assert card.examples[language] == sum(len(texts) for texts in intents.values())
    assert card.intents == len({intent for intents in EXAMPLES.values() for intent in intents})


def test_the_topics_of_what_ships_are_there_in_both_languages() -> None:
    topics = card_of(PROJECT).topics
    assert len(topics["en"]) == len(topics["nl"]) > 40
    assert ("Where is my order?", "Waar is mijn bestelling?") in zip(
        topics["en"], topics["nl"], strict=True
    )


def test_what_was_written_down_is_read_again(house: Path) -> None:
    model, card = house / "models" / "helder-1.tar.gz", card_of(house)
    model.parent.mkdir(exist_ok=True)
    assert read_card(model) is None
    write_card(card, model)
    found = read_card(model)
    assert found is not None
    assert (found.understanding, found.examples) == (card.understanding, card.examples)
    forget_card(model)
    assert read_card(model) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"model": 1}'])
def test_a_card_that_cannot_be_read_is_none(house: Path, text: str) -> None:
    (house / "models").mkdir(exist_ok=True)
    (house / "models" / "helder-1.json").write_text(text)
    assert read_card(house / "models" / "helder-1.tar.gz") is None


def test_a_measurement_fits_only_what_it_was_made_of(house: Path) -> None:
    before = card_of(house)
    assert read_measured(house, before) is None
    write_measured(house, MEASURED)
    assert read_measured(house, before) == MEASURED
    change(house)
    after = card_of(house)
    assert read_measured(house, after) is None
    assert read_measured(house, before) == MEASURED


def test_other_answers_leave_a_measurement_valid(house: Path) -> None:
    write_measured(house, MEASURED)
    (house / "data" / "responses").mkdir(parents=True, exist_ok=True)
    (house / "data" / "responses" / "more.yml").write_text('version: "3.1"\nresponses: {}\n')
    assert read_measured(house, card_of(house)) == MEASURED


def change(house: Path) -> None:
    """Somebody adds an example."""
    path = next((house / "data" / "nlu").rglob("*.yml"))
    path.write_text(path.read_text(encoding="utf-8") + "    - and one more\n", encoding="utf-8")
