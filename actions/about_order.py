"""Answers that are the same for everybody, and another for one order once it is proven."""

from __future__ import annotations

from typing import ClassVar

from rasa_sdk.events import FollowupAction

from actions.base import Events, HelderAction, Voice
from actions.forms import OVER
from actions.order_forms import PROVEN
from actions.orders import finished
from actions.permission import PERMISSION
from actions.turn import Turn
from helder.shop.gate import NotProven, ProvenShop
from helder.shop.model import Order, OrderNumber


class AboutOrder(HelderAction):
    """Explains how it is; about an order that is named, asks for proof first and tells that.

    It begins the form of its task, and is also what ends it. In the middle of another form it
    begins none.
    """

    task: ClassVar[str]

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        number, proof = turn.slot("order_number"), turn.slot("order_proof")
        shop = self.services.shop(turn.conversation)
        if proof == OVER:  # the form has said why it ended
            if turn.slot(PERMISSION) == "no":  # what is so in general needs nobody's data
                self.explain(voice)
            return finished(turn, self.task)
        if turn.names_several_orders() and not turn.form:
            return [FollowupAction(f"{self.task}_form")]
        if number and shop.is_proven(OrderNumber(number)):
            self.tell(shop.order(OrderNumber(number)), shop, voice)
        elif turn.order_numbers() and not turn.form:
            if proof == PROVEN:  # the slot says more than the gate knows
                voice.say("utter_not_proven")
            else:
                return [FollowupAction(f"{self.task}_form")]
        else:
            self.explain(voice)
        return [] if turn.form else finished(turn, self.task)

    def when_unavailable(self, turn: Turn) -> Events:
        """Asking again asks the shop again."""
        return [] if turn.form else finished(turn, self.task)

    def explain(self, voice: Voice) -> None:
        """How it is in general."""
        raise NotImplementedError

    def tell(self, order: Order, shop: ProvenShop, voice: Voice) -> None:
        """How it is with a proven order."""
        raise NotImplementedError


class AfterProof(HelderAction):
    """What the form of a task leads to: tells about the order that it has the proof of."""

    task: ClassVar[str]

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if turn.slot("order_proof") == PROVEN:
            shop = self.services.shop(turn.conversation)
            try:
                self.tell(OrderNumber(turn.slot("order_number")), shop, turn, voice)
            except NotProven:  # the slot says more than the gate knows
                voice.say("utter_not_proven")
        return finished(turn, self.task)

    def when_unavailable(self, turn: Turn) -> Events:
        """Asking again asks the shop again."""
        return finished(turn, self.task)

    def tell(self, number: OrderNumber, shop: ProvenShop, turn: Turn, voice: Voice) -> None:
        """Fetch first, then speak. Raises NotProven."""
        raise NotImplementedError
