"""How it works, what happens to the customer's data, and what can be done with it, as it holds now.

What a customer asks to be done with their data is done by a colleague for now, and that is said.
"""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.consent import stop_keeping, tell_consents
from actions.requests import NEXT
from actions.turn import Turn
from helder.conversation.entries import ConversationId
from helder.optout.records import Method


class DataAction(HelderAction):
    """Tells what is so today."""

    response: str
    page = "privacy"  # where more is written

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        kept = self.services.kept
        voice.say(
            self.response,
            minutes=str(kept.conversation_minutes),
            days=str(kept.message_days),
            kept_days=str(kept.conversation_days),
            link=f"{self.services.address}/{self.page}?language={turn.language}",
        )
        return []


class MyData(DataAction):
    """What is kept, how long, who reads it; and which order this conversation is about."""

    called = "action_my_data"
    response = "utter_my_data"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        asks = turn.vocabulary.trust
        if not turn.is_choice and asks.trains.are_in(turn.text):
            voice.say("utter_my_data_training")
            return []
        if not turn.is_choice and asks.reads.are_in(turn.text):
            voice.say("utter_my_data_readers")
            return []
        super().act(turn, voice)
        if number := turn.slot("order_number"):
            proven = turn.slot("order_proof") == "proven"
            known = "utter_my_data_order_proven" if proven else "utter_my_data_order"
            voice.say(known, order_number=number)
        tell_consents(self, turn, voice)
        return []


class HowItWorks(DataAction):
    """How the assistant works, with the page that is made from what runs."""

    called = "action_how_it_works"
    response = "utter_how_it_works"
    page = "how-it-works"


class NoAI(HelderAction):
    """No AI: the last message that the assistant reads, until the customer undoes it.

    What is recorded here holds below the dialogue: helder/gateway/without_ai.py then keeps every
    word from NLU, and tells the customer what happens instead.
    """

    called = "action_no_ai"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction. Whatever was being asked, it is over."""
        self.services.opt_outs.opt_out(ConversationId(turn.conversation), Method.WORDS)
        voice.say("utter_no_ai")
        return [SlotSet(NEXT, None), ActiveLoop(None), SlotSet("requested_slot", None)]


class EraseMyData(DataAction):
    """Forget me, delete this conversation (GDPR art. 17)."""

    called = "action_erase_my_data"
    response = "utter_erase_my_data"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction. Who wants it gone no longer wants it kept."""
        stop_keeping(self, turn, voice)
        return super().act(turn, voice)


class ExportMyData(DataAction):
    """A copy, please (GDPR art. 15 and 20)."""

    called = "action_export_my_data"
    response = "utter_export_my_data"
