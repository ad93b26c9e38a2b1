"""Does a customer in the middle of something end it, in so many words: "no, never mind"?

The classifier reads some of these as a no, and a no to one question is not yet the end.
"""

from __future__ import annotations

from collections.abc import Sequence

from helder.vocabulary.model import Vocabulary


def stops(words: Sequence[str], vocabulary: Vocabulary, *, at_no: bool = False) -> bool:
    """Is there a word for stopping (`at_no`: or a no), and nothing else that means something?"""
    said, no, stopping = set(words), vocabulary.common.no, vocabulary.stopping
    stop = stopping.stop | no if at_no else stopping.stop
    return bool(said & stop) and said <= stopping.stop | no | stopping.around
