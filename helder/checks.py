"""`helder check`: what can be known within seconds, without training and without Rasa."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

OUR_PATHS = ("helder", "actions", "migrations", "scripts", "tests", "bench")


@dataclass(frozen=True)
class Outcome:
    """What a check found: its name, a line per finding (none: it passed), and its seconds."""

    name: str
    findings: tuple[str, ...]
    seconds: float


def run_all(project: Path) -> Iterator[Outcome]:
    """Run every check, one after the other; each is told as soon as it is done."""
    paths = [name for name in OUR_PATHS if (project / name).is_dir()]
    checks: dict[str, Callable[[], Iterable[str]]] = {
        "formatting": lambda: _formatting(project, *paths),
        "lint": lambda: _tool(project, "ruff", "check", "--output-format=concise", *paths),
        "import rules": lambda: _import_rules(project),
        "content": lambda: _content(project),
        "types": lambda: _tool(project, "mypy", "--no-error-summary"),
    }
    for name, check in checks.items():
        begun = time.monotonic()
        try:
            findings = tuple(check())
        except Exception as error:  # a check that breaks has not passed
            findings = (f"The check itself broke: {type(error).__name__}: {error}",)
        yield Outcome(name, findings, time.monotonic() - begun)


def _tool(project: Path, name: str, *arguments: str) -> list[str]:
    """Run a tool of our environment; its output if it fails."""
    beside = Path(sys.executable).with_name(name)
    command = str(beside) if beside.exists() else shutil.which(name)
    if command is None:
        return [f"{name} is not installed; run `make check`, which installs it."]
    done = subprocess.run(  # noqa: S603 - a tool of ours with fixed arguments
        [command, *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return []
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines or [f"{name} failed with exit code {done.returncode}."]


def _formatting(project: Path, *paths: str) -> list[str]:
    found = _tool(project, "ruff", "format", "--check", "--quiet", *paths)
    return [*found, "`ruff format` mends this."] if found else []


def _import_rules(project: Path) -> list[str]:
    from helder import architecture

    return [str(violation) for violation in architecture.check(project)]


def _content(project: Path) -> list[str]:
    check = importlib.import_module("helder.content.check")
    return [str(finding) for finding in check.run(project)]
