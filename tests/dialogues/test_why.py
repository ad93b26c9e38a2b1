"""Why, in the words of people, over the customers' API: understood, and answered for what it is.

The phrasings are in phrasings_why.py; that each of them is answered rightly once it is read as a
why is held by tests/actions/test_why_phrasings.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helder.database import connect
from helder.shop.policy import load_policy
from helder.shop.sql import SqlShop
from tests.dialogues import phrasings_why as why
from tests.dialogues.orders import Orders
from tests.dialogues.script import Responses
from tests.running import Running, Talk

LEAST = 20  # phrasings of each kind in each language that are understood

Begin = Callable[[Talk, Orders], None]


@pytest.fixture(scope="module")
def shop(stack: Running) -> Orders:
    return Orders(SqlShop(connect(stack.settings.shop_url), load_policy()))


def _refused(talk: Talk, shop: Orders) -> None:
    asked = {"en": "cancel", "nl": "annuleer"}[talk.language]
    talk.say(shop.fill(asked + " {on_its_way.number}, {on_its_way.postcode}", {}))


def _refused_earlier(talk: Talk, shop: Orders) -> None:
    _refused(talk, shop)
    _delivery(talk, shop)


def _delivery(talk: Talk, shop: Orders) -> None:
    talk.say({"en": "what does delivery cost", "nl": "wat kost bezorgen"}[talk.language])


def _proof(talk: Talk, shop: Orders) -> None:
    asked = {"en": "where is", "nl": "waar is"}[talk.language]
    talk.say(shop.fill(asked + " {on_its_way.number}", {}))


def _complaint(talk: Talk, shop: Orders) -> None:
    talk.say({"en": "I want to complain", "nl": "ik wil een klacht indienen"}[talk.language])


def _person(talk: Talk, shop: Orders) -> None:
    talk.say({"en": "are you human", "nl": "ben je een mens"}[talk.language])


KINDS: dict[str, tuple[dict[str, str], Begin, str]] = {
    "decision": (why.DECISION, _refused, "utter_why_decided_changed"),
    "earlier decision": (why.EARLIER, _refused_earlier, "utter_why_decided_changed"),
    "question": (why.QUESTION, _proof, "utter_why_order_proof"),
    "reading": (
        why.READING,
        _delivery,
        "utter_why_words or utter_why_words_otherwise or utter_why_words_unsure",
    ),
    "person": (why.PERSON, _complaint, "utter_why_person_complaint"),
    "waiting": (why.WAITING, _person, "utter_why_waiting"),
}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", KINDS)
def test_why_is_understood_and_answered_for_what_it_is_about(
    stack: Running,
    shop: Orders,
    kind: str,
    language: str,
) -> None:
    lines, begin, answer = KINDS[kind]
    responses, right, wrong = Responses(), 0, []
    for text in filter(None, map(str.strip, lines[language].splitlines())):
        talk = stack.talk(language)
        begin(talk, shop)
        said = talk.say(text)
        if responses.matches(answer, said[0], language):
            right += 1
        else:
            wrong.append(f"{text} -> {responses.key_of(said[0])}")
    assert right >= LEAST, wrong
