"""The content checks are silent about what is good, and find every planted mistake."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from helder.content.check import run
from helder.gateway import __main__ as main
from tests.content.planted import ROOT, Mistake, mistakes

MISTAKES = mistakes()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data", "words", "actions", "policies", "helder/shop", "tests/dialogues"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "helder" / "brain").mkdir()
    for name in ("domain.yml", "config.yml", "helder/brain/policy.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def says(finding: str, sentence: str) -> bool:
    return (
        re.fullmatch(".*".join(re.escape(part) for part in sentence.split("…")), finding)
        is not None
    )


def problem(project: Path, mistake: Mistake) -> str | None:
    """What is wrong with the findings of a planted mistake, or None."""
    wanted = [f"{mistake.place(project)}: {mistake.says}"]
    wanted += [f"…:…: {each}" for each in mistake.also]
    found = run(project)
    left = list(found)
    for sentence in wanted:
        fitting = [each for each in left if says(each, sentence)]
        if not fitting:
            return "\n".join([f"  wanted {sentence}", *(f"  found  {each}" for each in found)])
        left.remove(fitting[0])
    return "\n".join(f"  found also {each}" for each in left) or None


def test_what_ships_has_no_findings() -> None:
    assert run(ROOT) == []


@pytest.mark.timeout(1200)  # 221 whole checks of 1.7 s each on a quiet machine
def test_every_planted_mistake_is_found_where_it_is_and_nothing_else(project: Path) -> None:
    assert run(project) == []
    wrong = {}
    for name, mistake in MISTAKES.items():
        with mistake.planted(project):
            missed = problem(project, mistake)
        if missed:
            wrong[name] = missed
    report = "\n".join(f"{name}:\n{missed}" for name, missed in wrong.items())
    found = f"{len(MISTAKES) - len(wrong)} of {len(MISTAKES)} planted mistakes were found"
    assert not wrong, f"{found}\n{report}"
    assert run(project) == []


def test_too_few_examples_are_told_where_more_are_to_be_written(project: Path) -> None:
    path = project / "data" / "nlu" / "nl" / "smalltalk.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    begin = lines.index("- intent: thanks") + 2
    end = begin + next(n for n, line in enumerate(lines[begin:]) if not line.startswith("    - "))
    path.write_text("\n".join(lines[: begin + 29] + lines[end:]), encoding="utf-8")
    sentence = "thanks has 29 examples in Dutch; it needs 30."
    assert run(project) == [f"data/nlu/nl/smalltalk.yml:{begin + 1}: {sentence}"]


def test_the_list_of_mistakes_is_long_and_in_both_languages() -> None:
    assert len(MISTAKES) >= 100
    for language in ("en", "nl"):
        assert sum(f"/nlu/{language}/" in each.file for each in MISTAKES.values()) >= 14


def test_no_sentence_to_a_designer_speaks_of_python() -> None:
    for mistake in MISTAKES.values():
        assert not re.search(r"Error|None|traceback|<class|\bdict\b", mistake.says)


def test_the_gateway_refuses_to_start_with_one_sentence(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main.settings_module, "load", lambda: SimpleNamespace(project=project))
    monkeypatch.setattr(main.logs, "configure", lambda *_: None)
    mistake = Mistake("policies/retention.yml", old="days: 90", new="days: negentig")
    with mistake.planted(project), pytest.raises(SystemExit) as stopped:
        main.main()
    sentence = "left_message.days must be a whole number of 1 or more, not 'negentig'."
    assert stopped.value.code == f"policies/retention.yml, line 15: {sentence}"
    assert stopped.value.__suppress_context__
