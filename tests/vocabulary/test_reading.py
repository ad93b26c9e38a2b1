"""words/*.yml is read whole or not at all, and what is wrong is named with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helder.settings import PROJECT
from helder.vocabulary.reading import VocabularyError, load_vocabulary

WORDS = PROJECT / "words"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WORDS, tmp_path / "words"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(VocabularyError) as refused:
        load_vocabulary(folder)
    assert str(refused.value) == str(refused.value.problems[0])
    return [str(problem) for problem in refused.value.problems]


def test_both_languages_make_one_list() -> None:
    vocabulary = load_vocabulary(WORDS)
    assert {"ja", "yes"} <= vocabulary.common.yes  # which YAML would read as true
    assert vocabulary.counts.numbers[2] >= {"two", "twee"}
    assert vocabulary.agreeing.deeds["cancel_order"].verbs >= {"cancel", "annuleer"}
    assert vocabulary.newsletter.off.are_in("Schrijf me nu uit")


def test_no_word_is_a_yes_and_a_no() -> None:
    common = load_vocabulary(WORDS).common
    assert not common.yes & (common.no | common.negation)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "waiting.yml",
            "  nl: [wacht, wachten, moment, momentje, ogenblik, ogenblikje, ho]\n",
            "",
            "line 3: wait has no words in Dutch (nl).",
        ),
        (
            "waiting.yml",
            "  en: [wait, hold, hang, sec, second, moment]\n",
            "  en: []\n",
            "line 4: wait must have a list of words in English.",
        ),
        ("waiting.yml", "wait, hold", "wait, wait", "line 4: “wait” is there twice."),
        ("waiting.yml", "wait:\n", "wacht:\n", "line 1: This file lacks wait."),
        (
            "waiting.yml",
            "  nl: [wacht",
            "  de: [wacht",
            "line 5: de is not known here; it is en, nl.",
        ),
        (
            "waiting.yml",
            "wait, hold",
            "wait, hold on",
            "line 4: “hold on” is no single word of letters alone.",
        ),
        (
            "common.yml",
            "[not, never, don, dont]",
            '[not, never, "don\'t", dont]',
            "line 12: “don't” is read as two words, before and after the apostrophe; write one of"
            " them.",
        ),
        (
            "common.yml",
            "[niet, geen",
            "[Niet, geen",
            "line 13: “Niet” must be in small letters; capitals are no difference.",
        ),
        (
            "newsletter.yml",
            "[is er, zijn er",
            "[zijn (er|ze)",
            "line 41: “zijn (er|ze)” is no phrase: it has letters, blanks, ' and ... alone.",
        ),
        (
            "newsletter.yml",
            "[is er, zijn er",
            "[... er",
            "line 41: “... er” begins or ends with any words; leave that out.",
        ),
        ("counts.yml", "  1:\n", "  een:\n", "line 4: een must be a number."),
        ("agreeing.yml", "    about:\n", "    objects:\n", "line 56: cancel_order lacks about."),
        ("stopping.yml", "stop:\n", "stop: [\n", "line 5: This cannot be read: "),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    folder: Path, name: str, old: str, new: str, said: str
) -> None:
    change(folder, name, old, new)
    found = problems(folder)
    assert any(each.startswith(f"words/{name}, {said}") for each in found), found


def test_everything_that_is_wrong_is_named_at_once(folder: Path) -> None:
    change(folder, "waiting.yml", "wait, hold", "wait, wait")
    (folder / "orders.yml").unlink()
    (folder / "greetings.yml").write_text("hello: {en: [hi], nl: [hoi]}\n", encoding="utf-8")
    first, second, third = problems(folder)
    assert first.startswith("words/greetings.yml, line 1: greetings.yml is not known here; it is ")
    assert second == "words/orders.yml, line 1: This file is missing or cannot be opened."
    assert third == "words/waiting.yml, line 4: “wait” is there twice."
