"""A person: for now that is a message, taken with a reference number, and the customer is told."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, HelderAction, Voice
from actions.forms import FormAction, Slots
from actions.turn import SURE, Turn
from actions.wording import local_day

REASON = "asked_for_a_person"
CONTACTS = ("email", "phone")
MESSAGE = ("message_text", "contact")
# Said while a message is taken, these are for us and not for the colleague, if they are short.
_FOR_US = {
    "stop",
    "ask_why",
    "are_you_human",
    "what_can_you_do",
    "contact_human_agent",
    "deny",
    "switch_language",
}
_SHORT = 6  # words


class OfferPerson(HelderAction):
    """Tells honestly that no colleague can join yet, and when one answers."""

    called = "action_offer_person"

    def act(self, turn: Turn, voice: Voice) -> Events:  # noqa: ARG002 - the same for all
        """See HelderAction."""
        now, hours, words = self.services.clock(), self.services.hours, voice.words
        closes, opens = hours.closes_at(now), hours.next_opening(now)
        within = words.working_days(hours.answer_days)
        if closes is not None:
            until = words.time(closes)
            voice.say("utter_person_open", phone=hours.phone, closes=until, within=within)
        elif opens is not None:
            day, time = words.on_day(local_day(opens)), words.time(opens)
            voice.say(
                "utter_person_closed", on_day=day, opens=time, phone=hours.phone, within=within
            )
        else:
            voice.say("utter_person_unknown")
        return []


class MessageForm(FormAction):
    """Takes the message as it is written, and a way to answer it."""

    form = "message_form"
    begun_by = "contact_human_agent"
    slots = MESSAGE

    def _is_for_others(self, turn: Turn) -> bool:
        # A message to a colleague may be about anything: only commands to us are not part of it.
        return turn.is_choice or (
            turn.intent in _FOR_US and turn.confidence >= SURE and len(turn.words()) <= _SHORT
        )

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction."""
        contact = turn.entity(*CONTACTS)
        found: Slots = dict.fromkeys(MESSAGE) if begins else {}
        if contact:
            found["contact"] = contact
        if requested == "message_text" and turn.words():
            found["message_text"] = turn.text
        if requested == "contact" and not contact and turn.mentions_data():
            voice.say("utter_contact_unclear")
            found["contact"] = None
        return found


class LeaveMessage(HelderAction):
    """Keeps the message and gives its reference."""

    called = "action_leave_message"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        text, contact = turn.slot("message_text"), turn.slot("contact")
        if text and contact:
            reference = self.services.messages.leave(
                conversation=turn.conversation,
                contact=contact,
                text=text,
                language=turn.language,
                reason=REASON,
                key=turn.key,
            )
            voice.say(
                "utter_message_left",
                reference=reference,
                contact=contact,
                within=voice.words.working_days(self.services.hours.answer_days),
                days=str(self.services.kept.days),
            )
        return [SlotSet(name, None) for name in MESSAGE]
