"""What came in for an order, beside what it costs: nothing too much is said to be too much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Voice
from actions.payment import _tell
from actions.tracking import tell_cancelled
from actions.wording import Wording
from helder.shop.model import (
    Money,
    Order,
    OrderState,
    Payment,
    PaymentMethod,
    PaymentState,
    Refund,
    RefundCause,
    RefundId,
    RefundState,
)
from tests.actions.play import Play

Get = Callable[[str], Order]
THEN = datetime(2026, 11, 18, 9, tzinfo=timezone.utc)


def heard(play: Play, tell: Callable[[Order, Voice], None], order: Order) -> list[dict[str, Any]]:
    """What is said of the order, in English."""
    dispatcher = CollectingDispatcher()
    words = Wording(play.services.phrases, "en", THEN.date())
    tell(order, Voice(dispatcher, words, play.services.explainer))
    return list(dispatcher.messages)


def paid(order: Order, parts: Sequence[float]) -> Order:
    """The order, with payments of these parts of its total."""
    payments = tuple(
        Payment(PaymentMethod.IDEAL, PaymentState.PAID,
                Money(round(order.total.cents * part), order.total.currency), THEN)
        for part in parts
    )  # fmt: skip
    return replace(order, payments=payments, refunds=(), state=OrderState.PAID, paid_at=THEN)


def given_back(order: Order, part: float, cause: RefundCause) -> Order:
    amount = Money(round(order.total.cents * part), order.total.currency)
    refund = Refund(RefundId("R1"), cause, RefundState.PAID, amount, THEN, THEN)
    return replace(order, refunds=(refund,))


@pytest.fixture
def bought(order: Get) -> Order:
    total = order("just_paid").total
    return replace(order("just_paid"), total=Money(10_000, total.currency))


def test_of_three_payments_two_are_too_much(play: Play, bought: Order) -> None:
    said = heard(play, _tell, paid(bought, [1, 1, 1]))
    (values,) = said
    assert (values["response"], values["count"]) == ("utter_payment_twice", "3")
    assert values["surplus"].endswith("200.00")


def test_two_halves_are_one_payment(play: Play, bought: Order) -> None:
    said = heard(play, _tell, paid(bought, [0.5, 0.5]))
    (values,) = said
    assert values["response"] == "utter_payment_paid"
    assert values["amount"].endswith("100.00")


def test_what_still_lacks_is_named(play: Play, bought: Order) -> None:
    said = heard(play, _tell, paid(bought, [0.6]))
    (values,) = said
    assert values["response"] == "utter_payment_part"
    assert values["rest"].endswith("40.00")


def test_what_was_given_back_is_not_too_much_any_more(play: Play, bought: Order) -> None:
    said = heard(play, _tell, given_back(paid(bought, [1, 1]), 1, RefundCause.CANCELLATION))
    assert [each["response"] for each in said] == ["utter_payment_paid", "utter_refund_paid"]


def test_what_was_given_back_for_a_return_leaves_the_surplus(play: Play, bought: Order) -> None:
    said = heard(play, _tell, given_back(paid(bought, [1, 1]), 0.5, RefundCause.RETURN))
    assert said[0]["response"] == "utter_payment_twice"
    assert said[0]["surplus"].endswith("100.00")


def test_an_order_that_was_paid_and_cancelled_is_owed_its_money(play: Play, bought: Order) -> None:
    said = heard(
        play,
        tell_cancelled,
        replace(paid(bought, [1]), state=OrderState.CANCELLED, cancelled_at=None),
    )
    (values,) = said
    assert (values["response"], values["days"]) == ("utter_order_cancelled_refunding", "14")
    assert values["on_day"] == "earlier"
    assert values["amount"].endswith("100.00")


def test_nothing_is_owed_for_what_was_never_paid(play: Play, bought: Order) -> None:
    never = replace(bought, state=OrderState.CANCELLED, paid_at=None, payments=(), refunds=())
    said = heard(play, tell_cancelled, never)
    assert [each["response"] for each in said] == ["utter_order_cancelled"]
