"""Why: answered from what was asked, refused, said or waited for in this conversation."""

from __future__ import annotations

from typing import Any

import pytest

from actions.why import Why
from tests.actions.play import Play

Event = dict[str, Any]
REFUSED = "Deze bestelling is al onderweg, dus annuleren kan niet meer."


def said(response: str, text: str = "") -> Event:
    return {"event": "bot", "text": text, "metadata": {"utter_action": response}}


def wrote(text: str, intent: str) -> Event:
    return {"event": "user", "text": text, "parse_data": {"intent": {"name": intent}}}


@pytest.fixture
def refused(play: Play) -> Play:
    play.events = [
        wrote("annuleer mijn bestelling", "cancel_order"),
        said("utter_cancel_refused_already_shipped", REFUSED),
    ]
    return play


@pytest.mark.parametrize("text", ["waarom", "waarom niet?", "waarom mag dat niet", "why not"])
def test_a_refusal_is_explained_in_the_words_in_which_it_was_given(
    refused: Play, text: str
) -> None:
    did = refused.do(Why, text, "ask_why")
    assert did.said == ["utter_why_refused"]
    assert did.messages[0]["said"] == REFUSED


@pytest.mark.parametrize(
    "text", ["waarom is mijn annulering geweigerd", "why was it refused", "why did you reject it"]
)
def test_a_refusal_of_a_while_ago_is_explained_when_it_is_named(refused: Play, text: str) -> None:
    refused.events += [wrote("hallo", "greet"), said("utter_greet", "Hallo!")]
    assert refused.do(Why, text, "ask_why").said == ["utter_why_refused"]


def test_a_bare_why_is_about_what_was_said_last(refused: Play) -> None:
    refused.events += [
        wrote("wat kost bezorgen", "delivery_options"),
        said("utter_delivery_options"),
    ]
    did = refused.do(Why, "waarom", "ask_why")
    assert did.said == ["utter_why_said"]
    assert did.messages[0]["message"] == "wat kost bezorgen"
    assert did.messages[0]["reading"] == "Bezorging en kosten"


@pytest.mark.parametrize("text", ["waarom zeg je dat", "why do you say that", "hoe bedoel je?"])
def test_why_it_was_said_tells_how_the_message_was_read(refused: Play, text: str) -> None:
    did = refused.do(Why, text, "ask_why")
    assert did.said == ["utter_why_said"]
    assert did.messages[0]["message"] == "annuleer mijn bestelling"


def test_why_again_tells_still_how_the_first_message_was_read(refused: Play) -> None:
    refused.events += [wrote("waarom", "ask_why"), said("utter_why_refused")]
    assert refused.do(Why, "maar waarom dan", "ask_why").said == ["utter_why_said"]


def test_a_button_is_shown_by_its_title(play: Play) -> None:
    pressed = wrote("/track_order", "track_order")
    pressed["metadata"] = {"helder_shown": "Waar is mijn bestelling?"}
    play.events = [pressed, said("utter_ask_order_number")]
    did = play.do(Why, "waarom zeg je dat", "ask_why")
    assert did.messages[0]["message"] == "Waar is mijn bestelling?"


@pytest.mark.parametrize(
    "text",
    [
        "waarom zit ik te wachten",
        "why am I waiting",
        "waarom duurt dat zo lang",
        "why is nobody answering",
        "why can't a colleague help me right now",
    ],
)
def test_why_nobody_comes_is_told_honestly(play: Play, text: str) -> None:
    did = play.do(Why, text, "ask_why")
    assert did.said == ["utter_why_waiting"]
    assert did.messages[0]["within"] == "1 werkdag"


@pytest.mark.parametrize(
    "text",
    [
        "waarom wil je dat weten",
        "ok wait, what do you want my postcode for",
        "wacht even, waarom moet je dat weten",
        "why can't you just look it up",
        "mag ik vragen waarom",
    ],
)
def test_in_a_form_it_is_about_the_question(play: Play, text: str) -> None:
    play.form, play.slots["requested_slot"] = "track_order_form", "order_number"
    play.events = [wrote("waar is mijn pakket", "track_order"), said("utter_ask_order_number")]
    assert play.do(Why, text, "ask_why").said == ["utter_why_order_number"]


def test_a_proof_that_was_refused_is_asked_for_a_reason_of_its_own(play: Play) -> None:
    play.form, play.slots["requested_slot"] = "track_order_form", "order_proof"
    play.events = [wrote("9999 ZZ", "inform"), said("utter_proof_refused")]
    assert play.do(Why, "waarom klopt dat niet", "ask_why").said == ["utter_why_order_proof"]


def test_with_nothing_to_explain_it_tells_how_it_goes_in_general(play: Play) -> None:
    assert play.do(Why, "waarom", "ask_why").said == ["utter_why_general"]
