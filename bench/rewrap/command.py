"""`helder …` as a process of its own: watched in a terminal, timed, killed."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import psutil

from bench.failure import BenchFailed
from bench.ours import Ours
from bench.processes import MEGABYTE

_PERCENT = re.compile(rb"(\d{1,3})%")
POINTS = (10, 50, 100)


@dataclass
class Watched:
    """Seconds on the clock, and megabytes resident when the bar showed so many percent."""

    seconds: float = 0
    memory: dict[int, float] = field(default_factory=dict)
    peak: float = 0


@dataclass(frozen=True)
class Command:
    """The `helder` command of an installation."""

    ours: Ours

    def run(self, *arguments: str) -> str:
        """Run it to its end; what it printed.

        Raises:
            BenchFailed: it failed.
        """
        done = subprocess.run(
            self._line(*arguments),
            cwd=self.ours.settings.project,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stdout + done.stderr).strip().splitlines()[-1:]
            raise BenchFailed(f"helder {' '.join(arguments)} failed: {' '.join(last)}")
        return done.stdout

    def watched(self, *arguments: str) -> Watched:
        """Run it in a terminal, with its progress bar, and look at its memory all the time.

        Raises:
            BenchFailed: it failed.
        """
        ours, theirs = pty.openpty()
        begun, found = time.monotonic(), Watched()
        process = self._start(*arguments, terminal=theirs)
        os.close(theirs)
        looked, percent, shown = psutil.Process(process.pid), 0, b""
        while piece := _read(ours):
            shown = (shown + piece)[-4096:]
            for seen in _PERCENT.findall(piece):
                percent = int(seen)
                memory = _resident(looked)
                found.peak = max(found.peak, memory)
                for point in POINTS:
                    if percent >= point and memory:
                        found.memory.setdefault(point, memory)
        os.close(ours)
        if process.wait():
            last = shown.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise BenchFailed(f"helder {' '.join(arguments)} failed: {' '.join(last)}")
        found.seconds = time.monotonic() - begun
        return found

    def killed_after(self, seconds: float, *arguments: str) -> bool:
        """Start it and end it with SIGKILL; False if it had ended by itself before."""
        process = self._start(*arguments, terminal=subprocess.DEVNULL)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    @property
    def _environment(self) -> Mapping[str, str]:
        return {**self.ours.environment, "TERM": "xterm-256color", "COLUMNS": "100"}

    def _line(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "helder.cli", *arguments]

    def _start(self, *arguments: str, terminal: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._line(*arguments),
            cwd=self.ours.settings.project,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
        )


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / MEGABYTE
    except psutil.Error:  # it has just ended
        return 0.0
