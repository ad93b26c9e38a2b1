"""A form is not left at a mere guess, nor without a word of what it did not do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.clarify import Clarify
from actions.orders import CancelForm, TrackForm
from actions.registry import all_actions
from actions.returns import ReturnForm
from actions.services import Services
from actions.smalltalk import SmallTalk
from helder.shop.model import Order
from tests.actions.play import Did, Event, Play

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


@pytest.fixture
def cancelling(play: Play, order: Get, prove: Prove) -> Play:
    """Whether to cancel is asked."""
    prove(order("just_paid"))
    play.form = "cancel_order_form"
    play.slots["requested_slot"] = "cancel_confirmed"
    return play


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("I see", "goodbye", 0.59),
        ("oke, en het mes houd ik", "goodbye", 0.53),
        ("sorry", "stop", 0.65),
        ("ok and when do I get my money", "track_refund", 0.57),
        ("mails", "newsletter_subscription", 0.6),
    ],
)
def test_what_may_be_a_goodbye_or_another_task_ends_nothing(
    cancelling: Play, text: str, intent: str, confidence: float
) -> None:
    did = cancelling.do(CancelForm, text, intent, confidence)
    assert did.said[0].startswith("utter_not_understood_in_form")
    assert did.slots == {"cancel_confirmed": None}
    assert not did.rejected


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("doei", "goodbye", 0.9),
        ("wat kost bezorgen", "delivery_options", 0.6),  # answered, and asked again
        ("ik wil een mens", "contact_human_agent", 0.6),
        ("/goodbye", "goodbye", 1.0),
    ],
)
def test_what_is_sure_or_takes_nothing_away_is_for_the_rules(
    cancelling: Play, text: str, intent: str, confidence: float
) -> None:
    did = cancelling.do(CancelForm, text, intent, confidence)
    assert (did.said, did.rejected) == ([], True)


@pytest.mark.parametrize("text", ["wacht, ik wil liever het adres wijzigen", "adres"])
def test_another_task_is_told_what_was_not_done(cancelling: Play, text: str) -> None:
    did = cancelling.do(CancelForm, text, "change_shipping_address", 0.95)
    assert did.said == ["utter_set_aside_cancel_order"]
    assert did.rejected


def test_before_the_last_question_nothing_was_about_to_be_done(play: Play) -> None:
    play.form = "track_order_form"
    play.slots["requested_slot"] = "order_number"
    assert play.do(TrackForm, "weet je wat, annuleer hem", "cancel_order", 0.95).said == []


def test_a_return_that_was_not_registered_is_named_too(
    play: Play, order: Get, prove: Prove
) -> None:
    prove(order("delivered_5_days_ago"))
    play.form = "return_item_form"
    play.slots["requested_slot"] = "return_confirmed"
    did = play.do(ReturnForm, "ik wil eerst de factuur van iets anders", "track_order", 0.95)
    assert did.said == ["utter_set_aside_return_item"]


def asking(play: Play, text: str, intent: str) -> Did:
    known = {each.name(): each for each in all_actions(play.services)}

    class Form(CancelForm):
        def __init__(self, services: Services) -> None:
            super().__init__(services)
            self.others = known

    return play.do(Form, text, intent, 0.9)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("kost dat iets?", "delivery_options"),
        ("ok so it's free?", "delivery_options"),
        ("what does that cost", "check_payment_methods"),
        ("what does it cost to cancel?", "check_cancellation_fee"),
    ],
)
def test_what_it_costs_is_asked_of_cancelling(cancelling: Play, text: str, intent: str) -> None:
    did = asking(cancelling, text, intent)
    assert did.said == ["utter_fee_none_besides"]
    assert did.slots.keys() == {"cancel_confirmed", "decisions"}
    assert did.slots["cancel_confirmed"] is None


@pytest.mark.parametrize("text", ["wat kost bezorgen?", "wat kosten jullie verzendkosten", "hoe"])
def test_what_delivery_costs_is_still_about_delivery(cancelling: Play, text: str) -> None:
    assert asking(cancelling, text, "delivery_options").rejected


def after(play: Play, said: str) -> Play:
    events: list[Event] = [
        {"event": "user"},
        {"event": "bot", "text": "…", "metadata": {"utter_action": said}},
    ]
    return replace(play, events=events)


@pytest.mark.parametrize("intent", ["affirm", "deny"])
@pytest.mark.parametrize(
    "said",
    [
        "utter_distress",
        "utter_discrimination",
        "utter_cancel_refused_already_shipped",
        "utter_return_refused",
        "utter_why_refused",
    ],
)
def test_a_yes_or_no_to_bad_news_gets_no_menu(play: Play, said: str, intent: str) -> None:
    assert after(play, said).do(Clarify, "nee", intent).said == ["utter_yes_or_no_person"]
    usual = after(play, "utter_delivery_options").do(Clarify, "nee", intent)
    assert usual.said == ["utter_yes_or_no_to_what"]


def test_the_person_who_was_offered_comes_on_a_yes_only(play: Play) -> None:
    offered = after(play, "utter_yes_or_no_person")
    known = {each.name(): each for each in all_actions(play.services)}

    class Asked(Clarify):
        def __init__(self, services: Services) -> None:
            super().__init__(services)
            self.others = known

    yes = offered.do(Asked, "ja", "affirm")
    assert yes.said == ["utter_person_open"]
    assert [e["name"] for e in yes.events if e["event"] == "followup"] == ["message_form"]
    assert offered.do(Asked, "nee", "deny").said == ["utter_nothing_to_stop"]


@pytest.mark.parametrize("text", ["zweer je het?", "really, do you promise?"])
def test_who_does_not_believe_it_is_told_again_that_it_is_no_human(play: Play, text: str) -> None:
    doubted = after(play, "utter_are_you_human").do(SmallTalk, text, "small_talk")
    assert doubted.said == ["utter_are_you_human"]
    assert play.do(SmallTalk, text, "small_talk").said == ["utter_small_talk_other"]
