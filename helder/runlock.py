"""One supervisor per folder: a lock on `run.pid`, which the kernel lets go when its holder ends.

So a file left by a killed supervisor means nothing, and a process id that was given to another
program is never signalled.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from helder.refusal import Refusal


class AlreadyRunning(Refusal):
    """Another supervisor holds the folder; the message says how to stop it."""


class RunLock:
    """The lock on one folder."""

    def __init__(self, var: Path) -> None:
        self._path = var / "run.pid"
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock and write our process id beside it.

        Raises:
            AlreadyRunning: another process holds it.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise AlreadyRunning(
                f"Helder is running already (process {self.holder()}); `make stop` stops it."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go; nothing happens if we do not hold it."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def holder(self) -> int | None:
        """The process id of whoever holds the lock now, or None."""
        try:
            with self._path.open() as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return int(file.read() or 0) or None
        except FileNotFoundError:
            pass  # no file, so nobody runs
        return None
