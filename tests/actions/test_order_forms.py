"""What the order forms make of a message: number, proof, and what is for others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.clarify import Clarify
from actions.corrections import Inform, OtherOrder
from actions.forms import OVER
from actions.order_forms import AskOrderNumber
from actions.orders import CancelForm, TrackForm
from actions.returns import ReturnForm
from helder.conversation.entries import ConversationId
from helder.shop.model import Order
from tests.actions.play import Event, Play

Get = Callable[[str], Order]
BEGUN: list[Event] = [{"event": "active_loop", "name": "track_order_form"}]


@pytest.fixture
def track(play: Play) -> Play:
    """A track form that asks for proof."""
    play.form = "track_order_form"
    play.slots |= {"requested_slot": "order_proof"}
    return play


def test_the_right_postcode_proves_the_order(track: Play, order: Get) -> None:
    mine = order("on_its_way")
    track.slots["order_number"] = mine.number
    did = track.do(TrackForm, mine.address.postcode, postcode=mine.address.postcode)
    assert did.slots == {"order_proof": "proven"}
    assert track.services.shop(track.conversation).is_proven(mine.number)


def test_the_slot_never_holds_the_postcode(track: Play, order: Get) -> None:
    mine = order("on_its_way")
    track.slots["order_number"] = mine.number
    for answer in (mine.address.postcode, "9999ZZ"):
        did = track.do(TrackForm, answer, postcode=answer)
        assert answer not in str(did.events)


def test_a_wrong_postcode_gets_the_same_answer_as_an_unknown_order(track: Play, order: Get) -> None:
    answers = []
    for number in (order("on_its_way").number, "HD-000001"):
        track.slots["order_number"] = number
        did = track.do(TrackForm, "9999 ZZ", postcode="9999ZZ")
        answers.append((did.said, did.slots))
        assert not track.services.shop(track.conversation).is_proven(number)  # type: ignore[arg-type]  # the id is a plain str here
    assert answers[0] == answers[1] == (["utter_proof_refused"], {"order_proof": None})


def test_after_too_many_attempts_the_form_ends_and_says_when_to_try_again(
    track: Play, order: Get
) -> None:
    track.slots["order_number"] = order("on_its_way").number
    for _ in range(5):
        assert track.do(TrackForm, "9999 ZZ", postcode="9999ZZ").said == ["utter_proof_refused"]
    did = track.do(TrackForm, "9999 ZZ", postcode="9999ZZ")
    assert did.said == ["utter_too_many_attempts"]
    assert did.messages[0]["minutes"] == "15"
    assert did.slots == {"order_proof": OVER}


def test_another_number_needs_another_proof(
    track: Play, order: Get, prove: Callable[..., Order]
) -> None:
    prove(order("on_its_way"))
    other = order("just_paid").number
    track.slots["order_number"] = other
    did = track.do(TrackForm, other, order_number=other)
    assert did.slots == {"order_number": other, "order_proof": None}


def test_a_proven_order_is_not_asked_about_again(
    play: Play, order: Get, prove: Callable[..., Order]
) -> None:
    mine = prove(order("just_paid"))
    play.slots["order_proof"] = None
    did = play.do(
        CancelForm,
        "annuleren",
        "cancel_order",
        after=[{"event": "active_loop", "name": "cancel_order_form"}],
    )
    assert did.slots["order_number"] == mine.number
    assert did.slots["order_proof"] == "proven"


def test_a_slot_that_says_proven_proves_nothing(play: Play, order: Get) -> None:
    play.slots |= {"order_number": order("just_paid").number, "order_proof": "proven"}
    did = play.do(TrackForm, "waar", "track_order", after=BEGUN)
    assert did.slots["order_proof"] is None


def test_number_and_proof_may_come_in_one_message(play: Play, order: Get) -> None:
    mine = order("on_its_way")
    play.slots["order_number"] = mine.number
    text = f"waar is {mine.number}, {mine.email}"
    did = play.do(
        TrackForm, text, "track_order", after=BEGUN, order_number=mine.number, email=mine.email
    )
    assert did.slots == {"order_number": mine.number, "order_proof": "proven"}


def test_a_postcode_that_came_before_the_number_is_not_asked_again(track: Play, order: Get) -> None:
    mine = order("on_its_way")
    track.slots["requested_slot"] = "order_number"
    postcode = mine.address.postcode
    did = track.do(TrackForm, postcode, postcode=postcode)
    assert did.said == ["utter_need_number_too"]
    earlier = {"entities": [{"entity": "postcode", "value": postcode}]}
    track.events = [{"event": "user", "parse_data": earlier}]
    track.slots["order_number"] = mine.number
    did = track.do(TrackForm, mine.number, order_number=mine.number)
    assert did.slots["order_proof"] == "proven"


def test_a_postcode_for_another_order_is_not_used_for_this_one(track: Play, order: Get) -> None:
    mine = order("on_its_way")
    earlier = {"entities": [{"entity": "postcode", "value": mine.address.postcode}]}
    track.events = [
        {"event": "user", "parse_data": earlier},
        {"event": "action", "name": "action_other_order"},
    ]
    track.slots |= {"order_number": mine.number, "requested_slot": "order_number"}
    did = track.do(TrackForm, mine.number, order_number=mine.number)
    assert did.slots["order_proof"] is None


TWO = ("HD-752869", "HD-733665")
WHICH = [f'/inform{{"order_number": "{each}"}}' for each in TWO]


def test_of_two_orders_in_one_message_none_is_guessed(play: Play) -> None:
    text = f"cancel {TWO[0]} and track {TWO[1]}"
    begun = [{"event": "active_loop", "name": "cancel_order_form"}]
    play.slots["order_number"] = TWO[1]
    did = play.do(CancelForm, text, "cancel_order", after=begun, order_number=TWO)
    assert did.slots == dict.fromkeys(CancelForm.slots[1:])
    did = play.do(AskOrderNumber, text, "cancel_order", order_number=TWO)
    assert did.said == ["utter_which_order"]
    assert [button["payload"] for button in did.messages[0]["buttons"]] == WHICH


@pytest.mark.parametrize("requested", ["order_number", "order_proof"])
def test_two_orders_answer_no_question_of_a_form(track: Play, requested: str) -> None:
    track.slots |= {"requested_slot": requested, "order_number": TWO[1]}
    did = track.do(TrackForm, " en ".join(TWO), order_number=TWO)
    about = TrackForm.slots[1:]
    assert {name: did.slots[name] for name in about} == dict.fromkeys(about)


def test_the_same_order_twice_is_one_order(track: Play) -> None:
    track.slots["requested_slot"] = "order_number"
    did = track.do(TrackForm, f"{TWO[0]}, ja {TWO[0]}", order_number=(TWO[0], TWO[0]))
    assert did.slots["order_number"] == TWO[0]


@pytest.mark.parametrize("action", [Inform, OtherOrder, Clarify])
def test_two_orders_for_no_purpose_are_asked_about(
    play: Play, action: type[Inform | OtherOrder | Clarify]
) -> None:
    did = play.do(action, " en ".join(TWO), order_number=TWO)
    assert did.said == ["utter_which_order"]
    assert did.slots["order_number"] is None
    assert [button["payload"] for button in did.messages[0]["buttons"]] == WHICH


@pytest.mark.parametrize(
    ("requested", "text", "said"),
    [
        ("order_number", "HD-12", "utter_order_number_read"),
        ("order_number", "het is nummer 9", "utter_order_number_unclear"),
        ("order_proof", "ergens in 10", "utter_proof_unclear"),
        ("order_proof", "piet@", "utter_proof_unclear"),
    ],
)
def test_a_mistyped_datum_is_asked_again_with_an_example(
    track: Play, requested: str, text: str, said: str
) -> None:
    track.slots["requested_slot"] = requested
    if requested == "order_proof":
        track.slots["order_number"] = "HD-123456"
    did = track.do(TrackForm, text)
    assert did.said == [said]
    assert did.slots == {requested: None}


@pytest.mark.parametrize("text", ["geen idee", "dat weet ik niet", ""])
def test_a_message_without_a_datum_is_for_the_rules(track: Play, text: str) -> None:
    track.slots["requested_slot"] = "order_number"
    assert track.do(TrackForm, text).rejected


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "rejected"),
    [
        ("ik wil HD-123456 toch maar annuleren", "cancel_order", 0.9, True),
        ("HD-123456 graag", "cancel_order", 0.9, False),
        ("ik wil HD-123456 misschien", "cancel_order", 0.5, False),
        ("mijn nummer is HD-123456", "inform", 0.9, False),
        ("waar is HD-123456 dan toch", "track_order", 0.99, False),
        ("nee, de andere: HD-123456", "other_order", 0.99, False),
    ],
)
def test_only_a_clear_change_of_topic_leaves_the_form(
    track: Play, text: str, intent: str, confidence: float, rejected: bool
) -> None:
    track.slots |= {"requested_slot": "order_number", "order_number": "HD-123456"}
    did = track.do(TrackForm, text, intent, confidence, order_number="HD-123456")
    assert did.rejected is rejected


def test_a_form_that_asks_again_takes_nothing_a_second_time(track: Play, order: Get) -> None:
    track.slots["order_number"] = order("on_its_way").number
    back = [{"event": "action_execution_rejected", "name": "track_order_form"}]
    did = track.do(TrackForm, "9999 ZZ", postcode="9999ZZ", after=back)
    assert (did.said, did.events) == ([], [])


def test_who_signed_in_chooses_from_their_own_orders(play: Play, order: Get) -> None:
    mine = order("just_paid")
    play.services.proofs.record(ConversationId(play.conversation), "customer", mine.customer)
    did = play.do(AskOrderNumber)
    assert did.said == ["utter_ask_which_order"]
    payloads = [button["payload"] for button in did.messages[0]["buttons"]]
    assert f'/inform{{"order_number": "{mine.number}"}}' in payloads
    play.slots["order_number"] = mine.number
    did = play.do(TrackForm, "waar", "track_order", after=BEGUN)
    assert did.slots["order_proof"] == "proven"


def test_who_has_no_proof_at_hand_is_told_what_it_is(track: Play, order: Get) -> None:
    track.slots["order_number"] = order("on_its_way").number
    did = track.do(TrackForm, "heb ik niet bij de hand", "no_order_number", 0.9)
    assert did.said == ["utter_lacking_order_proof"]
    assert did.slots == {"order_proof": None}
    track.slots["requested_slot"] = "order_number"
    assert track.do(TrackForm, "heb ik niet bij de hand", "no_order_number", 0.9).rejected


def test_who_did_not_sign_in_is_asked_for_the_number(play: Play) -> None:
    assert play.do(AskOrderNumber).said == ["utter_ask_order_number"]


def test_a_shop_that_is_out_leaves_the_question_open(broken: Play) -> None:
    broken.form = "track_order_form"
    broken.slots |= {"requested_slot": "order_proof", "order_number": "HD-123456"}
    did = broken.do(TrackForm, "1234 AB", postcode="1234AB")
    assert did.said == ["utter_shop_unavailable"]
    assert did.slots == {"order_proof": None}


@pytest.mark.parametrize(
    ("form", "scenario", "said"),
    [
        (CancelForm, "on_its_way", "utter_cancel_refused_already_shipped"),
        (CancelForm, "delivered_5_days_ago", "utter_cancel_refused_already_delivered"),
        (CancelForm, "cancelled", "utter_cancel_refused_already_cancelled"),
        (ReturnForm, "cancelled", "utter_return_refused_cancelled"),
        (ReturnForm, "on_its_way", "utter_return_refused_not_delivered"),
        (ReturnForm, "delivered_60_days_ago", "utter_return_refused_window_over"),
    ],
)
def test_what_cannot_be_is_said_before_anything_else_is_asked(
    play: Play,
    order: Get,
    prove: Callable[..., Order],
    form: type[CancelForm],
    scenario: str,
    said: str,
) -> None:
    prove(order(scenario))
    begun = [{"event": "active_loop", "name": form.form}]
    did = play.do(form, "ik wil het kwijt", form.begun_by, after=begun)
    assert did.said == [said]
    assert all(play.slots[name] for name in form.slots), "the form must end"
