"""The messages of bench/handoff are many, and none was trained on, nor anything close to one."""

from __future__ import annotations

import re

import pytest

from bench.handoff.figures import Share, counted
from bench.handoff.lines import KINDS, LANGUAGES, every_line, lines
from bench.nlu.examples import examples
from bench.nlu.systems import Read
from helder.settings import PROJECT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_there_are_enough_of_each_kind(kind: str, language: str) -> None:
    said = lines(kind, language)
    meant = [each.text for each in said if each.means_it]
    near = [each.text for each in said if not each.means_it]
    assert len(meant) >= (300 if kind == "asked" else 80)
    assert len(near) >= (300 if kind == "asked" else 30)
    assert len(set(meant)) == len(meant)


def test_no_message_is_an_example() -> None:
    trained = {_plain(line.text) for line in examples(PROJECT)}
    same = [s.text for s in every_line() if s.means_it and _plain(s.text) in trained]
    assert same == []


def test_a_share_is_told_with_its_interval() -> None:
    assert Share(331, 337).told() == "0.982 (0.962–0.992), 331 of 337"


def test_recall_and_false_alarms_are_counted_apart() -> None:
    said = lines("asked", "en")
    read = [Read((("contact_human_agent", 0.9), ("greet", 0.1)), 1.0) for _ in said]
    asked = next(each for each in counted(said, read) if each.recall.of)
    assert asked.recall.found == asked.recall.of
    assert asked.alarms.found == asked.alarms.of


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
