"""The trainer: a process that has Rasa loaded, and makes a model whenever it is asked."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from helder import model
from helder.settings import Settings, process_environment

KEPT = 2
_FIRST = "first.tar.gz"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class NotTrained(Exception):
    """There is no model of it; the message is Rasa's reason."""


class Trainer:
    """Makes models for `helder watch` in `var/watch`, with a cache of their own."""

    def __init__(self, settings: Settings, warn: Callable[[str], None] = lambda _: None) -> None:
        self._settings = settings
        self._warn = warn
        self._folder = model.watched(settings)
        self._process: subprocess.Popen[str] | None = None
        self._unheard = 0  # answers that it gives before that to the next question

    def start(self) -> None:
        """Begin to load; `make` waits until it is done."""
        self._folder.mkdir(parents=True, exist_ok=True)
        cache = self._folder / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        fitting = model.fitting_model(self._settings.project)
        command = [sys.executable, "-m", "helder.brain.retrain"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [*command, str(fitting)] if fitting else command,
            cwd=self._settings.project,
            env=process_environment(self._settings, internal_secret="")
            | {"RASA_CACHE_DIRECTORY": str(cache)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C is for the watcher, which ends it
        )
        # What is written now is learned at once, so that the first thing that is saved takes no
        # longer than the next.
        self._ask(self._process, cache.parent, _FIRST)
        self._unheard = 2

    def make(self) -> Path:
        """A model of the files as they are now, kept under its fingerprint.

        Raises:
            NotTrained: with Rasa's reason.
        """
        name = f"watched-{model.fingerprint(self._settings.project)}.tar.gz"
        made = self._folder / name
        if self._process is None or self._process.poll() is not None:
            self.start()
        process = self._process
        assert process is not None
        while self._unheard:
            self._unheard -= 1
            with contextlib.suppress(NotTrained):  # that is past; a reason that stays comes again
                self._listen(process)
        self._ask(process, self._folder, name)
        self._listen(process)
        if not made.is_file():
            raise NotTrained("Rasa ended without a model and without a reason.")
        self._forget_old(made)
        return made

    def close(self) -> None:
        """End it; nothing happens if it never began."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
                self._process.send_signal(signal.SIGKILL)  # it has nothing to tidy up
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None

    def _ask(self, process: subprocess.Popen[str], folder: Path, name: str) -> None:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended, which listening tells
            process.stdin.write(f"{folder}\t{name}\n")
            process.stdin.flush()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        reasons: list[str] = []
        other = ""
        for line in process.stdout or ():
            word, _, text = _COLOUR.sub("", line.rstrip("\n")).partition("\t")
            if word == "done":
                if text != "yes":
                    raise NotTrained(" ".join(reasons) or other or "Rasa gave no reason.")
                return
            if word == "error":
                reasons.append(text)
            elif word == "warning":
                self._warn(text)
            elif word != "progress" and line.strip():
                other = word
        raise NotTrained(f"The trainer ended. {other}")

    def _forget_old(self, newest: Path) -> None:
        models = sorted(self._folder.glob(model.WATCHED), key=lambda path: path.stat().st_mtime)
        for path in models[:-KEPT]:
            if path != newest:
                path.unlink()
