"""No AI: heard in whatever words it is said, in a form too, and from then on nothing is read.

None of these is among the examples that the assistant learned from.
"""

from __future__ import annotations

import pytest

from helder.content.sources import bare, read
from helder.settings import PROJECT
from tests.dialogues.script import Responses
from tests.running import Running

SAID = {
    "en": """
        no artificial intelligence please
        I don't want any AI
        I do not want to be helped by an AI
        please don't use AI for me
        no AI for me
        I don't want to chat with a bot
        I won't talk to a chatbot
        can you turn off the AI
        switch off the AI please
        I'd like to opt out of AI
        opt me out of the AI
        I want to opt out of artificial intelligence
        get this bot out of my chat
        I'm not going to talk to a machine
        I refuse to talk to a robot
        no computers please
        stop this chatbot
        turn the chatbot off
        I don't want my messages read by an AI
        I don't want a robot to read this
        I want help without AI
        can I be helped without a chatbot
        without a bot please
        I'm against AI
        I hate talking to bots
        please no chatbots
        no robots
        I don't like AI, leave it out
        I do not want a computer to answer me
        I don't want an algorithm to decide this
        AI off please
        don't let AI read my messages
        I'd prefer no AI
        I'd rather not talk to an AI
        I don't trust chatbots
        I want no automated answers
        I object to the use of AI
        i dont want ai
        not with a robot please
        disable the AI
        """,
    "nl": """
        geen kunstmatige intelligentie graag
        ik wil helemaal geen AI
        ik wil niet door een AI geholpen worden
        gebruik alsjeblieft geen AI voor mij
        voor mij geen AI
        ik wil niet met een bot chatten
        ik praat niet met een chatbot
        kun je de AI uitzetten
        zet de AI uit alsjeblieft
        ik wil me afmelden voor AI
        meld me af voor de AI
        ik wil geen kunstmatige intelligentie
        haal die bot uit mijn chat
        ik ga niet met een machine praten
        ik weiger met een robot te praten
        geen computers alsjeblieft
        stop die chatbot
        zet de chatbot uit
        ik wil niet dat AI mijn berichten leest
        ik wil niet dat een robot dit leest
        ik wil hulp zonder AI
        kan ik zonder chatbot geholpen worden
        zonder bot alsjeblieft
        ik ben tegen AI
        ik haat praten met bots
        alsjeblieft geen chatbots
        geen robots
        ik hou niet van AI, laat het weg
        ik wil geen antwoord van een computer
        ik wil niet dat een algoritme hierover beslist
        AI uit graag
        laat AI mijn berichten niet lezen
        ik heb liever geen AI
        ik praat liever niet met een AI
        ik vertrouw chatbots niet
        ik wil geen automatische antwoorden
        ik maak bezwaar tegen het gebruik van AI
        wil geen ai
        niet met een robot graag
        schakel de AI uit
        """,
}
BEGIN = {"en": "where is my order", "nl": "waar is mijn bestelling"}


def _phrasings(language: str) -> list[str]:
    return [line.strip() for line in SAID[language].strip().splitlines()]


@pytest.mark.parametrize("begin", [False, True], ids=["alone", "in a form"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_is_heard_in_forty_phrasings(stack: Running, language: str, begin: bool) -> None:
    responses, wrong = Responses(), []
    for words in _phrasings(language):
        talk = stack.talk(language)
        if begin:
            talk.say(BEGIN[language])
        said = talk.say(words)
        if not responses.matches("utter_no_ai", said[0], language):
            wrong.append(f"{words} -> {said[0]}")
    assert wrong == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_there_are_forty_phrasings_and_most_are_no_examples(language: str) -> None:
    examples = {bare(text) for each, _, text in read(PROJECT).examples if each == language}
    mine = {bare(each) for each in _phrasings(language)}
    assert len(mine) >= 40
    assert len(mine - examples) >= 30
