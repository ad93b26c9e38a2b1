"""A process that crashes leaves no copy of its memory: keys and messages would be on the disk."""

from __future__ import annotations

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def limit() -> None:
    """Write no core dump to a file; what is started from here does not, either."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid() -> None:
    """Nor give one to a program that collects them, which is not bound by the limit (core(5)).

    On Linux other programs of the same user cannot look into this process any more, either.
    https://man7.org/linux/man-pages/man2/prctl.2.html (PR_SET_DUMPABLE)
    """
    limit()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
