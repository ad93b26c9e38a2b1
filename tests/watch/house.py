"""A copy of the project in which `helder watch` runs as a real process."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from helder import model
from helder.settings import PREFIX, PROJECT, Settings, process_environment
from tests.running import Running, settings_in

PATIENCE = 600.0
_LEFT_OUT = shutil.ignore_patterns(".*", "var", "models", "__pycache__", "browser", "bench")


@dataclass
class Watched:
    """The copy, the process, and what it has told so far."""

    settings: Settings
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _read: int = 0

    @property
    def project(self) -> Path:
        return self.settings.project

    def listen(self) -> None:
        """Take down what it tells, until it ends."""
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))

    def tells(self, pattern: str) -> str:
        """Wait until it tells this; returns the line. What was told before it is past."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for position, line in enumerate(self.lines[self._read :], start=self._read):
                if re.search(pattern, line):
                    self._read = position + 1
                    return line
            assert self.process.poll() is None, "\n".join(self.lines)
            time.sleep(0.02)  # between two looks at a real process, not instead of one
        raise AssertionError(f"it never told {pattern!r}:\n" + "\n".join(self.lines))

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        """Save a file anew."""
        path = self.project / name
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before, name
        path.write_text(after, encoding="utf-8")

    def running(self) -> Running:
        """What tests want of it."""
        return Running(self.settings, None, self.lines)  # type: ignore[arg-type]  # has what is used of it


def copied(folder: Path) -> Settings:
    """A copy of the project with its model, and settings of its own."""
    shutil.copytree(PROJECT, folder, ignore=_LEFT_OUT)
    fitting = model.fitting_model(folder) or model.fitting_model(PROJECT)
    (folder / "models").mkdir()
    chosen = settings_in(folder / "var", HELDER_PROJECT=str(folder))
    if fitting is None:
        model.train(chosen, lambda _: None)
    else:
        name = f"helder-{model.fingerprint(folder)}.tar.gz"
        shutil.copy(fitting, folder / "models" / name)
    return chosen


@contextmanager
def watching(folder: Path) -> Iterator[Watched]:
    """Start `helder watch` on a copy, and stop it as `make stop` does."""
    chosen = copied(folder)
    environment = process_environment(chosen, "")
    for name in ("ACTIONS_URL", "INTERNAL_SECRET"):
        environment.pop(PREFIX + name)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "helder.cli", "watch"],
        cwd=folder,
        env=environment | {"COLUMNS": "200", "PYTHONPATH": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    house = Watched(chosen, process)
    reader = threading.Thread(target=house.listen, daemon=True)
    reader.start()
    try:
        yield house
    finally:
        process.terminate()
        process.wait(60)
        reader.join(10)
        assert process.stdout is not None
        process.stdout.close()
