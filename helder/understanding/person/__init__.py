"""Messages that ask for a person, and messages that only sound like it, one a line.

A request for a person is worded in more ways than any shop's examples have, and most of them are
about something else as well. What asks is in asks.*.txt; what has the same words and asks for
nobody ("the agent told me", "kan iemand anders het ophalen") in alike.*.txt. They are the same for
every shop; the messages that this is measured with (bench/handoff) are others.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

_LANGUAGES = ("en", "nl")


def asks() -> list[str]:
    """Messages that ask for a person, in both languages."""
    return [line for path in _files("asks") for line in _lines(path)]


def alike() -> list[str]:
    """Messages that sound like it and ask for nobody, in both languages."""
    return [line for path in _files("alike") for line in _lines(path)]


def digest() -> str:
    """SHA-256 of the messages, for fingerprints."""
    files = (*_files("asks"), *_files("alike"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _files(name: str) -> list[Path]:
    return [Path(__file__).with_name(f"{name}.{language}.txt") for language in _LANGUAGES]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
