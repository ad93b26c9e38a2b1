"""The trainer of `helder watch`: what is not wanted any more is given up, and the next is made.

A real process stands in for Rasa, which would take minutes; it answers by the same lines.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helder import model, settings
from helder.settings import Settings
from helder.watch import trainer as watched
from helder.watch.files import Files
from helder.watch.house import House
from helder.watch.trainer import NotTrained, Outdated, Trainer
from helder.watch.watcher import Watcher

# Loads, learns "first", and then makes what is asked: a file with the word that domain.yml has.
# With the word "slow" in it, only `stop` ends it ("first", too, with "slow start"); with "wrong" it
# is refused; with "dies" it dies.
STAND_IN = """
import sys
from pathlib import Path

def tell(*words):
    print(*words, sep="\\t", flush=True)

tell("done", "yes")
for line in sys.stdin:
    folder, _, name = line.rstrip("\\n").partition("\\t")
    if folder == "stop":
        continue
    text = Path("domain.yml").read_text()
    if "slow" in text and (name != "first.tar.gz" or "start" in text):
        tell("progress", "Starting to train")
        Path("begun").touch()
        assert sys.stdin.readline().strip() == "stop"
        tell("done", "no")
        continue
    if "dies" in text:
        sys.exit("out of memory")
    if "wrong" in text:
        tell("error", "two rules contradict each other")
        tell("done", "no")
        continue
    (Path(folder) / name).write_text(text)
    tell("done", "yes")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "domain.yml").write_text("one")
    (folder / "stand_in.py").write_text(STAND_IN)
    monkeypatch.setattr(watched, "COMMAND", [sys.executable, str(folder / "stand_in.py")])
    return settings.load({"HELDER_PROJECT": str(folder), "HELDER_VAR": str(tmp_path / "var")})


@pytest.fixture
def trainer(project: Settings) -> Iterator[Trainer]:
    made = Trainer(project)
    made.start()
    yield made
    made.close()


def write(project: Settings, text: str) -> None:
    (project.project / "domain.yml").write_text(text)


def once_begun(project: Settings, act: Callable[[], None]) -> Callable[[], bool]:
    """Says that it is outdated as soon as the training has begun, after `act`."""
    acted: list[bool] = []

    def is_outdated() -> bool:
        if not acted and (project.project / "begun").exists():
            act()
            acted.append(True)
        return bool(acted)

    return is_outdated


def test_what_is_outdated_is_given_up_and_the_next_is_made(
    project: Settings, trainer: Trainer
) -> None:
    write(project, "slow")
    with pytest.raises(Outdated):
        trainer.make(once_begun(project, lambda: write(project, "two")))
    made = trainer.make()
    assert made.read_text() == "two"
    assert model.fingerprint(project.project) in made.name


def test_what_is_outdated_before_it_begins_is_not_begun(
    project: Settings, trainer: Trainer
) -> None:
    write(project, "slow")
    with pytest.raises(Outdated):
        trainer.make(lambda: True)
    assert not (project.project / "begun").exists()


def test_what_is_learned_at_the_start_is_given_up_for_what_is_saved_meanwhile(
    project: Settings,
) -> None:
    write(project, "slow start")
    trainer = Trainer(project)
    trainer.start()
    try:
        deadline = time.monotonic() + 20
        while not (project.project / "begun").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        write(project, "two")
        assert trainer.make().read_text() == "two"
    finally:
        trainer.close()


def test_a_reason_is_passed_on_and_the_next_is_made(project: Settings, trainer: Trainer) -> None:
    write(project, "wrong")
    with pytest.raises(NotTrained, match="two rules contradict each other"):
        trainer.make()
    write(project, "two")
    assert trainer.make().read_text() == "two"


def test_a_trainer_that_died_is_started_again(project: Settings, trainer: Trainer) -> None:
    trainer.make()
    write(project, "dies")
    with pytest.raises(NotTrained, match=r"The trainer ended. out of memory"):
        trainer.make()
    write(project, "two")
    assert trainer.make().read_text() == "two"


def test_a_trainer_that_died_before_it_was_asked_is_no_reason_to_wait(
    project: Settings,
) -> None:
    write(project, "dies")
    trainer = Trainer(project)
    trainer.start()
    try:
        with pytest.raises(NotTrained, match="The trainer ended"):
            trainer.make()
    finally:
        trainer.close()


class Street(House):
    """Takes every model, and remembers what was in it."""

    def __init__(self) -> None:
        self.answers_by: list[str] = []
        self.saved: list[str] = []

    def actions(self) -> None:
        pass

    def model(self, path: Path) -> None:
        self.answers_by.append(path.read_text())


@pytest.fixture
def watcher(project: Settings, trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> Watcher:
    monkeypatch.setattr("helder.watch.watcher.check.run", lambda _project: [])
    monkeypatch.setattr("helder.watch.files.QUIET", 0)
    return Watcher(project, Street(), trainer, lambda _line: None)


def told(watcher: Watcher, street: Street) -> list[str]:
    """Have the watcher tell into a list."""
    lines: list[str] = []
    watcher._say = lines.append
    watcher._house = street
    return lines


def test_a_second_save_while_a_model_is_made_is_answered_by_and_the_first_given_up(
    project: Settings, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = Street()
    lines = told(watcher, street)
    looks = watcher._files.are_newer

    def save_once_begun() -> bool:
        if (project.project / "begun").exists() and "two" not in street.saved:
            write(project, "two")
            street.saved.append("two")
        return looks()

    monkeypatch.setattr(watcher._files, "are_newer", save_once_begun)
    write(project, "slow")
    rounds = iter((True, False))
    watcher.run(lambda: next(rounds))
    assert street.answers_by == ["two"]
    assert any("saved again meanwhile" in line for line in lines)
    assert lines[-1].startswith("✓ the model is new")


def test_what_does_not_concern_the_model_gives_up_nothing(project: Settings) -> None:
    files = Files(project.project)
    before = model.fingerprint(project.project)
    scripts = project.project / "tests" / "dialogues"
    scripts.mkdir(parents=True)
    (scripts / "one.yml").write_text("[]")
    assert files.are_newer()
    assert model.fingerprint(project.project) == before
