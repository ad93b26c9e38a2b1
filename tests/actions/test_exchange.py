"""A new one instead of the money: suggested by a policy while something is returned."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk import Tracker

from actions.exchange import AskExchangeChoice, choice_in
from actions.person import OfferPerson
from actions.returns import RegisterReturn, ReturnForm
from actions.services import Services
from actions.turn import Turn
from helder.decisions.memory import recalled
from helder.decisions.policy import Result
from helder.shop import tables as t
from helder.shop.facts import FACTS
from helder.shop.model import Order
from helder.shop.sql import SqlShop
from helder.vocabulary.model import Vocabulary
from tests.actions.play import Play

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]


class WithPerson(RegisterReturn):
    """As the registry makes it: it knows the action that offers a person."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.others = {"action_offer_person": OfferPerson(self.services)}


@pytest.fixture
def bought(play: Play, order: Get, prove: Prove, shop: SqlShop) -> Order:
    """A delivered order of which all is chosen, and of which there is enough in stock."""
    mine = prove(order("delivered_5_days_ago"))
    stock(shop, mine, 50)
    lines = [[line.line, line.quantity] for line in shop.returnable(mine.number).lines]
    play.form = "return_item_form"
    play.slots |= {"return_lines": json.dumps(lines), "return_quantity": "all"}
    play.slots["requested_slot"] = "return_reason"
    return mine


def stock(shop: SqlShop, order: Order, count: int) -> None:
    skus = t.products.c.sku.in_([line.sku for line in order.lines])
    with shop.engine.begin() as connection:
        connection.execute(sa.update(t.products).where(skus).values(in_stock=count))


def told_why(play: Play, reason: str) -> dict[str, Any]:
    return play.do(
        ReturnForm, f'/inform{{"return_reason": "{reason}"}}', return_reason=reason
    ).slots


@pytest.mark.parametrize("reason", ["damaged", "defective", "wrong_item"])
def test_a_new_one_is_suggested_with_the_reason_and_the_decision_is_kept(
    play: Play, bought: Order, reason: str
) -> None:
    assert told_why(play, reason) == {"return_reason": reason}  # the choice is still to be made
    did = play.do(AskExchangeChoice)
    assert did.said == ["utter_ask_exchange_choice"]
    assert "op voorraad" in did.messages[0]["reason"]
    assert "liever je geld terug" in did.messages[0]["contest"]
    decision = recalled(play.slots["decisions"], FACTS)[0][0]
    assert (decision.policy, decision.rule) == ("exchange", "new_one")
    assert (decision.about, decision.result) == (bought.number, Result.RECOMMEND)
    assert decision.facts == {"arrived": True, "return_reason": reason, "same_in_stock": True}


@pytest.mark.parametrize("reason", ["changed_mind", "not_given", "too_late", "not_as_described"])
def test_nothing_is_suggested_to_who_only_wants_to_send_it_back(
    play: Play, bought: Order, reason: str
) -> None:
    assert bought.number
    slots = told_why(play, reason)
    assert slots == {"return_reason": reason, "exchange_choice": "money"}
    assert not play.slots.get("decisions")


def test_nothing_is_suggested_that_is_not_in_stock(
    play: Play, bought: Order, shop: SqlShop
) -> None:
    stock(shop, bought, 0)
    assert told_why(play, "damaged")["exchange_choice"] == "money"


@pytest.mark.parametrize(
    ("text", "intent", "choice"),
    [
        ('/inform{"exchange_choice": "new"}', "inform", "new"),
        ("stuur maar een nieuwe", "inform", "new"),
        ("doe maar ruilen", "exchange_item", "new"),
        ("ja graag", "affirm", "new"),
        ("a new one please", "place_order", "new"),
        ("liever mijn geld", "get_refund", "money"),
        ("I want my money back", "get_refund", "money"),
        ("nee", "deny", "money"),
    ],
)
def test_the_customer_chooses_in_their_own_words(
    play: Play, bought: Order, text: str, intent: str, choice: str
) -> None:
    assert bought.number
    told_why(play, "damaged")
    play.slots["requested_slot"] = "exchange_choice"
    given = {"exchange_choice": "new"} if text.startswith("/") else {}
    did = play.do(ReturnForm, text, intent, **given)
    assert did.slots["exchange_choice"] == choice
    assert did.slots.get("return_confirmed") == ("over" if choice == "new" else None)


@pytest.mark.parametrize("text", ["a new one or money back", "hoe lang duurt een nieuwe?"])
def test_both_or_a_question_is_no_choice(vocabulary: Vocabulary, text: str) -> None:
    latest = {"text": text, "intent": {"name": "inform", "confidence": 1.0}, "entities": []}
    tracker = Tracker("c", {}, latest, [], False, None, {}, "action_listen")
    turn = Turn(tracker, vocabulary)
    assert choice_in(turn) is None


def test_a_new_one_goes_to_a_colleague_and_no_return_is_registered(
    play: Play, bought: Order, shop: SqlShop
) -> None:
    told_why(play, "damaged")
    play.slots["requested_slot"] = "exchange_choice"
    play.do(ReturnForm, "een nieuwe graag", "inform")
    did = play.do(WithPerson)
    assert did.said[0] == "utter_exchange_referred"
    assert did.said[1].startswith("utter_person_")
    assert did.slots["handoff_reason"] == "exchange"
    assert [e["name"] for e in did.events if e["event"] == "followup"] == ["message_form"]
    assert shop.order(bought.number).returns == ()
    assert play.slots["exchange_choice"] is None


def test_who_wants_the_money_returns_it_as_ever(play: Play, bought: Order, shop: SqlShop) -> None:
    told_why(play, "damaged")
    play.slots["requested_slot"] = "exchange_choice"
    play.do(ReturnForm, "liever mijn geld terug", "get_refund")
    play.slots["return_confirmed"] = "yes"
    assert play.do(WithPerson).said == ["utter_return_registered"]
    assert len(shop.order(bought.number).returns) == 1
