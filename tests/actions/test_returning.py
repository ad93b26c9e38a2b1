"""Sending back: which of an order, why, and really; in words and by buttons."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from actions.return_lines import AskReturnLines
from actions.returns import AskReturnConfirmed, RegisterReturn, ReturnForm
from helder.shop.model import Order, ReturnLine
from helder.shop.sql import SqlShop
from tests.actions.conftest import Clock
from tests.actions.play import Play, as_read

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


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
