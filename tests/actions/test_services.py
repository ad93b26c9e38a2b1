"""What the action server works with, read anew while somebody watches."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.services import Services, renewed
from helder.settings import PROJECT, Settings
from helder.shop.sql import SqlShop
from helder.vocabulary.reading import VocabularyError
from tests.running import settings_in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    project = tmp_path / "project"
    for name in ("data", "words", "policies"):
        shutil.copytree(PROJECT / name, project / name)
    return settings_in(tmp_path / "var", HELDER_PROJECT=str(project))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_words_and_policies_are_read_anew_on_the_same_connections(
    services: Services, settings: Settings
) -> None:
    change(settings.project / "words" / "waiting.yml", "[wait, hold", "[wait, hush, hold")
    change(settings.project / "policies" / "returns.yml", "window_days: 30", "window_days: 45")
    before, after = services, renewed(services, settings)
    assert "hush" in after.vocabulary.waiting.wait - before.vocabulary.waiting.wait
    assert (before.terms.window_days, after.terms.window_days) == (30, 45)
    assert isinstance(before.backend, SqlShop)
    assert isinstance(after.backend, SqlShop)
    assert after.backend.engine is before.backend.engine
    assert after.prover is before.prover


def test_words_that_cannot_be_used_change_nothing(services: Services, settings: Settings) -> None:
    change(settings.project / "words" / "waiting.yml", "[wait, hold", "[wait, wait")
    with pytest.raises(VocabularyError, match=r"words/waiting.yml, line 4: “wait” is there twice"):
        renewed(services, settings)
