"""Paying: in which ways, and what really became of a payment."""

from __future__ import annotations

from dataclasses import replace

from actions.about_order import AfterProof
from actions.base import Events, HelderAction, Voice
from actions.delivery import COUNTRIES, country_of, where
from actions.forms import OVER, Slots
from actions.order_forms import OrderForm
from actions.refunds import tell_refunds
from actions.turn import Turn
from actions.wording import Wording, local_day
from helder.shop.gate import ProvenShop
from helder.shop.model import (
    Money,
    Order,
    OrderNumber,
    OrderState,
    Payment,
    PaymentState,
    RefundCause,
)

_NO_NUMBER = {"no_order_number", "deny"}


class PaymentMethods(HelderAction):
    """The ways to pay in the country that the customer named, or probably lives in."""

    called = "action_check_payment_methods"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        words, country = voice.words, country_of(turn)
        methods = self.services.backend.payment_methods(country)
        others = [
            (words.country(code), f'/check_payment_methods{{"country": "{code}"}}')
            for code in COUNTRIES
            if code != country
        ]
        if not methods:
            name = words.in_country(country)
            voice.ask("utter_delivery_not_there", others, country=name)
            return []
        lines = "\n".join(
            words.phrase("utter_word_list_item", item=words.phrase(f"utter_word_pay_{each.value}"))
            for each in methods
        )
        voice.ask("utter_payment_methods", others, where=where(turn, voice), lines=lines)
        return []


class PaymentForm(OrderForm):
    """What went wrong with paying an order; who has no order number has no order."""

    form = "payment_issue_form"
    begun_by = "payment_issue"

    def _is_for_others(self, turn: Turn) -> bool:
        return not _has_no_number(turn) and super()._is_for_others(turn)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction."""
        if not begins and _has_no_number(turn):
            voice.say("utter_payment_no_order")
            return self.over(turn, dict.fromkeys(self.slots, OVER))
        found = super().listen(turn, voice, requested, begins)
        if begins and not turn.order_numbers() and found.get("order_number") is None:
            voice.say("utter_payment_issue_begun")
        return found


class PaymentIssue(AfterProof):
    """Tells what became of the payments of a proven order."""

    called = "action_payment_issue"
    task = "payment_issue"

    def tell(
        self,
        number: OrderNumber,
        shop: ProvenShop,
        turn: Turn,  # noqa: ARG002 - the same for all
        voice: Voice,
    ) -> None:
        """See AfterProof."""
        _tell(shop.order(number), voice)


def _has_no_number(turn: Turn) -> bool:
    asked = turn.requested == "order_number" and not turn.order_numbers()
    return asked and turn.intent in _NO_NUMBER


def _tell(order: Order, voice: Voice) -> None:
    words = voice.words
    paid = [each for each in order.payments if each.state is PaymentState.PAID]
    received = Money(sum(each.amount.cents for each in paid), order.total.currency)
    surplus = _surplus(order, received)
    if len(paid) > 1 and surplus.cents > 0:
        voice.say(
            "utter_payment_twice",
            order_number=order.number,
            count=str(len(paid)),
            amount=words.money(received),
            surplus=words.money(surplus),
        )
    elif paid and received.cents < order.total.cents:
        rest = Money(order.total.cents - received.cents, received.currency)
        voice.say(
            "utter_payment_part",
            order_number=order.number, amount=words.money(received), rest=words.money(rest),
        )  # fmt: skip
    elif paid:
        whole = replace(paid[-1], amount=received)
        voice.say("utter_payment_paid", order_number=order.number, **_values(whole, words))
    elif order.state is OrderState.CANCELLED:
        voice.say("utter_payment_cancelled", order_number=order.number)
    elif not order.payments:
        voice.say("utter_payment_none", order_number=order.number)
    else:
        last = order.payments[-1]
        key = "utter_payment_open" if last.state is PaymentState.OPEN else "utter_payment_failed"
        voice.say(key, order_number=order.number, **_values(last, words))
    if paid:
        tell_refunds(order, voice)


def _surplus(order: Order, received: Money) -> Money:
    """What came in over what was owed, without what goes back already."""
    owed = 0 if order.state is OrderState.CANCELLED else order.total.cents
    # What goes back for a return was owed, and is no longer; what is given besides never was.
    back = sum(each.amount.cents for each in order.refunds)
    other = (each for each in order.refunds if each.cause is not RefundCause.CANCELLATION)
    returned = sum(each.amount.cents for each in other)
    return Money(received.cents - back - owed + returned, received.currency)


def _values(payment: Payment, words: Wording) -> dict[str, str]:
    amount: Money = payment.amount
    return {
        "amount": words.money(amount),
        "method": words.phrase(f"utter_word_pay_{payment.method.value}"),
        "on_day": words.on_day(local_day(payment.at)),
    }
