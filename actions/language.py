"""Which language a customer asks for; it may be another than they ask it in.

Two actions, because Rasa chooses a response's language by the slot as it was before the action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rasa_sdk.events import SlotSet

from actions.base import Events, HelderAction, Voice
from actions.turn import Turn

_NAMES = {
    "nederlands": "nl",
    "nederlandse": "nl",
    "nederlandstalig": "nl",
    "vlaams": "nl",
    "hollands": "nl",
    "dutch": "nl",
    "flemish": "nl",
    "nl": "nl",
    "engels": "en",
    "engelse": "en",
    "engelstalig": "en",
    "english": "en",
    "eng": "en",
}
_OTHER = {"nl": "en", "en": "nl"}
_NOT = {"not", "no", "never", "cannot", "cant", "dont", "stop", "niet", "geen", "slecht", "bad"}
_NOT |= {"poor", "terrible", "matig", "moeilijk", "difficult", "hard", "zonder", "without"}
_WHY = {"why", "waarom", "hoezo"}
# "English instead of Dutch", "van Engels naar Nederlands": what comes next is not what is wanted.
_OVER = {"instead", "plaats", "ipv", "than", "dan", "over", "boven", "from", "van", "or", "of"}
_YOU = {"you", "we", "je", "jij", "u", "jullie", "wij", "dit", "dat", "het", "this", "that", "it"}
_ME = {"i", "i'm", "i'd", "my", "me", "ik", "mijn", "m'n", "mij"}
# What comes in a language: whether ours does is no question of how to go on.
_THINGS = {"handleiding", "gebruiksaanwijzing", "manual", "manuals", "instructions", "instructies"}
_THINGS |= {"boek", "boeken", "book", "books", "film", "spel", "game", "video", "label", "etiket"}
_THINGS |= {"doos", "box", "verpakking", "packaging", "tekst", "text", "ondertiteling", "subtitles"}
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
        if not turn.is_choice and not _THINGS.isdisjoint(turn.words()):
            voice.say("utter_language_of_thing")
        else:
            voice.say("utter_language_switched" if _chosen(turn) else "utter_languages_spoken")
        return []


def _chosen(turn: Turn) -> str | None:
    if turn.is_choice:
        return turn.entity("language")
    return wanted_language(turn.text) if _THINGS.isdisjoint(turn.words()) else None


def wanted_language(text: str) -> str | None:
    """`nl` or `en`, whichever is asked for last; None when neither is named."""
    named = list(_named(text.casefold().replace("’", "'")))
    wanted = [language for language, is_wanted in named if is_wanted]
    if wanted:
        return wanted[-1]
    return _OTHER[named[-1][0]] if named else None


def _named(text: str) -> Iterator[tuple[str, bool]]:
    """The languages in the text, each with whether it is wanted."""
    both = len({_NAMES[word] for word in _WORD.findall(text) if word in _NAMES}) > 1
    for clause in _CLAUSE.findall(re.sub(r"\b(but|maar)\b", ",", text)):
        words = _WORD.findall(clause)
        places = [n for n, word in enumerate(words) if word in _NAMES]
        before = 0
        for position, place in enumerate(places):
            last = position == len(places) - 1
            about = words[before:place] + (words[place + 1 :] if last else [])
            over = both and not _OVER.isdisjoint(words[before:place])
            yield _NAMES[words[place]], not (over or _refused(about, _asks(clause, words)))
            before = place + 1


def _refused(words: list[str], asks: bool) -> bool:
    denied = any(word in _NOT or word.endswith("n't") for word in words)
    if not _WHY.isdisjoint(words):
        return not denied  # "why English?" against "why not English?"
    return denied and not asks


def _asks(clause: str, words: list[str]) -> bool:
    """Is it "don't you speak Dutch?" and not "I don't speak Dutch"?"""
    question = clause.endswith("?") or not _YOU.isdisjoint(words[1:2])
    return question and _ME.isdisjoint(words)
