"""What all actions have in common: they run in a thread, speak by response key, and are kind when
the shop does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from actions.turn import DECISIONS, Turn
from actions.wording import Wording, local_day
from helder.consent.errors import NotGranted
from helder.decisions.errors import NotReplayed
from helder.decisions.explainer import Explainer
from helder.decisions.memory import remembered
from helder.decisions.policy import Result
from helder.decisions.record import Decision
from helder.shop.errors import NotAllowed, NotFound, ShopUnavailable
from helder.shop.gate import NotProven

logger = structlog.get_logger(__name__)
Events = list[dict[str, Any]]
Button = tuple[str, str]  # title, payload


class Voice:
    """Says responses of data/responses to the customer, in order."""

    def __init__(
        self, dispatcher: CollectingDispatcher, words: Wording, explainer: Explainer
    ) -> None:
        self._dispatcher = dispatcher
        self._explainer = explainer
        self.words = words
        self.decisions: list[Decision] = []  # that this turn rests on; the log gets them

    def say(self, response: str, **values: Any) -> None:
        """One message, with the buttons that the response has itself."""
        self.ask(response, (), **values)

    def ask(self, response: str, buttons: Sequence[Button], **values: Any) -> None:
        """One message; `buttons` come after those that the response has itself."""
        made = [{"title": title, "payload": payload} for title, payload in buttons]
        self._dispatcher.utter_message(response=response, buttons=made, **values)

    def decided(self, decision: Decision | None) -> None:
        """Have a decision kept in the conversation's log, so that "why?" is answered from it."""
        if decision is not None:
            self.decisions.append(decision)

    def say_rule(self, decision: Decision | None, number: str) -> bool:
        """Tell a refusal in the words of the rule that decided; False if that cannot be told."""
        try:
            told = (
                self._explainer.told(decision.encode(), self.words.language) if decision else None
            )
        except NotReplayed:
            return False
        if decision is None or told is None:
            return False
        if decision.result is Result.REFER:
            self.say("utter_decided_referred", order_number=number, reason=told.reason)
        else:
            self.say(
                "utter_decided_refused",
                order_number=number,
                reason=told.reason,
                contest=told.contest,
            )
        return True


class HelderAction(Action):
    """An action by the name that the domain gives it."""

    called: str

    def __init__(self, services: Services) -> None:
        self.services = services
        self.others: Mapping[str, HelderAction] = {}  # all actions by name

    def name(self) -> str:
        """See Action."""
        return self.called

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002 - Rasa's signature; we never ask for the domain
    ) -> Events:
        """See Action. The work is done in a thread, so that the server's loop goes on."""
        turn = Turn(tracker, self.services.vocabulary)
        today = local_day(self.services.clock())
        words = Wording(self.services.phrases, turn.language, today)
        voice = Voice(dispatcher, words, self.services.explainer)
        events = await asyncio.to_thread(self._act_kindly, turn, voice)
        return events + _kept(turn, voice)

    def act(self, turn: Turn, voice: Voice) -> Events:
        """What the action does. Raises ShopUnavailable when it cannot be done now."""
        raise NotImplementedError

    def when_unavailable(self, turn: Turn) -> Events:  # noqa: ARG002 - for those who need it
        """What stays when the shop did not answer; the customer has been told."""
        return []

    def _act_kindly(self, turn: Turn, voice: Voice) -> Events:
        try:
            return self.act(turn, voice)
        except ShopUnavailable:
            logger.warning("action.shop_unavailable", action=self.name())
            voice.say("utter_shop_unavailable")
            return self.when_unavailable(turn)
        except NotGranted:  # the dialogue asks first; the gate has the last word
            voice.say("utter_order_data_not_allowed")
            return self.when_unavailable(turn)
        except (NotAllowed, NotFound, NotProven) as refused:
            # Something changed while we talked: the order was packed, the last day passed.
            logger.warning("action.refused", action=self.name(), kind=type(refused).__name__)
            voice.decided(getattr(refused, "decision", None))
            voice.say("utter_not_possible")
            return self.when_unavailable(turn)


def _kept(turn: Turn, voice: Voice) -> Events:
    """What the log keeps of this turn's decisions: one slot, sealed like all the rest."""
    kept = turn.slot(DECISIONS)
    for decision in voice.decisions:
        kept = remembered(kept, decision)
    return [SlotSet(DECISIONS, kept)] if voice.decisions else []
