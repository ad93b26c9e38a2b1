"""Noticing what was saved: a look at the times of a few hundred files, four times a second.

No library is needed for so few, and none has to be installed for one command.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

LOOK = 0.25
# An editor saves in several steps, and several files one after the other.
QUIET = 0.15
_CONTENT = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "data/**/*.txt",
    "policies/**/*.yml",
    "words/*.yml",
    "tests/dialogues/*.yml",
)
_CODE = ("helder/**/*.py", "actions/**/*.py")
Stamp = tuple[int, int, int]  # time, size, inode: a file that was replaced is another


class Files:
    """What designers edit, and the code that they do not."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._seen = self._look()

    def changed(self) -> list[str]:
        """What was saved, made or removed since the last time, as paths in the project.

        Waits until nothing more is saved.
        """
        found = self._look()
        if found == self._seen:
            return []
        while True:
            time.sleep(QUIET)
            again = self._look()
            if again == found:
                break
            found = again
        names = {name for name in found | self._seen if found.get(name) != self._seen.get(name)}
        self._seen = found
        return sorted(names)

    def are_newer(self) -> bool:
        """Was something saved, made or removed since the last time?"""
        return self._look() != self._seen

    def saved(self, names: list[str]) -> float:
        """When the last of these files was saved, in seconds since 1970; now, if none is there."""
        times = [self._seen[name][0] / 1e9 for name in names if name in self._seen]
        return max(times, default=time.time())

    def _look(self) -> dict[str, Stamp]:
        return dict(self._stamps())

    def _stamps(self) -> Iterator[tuple[str, Stamp]]:
        for pattern in (*_CONTENT, *_CODE):
            for path in self._project.glob(pattern):
                try:
                    found = path.stat()
                except FileNotFoundError:  # an editor's file, gone already
                    continue
                name = path.relative_to(self._project).as_posix()
                yield name, (found.st_mtime_ns, found.st_size, found.st_ino)
