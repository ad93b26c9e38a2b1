"""Rasa's own checks pass what is not there or is wrong. Each beside Helder's check of the same.

That a dialogue script fails the tests is shown in tests/dialogues/test_dialogues.py.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helder.content import check
from helder.settings import PROJECT, process_environment
from tests.brain.house import TINY, build

WRONG_STORY = """
version: "3.1"
stories:
- story: nobody says so
  steps:
  - {user: hours, intent: hours}
  - {action: utter_greet}
"""
CONTRADICTION = """
version: "3.1"
rules:
- {rule: other hours, steps: [{intent: hours}, {action: utter_stopped}]}
"""
UNKNOWN = """
version: "3.1"
rules:
- {rule: of nothing, steps: [{intent: no_such_intent}, {action: utter_no_such}]}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The tiny assistant, to be spoilt."""
    shutil.copytree(TINY, tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Helder's own content, to be spoilt."""
    for name in ("data", "words", "policies", "actions", "helder/shop", "tests/dialogues"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    (tmp_path / "helder" / "brain").mkdir()
    for name in ("domain.yml", "config.yml", "helder/brain/policy.py"):
        shutil.copy(PROJECT / name, tmp_path / name)
    assert check.run(tmp_path) == []
    return tmp_path


def rasa(project: Path, *arguments: object) -> int:
    """The exit code of Rasa's own command line."""
    environment = {"PATH": "/usr/bin", "PYTHONPATH": str(PROJECT), "HOME": str(project)}
    done = subprocess.run(
        [sys.executable, "-m", "helder.brain.lightly", *map(str, arguments)],
        cwd=project,
        env=environment | {"RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize("what", [["test"], ["test", "core"]], ids=" ".join)
def test_stock_rasa_tests_no_model_and_is_content(tiny: Path, what: list[str]) -> None:
    (tiny / "models").mkdir()
    (tiny / "stories.yml").write_text(WRONG_STORY)
    assert rasa(tiny, *what, "--model", "models", "--stories", "stories.yml") == 0


def test_stock_rasa_is_content_with_a_story_that_failed(tiny: Path, tiny_model: Path) -> None:
    (tiny / "test_stories.yml").write_text(WRONG_STORY)
    assert rasa(tiny, "test", "core", "--model", tiny_model, "--stories", "test_stories.yml") == 0
    assert "nobody says so" in (tiny / "results" / "failed_test_stories.yml").read_text()


@pytest.mark.parametrize("rules", [CONTRADICTION, UNKNOWN], ids=["contradiction", "unknown"])
def test_stock_rasa_validates_wrong_rules(tiny: Path, rules: str) -> None:
    (tiny / "data" / "wrong.yml").write_text(rules)
    assert rasa(tiny, "data", "validate") == 0


def test_helder_train_refuses_rules_that_contradict_each_other(tmp_path: Path) -> None:
    settings = build(tmp_path)
    (settings.project / "data" / "wrong.yml").write_text(CONTRADICTION)
    done = subprocess.run(
        [sys.executable, "-m", "helder.cli", "train"],
        env=process_environment(settings, ""),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "contradicting" in done.stderr
    assert not list((settings.project / "models").iterdir())


def test_helder_check_refuses_rules_of_what_is_not_there(content: Path) -> None:
    rules = content / "data" / "rules" / "delivery.yml"
    of_nothing = UNKNOWN.split("rules:\n")[1].replace("- {", "  - {")
    rules.write_text(rules.read_text() + of_nothing)
    found = " ".join(map(str, check.run(content)))
    assert "domain.yml has no intent no_such_intent." in found
    assert "There is no response utter_no_such." in found


def test_stock_rasa_validates_a_sentence_that_is_not_there_in_dutch(tiny: Path) -> None:
    # The tiny assistant has one sentence in Dutch; of the others, nobody is told.
    assert rasa(tiny, "data", "validate") == 0


def test_helder_check_refuses_a_sentence_that_is_not_there_in_dutch(content: Path) -> None:
    responses = content / "data" / "responses" / "delivery.yml"
    text = responses.read_text().replace("          value: nl\n", "          value: fr\n", 1)
    responses.write_text(text)
    assert "is never said for language fr; the value is nl" in " ".join(
        map(str, check.run(content))
    )
