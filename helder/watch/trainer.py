"""The trainer: a process that has Rasa loaded, and makes a model whenever it is asked."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import Empty, SimpleQueue

from helder import model
from helder.settings import Settings, process_environment
from helder.watch.files import LOOK

KEPT = 2
COMMAND = [sys.executable, "-m", "helder.brain.retrain"]
STOP = "stop"  # as helder/brain/retrain.py reads it
_FIRST = "first.tar.gz"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class NotTrained(Exception):
    """There is no model of it; the message is Rasa's reason."""


class Outdated(Exception):
    """What was to be trained is not what is written any more."""


class Trainer:
    """Makes models for `helder watch` in `var/watch`, with a cache of their own."""

    def __init__(self, settings: Settings, warn: Callable[[str], None] = lambda _: None) -> None:
        self._settings = settings
        self._warn = warn
        self._folder = model.watched(settings)
        self._process: subprocess.Popen[str] | None = None
        self._told: SimpleQueue[str | None] = SimpleQueue()
        self._reader = threading.Thread()
        self._unheard = 0  # answers that it gives before that to the next question

    def start(self) -> None:
        """Begin to load; `make` waits until it is done."""
        self._folder.mkdir(parents=True, exist_ok=True)
        cache = self._folder / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        fitting = model.fitting_model(self._settings.project)
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [*COMMAND, str(fitting)] if fitting else COMMAND,
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
        self._told = SimpleQueue()
        told = self._process.stdout, self._told
        self._reader = threading.Thread(target=_pass_on, args=told, daemon=True)
        self._reader.start()
        # What is written now is learned at once, so that the first thing that is saved later takes
        # no longer than the next.
        self._ask(cache.parent, _FIRST)
        self._unheard = 2

    def make(self, is_outdated: Callable[[], bool] = lambda: False) -> Path:
        """A model of the files as they are now, kept under its fingerprint.

        `is_outdated` is asked now and then; if it says so, what is being trained is given up.

        Raises:
            NotTrained: with Rasa's reason.
            Outdated: it was given up; the trainer is ready for the next.
        """
        name = f"watched-{model.fingerprint(self._settings.project)}.tar.gz"
        made = self._folder / name
        if self._process is None or self._process.poll() is not None:
            self.close()
            self.start()
        if self._unheard:
            self._write(STOP)  # what was written at the start is not what is wanted now
        while self._unheard and self._process is not None:
            self._unheard -= 1
            try:
                self._listen()
            except NotTrained:  # that is past; a reason that stays comes again
                if self._process is None:
                    raise
        if is_outdated():
            raise Outdated
        self._ask(self._folder, name)
        self._listen(is_outdated)
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
            self._reader.join()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):  # what it has not heard is lost
                        pipe.close()
            self._process = None

    def _ask(self, folder: Path, name: str) -> None:
        self._write(f"{folder}\t{name}")

    def _write(self, line: str) -> None:
        stdin = self._process.stdin if self._process is not None else None
        assert stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended, which listening tells
            stdin.write(f"{line}\n")
            stdin.flush()

    def _listen(self, is_outdated: Callable[[], bool] = lambda: False) -> None:
        reasons: list[str] = []
        other = ""
        given_up = False
        while (line := self._next_line()) is not None:
            if not given_up and is_outdated():
                given_up = True
                self._write(STOP)
            word, _, text = _COLOUR.sub("", line.rstrip("\n")).partition("\t")
            if word == "done" and given_up:
                raise Outdated
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
        self.close()  # the next is made by another
        raise NotTrained(f"The trainer ended. {other}")

    def _next_line(self) -> str | None:
        """What it tells next: nothing ("") if it is silent for a moment, None when it has ended."""
        try:
            line = self._told.get(timeout=LOOK)
        except Empty:
            return ""
        if line is None:
            self._told.put(None)  # whoever listens again hears that, too
        return line

    def _forget_old(self, newest: Path) -> None:
        models = sorted(self._folder.glob(model.WATCHED), key=lambda path: path.stat().st_mtime)
        for path in models[:-KEPT]:
            if path != newest:
                path.unlink()


def _pass_on(lines: Iterable[str] | None, told: SimpleQueue[str | None]) -> None:
    for line in lines or ():
        told.put(line)
    told.put(None)
