"""One process of ours: started with its log, ended with all that it started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOG_LIMIT = 10_000_000  # bytes; a larger log is set aside when its process starts
LAST_LINES = 5
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Process:
    """How a process is started, and where it answers when it is ready (HTTP 200)."""

    name: str
    command: tuple[str, ...]
    port: int
    health: str
    setting: str


@dataclass
class Child:
    """A process and what became of it. Times are of the monotonic clock, in seconds."""

    process: Process
    log: Path
    running: subprocess.Popen[bytes] | None = None
    ready: bool = False
    leaving: bool = False  # it was asked to end, and is to be started again at once
    started: float = 0
    again_at: float = 0
    log_begin: int = 0
    deaths: list[float] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        """Whether it runs now."""
        return self.running is not None and self.running.poll() is None

    def start(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Start it in `folder`; what it prints goes to the end of its log."""
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.log.chmod(0o600)
            self.log_begin = log.tell()
            self.running = subprocess.Popen(  # noqa: S603 - our own commands
                self.process.command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent(os.getpid()),
            )
        self.ready, self.started = False, time.monotonic()

    def signal(self, number: int) -> None:
        """Send a signal to it and to all that it started."""
        if self.running is not None:
            # It may be gone already, and its number somebody else's.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.running.pid, number)

    def bury(self) -> str:
        """Take away what an ended process left behind; returns how it ended."""
        if self.running is None:
            return "never started"
        self.signal(signal.SIGKILL)
        code = self.running.wait()
        self.running, self.ready = None, False
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def last_lines(self) -> list[str]:
        """The end of what it printed since it was started."""
        with self.log.open("rb") as log:
            log.seek(self.log_begin)
            text = log.read().decode("utf-8", "replace")
        return [line for line in text.splitlines() if line.strip()][-LAST_LINES:]


def _die_with_parent(parent: int) -> Callable[[], None]:
    """What a new process does first: ask Linux to end it when `parent` ends, even by SIGKILL."""

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)

    return prepare
