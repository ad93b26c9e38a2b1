"""Forms about one order: its number, and the proof that it is the customer's."""

from __future__ import annotations

import math
from typing import ClassVar

from actions.base import Button, Events, HelderAction, Voice
from actions.forms import OVER, FormAction, Slots
from actions.turn import Turn
from actions.wording import local_day
from helder.conversation.entries import ConversationId
from helder.conversation.proofs import ORDER
from helder.shop.errors import NotAnOrderNumber, ProofRefused, ShopUnavailable, TooManyAttempts
from helder.shop.model import Order, OrderNumber
from helder.shop.numbers import normalise_order_number

PROVEN = "proven"
PROOFS = ("postcode", "email")
RECENT = 4


class OrderForm(FormAction):
    """Order number and proof, the same for every form; `more` are the slots after them."""

    more: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.slots = ("order_number", "order_proof", *cls.more)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction."""
        found = self._number(turn, voice, requested, begins)
        number = found.get("order_number", turn.slot("order_number"))
        proven = found.get("order_proof", turn.slot("order_proof")) == PROVEN
        if number and not proven:
            found |= self._proof(turn, voice, OrderNumber(number), requested, begins)
            proven = found.get("order_proof") == PROVEN
        if number and proven:
            fresh = "order_proof" in found
            found |= self.with_order(turn, voice, OrderNumber(number), requested, fresh)
        return found

    def with_order(
        self,
        turn: Turn,  # noqa: ARG002 - for the forms that ask more
        voice: Voice,  # noqa: ARG002
        number: OrderNumber,  # noqa: ARG002
        requested: str | None,  # noqa: ARG002
        fresh: bool,  # noqa: ARG002
    ) -> Slots:
        """What the form does with a proven order; `fresh` when it was only now proven or named."""
        return {}

    def proof_in(self, turn: Turn, requested: str | None, begins: bool) -> str | None:
        """The postcode or e-mail address that is to prove the order, if one was given."""
        answer = turn.entity(*PROOFS)
        if answer is None and requested != "order_proof" and not begins:
            answer = turn.earlier_entity(*PROOFS)
        return answer

    def _number(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        if turn.names_several_orders():  # never guess which
            return dict.fromkeys(self.slots)
        given = turn.entity("order_number")
        if given or begins:
            return self._named(turn, given or turn.slot("order_number"))
        if requested != "order_number" or turn.is_choice:
            return {}
        if turn.entity(*PROOFS):
            voice.say("utter_need_number_too")
            return {"order_number": None}
        if turn.mentions_data():
            voice.say("utter_order_number_unclear")
            return {"order_number": None}
        return {}

    def _named(self, turn: Turn, text: object) -> Slots:
        """Another order, or the same one for another purpose: everything about it begins anew."""
        nothing: Slots = dict.fromkeys(self.slots)
        if not isinstance(text, str):  # Rasa makes a list of several
            return nothing
        try:
            number = normalise_order_number(text)
        except NotAnOrderNumber:
            return nothing
        try:
            proven = self.services.shop(turn.conversation).is_proven(number)
        except ShopUnavailable:
            proven = False
        return nothing | {"order_number": number, "order_proof": PROVEN if proven else None}

    def _proof(
        self, turn: Turn, voice: Voice, number: OrderNumber, requested: str | None, begins: bool
    ) -> Slots:
        answer = self.proof_in(turn, requested, begins)
        if answer is None:
            if (
                requested == "order_proof"
                and turn.mentions_data()
                and not turn.entity("order_number")
            ):
                voice.say("utter_proof_unclear")
                return {"order_proof": None}
            return {}
        try:
            self.services.prover.prove_order(turn.conversation, number, answer)
        except ProofRefused:
            voice.say("utter_proof_refused", order_number=number)
            return {"order_proof": None}
        except TooManyAttempts as limited:
            minutes = math.ceil(limited.retry_after / 60)
            voice.say("utter_too_many_attempts", minutes=str(minutes))
            return self.over(turn, {"order_proof": OVER})
        except ShopUnavailable:
            voice.say("utter_shop_unavailable")
            return {"order_proof": None}
        self.services.proofs.record(ConversationId(turn.conversation), ORDER, number)
        return {"order_proof": PROVEN}


class AskOrderNumber(HelderAction):
    """Asks which order; somebody who signed in chooses from their own."""

    called = "action_ask_order_number"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if turn.names_several_orders():
            ask_which(turn, voice)
            return []
        try:
            orders = self.services.shop(turn.conversation).recent(RECENT)
        except ShopUnavailable:
            orders = ()
        if orders:
            voice.ask("utter_ask_which_order", [_button(each, voice) for each in orders])
        else:
            voice.say("utter_ask_order_number")
        return []


def ask_which(turn: Turn, voice: Voice) -> None:
    """Asks which of the orders in the message it is about."""
    voice.ask("utter_which_order", [(each, _payload(each)) for each in turn.order_numbers()])


def _payload(number: str) -> str:
    return f'/inform{{"order_number": "{number}"}}'


def _button(order: Order, voice: Voice) -> Button:
    day = voice.words.day(local_day(order.placed_at))
    title = voice.words.phrase("utter_button_order", number=order.number, day=day)
    return title, _payload(order.number)
