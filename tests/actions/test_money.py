"""Invoices, payments and refunds: what is told about the real ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.about_order import AboutOrder
from actions.forms import OVER
from actions.invoices import CheckInvoice, GetInvoice
from actions.ordering import ChangeOrder
from actions.payment import PaymentForm, PaymentIssue, PaymentMethods
from actions.refunds import GetRefund, RefundPolicy, TrackRefund
from helder.conversation.entries import ConversationId
from helder.shop import tables as t
from helder.shop.model import Order, OrderNumber, OrderState, PaymentMethod
from helder.shop.sql import SqlShop
from tests.actions.play import Did, Event, Play, as_read
from tests.actions.policies import changed

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]
BEGUN: list[Event] = [{"event": "active_loop", "name": "payment_issue_form"}]


def orders(shop: SqlShop) -> Iterator[Order]:
    with shop.engine.connect() as connection:
        numbers = list(connection.execute(sa.select(t.orders.c.number)).scalars())
    return (shop.order(OrderNumber(number)) for number in numbers)


def one(shop: SqlShop, fits: Callable[[Order], Any]) -> Order:
    return next(order for order in orders(shop) if fits(order))


def payments(order: Order) -> list[str]:
    return [each.state.value for each in order.payments]


# Invoices


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_invoice_comes_with_a_link_that_opens_it(
    play: Play, order: Get, prove: Prove, language: str
) -> None:
    mine = prove(order("delivered_5_days_ago"))
    play.slots["language"] = language
    did = play.do(GetInvoice)
    assert did.said == ["utter_invoice_here"]
    lines = did.messages[0]["lines"]
    assert "£" in lines
    (sealed,) = re.findall(r"https://chat\.example/invoices/([\w-]+)$", lines)
    link = play.services.links.open(sealed)
    assert (link.conversation, link.order) == (play.conversation, mine.number)
    assert link.invoice in lines
    assert link.language == language


def test_a_look_at_an_invoice_offers_a_person(play: Play, order: Get, prove: Prove) -> None:
    prove(order("on_its_way"))
    did = play.do(CheckInvoice)
    assert did.said == ["utter_invoice_checked"]
    assert as_read(did, play)


def test_before_it_is_paid_there_is_no_invoice(play: Play, shop: SqlShop, prove: Prove) -> None:
    prove(one(shop, lambda order: order.state is OrderState.OPEN))
    assert play.do(GetInvoice).said == ["utter_invoice_not_yet"]
    prove(one(shop, lambda order: payments(order) == ["failed"] and order.cancelled_at))
    assert play.do(CheckInvoice).said == ["utter_invoice_none"]


# Payments


@pytest.mark.parametrize(
    ("states", "order_state", "said"),
    [
        (["paid"], OrderState.PAID, ["utter_payment_paid"]),
        (["paid", "paid"], OrderState.PAID, ["utter_payment_twice"]),
        (["open"], OrderState.OPEN, ["utter_payment_open"]),
        (["failed"], OrderState.OPEN, ["utter_payment_failed"]),
        (["failed"], OrderState.CANCELLED, ["utter_payment_cancelled"]),
        (["paid"], OrderState.CANCELLED, ["utter_payment_paid", "utter_refund_promised"]),
    ],
)
def test_what_became_of_a_payment_is_told(
    play: Play,
    shop: SqlShop,
    prove: Prove,
    states: list[str],
    order_state: OrderState,
    said: list[str],
) -> None:
    def fits(order: Order) -> bool:
        promised = [refund.state.value for refund in order.refunds] in ([], ["requested"])
        late = order.cancelled_at and (play.services.clock() - order.cancelled_at).days > 10
        return payments(order) == states and order.state is order_state and promised and not late

    prove(one(shop, fits))
    did = play.do(PaymentIssue)
    assert did.said == said
    assert as_read(did, play)


def test_two_payments_are_added_up(play: Play, shop: SqlShop, prove: Prove) -> None:
    mine = prove(one(shop, lambda order: len(order.payments) == 2))
    did = play.do(PaymentIssue).messages[0]
    assert did["count"] == "2"
    assert play.services.phrases  # the amount is in the language's own form
    assert did["amount"].endswith(f"{2 * mine.total.cents / 100:.2f}".replace(".", ",")[-3:])


def test_paying_that_failed_begins_with_kind_words(play: Play, order: Get) -> None:
    did = play.do(PaymentForm, "betalen lukt niet", "payment_issue", after=BEGUN)
    assert did.said == ["utter_payment_issue_begun"]
    number = order("on_its_way").number
    play.slots["order_number"] = number
    did = play.do(PaymentForm, number, "payment_issue", after=BEGUN, order_number=number)
    assert did.said == []


@pytest.mark.parametrize("intent", ["no_order_number", "deny"])
def test_who_got_no_number_has_no_order(play: Play, intent: str) -> None:
    play.form = "payment_issue_form"
    play.slots["requested_slot"] = "order_number"
    did = play.do(PaymentForm, "die heb ik niet gekregen", intent)
    assert did.said == ["utter_payment_no_order"]
    assert all(play.slots[name] == OVER for name in PaymentForm.slots)
    assert play.do(PaymentIssue).said == []
    assert play.slots["order_number"] is None


@pytest.mark.parametrize(
    ("language", "country", "ways"),
    [
        ("nl", None, ("ideal", "card", "paypal", "pay_later")),
        ("nl", "BE", ("bancontact", "card", "paypal")),
        ("en", None, ("card", "paypal")),
    ],
)
def test_the_ways_to_pay_are_the_shops_own(
    play: Play, language: str, country: str | None, ways: tuple[str, ...]
) -> None:
    play.slots["language"] = language
    entities = {"country": country} if country else {}
    did = play.do(PaymentMethods, "hoe betaal ik", "check_payment_methods", **entities)
    assert did.said == ["utter_payment_methods"]
    lines = did.messages[0]["lines"].splitlines()
    phrases = play.services.phrases
    names = [phrases.text(f"utter_word_pay_{way}", language) for way in ways]
    assert lines == [f"• {name}" for name in names]
    assert len(did.messages[0]["buttons"]) == 2


def test_every_way_to_pay_has_a_name(play: Play) -> None:
    for method in PaymentMethod:
        assert play.services.phrases.has(f"utter_word_pay_{method.value}")


def test_where_the_shop_does_not_deliver_there_is_no_way_to_pay(play: Play) -> None:
    did = play.do(PaymentMethods, "en in Frankrijk", "check_payment_methods", country="FR")
    assert did.said == ["utter_delivery_not_there"]
    assert len(did.messages[0]["buttons"]) == 3


# Refunds


def test_the_rules_are_those_of_the_policy(play: Play) -> None:
    did = play.do(RefundPolicy)
    assert did.said == ["utter_refund_policy", "utter_refund_policy_not"]
    assert did.messages[0]["window_days"] == "30"
    assert did.messages[1]["kinds"] == "cadeaubonnen en wat op maat is gemaakt"
    assert as_read(did, play)


@pytest.mark.parametrize(
    ("old", "new", "said", "not_yet"),
    [
        ("is one of open, paid", "is open", "utter_refund_how", "nog niet betaald"),
        ("is one of open, paid", "is one of open, paid", "utter_refund_how", "nog niet ingepakt"),
        ("allow\n        because", "refuse\n        because", "utter_refund_how_never", None),
    ],
)  # fmt: skip
def test_until_when_it_can_be_cancelled_is_the_policys(
    play: Play, tmp_path: Path, old: str, new: str, said: str, not_yet: str | None
) -> None:
    policy = changed(tmp_path, "cancellation.yml", old, new)
    play.services = replace(play.services, policy=policy)
    for action, key in ((GetRefund, said), (ChangeOrder, said.replace("refund", "change_order"))):
        did = play.do(action, "hoe dan", "other")
        assert did.said == [key]
        assert did.messages[0].get("not_yet") == not_yet


def test_a_kind_without_a_name_is_told_by_its_own(play: Play, tmp_path: Path) -> None:
    kinds = "not_returnable: [made_to_measure, gift_cards]"
    policy = changed(tmp_path, "returns.yml", kinds, "not_returnable: [fresh_food]")
    play.services = replace(play.services, policy=policy)
    assert play.do(RefundPolicy).messages[1]["kinds"] == "fresh food"
    policy = changed(tmp_path, "returns.yml", "not_returnable: [fresh_food]", "not_returnable: []")
    play.services = replace(play.services, policy=policy)
    assert play.do(RefundPolicy).said == ["utter_refund_policy"]


def test_where_every_refund_is_can_be_told(play: Play, shop: SqlShop, prove: Prove) -> None:
    told: set[str] = set()
    for order in orders(shop):
        if order.refunds or order.returns:
            prove(order)
            did = play.do(TrackRefund)
            assert as_read(did, play)
            told |= set(did.said)
    assert told == {
        "utter_refund_paid",
        "utter_refund_promised",
        "utter_refund_late",
        "utter_return_requested",
        "utter_return_in_transit",
    }


def test_a_refund_that_is_late_is_no_longer_promised(
    play: Play, shop: SqlShop, prove: Prove, clock: Any
) -> None:
    order = one(shop, lambda o: o.cancelled_at and [r.state.value for r in o.refunds]
                == ["requested"] and (clock() - o.cancelled_at).days < 5)  # fmt: skip
    prove(order)
    assert play.do(TrackRefund).said == ["utter_refund_promised"]
    clock.move(days=15)
    assert play.do(TrackRefund).said == ["utter_refund_late"]


def test_without_a_refund_it_says_so(play: Play, order: Get, prove: Prove) -> None:
    prove(order("just_paid"))
    assert play.do(TrackRefund).said == ["utter_refund_none"]


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("just_paid", "utter_refund_by_cancelling"),
        ("delivered_5_days_ago", "utter_refund_by_returning"),
        ("on_its_way", "utter_return_refused_not_delivered"),
        ("delivered_60_days_ago", "utter_return_refused_window_over"),
        ("cancelled", "utter_refund_paid"),
    ],
)
def test_the_way_to_the_money_depends_on_the_order(
    play: Play, order: Get, prove: Prove, scenario: str, said: str
) -> None:
    prove(order(scenario))
    did = play.do(GetRefund, "geld terug", "get_refund")
    assert did.said == [said]
    assert as_read(did, play)


@pytest.mark.parametrize(
    ("state", "said"),
    [(OrderState.OPEN, "utter_refund_not_paid"), (OrderState.CANCELLED, "utter_refund_never_paid")],
)
def test_what_was_never_paid_is_not_paid_back(
    play: Play, shop: SqlShop, prove: Prove, state: OrderState, said: str
) -> None:
    prove(one(shop, lambda order: order.state is state and order.paid_at is None))
    assert play.do(GetRefund, "geld terug", "get_refund").said == [said]


# All of them


@pytest.mark.parametrize("action", [GetInvoice, CheckInvoice, PaymentIssue, TrackRefund])
def test_without_proof_nothing_is_told(play: Play, order: Get, action: Any) -> None:
    play.slots |= {"order_number": order("on_its_way").number, "order_proof": "proven"}
    assert play.do(action).said == ["utter_not_proven"]


@pytest.mark.parametrize("action", [GetInvoice, CheckInvoice, PaymentIssue, TrackRefund, GetRefund])
def test_a_form_that_ended_early_says_nothing_more(play: Play, order: Get, action: Any) -> None:
    play.slots |= {"order_number": order("on_its_way").number, "order_proof": OVER}
    did = play.do(action)
    assert did.said == []
    assert did.slots["order_proof"] is None


@pytest.mark.parametrize("action", [GetInvoice, PaymentIssue, TrackRefund, GetRefund])
def test_when_the_shop_is_out_it_says_so(broken: Play, order: Get, action: Any) -> None:
    broken.services.proofs.record(ConversationId(broken.conversation), "order", "HD-123456")
    broken.slots |= {"order_number": "HD-123456", "order_proof": "proven"}
    did: Did = broken.do(action)
    assert did.said == ["utter_shop_unavailable"]
    assert issubclass(action, AboutOrder) or did.slots["task"]
