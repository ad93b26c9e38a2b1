"""Does a customer in the middle of a form only ask for a moment: "oh wacht even"?

Too few words for the classifier: it reads them as a goodbye or a stop, and either ends the form.
"""

from __future__ import annotations

from collections.abc import Sequence

from helder.vocabulary.model import Waiting


def asks_for_a_moment(words: Sequence[str], waiting: Waiting) -> bool:
    """Is there a word for waiting, and nothing else that means something?"""
    said = set(words)
    return bool(waiting.wait & said) and said <= waiting.wait | waiting.around
