"""The forms for tracking and cancelling an order, and cancelling it; see tracking.py."""

from __future__ import annotations

from datetime import date, datetime

from rasa_sdk.events import SlotSet

from actions.agreeing import yes_or_no
from actions.base import Events, HelderAction, Voice
from actions.forms import OVER, Slots
from actions.order_forms import OrderForm
from actions.turn import Turn
from actions.wording import Wording, local_day
from helder.decisions.record import Decision
from helder.shop.errors import NotAllowed, Reason
from helder.shop.gate import NotProven
from helder.shop.model import Money, Order, OrderNumber
from helder.shop.policy import CANCELLATION, PAY_BACK_DAYS

CANCEL = ("cancel_confirmed",)
# "What does it cost?" reads as one of these, whatever it is about.
_PRICES = {"delivery_options", "check_payment_methods", "check_cancellation_fee"}


class TrackForm(OrderForm):
    """Where is my order: number and proof are enough."""

    form = "track_order_form"
    begun_by = "track_order"


class CancelForm(OrderForm):
    """Cancelling: what cannot be cancelled is said before anything is confirmed."""

    form = "cancel_order_form"
    begun_by = "cancel_order"
    more = CANCEL

    def _is_for_others(self, turn: Turn) -> bool:
        return not _asks_the_fee(turn) and super()._is_for_others(turn)

    def with_order(
        self, turn: Turn, voice: Voice, number: OrderNumber, requested: str | None, fresh: bool
    ) -> Slots:
        """See OrderForm."""
        asks = not fresh and _asks_the_fee(turn)
        if fresh or asks:
            shop = self.services.shop(turn.conversation)
            try:
                shop.check_cancel(number)
            except NotAllowed as refused:
                say_cancel_refused(refused, number, voice)
                return self.over(turn, {"cancel_confirmed": OVER})
            decision = shop.decide(CANCELLATION, number)
            voice.decided(decision)
            if asks:
                tell_fee(shop.order(number), decision, voice, "_besides")
            return {"cancel_confirmed": None} if asks else {}  # it is asked again
        answer = yes_or_no(turn, self.begun_by) if requested == "cancel_confirmed" else None
        return {"cancel_confirmed": answer} if answer else {}


def _asks_the_fee(turn: Turn) -> bool:
    """Is "kost dat iets?", asked while we ask whether to cancel, about cancelling?"""
    asked = turn.requested == "cancel_confirmed" and turn.intent in _PRICES
    said, words = turn.vocabulary.orders, turn.words()
    other = said.of_something_else.are_in(" ".join(words))
    return asked and not other and bool(said.costs & set(words))


class AskCancelConfirmed(HelderAction):
    """Names what would be cancelled, and asks."""

    called = "action_ask_cancel_confirmed"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        shop = self.services.shop(turn.conversation)
        order = shop.order(turn.slot("order_number"))
        decision = shop.decide(CANCELLATION, order.number)
        values = {
            "order_number": order.number,
            "items": items(order, voice.words),
            "amount": voice.words.money(order.total),
        }
        if decision and decision.fee and order.paid_at:
            back, fee = less_fee(order, decision.fee), voice.words.money(decision.fee)
            values |= {"fee": fee, "back": voice.words.money(back)}
            voice.say("utter_ask_cancel_confirmed_fee", **values)
        else:
            voice.say("utter_ask_cancel_confirmed", **values)
        return []


class CancelOrder(HelderAction):
    """Cancels, if the customer said yes."""

    called = "action_cancel_order"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        answer = turn.slot("cancel_confirmed")
        number = turn.slot("order_number")
        if answer == "no":
            voice.say("utter_cancel_not_done", order_number=number)
        if answer == "yes":
            self._cancel(turn, voice, number)
        return finished(turn, "cancel_order", *CANCEL)

    def when_unavailable(self, turn: Turn) -> Events:
        """Nothing is confirmed any more; asking again starts the form."""
        return finished(turn, "cancel_order", *CANCEL)

    def _cancel(self, turn: Turn, voice: Voice, number: OrderNumber) -> None:
        try:
            shop = self.services.shop(turn.conversation)
            done = shop.cancel_order(number, idempotency_key=f"{turn.key}:cancel")
        except NotAllowed as refused:  # it was packed while we talked
            say_cancel_refused(refused, number, voice)
        except NotProven:
            voice.say("utter_not_proven")
        else:
            if done.refund is None:
                voice.say("utter_cancelled_unpaid", order_number=number)
            else:
                amount = voice.words.money(done.refund.amount)
                voice.say(
                    "utter_cancelled_refund",
                    order_number=number, amount=amount, days=str(PAY_BACK_DAYS),
                )  # fmt: skip


def say_cancel_refused(refused: NotAllowed, number: OrderNumber, voice: Voice) -> None:
    """Why an order cannot be cancelled, in the shop's own reasons."""
    voice.decided(refused.decision)
    known = f"utter_cancel_refused_{refused.reason.value}"
    facts = facts_in_words(refused, voice.words)
    reasons = {
        Reason.ALREADY_PACKED,
        Reason.ALREADY_SHIPPED,
        Reason.ALREADY_DELIVERED,
        Reason.ALREADY_CANCELLED,
    }
    if refused.reason in reasons and "since" in facts:
        voice.say(known, order_number=number, on_day=facts["since"])
    elif not voice.say_rule(refused.decision, number):
        voice.say("utter_cancel_refused", order_number=number)


def facts_in_words(refused: NotAllowed, words: Wording) -> dict[str, str]:
    """A refusal's facts; days and moments as a day in words."""
    found = {}
    for name, fact in refused.facts.items():
        try:
            if len(fact) == 10:
                found[name] = words.on_day(date.fromisoformat(fact))
            elif "T" in fact:
                found[name] = words.on_day(local_day(datetime.fromisoformat(fact)))
            else:
                found[name] = fact
        except ValueError:
            found[name] = fact
    return found


def tell_fee(order: Order, decision: Decision | None, voice: Voice, form: str = "") -> None:
    """What cancelling costs now. `form`: `_besides` where whether to cancel is asked anyway."""
    if order.paid_at is None:
        voice.say(f"utter_fee_none_unpaid{form}", order_number=order.number)
    elif decision and decision.fee:
        fee, back = decision.fee, less_fee(order, decision.fee)
        money = {"fee": voice.words.money(fee), "back": voice.words.money(back)}
        voice.say(f"utter_fee_some{form}", order_number=order.number, **money)
    else:
        amount = voice.words.money(order.total)
        voice.say(f"utter_fee_none{form}", order_number=order.number, amount=amount)


def less_fee(order: Order, fee: Money) -> Money:
    """What comes back of an order that is cancelled for a fee."""
    return Money(max(0, order.total.cents - fee.cents), order.total.currency)


def items(order: Order, words: Wording) -> str:
    """`2 × Theepot, Koksmes en Snijplank`."""
    return words.listing(piece(line.name.of(words.language), line.quantity) for line in order.lines)


def piece(name: str, quantity: int) -> str:
    """A product with how many of it."""
    return f"{quantity} × {name}" if quantity > 1 else name


def finished(turn: Turn, task: str, *slots: str) -> Events:
    """The end of a task: its answers are forgotten, the order and its proof stay for the next."""
    events: Events = [SlotSet(name, None) for name in slots]
    if turn.slot("order_proof") == OVER:
        events.append(SlotSet("order_proof", None))
    if turn.slot("order_number") == OVER:
        events.append(SlotSet("order_number", None))
    return [*events, SlotSet("task", task)]
