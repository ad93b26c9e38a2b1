"""What is done at the end of a form, and said about it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.forms import OVER
from actions.orders import AskCancelConfirmed, CancelForm, CancelOrder
from actions.return_lines import AskReturnLines
from actions.returns import AskReturnConfirmed, RegisterReturn
from actions.tracking import TrackOrder
from actions.why import Why
from helder.database import connect
from helder.shop import tables as t
from helder.shop.model import DeliveryState, Order, OrderNumber, OrderState
from helder.shop.policy import load_policy
from helder.shop.sql import SqlShop
from tests.actions.play import Play, as_read

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


@functools.cache
def sorts_of_orders(folder: Path) -> tuple[Order, ...]:
    """One order of every sort that there is something different to tell about."""
    engine = connect(f"sqlite:///{folder / 'shop.db'}")
    shop = SqlShop(engine, load_policy())
    with engine.connect() as connection:
        numbers = list(connection.execute(sa.select(t.orders.c.number)).scalars())
    orders = [shop.order(OrderNumber(number)) for number in numbers]
    engine.dispose()
    sorts = {
        (o.state, tuple(d.state for d in o.deliveries), len(o.returns), bool(o.refunds)): o
        for o in orders
    }
    return tuple(sorts.values())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sort_of_order_can_be_told_about(
    play: Play, filled: Path, prove: Prove, language: str
) -> None:
    play.slots["language"] = language
    told: set[str] = set()
    orders = sorts_of_orders(filled)
    for order in orders:
        prove(order)
        did = play.do(TrackOrder, intent="track_order")
        assert as_read(did, play)
        told |= set(did.said)
    assert {d.state for o in orders for d in o.deliveries} == set(DeliveryState)
    for state in DeliveryState:
        assert any(key.startswith(f"utter_parcel_{state.value}") for key in told), state
    assert {"utter_order_open", "utter_order_paid", "utter_order_cancelled"} <= told


def test_without_proof_nothing_is_told(play: Play, order: Get) -> None:
    play.slots |= {"order_number": order("on_its_way").number, "order_proof": "proven"}
    did = play.do(TrackOrder)
    assert did.said == ["utter_not_proven"]


def test_a_form_that_ended_early_says_nothing_more(play: Play, order: Get) -> None:
    play.slots |= {"order_number": order("on_its_way").number, "order_proof": OVER}
    did = play.do(TrackOrder)
    assert did.said == []
    assert did.slots == {"order_proof": None, "task": "track_order"}


def test_a_yes_cancels_and_names_the_money(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("just_paid"))
    play.slots["cancel_confirmed"] = "yes"
    did = play.do(CancelOrder)
    assert did.said == ["utter_cancelled_refund"]
    assert shop.order(mine.number).state is OrderState.CANCELLED
    assert play.slots["cancel_confirmed"] is None
    assert did.messages[0]["amount"].startswith("€")


def test_a_turn_that_is_repeated_cancels_once_and_says_the_same(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("just_paid"))
    said = []
    for _ in range(2):  # the gateway retries the same message id when the turn was not saved
        play.slots["cancel_confirmed"] = "yes"
        said.append(play.do(CancelOrder).messages)
    assert said[0] == said[1]
    assert len(shop.order(mine.number).refunds) == 1


@pytest.mark.parametrize("answer", ["no", OVER, None])
def test_anything_but_yes_cancels_nothing(
    play: Play, shop: SqlShop, order: Get, prove: Prove, answer: str | None
) -> None:
    mine = prove(order("just_paid"))
    play.slots["cancel_confirmed"] = answer
    did = play.do(CancelOrder)
    assert shop.order(mine.number) == mine
    assert did.said == (["utter_cancel_not_done"] if answer == "no" else [])


def test_an_order_that_was_packed_while_we_talked_is_not_cancelled(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("just_paid"))
    with shop.engine.begin() as connection:
        packed = {"state": "packed", "packed_at": mine.placed_at + timedelta(hours=1)}
        connection.execute(
            sa.update(t.orders).where(t.orders.c.number == mine.number).values(**packed)
        )
    play.slots["cancel_confirmed"] = "yes"
    assert play.do(CancelOrder).said == ["utter_cancel_refused_already_packed"]


def test_without_proof_a_yes_cancels_nothing(play: Play, shop: SqlShop, order: Get) -> None:
    mine = order("just_paid")
    play.slots |= {"order_number": mine.number, "order_proof": "proven", "cancel_confirmed": "yes"}
    assert play.do(CancelOrder).said == ["utter_not_proven"]
    assert shop.order(mine.number) == mine


def test_the_question_names_what_is_cancelled(play: Play, order: Get, prove: Prove) -> None:
    mine = prove(order("just_paid"))
    did = play.do(AskCancelConfirmed)
    assert mine.lines[0].name.nl in did.messages[0]["items"]
    assert as_read(did, play)


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("ja", "affirm", "yes"),
        ("ja annuleer maar", "cancel_order", "yes"),
        ("ja graag doe dat", "nlu_fallback", "yes"),
        ("nee laat maar staan", "nlu_fallback", "no"),
        ("liever niet", "deny", "no"),
    ],
)
def test_yes_and_no_in_other_words(
    play: Play, order: Get, prove: Prove, text: str, intent: str, answer: str
) -> None:
    prove(order("just_paid"))
    play.form = "cancel_order_form"
    play.slots["requested_slot"] = "cancel_confirmed"
    assert play.do(CancelForm, text, intent).slots == {"cancel_confirmed": answer}


@pytest.mark.parametrize("intent", ["nlu_fallback", "cancel_order"])
@pytest.mark.parametrize(
    "text",
    [
        "ja maar wacht even, toch niet",
        "ja maar eigenlijk wil ik alleen het adres wijzigen",
        "ja, krijg ik dan mijn geld terug?",
        "sure, but can I change the address instead",
        "yes, wait",
    ],
)
def test_a_yes_that_goes_on_otherwise_cancels_nothing(
    play: Play, order: Get, prove: Prove, text: str, intent: str
) -> None:
    prove(order("just_paid"))
    play.form = "cancel_order_form"
    play.slots["requested_slot"] = "cancel_confirmed"
    assert "cancel_confirmed" not in play.do(CancelForm, text, intent).slots


def test_a_doubtful_yes_with_a_but_is_asked_again(play: Play, order: Get, prove: Prove) -> None:
    prove(order("just_paid"))
    play.form = "cancel_order_form"
    play.slots["requested_slot"] = "cancel_confirmed"
    for text, confidence, answer in (("ja wacht", 0.55, None), ("ja doe maar", 0.95, "yes")):
        did = play.do(CancelForm, text, "affirm", confidence)
        assert did.slots.get("cancel_confirmed") == answer


def test_a_long_message_that_was_not_understood_is_no_yes(
    play: Play, order: Get, prove: Prove
) -> None:
    prove(order("just_paid"))
    play.form = "cancel_order_form"
    play.slots["requested_slot"] = "cancel_confirmed"
    text = "ok dan bel ik morgen de winkel op"
    assert "cancel_confirmed" not in play.do(CancelForm, text, "nlu_fallback").slots


@pytest.mark.parametrize("intent", ["affirm", "deny"])
def test_yes_means_nothing_before_the_question(
    play: Play, order: Get, prove: Prove, intent: str
) -> None:
    prove(order("just_paid"))
    play.form = "cancel_order_form"
    play.slots["requested_slot"] = "order_proof"
    assert play.do(CancelForm, "ja", intent).rejected


@pytest.mark.parametrize("action", [TrackOrder, CancelOrder, RegisterReturn])
def test_a_shop_that_is_out_is_said_kindly(
    broken: Play, action: Any, order: Get, prove: Prove
) -> None:
    prove(order("just_paid"))
    broken.slots |= {
        "cancel_confirmed": "yes",
        "return_confirmed": "yes",
        "return_lines": '[["HD-123456-1", 1]]',
        "return_reason": "not_given",
    }
    did = broken.do(action)
    assert did.said == ["utter_shop_unavailable"]
    assert broken.slots["order_number"], "asking again goes on with the same order"


def test_every_question_of_every_form_can_be_explained(play: Play) -> None:
    import yaml

    from tests.actions.conftest import ROOT

    forms = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["forms"]
    for form, content in forms.items():
        for slot in content["required_slots"]:
            play.form = form
            play.slots["requested_slot"] = slot
            assert play.do(Why, "waarom?", "ask_why").said == [f"utter_why_{slot}"]
    play.form = None
    assert play.do(Why, "waarom?", "ask_why").said == ["utter_why_general"]


@pytest.mark.parametrize("action", [AskReturnLines, AskReturnConfirmed, AskCancelConfirmed])
def test_a_question_about_an_order_that_is_not_there_breaks_nothing(
    play: Play, action: Any
) -> None:
    play.slots |= {"order_number": "HD-000001", "return_lines": "[]"}
    assert play.do(action).said == ["utter_not_possible"]
