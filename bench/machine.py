"""What this was measured on, and how busy that was with other things."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from bench.numbers import Spread, percentile, spread

_WORK = 60_000
_PAGE = 4096


def facts() -> dict[str, Any]:
    """The machine, the versions, and how much of the machine others use (0 to 1) just now."""
    return {
        "processor": _processor(),
        "cores": len(psutil.Process().cpu_affinity() or []) or psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "rasa": version("rasa"),
        "busy_before": round(psutil.cpu_percent(interval=2) / 100, 2),
    }


class Noise:
    """A fixed piece of work, timed again and again: on a quiet machine it takes the same each time.

    Asked in between the turns that are measured, it tells how far to trust them.
    """

    def __init__(self) -> None:
        self._taken: list[float] = []

    def sample(self) -> None:
        """Do the work once, some milliseconds."""
        begun = time.perf_counter()
        sum(range(_WORK))
        self._taken.append(time.perf_counter() - begun)

    def factor(self) -> float | None:
        """The 95th percentile to the quickest tenth; 1 is silence, None nothing measured."""
        if not self._taken:
            return None
        return percentile(self._taken, 0.95) / percentile(self._taken, 0.1)


class Disk:
    """What it takes to write one page and have it on the disk: the least that a commit costs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "page"
        self._taken: list[float] = []

    def sample(self) -> None:
        """Write one page."""
        with self._path.open("wb") as file:
            file.write(os.urandom(_PAGE))
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            self._taken.append(time.perf_counter() - begun)

    def spread(self) -> Spread | None:
        """In milliseconds; None if nothing was measured."""
        return spread(self._taken) if self._taken else None


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
