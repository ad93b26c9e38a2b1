"""What is done at the end of a form, and said about it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.corrections import Inform, OtherOrder, Stop
from actions.forms import OVER
from actions.orders import AskCancelConfirmed, CancelForm, CancelOrder
from actions.return_lines import AskReturnLines
from actions.returns import AskReturnConfirmed, RegisterReturn, ReturnForm
from actions.tracking import TrackOrder
from actions.why import Why
from helder.database import connect
from helder.shop import tables as t
from helder.shop.model import DeliveryState, Order, OrderNumber, OrderState, ReturnLine
from helder.shop.policy import load_policy
from helder.shop.sql import SqlShop
from tests.actions.conftest import Clock
from tests.actions.play import Did, Play

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


def as_read(did: Did, play: Play) -> list[str]:
    """What the customer reads; fails if a variable is missing."""
    texts = []
    for message in did.messages:
        values = {k: v for k, v in message.items() if isinstance(v, str) and k != "response"}
        slots = {k: v for k, v in play.slots.items() if v is not None and k != "language"}
        for language in ("nl", "en"):
            text = play.services.phrases.text(message["response"], language, **(slots | values))
            assert "None" not in text
        texts.append(play.services.phrases.text(message["response"], "nl", **(slots | values)))
    return texts


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


def test_a_return_is_registered_for_what_was_chosen(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("delivered_5_days_ago"))
    line = shop.returnable(mine.number).lines[0]
    play.slots |= {
        "return_lines": json.dumps([[line.line, line.quantity]]),
        "return_reason": "damaged",
        "return_confirmed": "yes",
    }
    asked = play.do(AskReturnConfirmed)
    assert as_read(asked, play)
    did = play.do(RegisterReturn)
    assert did.said == ["utter_return_registered"]
    assert as_read(did, play)
    made = shop.order(mine.number).returns
    assert [each.lines for each in made] == [(line,)]
    assert made[0].reason.value == "damaged"
    assert play.slots["return_confirmed"] is None


def test_a_return_that_is_not_confirmed_is_not_registered(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("delivered_5_days_ago"))
    play.slots |= {"return_reason": "not_given", "return_confirmed": "no"}
    assert play.do(RegisterReturn).said == ["utter_return_not_done"]
    assert shop.order(mine.number).returns == ()


def returning(play: Play, requested: str) -> Play:
    play.form = "return_item_form"
    play.slots["requested_slot"] = requested
    return play


def test_a_button_per_item_and_one_for_everything(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("delivered_5_days_ago"))
    buttons = play.do(AskReturnLines).messages[0]["buttons"]
    assert len(buttons) == len(shop.returnable(mine.number).lines) + 1
    for button in buttons:
        value = button["payload"].split('"')[3]
        did = returning(play, "return_lines").do(ReturnForm, button["payload"], return_line=value)
        left = shop.returnable(mine.number).lines
        chosen = [line for line in left if value in ("all", line.line)]
        assert did.slots == held(*chosen)


def held(*lines: ReturnLine) -> dict[str, str]:
    """The slots after these lines were chosen: of one with several pieces, how many is asked."""
    asked = len(lines) == 1 and lines[0].quantity > 1
    return {"return_lines": written(*lines)} | ({} if asked else {"return_quantity": "all"})


def written(*lines: ReturnLine) -> str:
    """Lines as the slot holds them."""
    return json.dumps([[line.line, line.quantity] for line in lines])


@pytest.mark.parametrize(
    ("text", "everything"), [("alles", True), ("allemaal graag", True), ("geen idee", False)]
)
def test_items_in_words(
    play: Play, shop: SqlShop, order: Get, prove: Prove, text: str, everything: bool
) -> None:
    mine = prove(order("delivered_5_days_ago"))
    did = returning(play, "return_lines").do(ReturnForm, text)
    lines = shop.returnable(mine.number).lines
    assert did.slots == (held(*lines) if everything else {})


def test_an_item_by_its_name(play: Play, shop: SqlShop, order: Get, prove: Prove) -> None:
    mine = prove(order("delivered_5_days_ago"))
    back = shop.returnable(mine.number).lines[0]
    line = next(line for line in mine.lines if line.id == back.line)
    did = returning(play, "return_lines").do(ReturnForm, f"de {line.name.nl.lower()} graag")
    assert did.slots == held(back)


@pytest.mark.parametrize(
    ("text", "intent", "entities", "reason"),
    [
        ("hij is kapot", "inform", {"return_reason": "damaged"}, "damaged"),
        ("zeg ik niet", "deny", {}, "not_given"),
        ("overslaan", "nlu_fallback", {}, "not_given"),
        ("sla over", "stop", {}, "not_given"),
        ("skip", "stop", {}, "not_given"),
        ("weet ik niet", "no_order_number", {}, "not_given"),
        ("geen idee", "no_order_number", {}, "not_given"),
        ("maakt niet uit", "stop", {}, "not_given"),
        ("liever niet", "stop", {}, "not_given"),
        ("I don't know", "no_order_number", {}, "not_given"),
        ("doesn't matter", "stop", {}, "not_given"),
        ("hij is kapoet", "nlu_fallback", {"return_reason": "kapoet"}, None),
        ("waarom?", "ask_why", {}, None),
    ],
)
def test_a_reason_may_be_given_and_need_not_be(
    play: Play,
    order: Get,
    prove: Prove,
    text: str,
    intent: str,
    entities: dict[str, str],
    reason: str | None,
) -> None:
    prove(order("delivered_5_days_ago"))
    did = returning(play, "return_reason").do(ReturnForm, text, intent, **entities)
    assert did.slots == ({"return_reason": reason} if reason else {})


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


def test_another_order_in_a_form_forgets_the_first_and_its_answers(play: Play) -> None:
    play.form = "cancel_order_form"
    play.slots |= {"order_number": "HD-1", "order_proof": "proven", "cancel_confirmed": "yes"}
    did = play.do(OtherOrder, "nee, de andere", "other_order")
    assert did.said == []
    for name in ("order_number", "order_proof", "cancel_confirmed"):
        assert play.slots[name] is None


def test_another_order_after_a_task_starts_the_task_again(play: Play) -> None:
    play.slots |= {"task": "return_item", "order_number": "HD-1"}
    did = play.do(OtherOrder, "en de andere HD-222222", "other_order", order_number="HD-222222")
    assert play.slots["order_number"] == "HD-222222"
    assert [e["name"] for e in did.events if e["event"] == "followup"] == ["return_item_form"]


def test_another_order_without_a_task_is_asked_what_for(play: Play) -> None:
    assert play.do(OtherOrder, "de andere", "other_order").said == ["utter_other_order_for_what"]


def test_stop_closes_the_form_and_forgets_its_answers(play: Play) -> None:
    play.form = "message_form"
    play.slots |= {"requested_slot": "contact", "message_text": "secret", "contact": None}
    did = play.do(Stop, "stop", "stop")
    assert did.said == ["utter_stopped"]
    assert {"event": "active_loop", "timestamp": None, "name": None} in did.events
    assert (play.slots["message_text"], play.slots["requested_slot"]) == (None, None)
    assert replace(play, form=None).do(Stop, "stop", "stop").said == ["utter_nothing_to_stop"]


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


def test_a_number_with_a_question_in_it_is_the_question(play: Play) -> None:
    ranking = [{"name": "inform", "confidence": 0.6}, {"name": "track_order", "confidence": 0.3}]
    text = "waar is toch HD-123456"
    did = play.do(Inform, text, ranking=ranking, order_number="HD-123456")
    assert [e["name"] for e in did.events] == ["track_order_form"]
    did = play.do(Inform, "HD-123456", ranking=ranking, order_number="HD-123456")
    assert did.said == ["utter_order_number_noted"]
    assert play.do(Inform, "piet@example.nl", email="piet@example.nl").said == [
        "utter_datum_for_what"
    ]


@pytest.mark.parametrize("action", [AskReturnLines, AskReturnConfirmed, AskCancelConfirmed])
def test_a_question_about_an_order_that_is_not_there_breaks_nothing(
    play: Play, action: Any
) -> None:
    play.slots |= {"order_number": "HD-000001", "return_lines": "[]"}
    assert play.do(action).said == ["utter_not_possible"]


def test_a_turn_that_is_repeated_registers_one_return_and_says_the_same(
    play: Play, shop: SqlShop, order: Get, prove: Prove
) -> None:
    mine = prove(order("delivered_5_days_ago"))
    lines = shop.returnable(mine.number).lines
    said = []
    for _ in range(2):  # the gateway retries the same message id when the turn was not saved
        play.slots |= {"return_lines": written(*lines), "return_reason": "damaged"}
        play.slots["return_confirmed"] = "yes"
        said.append(play.do(RegisterReturn).messages)
    assert said[0] == said[1]
    assert len(shop.order(mine.number).returns) == 1


def test_a_return_whose_last_day_passed_while_we_talked_is_not_registered(
    play: Play, shop: SqlShop, order: Get, prove: Prove, clock: Clock
) -> None:
    mine = prove(order("delivered_5_days_ago"))
    lines = shop.returnable(mine.number).lines
    play.slots |= {"return_lines": written(*lines), "return_reason": "damaged"}
    play.slots["return_confirmed"] = "yes"
    clock.move(days=60)
    # It was damaged: after the last day there is still the guarantee, at which a person looks.
    assert play.do(RegisterReturn).said == ["utter_decided_referred"]
    play.slots |= {"return_lines": written(*lines), "return_reason": "changed_mind"}
    play.slots["return_confirmed"] = "yes"
    assert play.do(RegisterReturn).said == ["utter_return_refused_window_over"]
    assert shop.order(mine.number).returns == ()
    assert play.slots["return_confirmed"] is None
