"""What happens to the customer's data, with the periods that really hold."""

from __future__ import annotations

from actions.base import Events, HelderAction, Voice
from actions.turn import Turn


class MyData(HelderAction):
    """What is kept, how long, and whom to ask."""

    called = "action_my_data"

    def act(self, turn: Turn, voice: Voice) -> Events:  # noqa: ARG002 - the same for all
        """See HelderAction."""
        kept = self.services.kept
        voice.say(
            "utter_my_data", minutes=str(kept.conversation_minutes), days=str(kept.message_days)
        )
        return []
