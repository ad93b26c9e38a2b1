"""Forms about one order: its number, and the proof that it is the customer's."""

from __future__ import annotations

import math
from typing import ClassVar

from rasa_sdk.events import SlotSet

from actions.base import Button, Events, HelderAction, Voice
from actions.forms import OVER, FormAction, Slots
from actions.permission import PERMISSION, WAITING, waiting_in
from actions.requests import NEXT, Request, written
from actions.turn import Turn
from actions.typed import nearly
from actions.wording import local_day, shortened
from helder.conversation.entries import ConversationId
from helder.conversation.proofs import ORDER
from helder.shop.errors import NotAnOrderNumber, ProofRefused, ShopUnavailable, TooManyAttempts
from helder.shop.model import Order, OrderNumber
from helder.shop.numbers import normalise_order_number

PROVEN = "proven"
PROOFS = ("postcode", "email")
RECENT = 4


class OrderForm(FormAction):
    """Consent, order number and proof, the same for every form; `more` are the slots after them."""

    more: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        # The consent is the first, and is no part of what begins anew with another order.
        cls.slots = (PERMISSION, "order_number", "order_proof", *cls.more)

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
        voice: Voice,  # noqa: ARG002 - for the same
        number: OrderNumber,  # noqa: ARG002 - for the same
        requested: str | None,  # noqa: ARG002 - for the same
        fresh: bool,  # noqa: ARG002 - for the same
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
            return dict.fromkeys(self.slots[1:]) | self._the_other_next(turn)
        given = turn.entity("order_number")
        asked = requested == "order_number" and not turn.is_choice
        if not given and (asked or begins):
            typed = nearly(turn.text, marked=begins) if not turn.entity(*PROOFS) else None
            if typed and typed.number:
                voice.say("utter_order_number_read_as", order_number=typed.number)
                given = typed.number
            elif typed:
                self._ask_again(turn, voice, typed.read)
                return dict.fromkeys(self.slots[1:]) if begins else {"order_number": None}
        if given or begins:
            return self._named(turn, given or turn.slot("order_number"))
        if not asked:
            return {}
        if turn.entity(*PROOFS):
            voice.say("utter_need_number_too")
            return {"order_number": None}
        if turn.mentions_data():
            self._ask_again(turn, voice, None)
            return {"order_number": None}
        return {}

    def _the_other_next(self, turn: Turn) -> Slots:
        """Of "HD-1 and HD-2", or of more, those that are not chosen first come after it."""
        numbers = turn.order_numbers()
        mine = turn.intent in (self.begun_by, "inform") and turn.lists_orders()
        if not mine:
            return {}  # one may be a slip, or something else is to be done with it
        named = tuple({"entity": "order_number", "value": each} for each in numbers)
        return {NEXT: written([Request(self.begun_by, turn.text, named)] * (len(numbers) - 1))}

    def _ask_again(self, turn: Turn, voice: Voice, read: str | None) -> None:
        """That is no order number. The second time in a row a person is offered."""
        if any(turn.said_before(f"utter_order_number_{each}") for each in ("read", "unclear")):
            voice.say("utter_order_number_read_again", read=read or shortened(turn.text))
        elif read:
            voice.say("utter_order_number_read", read=read)
        else:
            voice.say("utter_order_number_unclear")

    def _named(self, turn: Turn, text: object) -> Slots:
        """Another order, or the same one for another purpose: everything about it begins anew."""
        nothing: Slots = dict.fromkeys(self.slots[1:])
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
            wait = self.services.prover.locked(turn.conversation, number)
            if wait:  # it is not even looked at: do not ask for it
                return self._locked(turn, voice, wait)
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
            again = turn.said_before("utter_proof_refused")
            key = "utter_proof_refused_again" if again else "utter_proof_refused"
            voice.say(key, order_number=number)
            return {"order_proof": None}
        except TooManyAttempts as limited:
            return self._locked(turn, voice, limited.retry_after)
        except ShopUnavailable:
            voice.say("utter_shop_unavailable")
            return {"order_proof": None}
        self.services.proofs.record(ConversationId(turn.conversation), ORDER, number)
        return {"order_proof": PROVEN}

    def _locked(self, turn: Turn, voice: Voice, seconds: int) -> Slots:
        voice.say("utter_too_many_attempts", minutes=str(math.ceil(seconds / 60)))
        return self.over(turn, {"order_proof": OVER})

    def taken_along(self, turn: Turn, voice: Voice) -> Slots:
        """See FormAction. "1234 AB, and when are you open?" answers the question first."""
        flow = self.services.flows.get(turn.intent or "")
        asked = turn.requested in ("order_number", "order_proof") and not turn.is_choice
        if not asked or flow is None or flow.form or not turn.begins_with_data():
            return {}
        return self.listen(turn, voice, turn.requested, False)


class AskOrderNumber(HelderAction):
    """Asks which order; somebody who signed in chooses from their own."""

    called = "action_ask_order_number"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        waited = waiting_in(turn)
        if waited is not None and turn.about(waited).names_several_orders():
            ask_which(turn.about(waited), voice)
            return [SlotSet(WAITING, None)]
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
