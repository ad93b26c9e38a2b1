"""Why, in many words: once it is read as that, it is answered about what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.orders import CancelForm
from actions.person import MessageForm
from actions.why import Why
from helder.shop.model import Order
from tests.actions.play import Play
from tests.dialogues import phrasings_why as why

Event = dict[str, Any]
Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


def said(response: str, text: str = "") -> Event:
    return {"event": "bot", "text": text, "metadata": {"utter_action": response}}


def wrote(text: str, intent: str) -> Event:
    return {"event": "user", "text": text, "parse_data": {"intent": {"name": intent}}}


def otherwise(play: Play, kind: dict[str, str], answer: str) -> list[str]:
    """The phrasings that are answered with anything else."""
    wrong = []
    for language, lines in kind.items():
        play.slots["language"] = language
        for text in filter(None, map(str.strip, lines.splitlines())):
            said = play.do(Why, text, "ask_why").said
            wrong += [] if said == [answer] else [f"{text} -> {said}"]
    return wrong


@pytest.fixture
def refused(play: Play, order: Get, prove: Prove) -> Play:
    """Cancelling was asked for, and refused by a rule."""
    mine = prove(order("on_its_way"))
    play.slots |= {"order_number": mine.number, "order_proof": None}
    begun: list[Event] = [{"event": "active_loop", "name": "cancel_order_form"}]
    did = play.do(CancelForm, "annuleer", "cancel_order", after=begun)
    text = f"Bestelling {mine.number}: dat kan niet meer."
    play.events += [wrote("annuleer", "cancel_order"), said(did.said[0], text)]
    return play


def test_why_it_was_decided(refused: Play) -> None:
    assert otherwise(refused, why.DECISION, "utter_why_decided_changed") == []


def test_why_it_was_decided_earlier(refused: Play) -> None:
    refused.events += [wrote("bezorgkosten", "delivery_options"), said("utter_delivery_options")]
    assert otherwise(refused, why.EARLIER, "utter_why_decided_changed") == []


def test_why_it_is_asked(play: Play) -> None:
    play.form, play.slots["requested_slot"] = "track_order_form", "order_proof"
    play.events = [wrote("waar is HD-204817", "track_order"), said("utter_ask_order_proof")]
    assert otherwise(play, why.QUESTION, "utter_why_order_proof") == []


def test_why_it_was_read_so(play: Play) -> None:
    play.events = [wrote("bezorgkosten", "delivery_options"), said("utter_delivery_options")]
    assert otherwise(play, why.READING, "utter_why_said") == []  # nobody reads it again here


def test_why_it_is_a_person(play: Play) -> None:
    play.events = [
        wrote("ik heb een klacht", "complaint"),
        said("utter_complaint"),
        said("utter_ask_message_text"),
    ]
    play.form, play.slots["requested_slot"] = "message_form", "message_text"
    assert otherwise(play, why.PERSON, "utter_why_person_complaint") == []


def test_why_nobody_is_there(play: Play) -> None:
    play.events = [wrote("een mens graag", "contact_human_agent"), said("utter_person_closed")]
    assert otherwise(play, why.WAITING, "utter_why_waiting") == []


@pytest.mark.parametrize(
    "kind", ["DECISION", "EARLIER", "QUESTION", "READING", "PERSON", "WAITING"]
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_there_are_twenty_of_each(kind: str, language: str) -> None:
    lines = {line.strip() for line in getattr(why, kind)[language].splitlines() if line.strip()}
    assert len(lines) >= 20


@pytest.mark.parametrize(
    ("text", "intent", "is_message"),
    [
        ("waarom een mens?", "ask_why", False),
        ("why are you handing me over", "ask_why", False),
        ("why did you say that", "ask_why", True),  # as ever: what is asked for is the message
        ("why a person and not you, I waited since 12 May", "ask_why", True),
        ("waarom stuur je me door", "contact_human_agent", True),
    ],
)
def test_why_a_person_is_no_message_to_that_person(
    play: Play, text: str, intent: str, is_message: bool
) -> None:
    play.events = [wrote("ik heb een klacht", "complaint"), said("utter_complaint")]
    play.form, play.slots["requested_slot"] = "message_form", "message_text"
    did = play.do(MessageForm, text, intent, confidence=0.68)
    assert did.rejected is not is_message
    assert (did.slots.get("message_text") == text) is is_message
