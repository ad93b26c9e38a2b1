"""Buying, changing what was bought, swapping it, and what cancelling costs."""

from __future__ import annotations

from actions.about_order import AboutOrder
from actions.base import Events, HelderAction, Voice
from actions.order_forms import OrderForm
from actions.orders import say_cancel_refused, tell_fee
from actions.products import named_in, said_in_words
from actions.turn import Turn
from helder.shop.errors import NotAllowed
from helder.shop.gate import ProvenShop
from helder.shop.model import Order, OrderState
from helder.shop.policy import CANCELLATION

_CLOSED = {OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.CANCELLED}


class PlaceOrder(HelderAction):
    """How to order; with what the customer named, if the shop has it."""

    called = "action_place_order"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        other = turn.vocabulary.products.no_products
        words = [] if turn.is_choice else turn.words()
        found = named_in(words, self.services.backend, other)
        if found:
            voice.say("utter_products_found", lines=said_in_words(found, voice.words))
        voice.say("utter_place_order")
        return []


class ChangeOrderForm(OrderForm):
    """What of an order can still be changed: number and proof are enough."""

    form = "change_order_form"
    begun_by = "change_order"


class ChangeOrder(AboutOrder):
    """What can be changed, and what instead."""

    called = "action_change_order"
    task = "change_order"

    def explain(self, voice: Voice) -> None:
        """See AboutOrder."""
        last = self.services.terms.free_until
        if last is None:
            voice.say("utter_change_order_how_never")
        else:
            state = voice.words.phrase(f"utter_word_not_yet_{last.value}")
            voice.say("utter_change_order_how", not_yet=state)

    def tell(self, order: Order, shop: ProvenShop, voice: Voice) -> None:
        """See AboutOrder."""
        try:
            shop.check_cancel(order.number)
        except NotAllowed as refused:
            voice.decided(refused.decision)
            if order.state in _CLOSED:
                voice.say(f"utter_change_order_{order.state.value}", order_number=order.number)
            else:
                voice.say("utter_change_order_ask", order_number=order.number)
        else:
            voice.say("utter_change_order_now", order_number=order.number)


class FeeForm(OrderForm):
    """What cancelling an order would cost now: number and proof are enough."""

    form = "check_cancellation_fee_form"
    begun_by = "check_cancellation_fee"


class CancellationFee(AboutOrder):
    """Until when cancelling is free; for a proven order, what it would cost now."""

    called = "action_check_cancellation_fee"
    task = "check_cancellation_fee"

    def explain(self, voice: Voice) -> None:
        """See AboutOrder."""
        terms = self.services.terms
        days = str(terms.window_days)
        if terms.fees:
            voice.say("utter_fee_depends", window_days=days)
        elif terms.free_until is None:
            voice.say("utter_fee_never", window_days=days)
        else:
            voice.say(f"utter_fee_until_{terms.free_until.value}", window_days=days)

    def tell(self, order: Order, shop: ProvenShop, voice: Voice) -> None:
        """See AboutOrder."""
        try:
            shop.check_cancel(order.number)
        except NotAllowed as refused:
            say_cancel_refused(refused, order.number, voice)
            return
        decision = shop.decide(CANCELLATION, order.number)
        voice.decided(decision)
        tell_fee(order, decision, voice)


class ExchangeItem(HelderAction):
    """Kade does not swap: one thing goes back, the other is ordered."""

    called = "action_exchange_item"

    def act(self, turn: Turn, voice: Voice) -> Events:  # noqa: ARG002 - the same for all
        """See HelderAction."""
        voice.say("utter_exchange_item", window_days=str(self.services.terms.window_days))
        return []
