"""Complaints and opinions: a complaint is taken down at once, a review has its own page."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.account import TellPage
from actions.anger import is_growing
from actions.base import Events, HelderAction, Voice
from actions.fetching import can_come, complains_of_treatment, offer
from actions.person import HANDOFF_REASON
from actions.turn import Turn
from helder.handoff.reasons import Reason

REASON = "complaint"


class Complaint(HelderAction):
    """Sorry; and who answers it, and when. The message form then takes it down."""

    called = "action_complaint"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if can_come(self.services, turn):
            treated = complains_of_treatment(turn, turn.vocabulary.person)
            reason = Reason.ANGER if is_growing(turn) else Reason.COMPLAINT
            reason = Reason.TREATMENT if treated else reason
            voice.say("utter_complaint_heard")
            offer(voice, reason, reason.value)
            return [SlotSet(HANDOFF_REASON, reason.value)]
        hours, words = self.services.hours, voice.words
        within = words.working_days(hours.answer_days)
        voice.say("utter_complaint", within=within, phone=hours.phone)
        return [SlotSet(HANDOFF_REASON, REASON)]


class Review(TellPage):
    """Where a review is written, what becomes of it, and the way to tell only us."""

    called = "action_review"
    response = "utter_review"
    page = "review"
