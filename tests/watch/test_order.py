"""In which order what was saved is brought: nothing before Rasa has taken what it must take."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helder.settings import PROJECT, Settings
from helder.watch.house import House
from helder.watch.trainer import NotTrained, Trainer
from helder.watch.watcher import Watcher
from tests.running import settings_in

PARTS = ("data", "words", "actions", "policies", "helder/shop", "tests/dialogues")


class Told(House):
    """Processes that take everything, and write down in which order."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def actions(self) -> None:
        self.told.append("actions")

    def texts(self) -> None:
        self.told.append("texts")

    def model(self, path: Path) -> None:
        self.told.append("model")

    def renew(self) -> None:
        self.told.append("renew")


class Made(Trainer):
    """A trainer that gives a model, or Rasa's reason why there is none."""

    def __init__(self, settings: Settings, reason: str | None) -> None:
        super().__init__(settings)
        self.reason = reason

    def make(self, is_outdated: object = None) -> Path:
        if self.reason:
            raise NotTrained(self.reason)
        return self._settings.project / "models" / "made.tar.gz"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    project = tmp_path / "project"
    for name in PARTS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, project / name, ignore=ignored)
    (project / "helder" / "brain").mkdir()
    for name in ("domain.yml", "config.yml", "helder/brain/policy.py"):
        shutil.copy(PROJECT / name, project / name)
    return settings_in(tmp_path / "var", HELDER_PROJECT=str(project))


def brought(settings: Settings, names: list[str], reason: str | None = None) -> list[str]:
    """What the processes were told, and what the terminal said of it."""
    house, said = Told(), list[str]()
    Watcher(settings, house, Made(settings, reason), said.append).take(names)
    assert "✓ the checks find nothing wrong" in said[0], said
    return house.told + [line.split(":")[0] for line in said[1:] if line[0] in "✓✗"]


def test_rules_that_rasa_refuses_leave_the_actions_as_they_are(settings: Settings) -> None:
    saved = ["data/responses/orders.yml", "data/rules/orders.yml", "words/common.yml"]
    assert brought(settings, saved, "a rule contradicts another") == [
        "✗ a rule contradicts another"
    ]


def test_with_rules_that_rasa_takes_the_actions_are_renewed_too(settings: Settings) -> None:
    saved = ["data/responses/orders.yml", "data/rules/orders.yml"]
    assert brought(settings, saved)[:2] == ["actions", "model"]


def test_words_alone_need_no_model(settings: Settings) -> None:
    assert brought(settings, ["words/common.yml"]) == [
        "actions",
        "✓ the words are new to its answers",
    ]


def test_policies_and_words_are_both_told(settings: Settings) -> None:
    said = brought(settings, ["policies/returns.yml", "words/common.yml"])
    assert said == [
        "actions",
        "✓ the policies are new to its answers",
        "✓ the words are new to its answers",
    ]
