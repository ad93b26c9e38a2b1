"""The answer to "shall I?". What is done next cannot be undone, so a yes is one in all its words.

A classifier reads "yes, except the blanket", "so" and "ja?" as a yes too. Here a message is one
only when nothing is left of it once what agrees, and what names the deed, is taken out of it.
Whatever is neither a yes nor a no is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from actions.turn import SURE, Turn
from helder.vocabulary.model import Vocabulary

# "Annuleer hem maar": after a verb it makes a yes of it, before anything else it is "but".
_SOFTENED = "maar"
_DRAWN = re.compile(r"(\w)\1+$")
READ = {"affirm", "deny", "inform", "nlu_fallback", None}
_ASIDE = {"language", "next_request", "order_number"}  # entities that change no answer
_SHORT = 5  # words; a longer message is no mere no


def yes_or_no(turn: Turn, own: str) -> str | None:
    """`yes`, `no`, or None when the message is neither. `own` is the intent of the deed."""
    if turn.is_choice:
        return {"affirm": "yes", "deny": "no"}.get(str(turn.intent))
    if turn.intent not in READ | {own}:
        return None
    if _is_certain(turn) and is_yes(turn.words(), turn.vocabulary, own):
        return "yes"
    return "no" if is_no(turn, own) else None


def is_yes(
    words: Sequence[str], vocabulary: Vocabulary, own: str = "", more: Collection[str] = ()
) -> bool:
    """Do all the words agree, and does one say so? `more` are words that may be there too."""
    said, deed = vocabulary.agreeing, vocabulary.agreeing.deeds.get(own)
    allowed = said.fillers | vocabulary.common.everything | set(more)
    if deed and deed.verbs & set(words):
        allowed |= deed.verbs | deed.about | said.around_deed
    text = said.no_problem.without(" ".join(words))
    named, _, last = text.rpartition(" ")
    if deed and last == _SOFTENED and deed.verbs & set(named.split()):  # "annuleer hem maar"
        return _besides(named, vocabulary)[0] <= allowed
    rest, agreed = _besides(text, vocabulary)
    return agreed and rest <= allowed


def _besides(text: str, vocabulary: Vocabulary) -> tuple[set[str], bool]:
    """The words that do not agree, and whether others do."""
    said = vocabulary.agreeing
    left = said.agrees.without(text)
    plainly = {word for word in left.split() if _undrawn(word) in vocabulary.common.yes}
    if not plainly:
        return set(left.split()), left != text
    return set(said.thanks.without(left).split()) - plainly, True


def _undrawn(word: str) -> str:
    """The word without a last letter that goes on: "ja" of "jaaa"."""
    return _DRAWN.sub(r"\1", word)


def _is_certain(turn: Turn) -> bool:
    """Is nothing asked, and nothing named: a day, a number?"""
    named = any(each.get("entity") not in _ASIDE for each in turn.entities)
    return not named and "?" not in turn.text and not re.search(r"\d", turn.plain())


def is_no(turn: Turn, own: str) -> bool:
    """Is it a no, and no yes as well: "nee hoor is prima zo, annuleren maar"?"""
    common, agreeing = turn.vocabulary.common, turn.vocabulary.agreeing
    said = agreeing.no_problem.without(" ".join(turn.words())).split()
    if not said or "?" in turn.text or (common.yes | agreeing.goes_on) & set(said):
        return False
    negation = common.negation | agreeing.begins_a_no | agreeing.rather
    negated = set(said[1:]) & (common.no | negation) or said[0] in negation
    deed = agreeing.deeds.get(own)
    if not negated and deed and deed.verbs & set(said):
        return False
    if said[0] in common.no | agreeing.begins_a_no:
        return True
    few = len(said) <= _SHORT and bool((common.no | negation) & set(said))
    return turn.intent == "deny" and (few or turn.confidence >= SURE)
