"""Ordering, changing and exchanging, and what cancelling costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.clarify import Clarify
from actions.corrections import Inform
from actions.ordering import CancellationFee, ChangeOrder, ExchangeItem, PlaceOrder
from actions.orders import AskCancelConfirmed, CancelOrder
from actions.products import named_in
from helder.shop import tables as t
from helder.shop.model import Order
from helder.shop.sql import SqlShop
from helder.vocabulary.model import Vocabulary
from tests.actions.play import Did, Event, Play, as_read
from tests.actions.policies import cancelling, cancelling_packed_free, never_cancelling

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


def follows(did: Did) -> str | None:
    return next((e["name"] for e in did.events if e["event"] == "followup"), None)


# Ordering


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ik wil graag een tent kopen", {"KA-1501"}),
        ("hebben jullie kussens", {"KA-1103", "KA-1303"}),
        ("I would like to buy two garden chairs", {"KA-1403"}),
        ("do you sell lamps", {"KA-1301", "KA-1302"}),
        ("ik zoek een rugzak van een liter of veertig", {"KA-1504"}),
        ("een nieuwe theepot graag", {"KA-1005"}),
        ("hoe kan ik iets bestellen", set()),
        ("how do I place an order", set()),
        ("can I order without an account", set()),
        ("ik wil een zeppelin", set()),
        ("", set()),
    ],
)
def test_products_are_found_by_the_customers_words(
    shop: SqlShop, vocabulary: Vocabulary, text: str, found: set[str]
) -> None:
    no_products = vocabulary.products.no_products
    skus = {product.sku for product in named_in(text.split(), shop, no_products)}
    assert found <= skus
    assert bool(found) == bool(skus)


@pytest.mark.parametrize(("language", "price"), [("nl", "€"), ("en", "€189.00 / £169.00")])
def test_a_product_is_told_with_its_price(play: Play, language: str, price: str) -> None:
    play.slots["language"] = language
    did = play.do(PlaceOrder, "ik wil een tent kopen", "place_order")
    assert did.said == ["utter_products_found", "utter_place_order"]
    assert price in did.messages[0]["lines"]


def test_what_is_sold_out_is_said_to_be(play: Play) -> None:
    did = play.do(PlaceOrder, "koffiemolen bestellen", "place_order")
    assert "niet op voorraad" in did.messages[0]["lines"]


def test_a_button_names_no_product(play: Play) -> None:
    assert play.do(PlaceOrder, "/place_order", "place_order").said == ["utter_place_order"]


def test_the_shop_is_not_asked_about_every_word(play: Play) -> None:
    asked: list[str] = []

    class Counting:
        def find_products(self, words: str, limit: int = 5) -> tuple[()]:
            asked.append(words)
            return ()

    named_in(["zeppelin"] * 5 + [f"ding{n}" for n in range(200)], Counting(), ())  # type: ignore[arg-type]  # it only finds
    assert len(asked) < 40


# Changing


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("just_paid", "utter_change_order_now"),
        ("on_its_way", "utter_change_order_shipped"),
        ("delivered_5_days_ago", "utter_change_order_delivered"),
        ("cancelled", "utter_change_order_cancelled"),
    ],
)
def test_what_can_be_changed_depends_on_the_order(
    play: Play, order: Get, prove: Prove, scenario: str, said: str
) -> None:
    prove(order(scenario))
    did = play.do(ChangeOrder, "wijzigen", "change_order")
    assert did.said == [said]
    assert as_read(did, play)


def test_an_order_that_was_packed_cannot_be_changed(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("just_paid"))
    with shop.engine.begin() as connection:
        packed = {"state": "packed", "packed_at": mine.placed_at + timedelta(hours=1)}
        this = t.orders.c.number == mine.number
        connection.execute(sa.update(t.orders).where(this).values(**packed))
    assert play.do(ChangeOrder, "wijzigen", "change_order").said == ["utter_change_order_packed"]


def test_where_nothing_may_be_cancelled_a_person_looks(
    play: Play, shop: SqlShop, order: Get, prove: Prove, tmp_path: Path
) -> None:
    prove(order("just_paid"))
    shop._policy = never_cancelling(tmp_path)
    assert play.do(ChangeOrder, "wijzigen", "change_order").said == ["utter_change_order_ask"]


# What cancelling costs


@pytest.mark.parametrize(
    ("free", "fee", "said"),
    [
        ("open", None, "utter_fee_until_open"),
        ("open, paid", None, "utter_fee_until_paid"),
        ("paid, packed", None, "utter_fee_until_packed"),
        ("open, paid", "10 % of order_total", "utter_fee_depends"),
        (None, None, "utter_fee_never"),
    ],
)
def test_until_when_it_is_free_is_in_the_policy(
    play: Play, tmp_path: Path, free: str | None, fee: str | None, said: str
) -> None:
    if free is None:
        policy = never_cancelling(tmp_path)
    elif "packed" in free:  # the rule for packed orders would never decide
        policy = cancelling_packed_free(tmp_path)
    else:
        policy = cancelling(tmp_path, free, fee)
    play.services = replace(play.services, policy=policy)
    did = play.do(CancellationFee, "kost annuleren geld", "check_cancellation_fee")
    assert did.said == [said]
    assert as_read(did, play)


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("just_paid", "utter_fee_none"),
        ("on_its_way", "utter_cancel_refused_already_shipped"),
        ("cancelled", "utter_cancel_refused_already_cancelled"),
    ],
)
def test_what_it_costs_for_an_order_is_what_cancelling_would_do(
    play: Play, order: Get, prove: Prove, scenario: str, said: str
) -> None:
    prove(order(scenario))
    did = play.do(CancellationFee, "wat kost annuleren", "check_cancellation_fee")
    assert did.said == [said]
    assert as_read(did, play)


def test_a_fee_is_told_before_it_is_asked_and_kept_back(
    play: Play, shop: SqlShop, order: Get, prove: Prove, tmp_path: Path
) -> None:
    mine = prove(order("just_paid"))
    shop._policy = cancelling(tmp_path, "open, paid", "10 % of order_total, at most 5.00")
    with shop.engine.begin() as connection:
        this = t.orders.c.number == mine.number
        packed = {"state": "packed", "packed_at": mine.placed_at + timedelta(hours=1)}
        connection.execute(sa.update(t.orders).where(this).values(**packed))
    fee = min(500, mine.total.cents // 10)
    told = play.do(CancellationFee, "wat kost annuleren", "check_cancellation_fee")
    assert told.said == ["utter_fee_some"]
    assert as_read(told, play)
    asked = play.do(AskCancelConfirmed)
    assert asked.said == ["utter_ask_cancel_confirmed_fee"]
    assert asked.messages[0]["fee"] == told.messages[0]["fee"]
    play.slots["cancel_confirmed"] = "yes"
    assert play.do(CancelOrder).messages[0]["amount"] == asked.messages[0]["back"]
    (refund,) = shop.order(mine.number).refunds
    assert refund.amount.cents == mine.total.cents - fee


# What they have in common: in general, or about an order

ABOUT = [
    (CancellationFee, "check_cancellation_fee", "utter_fee_until_paid"),
    (ChangeOrder, "change_order", "utter_change_order_how"),
]


@pytest.mark.parametrize(("action", "task", "general"), ABOUT)
def test_an_order_that_is_named_needs_proof_first(
    play: Play, order: Get, action: Any, task: str, general: str
) -> None:
    number = order("just_paid").number
    play.slots["order_number"] = number
    did = play.do(action, f"en {number}?", task, order_number=number)
    assert did.said == []
    assert follows(did) == f"{task}_form"


@pytest.mark.parametrize(("action", "task", "general"), ABOUT)
def test_without_an_order_it_explains(play: Play, action: Any, task: str, general: str) -> None:
    assert play.do(action, "hoe zit dat", task).said == [general]
    assert play.slots["task"] == task


@pytest.mark.parametrize(("action", "task", "general"), ABOUT)
def test_in_the_middle_of_a_form_it_begins_none(
    play: Play, order: Get, action: Any, task: str, general: str
) -> None:
    number = order("just_paid").number
    play.form = "track_order_form"
    play.slots |= {"order_number": number, "requested_slot": "order_proof"}
    did = play.do(action, f"en {number}?", task, order_number=number)
    assert did.said == [general]
    assert did.events == []


@pytest.mark.parametrize(("action", "task", "general"), ABOUT)
def test_two_orders_are_asked_about(play: Play, action: Any, task: str, general: str) -> None:
    two = ("HD-752869", "HD-733665")
    did = play.do(action, " en ".join(two), task, order_number=two)
    assert follows(did) == f"{task}_form"


@pytest.mark.parametrize(("action", "task", "general"), ABOUT)
def test_a_slot_that_says_proven_tells_nothing(
    play: Play, order: Get, action: Any, task: str, general: str
) -> None:
    number = order("just_paid").number
    play.slots |= {"order_number": number, "order_proof": "proven"}
    did = play.do(action, number, task, order_number=number)
    assert did.said == ["utter_not_proven"]
    assert follows(did) is None


def before(said: str) -> list[Event]:
    return [
        {"event": "user", "parse_data": {}},
        {"event": "bot", "metadata": {"utter_action": said}},
    ]


OFFERED = [
    ("utter_fee_until_paid", "check_cancellation_fee_form"),
    ("utter_change_order_how", "change_order_form"),
    ("utter_refund_how", "get_refund_form"),
    ("utter_fee_none", "cancel_order_form"),
    ("utter_greet", None),
]


@pytest.mark.parametrize(("said", "form"), OFFERED)
def test_a_yes_to_what_was_offered_begins_it(play: Play, said: str, form: str | None) -> None:
    play.events = before(said)
    assert follows(play.do(Clarify, "ja graag", "affirm")) == form


@pytest.mark.parametrize(("said", "form"), OFFERED)
def test_a_number_after_an_offer_is_for_that(play: Play, said: str, form: str | None) -> None:
    play.events = before(said)
    assert follows(play.do(Inform, "HD-752869", "inform", order_number="HD-752869")) == form


def test_of_two_likely_tasks_none_is_guessed(play: Play) -> None:
    ranking: list[Event] = [
        {"name": "inform", "confidence": 0.4},
        {"name": "cancel_order", "confidence": 0.25},
        {"name": "get_invoice", "confidence": 0.2},
    ]
    text = "annuleer maar HD-752869"
    did = play.do(Inform, text, "inform", 0.4, ranking, order_number="HD-752869")
    assert did.said == ["utter_order_number_noted"]
    ranking[2]["confidence"] = 0.1
    did = play.do(Inform, text, "inform", 0.4, ranking, order_number="HD-752869")
    assert follows(did) == "cancel_order_form"


def test_of_two_likely_tasks_the_customer_chooses(play: Play) -> None:
    ranking: list[Event] = [
        {"name": "payment_issue", "confidence": 0.3},
        {"name": "get_invoice", "confidence": 0.25},
    ]
    text = "iets mis met HD-752869"
    did = play.do(Clarify, text, "nlu_fallback", 0.5, ranking, order_number="HD-752869")
    assert did.said == ["utter_not_understood_readings"]
    payloads = [button["payload"] for button in did.messages[0]["buttons"]]
    assert payloads == ["/payment_issue", "/get_invoice", "/contact_human_agent"]


def test_how_to_exchange_is_told_with_the_days_of_the_policy(play: Play) -> None:
    did = play.do(ExchangeItem, "ruilen", "exchange_item")
    assert did.said == ["utter_exchange_item"]
    assert did.messages[0]["window_days"] == "30"
    assert as_read(did, play)
