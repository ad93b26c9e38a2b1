"""What comes back, in a customer's own words: never more than was named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from rasa_sdk import Tracker

from actions.named_lines import chosen_in
from actions.returns import ReturnForm
from actions.turn import Turn
from helder.shop.model import LineId, Order, OrderLine, ReturnLine, Sku, Text
from tests.actions.play import Event, Play

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]
# The order that was delivered five days ago, as the tests' shop has it.
MILL, KNIFE, HOUSE = "1", "2", "3"
BEGUN: list[Event] = [{"event": "active_loop", "name": "return_item_form"}]


@pytest.fixture
def delivered(order: Get, prove: Prove) -> Order:
    found = prove(order("delivered_5_days_ago"))
    assert [line.name.nl.split()[0] for line in found.lines] == [
        *("Koffiemolen", "Koksmes", "Vogelhuisje")
    ]
    assert [line.quantity for line in found.lines] == [3, 3, 1]
    return found


def answered(play: Play, text: str, intent: str = "nlu_fallback") -> dict[str, int] | None:
    """How many of which line come back after this answer; None if it is asked again."""
    play.form = "return_item_form"
    play.slots["requested_slot"] = "return_lines"
    return chosen(play.do(ReturnForm, text, intent).slots)


def chosen(slots: dict[str, str | None]) -> dict[str, int] | None:
    lines = slots.get("return_lines")
    return {line[-1]: count for line, count in json.loads(lines)} if lines else None


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("alles", {MILL: 3, KNIFE: 3, HOUSE: 1}),
        ("allemaal terug graag", {MILL: 3, KNIFE: 3, HOUSE: 1}),
        ("alles behalve het vogelhuisje", {MILL: 3, KNIFE: 3}),
        ("everything except the nesting box", {MILL: 3, KNIFE: 3}),
        ("niet alles, alleen het koksmes", {KNIFE: 3}),  # and how many is asked then
        ("not all of it, just one knife", {KNIFE: 1}),
        ("2 koffiemolens", {MILL: 2}),
        ("de koffiemolens", {MILL: 3}),
        ("de koffiemolen en het vogelhuisje", {MILL: 1, HOUSE: 1}),
        ("het vogelhuisje en twee koksmessen", {KNIFE: 2, HOUSE: 1}),
        ("the nesting box and the coffee grinders", {MILL: 3, HOUSE: 1}),
        ("het vogelhuisje, want het is te groot", {HOUSE: 1}),
        ("the bird house and the coffee grinder", None),
        ("niet alles", None),
        ("not both", None),
        ("alles wat kapot is", None),
        ("het koksmes houd ik", None),
        ("niet het koksmes", None),
        ("5 koffiemolens en het vogelhuisje", None),
    ],
)
def test_what_is_named_comes_back_and_nothing_else(
    play: Play, delivered: Order, text: str, back: dict[str, int] | None
) -> None:
    assert answered(play, text) == back


@pytest.mark.parametrize("intent", ["place_order", "exchange_item"])
def test_an_answer_is_no_new_topic(play: Play, delivered: Order, intent: str) -> None:
    assert answered(play, "de koffiemolen en het vogelhuisje", intent) == {MILL: 1, HOUSE: 1}


def test_a_question_about_a_product_is_for_the_rules(play: Play, delivered: Order) -> None:
    play.form = "return_item_form"
    play.slots["requested_slot"] = "return_lines"
    assert play.do(ReturnForm, "wat kost de koffiemolen?", "place_order").rejected


def test_what_is_not_clear_is_said_to_be(play: Play, delivered: Order) -> None:
    play.form = "return_item_form"
    play.slots["requested_slot"] = "return_lines"
    did = play.do(ReturnForm, "het koksmes houd ik", "nlu_fallback")
    assert (did.said, did.slots) == (["utter_return_lines_unclear"], {"return_lines": None})


@pytest.mark.parametrize(
    ("text", "back"),
    [("ik wil het vogelhuisje terugsturen", {HOUSE: 1}), ("ik wil alles terugsturen", None)],
)
def test_it_may_be_named_in_the_first_message(
    play: Play, delivered: Order, text: str, back: dict[str, int] | None
) -> None:
    did = play.do(ReturnForm, text, "return_item", after=BEGUN)
    assert chosen(did.slots) == back


def test_it_may_be_named_before_the_proof(play: Play, order: Get) -> None:
    mine = order("delivered_5_days_ago")
    text = f"ik wil het vogelhuisje uit {mine.number} terugsturen"
    begun = {"intent": {"name": "return_item"}, "entities": []}
    play.events = [{"event": "user", "text": text, "parse_data": begun}, *BEGUN]
    play.form = "return_item_form"
    play.slots |= {"order_number": mine.number, "requested_slot": "order_proof"}
    postcode = mine.address.postcode
    did = play.do(ReturnForm, postcode, "inform", postcode=postcode)
    assert chosen(did.slots) == {HOUSE: 1}


def test_a_word_that_names_two_lines_alike_names_neither(play: Play, delivered: Order) -> None:
    chairs = [("a", "Blauwe stoel", "Blue chair"), ("b", "Groene stoel", "Green chair")]
    template = delivered.lines[0]
    lines = tuple(
        OrderLine(LineId(each), Sku(each), Text(nl=nl, en=en), "c", 1, template.unit_price)
        for each, nl, en in chairs
    )
    two = replace(delivered, lines=lines)
    left = [ReturnLine(line.id, 1) for line in lines]

    def said(text: str) -> list[str]:
        tracker = Tracker("c", {}, {"text": text}, [], False, None, {}, "action_listen")
        turn = Turn(tracker, play.services.vocabulary)
        return [line.line for line in chosen_in(turn, two, left)]

    assert said("de stoel") == []
    assert said("de blauwe stoel") == ["a"]
    assert said("de blauwe en de groene stoel") == ["a", "b"]
