"""Does somebody ask for a person, by words alone? words/person.yml says which."""

from __future__ import annotations

import re
from functools import lru_cache

from helder.vocabulary.lists import spoken
from helder.vocabulary.model import Person

# Words, at most, between speaking and whom: "talk about it to a colleague".
_BETWEEN = 5
_BARE = 6  # words: a request that is little more than "a person please"


def asks_for_a_person(text: str, words: Person) -> bool:
    """Is that what the message asks, whatever else it is about?

    A negative word list has the last word: "can another person receive it" asks for nobody.
    """
    said = spoken(text)
    if words.none.are_in(text):
        return False
    if words.enough.are_in(text) or _bare(said, words):
        return True
    return _together(words).search(f" {said} ") is not None


def _bare(said: str, words: Person) -> bool:
    """Nothing but a person, and words around it: "medewerker graag"."""
    rest = words.people.without(said).split()
    named = len(rest) < len(said.split())
    return named and len(rest) <= _BARE and set(rest) <= words.around


@lru_cache(maxsize=4)
def _together(words: Person) -> re.Pattern[str]:
    """Wanting before a person, speaking before anybody, or either before what comes last."""
    gap = rf"(?: \S+){{0,{_BETWEEN}}}"
    person, anybody = words.people.pattern, words.anybody.pattern
    either = f"(?:{person}|{anybody})"
    forms = (
        f" {words.want.pattern}{gap} {person}",
        f" {words.talk.pattern}{gap} {anybody}",
        f" {either}{gap} {words.after.pattern}",
    )
    return re.compile("|".join(f"(?:{form})(?= )" for form in forms))
