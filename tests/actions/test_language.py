"""The language that is asked for, in whichever language it is asked."""

from __future__ import annotations

import pytest

from actions.language import SetLanguage, TellLanguage, wanted_language
from helder.vocabulary.model import Vocabulary
from tests.actions.play import Play

DUTCH = [
    "can we speak Dutch?",
    "kunnen we in het Nederlands verder?",
    "in 't Nederlands graag",
    "Nederlands",
    "my English is not very good",
    "I don't speak English",
    "ik spreek geen Engels",
    "het Engels begrijp ik niet",
    "spreek je geen Nederlands?",
    "kun je geen nederlands",
    "don't you speak Dutch",
    "waarom praat je Engels?",
    "why not Dutch?",
    "van Engels naar Nederlands graag",
    "liever Nederlands dan Engels",
    "nou, dan in het Nederlands graag",
    "Dutch, not English",
    "please answer in Dutch instead of English",
    "I can read English but I prefer Dutch",
]
ENGLISH = [
    "can we continue in English?",
    "kan dit in het Engels?",
    "English please",
    "I don't speak Dutch",
    "I don’t understand Dutch, can we do English?",
    "sorry i dont speak dutch",
    "mijn Nederlands is slecht",
    "ik versta niet zo goed Nederlands",
    "English not Dutch",
    "geen Nederlands maar Engels",
    "why are you answering in Dutch",
    "could you switch from Dutch to English",
    "I'm not Dutch",
]


@pytest.mark.parametrize("said", DUTCH)
def test_dutch_is_asked_for(vocabulary: Vocabulary, said: str) -> None:
    assert wanted_language(said, vocabulary) == "nl"


@pytest.mark.parametrize("said", ENGLISH)
def test_english_is_asked_for(vocabulary: Vocabulary, said: str) -> None:
    assert wanted_language(said, vocabulary) == "en"


@pytest.mark.parametrize("said", ["sprechen Sie Deutsch?", "een andere taal graag", ""])
def test_another_language_is_none_of_ours(play: Play, said: str) -> None:
    assert play.do(SetLanguage, said, "switch_language").events == []
    assert play.do(TellLanguage, said, "switch_language").said == ["utter_languages_spoken"]


def test_the_slot_follows_what_is_asked_and_not_the_language_of_the_sentence(play: Play) -> None:
    play.slots["language"] = "en"  # as the detector read the sentence
    assert play.do(SetLanguage, "can we speak Dutch?", "switch_language").slots == {
        "language": "nl"
    }
    assert play.do(TellLanguage, "can we speak Dutch?", "switch_language").said == [
        "utter_language_switched"
    ]


def test_a_button_says_which(play: Play) -> None:
    said = '/switch_language{"language": "en"}'
    did = play.do(SetLanguage, said, "switch_language", language="en")
    assert did.slots == {"language": "en"}
