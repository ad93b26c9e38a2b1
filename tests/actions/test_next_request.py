"""What was asked besides: answered at once, or named and done afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.base import HelderAction
from actions.next_request import NextRequest
from actions.orders import CancelForm, TrackForm
from actions.person import MessageForm
from actions.registry import all_actions
from actions.requests import Request, read, written
from actions.services import Services
from helder.shop.model import Order
from tests.actions.play import Did, Event, Play

Get = Callable[[str], Order]
BEGUN: list[Event] = [{"event": "active_loop", "name": "track_order_form"}]


def asked(*requests: tuple[str, str | None]) -> str:
    """The slot, with these intents and the orders that they name."""
    made = [
        Request(
            intent,
            "and that",
            ({"entity": "order_number", "value": number},) if number else (),
        )
        for intent, number in requests
    ]
    return str(written(made))


def begun(*requests: tuple[str, str | None]) -> list[Event]:
    """What Rasa writes down when the first of these has begun and its form is opened."""
    left = asked(*requests[1:]) if requests[1:] else None
    return [
        {"event": "action", "name": "action_next_request"},
        {"event": "slot", "name": "next_request", "value": asked(*requests)},
        {"event": "slot", "name": "next_request", "value": left},
        {"event": "active_loop", "name": f"{requests[0][0]}_form"},
    ]


@pytest.fixture
def every(play: Play) -> Play:
    """A conversation whose actions know each other, as the server has them."""
    made = {type(each): each for each in all_actions(play.services)}

    def known(action: type[HelderAction]) -> Callable[[Services], HelderAction]:
        return lambda _services: made[action]

    do = play.do
    play.do = lambda action, *a, **k: do(known(action), *a, **k)  # type: ignore[method-assign]  # only here
    return play


def test_a_question_is_answered_before_the_form_asks(every: Play) -> None:
    every.slots["next_request"] = asked(("contact_customer_service", None))
    did = every.do(TrackForm, "where is it and are you open", "track_order", after=BEGUN)
    assert did.said[-1] == "utter_contact_ways"
    assert did.slots["next_request"] is None


def test_a_task_is_named_and_waits(every: Play) -> None:
    every.slots["next_request"] = asked(("cancel_order", "HD-204818"))
    did = every.do(TrackForm, "where is it, cancel HD-204818", "track_order", after=BEGUN)
    assert did.said == ["utter_next_request_later"]
    assert did.slots["next_request"] == every.slots["next_request"]
    did = every.do(NextRequest, "1234 AB", "inform")
    assert did.said == ["utter_next_request_now"]
    assert did.slots == {"next_request": None, "order_number": "HD-204818"}
    assert did.events[-1]["name"] == "cancel_order_form"


def test_a_form_that_is_begun_so_reads_what_was_asked_then_and_not_the_last_message(
    every: Play, order: Get
) -> None:
    mine, other = order("on_its_way"), order("just_paid")
    every.slots |= {"next_request": None, "order_number": other.number}
    after = begun(("cancel_order", other.number))
    did = every.do(CancelForm, mine.number, order_number=mine.number, after=after)
    assert did.slots["order_number"] == other.number


@pytest.mark.parametrize("intent", ["stop", "goodbye"])
def test_who_leaves_wants_nothing_more(every: Play, intent: str) -> None:
    every.slots["next_request"] = asked(("cancel_order", None))
    did = every.do(NextRequest, "laat maar", intent)
    assert (did.said, did.slots) == ([], {"next_request": None})


def test_what_nobody_knows_how_to_do_is_not_kept(every: Play) -> None:
    every.slots["next_request"] = asked(("fly_to_the_moon", None))
    assert every.do(NextRequest, "x").slots == {"next_request": None}


def test_a_message_to_a_colleague_is_not_cut(every: Play) -> None:
    every.form = "message_form"
    every.slots |= {"requested_slot": "message_text", "next_request": asked(("track_order", None))}
    text = "I want an invoice and where is my order"
    did = every.do(MessageForm, text, "get_invoice", next_request=asked(("track_order", None)))
    assert did.slots == {"message_text": text, "next_request": None}


def test_rasa_reading_the_message_again_does_not_have_it_done_twice(every: Play) -> None:
    two = ("track_order", "HD-204818"), ("cancel_order", "HD-204819")
    every.slots |= {"next_request": asked(*two), "order_number": "HD-204818"}
    again: Event = {"event": "slot", "name": "next_request", "value": asked(*two)}
    after = [again, *begun(*two), again]
    did = every.do(TrackForm, "how can I pay? where is HD-204818 …", "x", after=after)
    assert did.slots["next_request"] == asked(two[1])
    assert did.said == []


def test_of_three_tasks_two_are_named_and_done_one_after_the_other(every: Play) -> None:
    two = ("cancel_order", "HD-204818"), ("return_item", None)
    every.slots["next_request"] = asked(*two)
    did = every.do(TrackForm, "where is it, cancel HD-204818, …", "track_order", after=BEGUN)
    assert did.said == ["utter_next_requests_later"]
    assert "HD-204818" in did.messages[0]["request"]
    first = every.do(NextRequest, "1234 AB")
    assert first.events[-1]["name"] == "cancel_order_form"
    assert first.slots["next_request"] == asked(two[1])
    second = every.do(NextRequest, "ja", "affirm")
    assert second.events[-1]["name"] == "return_item_form"
    assert second.slots["next_request"] is None


def test_questions_are_answered_at_once_and_tasks_come_after(every: Play) -> None:
    every.slots["next_request"] = asked(
        ("cancel_order", "HD-204818"),
        ("contact_customer_service", None),
        ("check_payment_methods", None),
    )
    did = every.do(NextRequest, "wat kost bezorgen, …", "delivery_options")
    assert did.said[-3:] == [
        "utter_contact_ways",
        "utter_payment_methods",
        "utter_next_request_now",
    ]
    assert did.slots["next_request"] is None


def test_what_is_beyond_four_is_named_and_left(every: Play) -> None:
    task = ("return_item", None)
    every.slots["next_request"] = asked(task, task, task, ("cancel_order", "HD-204818"))
    did = every.do(TrackForm, "…", "track_order", after=BEGUN)
    assert did.said == ["utter_next_requests_too_many", "utter_next_requests_later"]
    assert "HD-204818" in did.messages[0]["requests"]
    assert did.slots["next_request"] == asked(task, task, task)


def test_a_question_besides_in_the_middle_of_a_form_is_answered_before_it_asks_again(
    every: Play,
) -> None:
    every.form = "track_order_form"
    waited = asked(("return_item", None))
    every.events = [{"event": "slot", "name": "next_request", "value": waited}]
    new = asked(("check_payment_methods", None), ("recover_password", None))
    every.slots["next_request"] = new
    rejected: Event = {"event": "action_execution_rejected", "name": "track_order_form"}
    did = every.do(TrackForm, "…", "contact_customer_service", after=[rejected], next_request=new)
    assert did.said == ["utter_payment_methods", "utter_next_request_later"]
    assert did.slots["next_request"] == asked(("return_item", None), ("recover_password", None))


def test_a_task_about_an_order_that_has_no_form_of_its_own_rule_is_not_only_explained(
    every: Play,
) -> None:
    every.slots["next_request"] = asked(("check_cancellation_fee", "HD-204818"))
    did = every.do(NextRequest, "1234 AB")
    assert did.said == ["utter_next_request_now"]
    assert did.events[-1]["name"] == "check_cancellation_fee_form"


def test_a_request_as_it_was_kept_before_is_still_done(every: Play) -> None:
    one = '{"intent": "cancel_order", "text": "and that", "entities": []}'
    every.slots["next_request"] = one
    assert every.do(NextRequest, "1234 AB").events[-1]["name"] == "cancel_order_form"


def test_of_three_orders_those_not_chosen_come_one_after_the_other(every: Play) -> None:
    three = ("HD-204817", "HD-204818", "HD-204819")
    every.do(TrackForm, " en ".join(three), "track_order", order_number=three, after=BEGUN)
    done = []
    every.slots["order_number"] = "HD-204818"
    while every.slots["next_request"]:
        every.do(NextRequest, "1234 AB")
        done.append(every.slots["order_number"])
    assert done == ["HD-204817", "HD-204819"]


def test_orders_that_are_listed_in_what_was_asked_besides_are_all_done(every: Play) -> None:
    text = "cancel HD-204818 and HD-204819"
    numbers = tuple(
        {"entity": "order_number", "value": text[at : at + 9], "start": at, "end": at + 9}
        for at in (7, 21)
    )
    every.slots["next_request"] = written([Request("cancel_order", text, numbers)])
    done = []
    while every.slots["next_request"]:
        every.do(NextRequest, "1234 AB")
        done.append(every.slots["order_number"])
    assert done == ["HD-204818", "HD-204819"]


def test_of_two_orders_the_one_not_chosen_comes_next(every: Play) -> None:
    two = ("HD-204817", "HD-204818")
    did = every.do(TrackForm, " en ".join(two), "track_order", order_number=two, after=BEGUN)
    assert did.slots["next_request"]
    every.slots["order_number"] = "HD-204817"
    did = every.do(NextRequest, "1234 AB")
    assert did.slots["order_number"] == "HD-204818"
    assert "HD-204818" in did.messages[0]["request"]


def chosen(play: Play, form: type[HelderAction], intent: str) -> Did:
    """A reading that was offered in the middle of this form is chosen."""
    asked_back = {"utter_action": "utter_not_understood_in_form_readings"}
    play.events = [{"event": "user"}, {"event": "bot", "metadata": asked_back}]
    return play.do(form, f"/{intent}", intent)


def test_after_a_task_that_was_meant_in_a_form_the_form_is_for_later(every: Play) -> None:
    every.form = "cancel_order_form"
    every.slots["order_number"] = "HD-204818"
    did = chosen(every, CancelForm, "track_order")
    assert did.rejected
    assert read(did.slots["next_request"])[0].intent == "cancel_order"
    assert read(did.slots["next_request"])[0].number() == "HD-204818"


@pytest.mark.parametrize("intent", ["contact_customer_service", "contact_human_agent"])
def test_after_a_question_the_form_goes_on_by_itself_and_after_a_person_it_does_not(
    every: Play, intent: str
) -> None:
    every.form = "track_order_form"
    did = chosen(every, TrackForm, intent)
    assert did.rejected
    assert did.slots == {}


def test_what_is_done_in_place_of_a_form_ends_it(every: Play) -> None:
    every.form = "cancel_order_form"
    assert chosen(every, CancelForm, "return_item").slots == {}


def test_what_the_shop_cannot_tell_now_does_not_cost_the_others_their_answer(
    broken: Play,  # first: the actions are made with its services
    every: Play,
) -> None:
    assert every is broken
    every.slots["next_request"] = asked(
        ("recover_password", None),
        ("delivery_options", None),
        ("contact_customer_service", None),
    )
    did = every.do(NextRequest, "hoe kan ik betalen, …", "check_payment_methods")
    assert did.said[0] == "utter_shop_unavailable"
    assert did.said[-2:] == ["utter_contact_ways", "utter_next_request_now"]
    assert did.events[-1]["name"] == "recover_password_form"
