"""Why: answered from what was asked, refused, said or waited for in this conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from actions.orders import CancelForm
from actions.why import Why
from helder.decisions.memory import recalled, remembered
from helder.decisions.policy import Result
from helder.reread import Counted, Reason
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


def test_why_again_after_a_decision_is_told_that_this_was_all(refused: Play) -> None:
    refused.events += [wrote("waarom", "ask_why"), said("utter_why_refused")]
    assert refused.do(Why, "maar waarom dan", "ask_why").said == ["utter_why_whole_reason"]


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


# The words that counted, of a message that was read again


class Reader:
    """Reads again as a test says; what is asked is kept."""

    def __init__(self, reason: Reason | None) -> None:
        self.reason = reason
        self.asked: list[tuple[str, str, float]] = []

    def why(self, text: str, intent: str, confidence: float) -> Reason | None:
        self.asked.append((text, intent, confidence))
        return self.reason


def read_as(play: Play, reason: Reason | None, *, intent: str = "cancel_order") -> Reader:
    """A message that was read so a moment ago, and somebody who reads it again."""
    reader = Reader(reason)
    play.services = replace(play.services, rereader=reader)
    message = wrote("annuleer mijn bestelling", intent)
    likely = [{"name": intent, "confidence": 0.9}, {"name": "cancel_order", "confidence": 0.4}]
    message["parse_data"] |= {"intent": likely[0], "intent_ranking": likely}
    play.events = [message, said("utter_ask_order_number")]
    return reader


WORDS = (Counted("annuleer", 6.2), Counted("bestelling", 2.0), Counted("mijn", 0.1))


@pytest.mark.parametrize(
    ("without", "otherwise", "response"),
    [
        (("annuleer",), "track_order", "utter_why_words_otherwise"),
        (("annuleer",), "nlu_fallback", "utter_why_words_unsure"),
        (("annuleer",), "an_intent_without_a_name", "utter_why_words"),
        ((), None, "utter_why_words"),
    ],
)
def test_the_words_that_counted_are_named_and_what_it_would_have_been_without(
    play: Play, without: tuple[str, ...], otherwise: str | None, response: str
) -> None:
    reader = read_as(play, Reason(WORDS, without, otherwise))
    did = play.do(Why, "hoe kom je daarbij", "ask_why")
    assert did.said == [response]
    assert did.messages[0]["words"] == "“annuleer” en “bestelling”"
    assert reader.asked == [("annuleer mijn bestelling", "cancel_order", 0.9)]
    if response == "utter_why_words_otherwise":
        assert did.messages[0]["other"] == "Waar is mijn bestelling?"


def test_what_cannot_be_read_again_is_told_without_words(play: Play) -> None:
    read_as(play, None)
    assert play.do(Why, "hoe kom je daarbij", "ask_why").said == ["utter_why_said"]


def test_of_what_was_not_understood_the_likeliest_is_told(play: Play) -> None:
    read_as(play, Reason(WORDS, (), None), intent="nlu_fallback")
    did = play.do(Why, "wat heb je begrepen uit mijn bericht", "ask_why")
    assert did.said == ["utter_why_unsure_words"]
    assert did.messages[0]["reading"] == "Een bestelling annuleren"
    read_as(play, None, intent="nlu_fallback")
    assert play.do(Why, "hoe kom je daarbij", "ask_why").said == ["utter_why_unsure"]


def test_of_a_button_no_words_counted(play: Play) -> None:
    reader = read_as(play, Reason(WORDS, (), None))
    play.events[0]["text"] = "/cancel_order"
    assert play.do(Why, "waarom zeg je dat", "ask_why").said == ["utter_why_said"]
    assert reader.asked == []


def test_of_an_answer_the_data_that_was_read_is_told(play: Play) -> None:
    read_as(play, None, intent="inform")
    play.events[0]["parse_data"]["entities"] = [
        {"entity": "order_number", "value": "HD-204817"},
        {"entity": "language", "value": "nl"},
    ]
    did = play.do(Why, "wat heb je begrepen uit mijn bericht", "ask_why")
    assert did.said == ["utter_why_data"]
    assert did.messages[0]["items"] == "bestelnummer HD-204817"


@pytest.mark.parametrize("text", ["why?", "why not?", "waarom niet?", "waarom?"])
@pytest.mark.parametrize(
    "told", ["utter_why_decided", "utter_why_refused", "utter_why_whole_reason"]
)
def test_a_second_why_is_not_about_how_a_postcode_was_read(
    refused: Play, told: str, text: str
) -> None:
    refused.events += [wrote("waarom?", "ask_why"), said(told)]
    assert refused.do(Why, text, "ask_why").said == ["utter_why_whole_reason"]


@pytest.mark.parametrize(
    "text", ["why did you want my postcode?", "waarom wilde je mijn postcode?"]
)
def test_the_postcode_is_explained_after_it_was_asked(refused: Play, text: str) -> None:
    asked = wrote("annuleer", "cancel_order"), said("utter_ask_order_proof")
    refused.events = [*asked, wrote("5620 GX", "inform"), *refused.events]
    assert refused.do(Why, text, "ask_why").said == ["utter_why_order_proof"]


@pytest.mark.parametrize(
    "text", ["what would have to be different?", "wat moet er anders zijn zodat het wel kan?"]
)
def test_what_would_have_changed_it_is_about_the_decision(refused: Play, text: str) -> None:
    refused.events += [wrote("hallo", "greet"), said("utter_greet", "Hallo!")]
    assert refused.do(Why, text, "ask_why").said == ["utter_why_refused"]
