"""Where is my order: one answer per state of the order and of each parcel."""

from __future__ import annotations

from collections.abc import Iterable

from actions.base import Events, HelderAction, Voice
from actions.order_forms import PROVEN
from actions.orders import finished, piece
from actions.turn import Turn
from actions.wording import Wording, local_day
from helder.shop.gate import NotProven
from helder.shop.model import (
    Delivery,
    DeliveryState,
    Order,
    OrderState,
    RefundState,
    Return,
)
from helder.shop.policy import PAY_BACK_DAYS

_EXPECTED = {DeliveryState.ANNOUNCED, DeliveryState.IN_TRANSIT, DeliveryState.OUT_FOR_DELIVERY}


class TrackOrder(HelderAction):
    """Tells where a proven order is."""

    called = "action_track_order"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if turn.slot("order_proof") == PROVEN:
            try:
                order = self.services.shop(turn.conversation).order(turn.slot("order_number"))
            except NotProven:
                voice.say("utter_not_proven")
            else:
                self._tell(order, voice)
        return finished(turn, "track_order")

    def when_unavailable(self, turn: Turn) -> Events:
        """Asking again asks the shop again."""
        return finished(turn, "track_order")

    def _tell(self, order: Order, voice: Voice) -> None:
        words = voice.words
        if order.state is OrderState.CANCELLED:
            tell_cancelled(order, voice)
            return
        late = order.delivered_at is None and order.promised_on < local_day(self.services.clock())
        if not order.deliveries:
            state = "paid" if order.state is not OrderState.OPEN else "open"
            promised = words.on_day(order.promised_on)
            if not late or state == "open":
                voice.say(f"utter_order_{state}", order_number=order.number, on_day=promised)
        for position in range(len(order.deliveries)):
            _tell_parcel(order, position, voice)
        if late and order.state is not OrderState.OPEN:
            voice.say("utter_order_late", on_day=words.on_day(order.promised_on))
        tell_returns(order.returns, voice)


def tell_cancelled(order: Order, voice: Voice) -> None:
    """That it was cancelled, and what became of the money."""
    words, since = voice.words, order.cancelled_at
    on_day = words.on_day(local_day(since)) if since else words.phrase("utter_word_earlier")
    values = {"order_number": order.number, "on_day": on_day}
    if not order.refunds and order.paid_at is None:
        voice.say("utter_order_cancelled", **values)
        return
    # A shop that has not written the refund down yet owes it all the same.
    refund = order.refunds[-1] if order.refunds else None
    values["amount"] = words.money(refund.amount if refund else order.total)
    if refund and refund.state is RefundState.PAID and refund.paid_at:
        paid = words.on_day(local_day(refund.paid_at))
        voice.say("utter_order_cancelled_refunded", paid_on=paid, **values)
    else:
        voice.say("utter_order_cancelled_refunding", days=str(PAY_BACK_DAYS), **values)


def _tell_parcel(order: Order, position: int, voice: Voice) -> None:
    parcel = order.deliveries[position]
    words = voice.words
    values = {
        "parcel": _parcel_name(order, position, words),
        "carrier": parcel.carrier,
        "url": parcel.tracking_url,
    }
    state = parcel.state
    if state is DeliveryState.DELIVERED:
        if parcel.delivered_at is None:
            voice.say("utter_parcel_delivered_undated", **values)
            return
        day = words.on_day(local_day(parcel.delivered_at))
        time = words.time(parcel.delivered_at)
        voice.say("utter_parcel_delivered", on_day=day, time=time, **values)
    elif state in _EXPECTED or state is DeliveryState.DELAYED:
        _tell_expected(parcel, voice, values)
    elif state is DeliveryState.ATTEMPTED:
        _tell_attempted(parcel, voice, values)
    else:
        voice.say(f"utter_parcel_{state.value}", **values)


def _tell_expected(parcel: Delivery, voice: Voice, values: dict[str, str]) -> None:
    words = voice.words
    key = f"utter_parcel_{parcel.state.value}"
    if parcel.expected_from is None or parcel.expected_to is None:
        voice.say(f"{key}_unknown", **values)
        return
    voice.say(
        key,
        on_day=words.on_day(local_day(parcel.expected_from)),
        begin=words.time(parcel.expected_from),
        end=words.time(parcel.expected_to),
        **values,
    )


def _tell_attempted(parcel: Delivery, voice: Voice, values: dict[str, str]) -> None:
    if parcel.expected_from is None:
        voice.say("utter_parcel_attempted_unknown", **values)
    else:
        day = voice.words.on_day(local_day(parcel.expected_from))
        voice.say("utter_parcel_attempted", on_day=day, **values)


def _parcel_name(order: Order, position: int, words: Wording) -> str:
    """`Je pakket`, or which of several it is and what is in it."""
    if len(order.deliveries) == 1:
        return words.phrase("utter_word_your_parcel")
    inside = order.deliveries[position].lines
    names = [
        piece(line.name.of(words.language), line.quantity)
        for line in order.lines
        if line.id in inside
    ]
    return words.phrase(
        "utter_word_parcel_of",
        position=str(position + 1),
        count=str(len(order.deliveries)),
        items=words.listing(names),
    )


def tell_returns(returns: Iterable[Return], voice: Voice) -> None:
    """How far each return is."""
    for each in returns:
        voice.say(
            f"utter_return_{each.state.value}",
            return_number=each.number,
            amount=voice.words.money(each.amount),
            send_before=voice.words.day(each.send_before),
            days=str(PAY_BACK_DAYS),
        )
