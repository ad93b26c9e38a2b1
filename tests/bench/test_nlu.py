"""Understanding is measured rightly: held-out examples, slips, figures, tables."""

import json
import random
import shutil
from io import StringIO

import pytest
from rich.console import Console

from bench.nlu.entities import Found
from bench.nlu.examples import examples, hold_out
from bench.nlu.figures import NluFigures, Threshold, quality
from bench.nlu.run import slipped
from bench.nlu.table import draw
from bench.nlu.typos import misspelt
from bench.nlu.written import KINDS
from bench.numbers import Cost
from helder.report.measures import Reading
from helder.settings import PROJECT


def test_a_fifth_of_each_intent_in_each_language_is_held_out(tmp_path):
    shutil.copytree(PROJECT / "data" / "nlu", tmp_path / "data" / "nlu")
    before = set(examples(tmp_path))
    held = hold_out(tmp_path)
    after = set(examples(tmp_path))
    assert set(held) | after == before
    assert not set(held) & after
    for intent, language in {(line.intent, line.language) for line in before}:
        those = [line for line in before if (line.intent, line.language) == (intent, language)]
        out = [line for line in held if (line.intent, line.language) == (intent, language)]
        assert len(out) == len(those) // 5


def test_the_same_examples_are_held_out_every_time(tmp_path):
    for name in "ab":
        shutil.copytree(PROJECT / "data" / "nlu", tmp_path / name / "data" / "nlu")
    assert hold_out(tmp_path / "a") == hold_out(tmp_path / "b")


def test_examples_carry_no_annotations_and_lookups_are_none():
    texts = {line.text for line in examples(PROJECT)}
    assert "what does delivery to Belgium cost me" in texts
    assert "Great Britain" not in texts


def test_a_slip_is_one_change_of_a_letter():
    rng = random.Random(1)
    for _ in range(200):
        found = misspelt("waar is 204817", 1, rng)
        assert "204817" in found
        assert abs(len(found) - len("waar is 204817")) <= 1
    assert misspelt("204817 ?", 2, rng) == "204817 ?"


def test_slips_are_the_same_in_every_run():
    lines = list(examples(PROJECT))[:50]
    assert slipped(lines, 2) == slipped(lines, 2) != [line.text for line in lines]


def reading(intent: str, read: str, confidence: float) -> Reading:
    return Reading("…", intent, ((read, confidence), ("other", 0.04)))


def measured() -> NluFigures:
    inside = [reading("a", "a", 0.9)] * 9 + [reading("b", "a", 0.3)]
    outside = [reading("", "a", 0.2)] * 4
    worse = [reading("a", "a", 0.9)] * 8 + [reading("b", "a", 0.3)] * 2
    found = quality(inside, [5.0] * 10, outside, {2: worse}, Threshold(0.5, 0.1))
    stock = quality(worse, [9.0] * 10, outside, {2: worse}, Threshold(0.3, 0.1))
    return NluFigures(
        machine={"cores": 2},
        plan={},
        quality={"en": {"helder": found, "stock": stock}},
        entities={"en": {kind: Found(asked=50, hits=49, wrong=1) for kind in KINDS}},
        training={"helder": Cost(30, 40), "stock": Cost(900, 1500), "whole": Cost(35, 45)},
    )


def test_the_figures_of_a_system():
    ours = measured().quality["en"]["helder"]
    assert ours.accuracy == 0.9
    assert ours.auroc == 1
    assert ours.lost[2] == pytest.approx(10)
    assert ours.calibration_error == pytest.approx(0.9 * 0.1 + 0.1 * 0.3)
    assert (ours.good_refused, ours.wrong_caught, ours.outside_caught) == (0, 1, 1)


def test_each_bar_is_judged():
    met = {bar.what: bar.met for bar in measured().bars()}
    assert met["accuracy in English"] is True
    assert met["accuracy over stock Rasa's in English"] is True
    assert met["calibration error in English"] is False
    assert met["points lost at two slips in English"] is False
    assert met["seconds of cold training"] is True
    assert met["stock Rasa's training / ours"] is True
    assert met["recall of date in English"] is True


def test_what_was_not_measured_is_neither_met_nor_missed():
    figures = measured()
    del figures.quality["en"]["stock"], figures.training["stock"]
    open_bars = [bar.what for bar in figures.bars() if bar.met is None]
    assert open_bars == ["accuracy over stock Rasa's in English", "stock Rasa's training / ours"]


def test_the_tables_show_every_figure_and_what_was_asked():
    out = StringIO()
    for table in draw(measured()):
        Console(file=out, width=100).print(table)
    for shown in ("English: 10 messages, 4 out of scope", "0.900", "≥ 0.9 ✓", "≤ 0.06 ✗", "35.0 s"):
        assert shown in out.getvalue()


def test_the_last_line_is_json():
    content = json.loads(json.dumps(measured().as_json()))
    assert content["entities"]["en"]["date"]["recall"] == 0.98
    assert content["all_met"] is False
