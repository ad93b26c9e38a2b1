"""Files that get their name when they are whole: who is killed over one has made none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What SQLite keeps beside a database, and plays back into whatever file has its name.
_BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """Where to make a new SQLite database, for its owner only; then it gets the name `path`.

    It has to be closed by then. What a lost one of that name left beside it goes: SQLite would
    play it back over the new one.

    Raises:
        FileExistsError: there is one.
    """
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    _remove(unfinished, "", *_BESIDE)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    yield unfinished
    _remove(path, *_BESIDE)
    folder_to_disk(path.parent)  # first that they are gone, then that it is there
    os.link(unfinished, path)
    unfinished.unlink()
    folder_to_disk(path.parent)


def folder_to_disk(folder: Path) -> None:
    """Wait until the names in a folder are safe on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path, *ends: str) -> None:
    for end in ends:
        path.with_name(path.name + end).unlink(missing_ok=True)
