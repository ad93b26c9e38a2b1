"""Which language a customer asks for; it may be another than they ask it in.

Two actions, because Rasa chooses a response's language by the slot as it was before the action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rasa_sdk.events import SlotSet

from actions.base import Events, HelderAction, Voice
from actions.turn import Turn
from helder.vocabulary.model import Vocabulary

_OTHER = {"nl": "en", "en": "nl"}
_CLAUSE = re.compile(r"[^,.;:!?\n]+[,.;:!?\n]?")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


class SetLanguage(HelderAction):
    """Goes on in the language that was asked for."""

    called = "action_set_language"

    def act(self, turn: Turn, voice: Voice) -> Events:  # noqa: ARG002 - the next action speaks
        """See HelderAction."""
        wanted = _chosen(turn)
        return [SlotSet("language", wanted)] if wanted else []


class TellLanguage(HelderAction):
    """Says in which language it goes on, or which there are."""

    called = "action_tell_language"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if not turn.is_choice and _of_a_thing(turn):
            voice.say("utter_language_of_thing")
        else:
            voice.say("utter_language_switched" if _chosen(turn) else "utter_languages_spoken")
        return []


def _chosen(turn: Turn) -> str | None:
    if turn.is_choice:
        return turn.entity("language")
    return None if _of_a_thing(turn) else wanted_language(turn.text, turn.vocabulary)


def _of_a_thing(turn: Turn) -> bool:
    return not turn.vocabulary.language.things.isdisjoint(turn.words())


def wanted_language(text: str, vocabulary: Vocabulary) -> str | None:
    """`nl` or `en`, whichever is asked for last; None when neither is named."""
    named = list(_Asking(vocabulary).named(text.casefold().replace("’", "'")))
    wanted = [language for language, is_wanted in named if is_wanted]
    if wanted:
        return wanted[-1]
    return _OTHER[named[-1][0]] if named else None


class _Asking:
    """How languages are asked for, in the words of the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._said = said = vocabulary.language
        self._names = {word: code for code, words in said.names.items() for word in words}
        self._not = vocabulary.common.no | vocabulary.common.negation | said.refused

    def named(self, text: str) -> Iterator[tuple[str, bool]]:
        """The languages in the text, each with whether it is wanted."""
        both = len({self._names[word] for word in _WORD.findall(text) if word in self._names}) > 1
        clauses = re.sub(rf"\b(?:{'|'.join(sorted(self._said.but))})\b", ",", text)
        for clause in _CLAUSE.findall(clauses):
            words = _WORD.findall(clause)
            places = [n for n, word in enumerate(words) if word in self._names]
            before = 0
            for position, place in enumerate(places):
                last = position == len(places) - 1
                about = words[before:place] + (words[place + 1 :] if last else [])
                over = both and not self._said.over.isdisjoint(words[before:place])
                refused = over or self._refused(about, self._asks(clause, words))
                yield self._names[words[place]], not refused
                before = place + 1

    def _refused(self, words: list[str], asks: bool) -> bool:
        denied = any(word in self._not or word.endswith("n't") for word in words)
        if not self._said.why.isdisjoint(words):
            return not denied  # "why English?" against "why not English?"
        return denied and not asks

    def _asks(self, clause: str, words: list[str]) -> bool:
        """Is it "don't you speak Dutch?" and not "I don't speak Dutch"?"""
        question = clause.endswith("?") or not self._said.you.isdisjoint(words[1:2])
        return question and not self._said.me.are_in(clause)
