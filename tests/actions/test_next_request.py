"""What was asked besides: answered at once, or named and done afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from actions.base import HelderAction
from actions.next_request import NextRequest
from actions.orders import CancelForm, TrackForm
from actions.person import MessageForm
from actions.registry import all_actions
from actions.services import Services
from helder.shop.model import Order
from tests.actions.play import Event, Play

Get = Callable[[str], Order]
BEGUN: list[Event] = [{"event": "active_loop", "name": "track_order_form"}]


def asked(intent: str, number: str | None = None) -> str:
    entities = [{"entity": "order_number", "value": number}] if number else []
    return json.dumps({"intent": intent, "text": "and that", "entities": entities})


@pytest.fixture
def every(play: Play) -> Play:
    """A conversation whose actions know each other, as the server has them."""
    made = {type(each): each for each in all_actions(play.services)}

    def known(action: type[HelderAction]) -> Callable[[Services], HelderAction]:
        return lambda _services: made[action]

    do = play.do
    play.do = lambda action, *a, **k: do(known(action), *a, **k)  # type: ignore
    return play


def test_a_question_is_answered_before_the_form_asks(every: Play) -> None:
    every.slots["next_request"] = asked("contact_customer_service")
    did = every.do(TrackForm, "where is it and are you open", "track_order", after=BEGUN)
    assert did.said[-1] == "utter_contact_ways"
    assert did.slots["next_request"] is None


def test_a_task_is_named_and_waits(every: Play) -> None:
    every.slots["next_request"] = asked("cancel_order", "HD-204818")
    did = every.do(TrackForm, "where is it, cancel HD-204818", "track_order", after=BEGUN)
    assert did.said == ["utter_next_request_later"]
    assert "next_request" not in did.slots
    every.slots["next_request"] = asked("cancel_order", "HD-204818")
    did = every.do(NextRequest, "1234 AB", "inform")
    assert did.said == ["utter_next_request_now"]
    assert did.slots == {"next_request": None, "order_number": "HD-204818"}
    assert did.events[-1]["name"] == "cancel_order_form"


def test_a_form_that_is_begun_so_reads_what_was_asked_then_and_not_the_last_message(
    every: Play, order: Get
) -> None:
    mine, other = order("on_its_way"), order("just_paid")
    request = asked("cancel_order", other.number)
    every.slots |= {"next_request": None, "order_number": other.number}
    after = [
        {"event": "slot", "name": "next_request", "value": request},
        {"event": "action", "name": "action_next_request"},
        {"event": "slot", "name": "next_request", "value": None},
        {"event": "active_loop", "name": "cancel_order_form"},
    ]
    did = every.do(CancelForm, mine.number, order_number=mine.number, after=after)
    assert did.slots["order_number"] == other.number


@pytest.mark.parametrize("intent", ["stop", "goodbye"])
def test_who_leaves_wants_nothing_more(every: Play, intent: str) -> None:
    every.slots["next_request"] = asked("cancel_order")
    did = every.do(NextRequest, "laat maar", intent)
    assert (did.said, did.slots) == ([], {"next_request": None})


def test_what_nobody_knows_how_to_do_is_not_kept(every: Play) -> None:
    every.slots["next_request"] = asked("fly_to_the_moon")
    assert every.do(NextRequest, "x").slots == {"next_request": None}


def test_a_message_to_a_colleague_is_not_cut(every: Play) -> None:
    every.form = "message_form"
    every.slots |= {"requested_slot": "message_text", "next_request": asked("track_order")}
    text = "I want an invoice and where is my order"
    did = every.do(MessageForm, text, "get_invoice", next_request=asked("track_order"))
    assert did.slots == {"message_text": text, "next_request": None}


def test_rasa_reading_the_message_again_does_not_have_it_done_twice(every: Play) -> None:
    request = asked("track_order", "HD-204818")
    every.slots |= {"next_request": request, "order_number": "HD-204818"}
    after: list[Event] = [
        {"event": "slot", "name": "next_request", "value": request},
        {"event": "action", "name": "action_next_request"},
        {"event": "slot", "name": "next_request", "value": None},
        *BEGUN,
        {"event": "slot", "name": "next_request", "value": request},
    ]
    did = every.do(TrackForm, "how can I pay? where is HD-204818", "x", after=after)
    assert did.slots["next_request"] is None
    assert did.said == []


def test_of_two_orders_the_one_not_chosen_comes_next(every: Play) -> None:
    two = ("HD-204817", "HD-204818")
    did = every.do(TrackForm, " en ".join(two), "track_order", order_number=two, after=BEGUN)
    assert did.slots["next_request"]
    every.slots["order_number"] = "HD-204817"
    did = every.do(NextRequest, "1234 AB")
    assert did.slots["order_number"] == "HD-204818"
    assert "HD-204818" in did.messages[0]["request"]
