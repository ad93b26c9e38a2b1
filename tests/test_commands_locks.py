"""`helder status` names the conversations that are locked, and what was found in each."""

from __future__ import annotations

from pathlib import Path

import pytest

from helder.cli import prepare
from helder.commands.locks import MEANINGS, MOST, tell_locks
from helder.conversation import errors
from helder.conversation.anchor import FileAnchor
from helder.settings import Settings
from tests.running import settings_in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    prepare(settings)
    return settings


def told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    tell_locks(settings)
    return capsys.readouterr().out.splitlines()


def test_nothing_is_said_where_nothing_is_locked(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(settings, capsys) == []
    assert told(settings_in(tmp_path / "nowhere"), capsys) == []


def test_each_locked_conversation_is_named_with_what_was_found(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor = FileAnchor(settings.anchor)
    anchor.lock("a" * 32, "HeadTampered")
    assert told(settings, capsys) == [
        "! 1 conversation is locked, because what is stored is not what was written:",
        f"  {'a' * 32}  HeadTampered: its row was changed",
        '  What to do: docs/operators.md, "A damaged conversation".',
    ]
    for number in range(MOST):
        anchor.lock(f"{number:032x}", "Vanished")
    lines = told(settings, capsys)
    assert lines[0].startswith(f"! {MOST + 1} conversations are locked")
    assert len(lines) == MOST + 3
    assert "and 1 more" in lines[-2]


def test_each_finding_has_its_words() -> None:
    findings = {errors.Tampered, *errors.Tampered.__subclasses__()} - {errors.Locked}
    assert set(MEANINGS) == findings
