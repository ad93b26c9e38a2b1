"""Why: answered from what was asked, refused, said or waited for in this conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.orders import CancelForm
from actions.why import Why
from helder.decisions.memory import recalled, remembered
from helder.decisions.policy import Result
from helder.shop.facts import FACTS
from helder.shop.model import Order
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


# From the record of a decision

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


def cancelled_in_vain(play: Play, mine: Order) -> None:
    """Cancelling is asked for and refused, as a whole turn."""
    play.slots |= {"order_number": mine.number, "order_proof": None}
    begun: list[Event] = [{"event": "active_loop", "name": "cancel_order_form"}]
    did = play.do(CancelForm, "annuleer", "cancel_order", after=begun)
    assert did.said[0].startswith("utter_cancel_refused")
    text = f"Bestelling {mine.number}: dat kan niet meer."
    play.events += [wrote("annuleer", "cancel_order"), said(did.said[0], text)]


@pytest.mark.parametrize(
    ("language", "reason", "mattered", "changed"),
    [
        (
            "nl",
            "De bestelling is verstuurd, en vanaf dan kunnen we hem niet meer tegenhouden.",
            "de status van de bestelling is “verstuurd”",
            "Het had wel gekund als de status van de bestelling “betaald” was geweest.",
        ),
        (
            "en",
            "The order has been sent, and from then on we can no longer stop it.",
            "the state of the order is “sent”",
            "It would have been possible if the state of the order had been “paid”.",
        ),
    ],
)
def test_a_refusal_is_explained_from_its_record(
    play: Play, order: Get, prove: Prove, language: str, reason: str, mattered: str, changed: str
) -> None:
    mine = prove(order("on_its_way"))
    cancelled_in_vain(play, mine)
    play.slots["language"] = language
    did = play.do(Why, "waarom mag dat niet", "ask_why")
    assert did.said == ["utter_why_decided_changed"]
    told = did.messages[0]
    assert (told["reason"], told["mattered"], told["changed"]) == (reason, mattered, changed)
    assert told["order_number"] == mine.number
    assert told["contest"].startswith(("Ben je het er niet mee eens", "Do you disagree"))


def test_an_earlier_decision_is_explained_when_its_order_is_named(
    play: Play, order: Get, prove: Prove
) -> None:
    first, second = prove(order("on_its_way")), prove(order("delivered_60_days_ago"))
    for mine in (first, second):
        cancelled_in_vain(play, mine)
    play.events += [wrote("hallo", "greet"), said("utter_greet", "Hallo!")]
    text = f"waarom kon ik {first.number} niet annuleren"
    did = play.do(Why, text, "ask_why", order_number=str(first.number))
    assert did.messages[0]["order_number"] == first.number
    assert did.messages[0]["mattered"].endswith("“verstuurd”")
    did = play.do(Why, "waarom werd dat geweigerd", "ask_why")
    assert did.messages[0]["mattered"].endswith("“bezorgd”")


def test_an_allowed_cancellation_is_kept_too_and_a_refusal_comes_before_it(
    play: Play, order: Get, prove: Prove
) -> None:
    mine = prove(order("just_paid"))
    play.slots |= {"order_number": mine.number, "order_proof": None}
    begun: list[Event] = [{"event": "active_loop", "name": "cancel_order_form"}]
    play.do(CancelForm, "annuleer", "cancel_order", after=begun)
    ((decision, _),) = recalled(play.slots["decisions"], FACTS)
    assert (decision.rule, decision.result, decision.by) == (
        "not_yet_packed",
        Result.ALLOW,
        "assistant",
    )
    play.slots["decisions"] = remembered(play.slots["decisions"], decision)
    assert len(recalled(play.slots["decisions"], FACTS)) == 1


def test_a_record_that_was_changed_explains_nothing(play: Play, order: Get, prove: Prove) -> None:
    cancelled_in_vain(play, prove(order("on_its_way")))
    kept = play.slots["decisions"]
    play.slots["decisions"] = kept.replace('shipped\\",\\"order', 'packed\\",\\"order', 1)
    assert play.slots["decisions"] != kept
    assert play.do(Why, "waarom mag dat niet", "ask_why").said == ["utter_why_refused"]


def test_what_another_shop_refused_is_told_in_its_own_words(
    play: Play, order: Get, prove: Prove
) -> None:
    cancelled_in_vain(play, prove(order("on_its_way")))
    play.slots["decisions"] = None
    assert play.do(Why, "waarom mag dat niet", "ask_why").said == ["utter_why_refused"]
