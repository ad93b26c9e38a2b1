"""A person: for now that is a message, taken with a reference number, and the customer is told."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, HelderAction, Voice
from actions.fetching import (
    HANDOFF,
    OFFERED,
    OFFERS,
    can_come,
    fetch,
    is_in_danger,
    offer,
    reason_of,
)
from actions.forms import OVER, FormAction, Slots
from actions.requests import NEXT, written
from actions.stopping import stops
from actions.turn import SURE, Turn
from actions.why_person import why_a_person
from actions.wording import local_day, shortened
from helder.handoff.reasons import Reason

REASON = "asked_for_a_person"
CONTACTS = ("email", "phone")
MESSAGE = ("message_text", "contact")
# Said instead of a way to be reached, these are answered first, if they are short.
_ASIDES = {"ask_why", "are_you_human", "switch_language", "no_ai"}
_ALWAYS = {"switch_language", "are_you_human", "no_ai"}  # instead of the message, only these
_SHORT = {"no_ai": 10}  # words
_SHORT_ELSE = 6
_ASKS = 9
_TELLING = {"complaint", "discrimination", "legal_threat"}
_TOLD = 15  # words: what is told at that length need not be told again
_MORE = 4  # words beside a way to be reached: they belong to the message

# Why a person is wanted, as the desk shows it (policies/desk.yml); `asked_for_a_person` for others.
REASONS = {
    "discrimination": "discrimination",
    "distress": "distress",
    "legal_threat": "legal_threat",
    "bereavement": "bereavement",
    "vulnerable": "vulnerable",
}
HANDOFF_REASON = "handoff_reason"
DECISION = "decision"


class OfferPerson(HelderAction):
    """Fetches a colleague, or asks whether to. If none can come: tells when one answers."""

    called = "action_offer_person"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        # A button can bring the reason along, from the answer that it stands under.
        known = DECISION if _contests(turn) else REASONS.get(str(turn.intent), REASON)
        before = turn.slot(HANDOFF_REASON) if turn.intent == "affirm" else None
        code = turn.entity(HANDOFF_REASON) or before or known
        noted = [SlotSet(HANDOFF_REASON, code)]
        if not can_come(self.services, turn):
            self._tell_when(voice)
            return noted
        reason = reason_of(code)
        if reason in OFFERS and not turn.is_choice and turn.intent != "affirm":
            offer(voice, reason, code)
            return noted
        return [*noted, *fetch(voice, reason)]

    def _tell_when(self, voice: Voice) -> None:
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


class Distress(HelderAction):
    """The help lines, before anything else; then a person is fetched, if one can come."""

    called = "action_distress"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        return help_in_distress(self, turn, voice)


def help_in_distress(action: HelderAction, turn: Turn, voice: Voice) -> Events:
    """Nothing is asked of somebody in need."""
    if not can_come(action.services, turn):
        voice.say("utter_distress")
        return []
    voice.say("utter_distress_lines")
    danger = is_in_danger(turn, turn.vocabulary.person)
    return fetch(voice, Reason.DANGER if danger else Reason.DISTRESS)


class MessageForm(FormAction):
    """Takes the message as it is written, and a way to answer it."""

    form = "message_form"
    begun_by = "contact_human_agent"
    slots = MESSAGE

    def _is_for_others(self, turn: Turn) -> bool:
        # A message to a colleague may be about anything, also what we could answer ourselves.
        return (
            turn.is_choice
            or (
                turn.intent in (_ASIDES if turn.requested == "contact" else _ALWAYS)
                and turn.confidence >= SURE
                and len(turn.words()) <= _SHORT.get(str(turn.intent), _SHORT_ELSE)
                and not turn.entity(*CONTACTS)
            )
            or _asks_why_a_person(turn)
        )

    def is_ended_by(self, turn: Turn) -> bool:
        """See FormAction."""
        return not turn.is_choice and _stops(turn, turn.requested)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction."""
        if begins and (turn.slot(HANDOFF) or turn.said_now(OFFERED)):
            return dict.fromkeys(MESSAGE, OVER)  # somebody comes, or may: no message
        if turn.intent == "distress":
            if can_come(self.services, turn):
                voice.say("utter_distress_lines")
                return dict.fromkeys(MESSAGE, OVER) | {
                    each["name"]: each["value"] for each in fetch(voice, Reason.DISTRESS)
                }
            voice.say("utter_distress_in_message")  # whatever becomes of the message
        contact = _contact(turn)
        found: Slots = dict.fromkeys(MESSAGE) if begins else {}
        if turn.entity(NEXT) and not begins:
            found[NEXT] = written(turn.earlier_requests)  # the colleague reads all of it
        if begins and turn.intent in _TELLING and len(turn.words()) >= _TOLD:
            voice.say("utter_complaint_noted", message=shortened(turn.text))
            found["message_text"] = turn.text
        if contact:
            found["contact"] = contact
        only_contact = contact and not turn.words() and not turn.order_numbers()
        if requested == "message_text" and turn.text.strip() and not only_contact:
            found["message_text"] = turn.text
        if requested == "contact" and contact and len(turn.words()) >= _MORE:
            found["message_text"] = f"{turn.slot('message_text')}\n{turn.text}"
        if requested == "contact" and not contact:
            unclear = turn.mentions_data()
            voice.say("utter_contact_unclear" if unclear else "utter_contact_needed")
            found["contact"] = None
        return found


