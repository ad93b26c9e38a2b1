"""What people ask a computer and no web shop does, so that it is told from what shops do.

Without it a message is held against the intents alone, and "how many legs does a spider have"
is most like whatever asks "how many". The sentences are in en.txt and nl.txt; those that
understanding is measured with (bench/nlu) are others.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

# Sorts before all intents, and is the name of none.
INTENT = ""
# Of all examples at most this share: what is out of scope must not outweigh a small assistant.
_SHARE = 0.05
_FILES = tuple(Path(__file__).with_name(f"{language}.txt") for language in ("en", "nl"))


def examples(beside: int) -> list[str]:
    """Sentences to learn beside so many examples, of both languages alike."""
    pairs = zip(*(path.read_text(encoding="utf-8").splitlines() for path in _FILES), strict=False)
    return [text for pair in pairs for text in pair][: int(beside * _SHARE)]


def digest() -> str:
    """SHA-256 of the sentences, for fingerprints."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in _FILES)).hexdigest()
