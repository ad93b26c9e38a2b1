"""The trained model: is there one that fits the sources, and if not, train it.

A model is named after a fingerprint of all that it is made from, so a model that fits is found by
its name alone and no stale one is ever served.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from helder.card import card_of, forget_card, write_card
from helder.refusal import Refusal
from helder.runlock import RunLock
from helder.settings import Settings, process_environment

KEPT = 3
WATCHED = "watched-*.tar.gz"
_SOURCES = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "data/**/*.txt",
    "words/person.yml",
    "helder/vocabulary/*.py",
    "helder/understanding/**/*",
    "helder/brain/policy*.py",
    "requirements/runtime.txt",
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TAIL = 3


class TrainingFailed(Refusal):
    """No model was made, the old ones are as they were; the message gives Rasa's reason."""


def fingerprint(project: Path) -> str:
    """Twelve hexadecimal digits that change with anything that a model is made from."""
    digest = hashlib.sha256()
    for path in _sources(project):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(project).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()[:12]


def fitting_model(project: Path) -> Path | None:
    """The model made from the sources as they are now, if there is one."""
    path = _model_path(project)
    return path if path.is_file() else None


def watched_model(settings: Settings) -> Path | None:
    """The model that `helder watch` loaded last, while it runs; it may not fit, but is in use."""
    if RunLock(watched(settings)).holder() is None:
        return None
    models = sorted(watched(settings).glob(WATCHED), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def watched(settings: Settings) -> Path:
    """The folder of the models that `helder watch` makes; none of them is released."""
    return settings.var / "watch"


def train(
    settings: Settings,
    progress: Callable[[str], None],
    *,
    warn: Callable[[str], None] = lambda _: None,
    force: bool = False,
) -> Path:
    """Train a model from the sources and return it; `force` trains every component anew.

    `progress` is called with what is being done, `warn` with each warning of Rasa's.

    Raises:
        TrainingFailed: with Rasa's reason.
    """
    project = settings.project
    for name in ("config.yml", "domain.yml", "data"):
        if not (project / name).exists():
            raise TrainingFailed(f"Nothing was trained: {project / name} is missing.")
    target, card = _model_path(project), card_of(project)
    target.parent.mkdir(exist_ok=True)
    # Beside the models, so that the finished one takes its place in a single step.
    with TemporaryDirectory(prefix=".training-", dir=target.parent) as folder:
        _run(settings, Path(folder), target.name, progress, warn, force=force)
        made = Path(folder) / target.name
        if not made.is_file():
            raise TrainingFailed("Rasa ended without a model and without a reason.")
        made.replace(target)
    write_card(card, target)
    _forget_old(target)
    return target


def _sources(project: Path) -> Iterator[Path]:
    found = {path for pattern in _SOURCES for path in project.glob(pattern) if path.is_file()}
    return iter(sorted(path for path in found if "__pycache__" not in path.parts))


def _model_path(project: Path) -> Path:
    return project / "models" / f"helder-{fingerprint(project)}.tar.gz"


def _run(
    settings: Settings,
    folder: Path,
    name: str,
    progress: Callable[[str], None],
    warn: Callable[[str], None],
    *,
    force: bool,
) -> None:
    command = [sys.executable, "-m", "helder.brain.train", str(folder), name]
    if force:
        # Rasa's cache of trained components, which a change in a library can make stale.
        shutil.rmtree(settings.project / ".rasa" / "cache", ignore_errors=True)
        command.append("--force")
    process = subprocess.Popen(  # noqa: S603 - our own module
        command,
        cwd=settings.project,
        env=process_environment(settings, internal_secret=""),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        try:
            reason = _listen(process, progress, warn)
        finally:
            process.kill()
    code = process.returncode
    if code != 0:
        raise TrainingFailed(f"The training failed. {reason}")


def _listen(
    process: subprocess.Popen[str],
    progress: Callable[[str], None],
    warn: Callable[[str], None],
) -> str:
    """Pass on what the training tells until it ends; returns why it failed, if it did."""
    reasons: list[str] = []
    other: list[str] = []
    for line in process.stdout or ():
        word, _, text = line.rstrip("\n").partition("\t")
        if word == "progress":
            progress(text)
        elif word == "warning":
            warn(_COLOUR.sub("", text))
        elif word == "error":
            reasons.append(_COLOUR.sub("", text))
        elif line.strip():
            other = [*other, _COLOUR.sub("", line.strip())][-_TAIL:]
    process.wait()
    return " ".join(reasons or other)


def _forget_old(newest: Path) -> None:
    models = sorted(newest.parent.glob("helder-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for path in models[:-KEPT]:
        if path != newest:
            path.unlink()
            forget_card(path)