def _contests(turn: Turn) -> bool:
    """Is a person to look at what was decided?"""
    asked = turn.intent == "contact_human_agent" and not turn.is_choice
    return asked and turn.vocabulary.contact.decision.are_in(turn.text)


def _asks_why_a_person(turn: Turn) -> bool:
    """Is it no message for the person, but a question why there must be one?"""
    asks = turn.intent == "ask_why" and len(turn.words()) <= _ASKS and not turn.mentions_data()
    return asks and why_a_person(turn, turn.text.casefold()) is not None


def _stops(turn: Turn, requested: str | None) -> bool:
    """Does the customer end it? As the message, only in words that cannot be one."""
    words = set(turn.words())
    if requested is None or turn.entity(*CONTACTS) or turn.order_numbers():
        return False
    if stops(turn.words(), turn.vocabulary, at_no=requested == "message_text"):
        return True
    clearly = turn.intent == "stop" and turn.confidence >= SURE
    return requested == "contact" and clearly and not words & turn.vocabulary.contact.reached_by


def _contact(turn: Turn) -> str | None:
    """Every way to be reached that the message gives: `sanne@example.nl, 0612345678`."""
    ways = [str(e["value"]) for e in turn.entities if e.get("entity") in CONTACTS]
    return ", ".join(dict.fromkeys(ways)) or None


def _with_order(text: str, turn: Turn, voice: Voice) -> str:
    """The message, with the order that the conversation was about if it does not name it."""
    number = turn.slot("order_number")
    if not isinstance(number, str) or number == OVER or number.removeprefix("HD-") in text:
        return text
    return f"{text}\n\n{voice.words.phrase('utter_word_about_order', order_number=number)}"


class LeaveMessage(HelderAction):
    """Keeps the message and gives its reference."""

    called = "action_leave_message"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        text, contact = turn.slot("message_text"), turn.slot("contact")
        if text and contact and OVER not in (text, contact):
            reference = self.services.messages.leave(
                conversation=turn.conversation,
                contact=contact,
                text=_with_order(text, turn, voice),
                language=turn.language,
                reason=turn.slot(HANDOFF_REASON) or REASON,
                key=turn.key,
            )
            voice.say(
                "utter_message_left",
                reference=reference,
                contact=contact,
                message=shortened(text),
                within=voice.words.working_days(self.services.hours.answer_days),
                days=str(self.services.kept.message_days),
            )
        # Somebody who is only asked whether a person is wanted may still say yes.
        kept = {HANDOFF_REASON} if turn.said_now(OFFERED) else set()
        return [SlotSet(name, None) for name in (*MESSAGE, HANDOFF_REASON) if name not in kept]
