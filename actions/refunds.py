"""Money back: how that works, where it is, and how to get it."""

from __future__ import annotations

from datetime import timedelta

from actions.about_order import AboutOrder, AfterProof
from actions.base import Events, HelderAction, Voice
from actions.order_forms import OrderForm
from actions.returns import say_return_refused
from actions.tracking import tell_cancelled, tell_returns
from actions.turn import Turn
from actions.wording import Wording, local_day
from helder.shop.errors import NotAllowed
from helder.shop.gate import ProvenShop
from helder.shop.model import (
    Order,
    OrderNumber,
    OrderState,
    PaymentState,
    Refund,
    RefundState,
    ReturnState,
)
from helder.shop.policy import PAY_BACK_DAYS

# Of a return in these states no refund exists yet.
_BEFORE_REFUND = {ReturnState.REQUESTED, ReturnState.IN_TRANSIT}


class RefundPolicy(HelderAction):
    """What is paid back, how long one may take, and what is not taken back."""

    called = "action_check_refund_policy"

    def act(self, turn: Turn, voice: Voice) -> Events:  # noqa: ARG002 - the same for all
        """See HelderAction."""
        policy, words = self.services.terms, voice.words
        kinds = sorted(policy.not_returnable)
        voice.say(
            "utter_refund_policy",
            window_days=str(policy.window_days),
            send_within_days=str(policy.send_within_days),
            guarantee_years=str(policy.guarantee_years),
            days=str(PAY_BACK_DAYS),
        )
        if kinds:
            named = [self._kind(each, words) for each in kinds]
            voice.say("utter_refund_policy_not", kinds=words.listing(named))
        return []

    def _kind(self, category: str, words: Wording) -> str:
        key = f"utter_word_kind_{category}"
        return words.phrase(key) if self.services.phrases.has(key) else category.replace("_", " ")


class TrackRefundForm(OrderForm):
    """Where is my money: number and proof are enough."""

    form = "track_refund_form"
    begun_by = "track_refund"


class TrackRefund(AfterProof):
    """Tells of every refund of a proven order, and of what is on its way back."""

    called = "action_track_refund"
    task = "track_refund"

    def tell(
        self,
        number: OrderNumber,
        shop: ProvenShop,
        turn: Turn,  # noqa: ARG002 - the same for all
        voice: Voice,
    ) -> None:
        """See AfterProof."""
        order = shop.order(number)
        if tell_refunds(order, voice):
            return
        if order.state is OrderState.CANCELLED and order.paid_at:
            tell_cancelled(order, voice)
        else:
            voice.say("utter_refund_none", order_number=order.number)


class GetRefundForm(OrderForm):
    """Which way to the money, for an order: number and proof are enough."""

    form = "get_refund_form"
    begun_by = "get_refund"


class GetRefund(AboutOrder):
    """By cancelling or by returning; for a proven order, which of the two."""

    called = "action_get_refund"
    task = "get_refund"

    def explain(self, voice: Voice) -> None:
        """See AboutOrder."""
        terms = self.services.terms
        last, days = terms.free_until, str(terms.window_days)
        if last is None:
            voice.say("utter_refund_how_never", window_days=days)
        else:
            state = voice.words.phrase(f"utter_word_not_yet_{last.value}")
            voice.say("utter_refund_how", window_days=days, not_yet=state)

    def tell(self, order: Order, shop: ProvenShop, voice: Voice) -> None:
        """See AboutOrder."""
        number, told = order.number, tell_refunds(order, voice)
        if order.state is OrderState.CANCELLED:
            if not told and order.paid_at:
                tell_cancelled(order, voice)
            elif not told:
                voice.say("utter_refund_never_paid", order_number=number)
            return
        try:
            shop.check_cancel(number)
        except NotAllowed:
            self._by_returning(number, told, shop, voice)
            return
        amount = voice.words.money(order.total)
        paid = order.paid_at is not None
        key = "utter_refund_by_cancelling" if paid else "utter_refund_not_paid"
        voice.say(key, order_number=number, amount=amount)

    def _by_returning(
        self, number: OrderNumber, told: bool, shop: ProvenShop, voice: Voice
    ) -> None:
        try:
            last_day = shop.returnable(number).last_day
        except NotAllowed as refused:
            if not told:
                say_return_refused(refused, number, voice)
        else:
            day = voice.words.day(last_day)
            voice.say("utter_refund_by_returning", order_number=number, last_day=day)


def tell_refunds(order: Order, voice: Voice) -> bool:
    """Where the money of each refund is, and each return without one. False: there is neither."""
    for refund in order.refunds:
        _tell(refund, order, voice)
    coming = [each for each in order.returns if each.state in _BEFORE_REFUND]
    tell_returns(coming, voice)
    return bool(order.refunds or coming)


def _tell(refund: Refund, order: Order, voice: Voice) -> None:
    words = voice.words
    asked = local_day(refund.requested_at)
    until = asked + timedelta(days=PAY_BACK_DAYS)
    values = {
        "amount": words.money(refund.amount),
        "cause": words.phrase(f"utter_word_refund_{refund.cause.value}", order_number=order.number),
    }
    if refund.state is RefundState.PAID and refund.paid_at:
        day = words.on_day(local_day(refund.paid_at))
        voice.say("utter_refund_paid", on_day=day, method=_method(order, words), **values)
    elif until < words.today:
        voice.say("utter_refund_late", until=words.day(until), **values)
    else:
        voice.say("utter_refund_promised", on_day=words.on_day(asked), until=words.day(until),
                  **values)  # fmt: skip


def _method(order: Order, words: Wording) -> str:
    """How the order was paid, and so how it is paid back."""
    paid = [each for each in order.payments if each.state is PaymentState.PAID]
    if not paid:
        return words.phrase("utter_word_pay_same")
    return words.phrase(f"utter_word_pay_{paid[-1].method.value}")
