"""How it works, what happens to the customer's data, and what can be done with it, as it holds now.

What a customer asks to be done with their data is done by a colleague for now, and that is said.
"""

from __future__ import annotations

from actions.base import Events, HelderAction, Voice
from actions.turn import Turn


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
            link=f"{self.services.address}/{self.page}?language={turn.language}",
        )
        return []


class MyData(DataAction):
    """What is kept, how long, who reads it; and which order this conversation is about."""

    called = "action_my_data"
    response = "utter_my_data"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        super().act(turn, voice)
        if number := turn.slot("order_number"):
            proven = turn.slot("order_proof") == "proven"
            known = "utter_my_data_order_proven" if proven else "utter_my_data_order"
            voice.say(known, order_number=number)
        return []


class HowItWorks(DataAction):
    """How the assistant works, with the page that is made from what runs."""

    called = "action_how_it_works"
    response = "utter_how_it_works"
    page = "how-it-works"


class EraseMyData(DataAction):
    """Forget me, delete this conversation (GDPR art. 17)."""

    called = "action_erase_my_data"
    response = "utter_erase_my_data"


class ExportMyData(DataAction):
    """A copy, please (GDPR art. 15 and 20)."""

    called = "action_export_my_data"
    response = "utter_export_my_data"


class KeepConversation(DataAction):
    """Do not delete this."""

    called = "action_keep_conversation"
    response = "utter_keep_conversation"


class StopUsingMyData(DataAction):
    """Keep off my data (GDPR art. 7(3), 18 and 21)."""

    called = "action_stop_using_my_data"
    response = "utter_stop_using_my_data"
