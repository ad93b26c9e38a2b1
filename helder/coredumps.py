"""A process that crashes leaves no copy of its memory: keys and messages would be on the disk."""

from __future__ import annotations

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def forbid() -> None:
    """Write no core dump, neither to a file nor to a program that collects them.

    On Linux other programs of the same user cannot look into this process any more, either.
    https://man7.org/linux/man-pages/man2/prctl.2.html (PR_SET_DUMPABLE)
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The limit above is not asked where dumps go to a program (core(5)); this is.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
