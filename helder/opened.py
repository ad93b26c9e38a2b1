"""Is it still the file that was opened?

Linux goes on with a file that was removed or replaced: what is written then is lost, unseen. So
whoever keeps a file open for long compares what is there now with what it opened.
"""

from __future__ import annotations

from pathlib import Path

Identity = tuple[int, int]


def identity(path: Path) -> Identity | None:
    """What tells a file from every other one of this machine; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
