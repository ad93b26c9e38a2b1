"""Lists of words and of phrases, and how they are found in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable

ANYTHING = "..."  # in a phrase: letters, if it is part of a word, and else any words
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class Words(frozenset[str]):
    """Single words in small letters, of both languages."""

    __slots__ = ()


class Phrases:
    """One or more words each, of both languages.

    Capitals, commas and apostrophes are no difference: "that's fine" is also "That s fine!".
    `subscrib...` is every word that begins so; `sign ... up` has any words in between, or none.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        # Of two that begin alike the longer one is found.
        patterns = sorted(map(_pattern, phrases), key=len, reverse=True)
        self.pattern = f"(?:{'|'.join(patterns)})"  # over the words of spoken()
        self._found = re.compile(rf"(?<!\S){self.pattern}(?!\S)")

    def are_in(self, text: str) -> bool:
        """Is one of them somewhere in the text?"""
        return self._found.search(spoken(text)) is not None

    def begin(self, text: str) -> bool:
        """Does the text begin with one of them?"""
        return self._found.match(spoken(text)) is not None

    def without(self, text: str) -> str:
        """The words of the text that belong to none of them."""
        return " ".join(self._found.sub(" ", spoken(text)).split())


def spoken(text: str) -> str:
    """The words of a text in small letters, with one blank between them; "e-mail" is one word."""
    return " ".join(_WORD.findall(text.casefold()))


def _pattern(phrase: str) -> str:
    pattern = ""
    for part in phrase.casefold().split():
        if part == ANYTHING:
            pattern += r"(?: \S+)*?"
            continue
        letters = (spoken(each) for each in part.split(ANYTHING))
        pattern += " " + r"\S*".join(re.escape(each).replace(r"\ ", " ") for each in letters)
    return pattern.removeprefix(" ")
