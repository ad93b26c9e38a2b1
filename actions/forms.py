"""How forms listen: what a message gives them, and when they let another topic have it.

A form is one object per `validate_<form>` of the domain. It is called at three moments (seen in
rasa/core/actions/forms.py): when the form begins, for every message while it is active, and when it
asks again after an interruption. What it returns as slots is what the form has; nothing returned
while active lets the rules have the message.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.next_request import carry_out, titled, waiting
from actions.permission import PERMISSION, WAITING, Going, permitted
from actions.services import Services
from actions.stopping import stops
from actions.turn import NEXT, SURE, Turn
from actions.waiting import asks_for_a_moment
from helder.consent.purposes import ORDER_DATA

# In every slot that is still empty when there is nothing left to ask: the form then ends, and its
# last action sees that everything was said.
OVER = "over"
# So long without a word, and people have forgotten where they were.
PAUSE = timedelta(minutes=10)
# These answer a question; every other intent may begin something else.
_ANSWERS = {"inform", "affirm", "deny", "other_order", "nlu_fallback", None}
_URGENT = {
    "are_you_human",
    "contact_human_agent",
    "discrimination",
    "distress",
    "legal_threat",
    "no_ai",
}
_YES = {
    "ja",
    "jawel",
    "jazeker",
    "graag",
    "oké",
    "oke",
    "ok",
    "prima",
    "yes",
    "yep",
    "sure",
    "okay",
}
_NO = {"nee", "neen", "niet", "no", "nope", "dont"}
# A yes with one of these after it takes something back, or asks for something else.
_BUT = {
    "maar",
    "niet",
    "nee",
    "toch",
    "wacht",
    "eerst",
    "alleen",
    "liever",
    "misschien",
    "but",
    "not",
    "no",
    "don",
    "wait",
    "first",
    "only",
    "instead",
    "rather",
    "maybe",
}
_SHORT = 5  # words; of a longer message that was not understood, the first word decides nothing
Slots = dict[str, Any]


class FormAction(HelderAction):
    """A form's listener. `slots` are its slots in the order in which they are asked."""

    form: ClassVar[str]
    begun_by: ClassVar[str]  # the intent
    slots: ClassVar[tuple[str, ...]]
    NOT_ASKED: ClassVar[str] = OVER

    def name(self) -> str:
        """See Action."""
        return f"validate_{self.form}"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if turn.returns_to(self.form):
            return []
        begins = turn.begins(self.form)
        if not begins:
            self._remind(turn, voice)
        if not begins and turn.requested and asks_for_a_moment(turn.words()):
            voice.say("utter_take_your_time")
            return [SlotSet(turn.requested, None)]  # so that it is asked again
        if not begins and self.is_ended_by(turn):
            voice.say("utter_stopped")
            found = self.over(turn, {}) | {NEXT: None}
            return [SlotSet(name, value) for name, value in found.items()]
        lacking = f"utter_lacking_{turn.requested}"
        if not begins and turn.lacks_it() and self.services.phrases.has(lacking):
            voice.say(lacking)
            return [SlotSet(str(turn.requested), None)]
        going = permitted(self, turn, voice, begins)
        if not going.waits:
            return self._go_on(going, voice)
        done = {NEXT: None} if begins and turn.does_next else {}
        return [SlotSet(name, value) for name, value in (going.found | done).items()]

    def _go_on(self, going: Going, voice: Voice) -> Events:
        """Listen, once it is known whether order data may be used."""
        turn, begins = going.turn, going.begins
        if not begins and self._is_for_others(turn):
            taken = self.taken_along(turn, voice)
            noted = [SlotSet(name, value) for name, value in taken.items()]
            return [*noted, ActionExecutionRejected(self.form)]
        requested = None if begins else turn.requested
        if requested == PERMISSION:
            return []
        besides = self._besides(turn, voice) if begins else {}
        found = self.listen(turn, voice, requested, begins)
        if begins and NEXT not in besides:
            self._name_next(turn, voice, found)
        found |= besides
        if found or begins:  # nothing at all lets the rules have the message
            found |= {n: value for n, value in going.found.items() if turn.slot(n) != value}
        return [SlotSet(name, value) for name, value in found.items()]

    def needs_order_data(self, turn: Turn) -> bool:  # noqa: ARG002 - for those that do at times
        """May the form need the customer's order data? Then they are asked first."""
        return True

    def permission_in(self, turn: Turn) -> str | None:
        """The answer to "may I use your order data?": `yes`, `no`, or None when it is neither."""
        if turn.intent == "give_consent":
            return "yes"
        if turn.intent == "stop_using_my_data":
            return "no"
        words = turn.words()
        if turn.intent == "inform" and words and words[0] in _YES and not _BUT & set(words):
            return "yes"  # "ja, mijn postcode is 1234 AB"
        return yes_or_no(turn, self.begun_by)

    def refused(self, turn: Turn, voice: Voice, *, asked: bool) -> Going:
        """What a no means for this form: it ends, and nobody is asked again. `asked`: just now."""
        say_without(self.services, turn, voice, asked=asked)
        found = self.over(turn, {}) | {PERMISSION: "no", WAITING: None}
        if "order_proof" in self.slots:
            found["order_proof"] = OVER
        return Going(turn, False, found, waits=True)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """What this message gives. `requested` is the slot that was asked for."""
        raise NotImplementedError

    def is_ended_by(self, turn: Turn) -> bool:
        """Does the message end the form, whatever the classifier makes of it?"""
        return not turn.is_choice and stops(turn.words())

    def taken_along(self, turn: Turn, voice: Voice) -> Slots:  # noqa: ARG002 - for those who can
        """What a message that is for others answers of our question, before its own topic."""
        return {}

    def _remind(self, turn: Turn, voice: Voice) -> None:
        """After a long silence: what was this about?"""
        silent = turn.silence(self.services.clock())
        title = f"utter_reading_{self.begun_by}"
        if silent > PAUSE and self.services.phrases.has(title) and not self._is_for_others(turn):
            about, number = voice.words.phrase(title), turn.slot("order_number")
            named = number and number != OVER
            voice.say("utter_form_resumed", request=f"{about}, {number}" if named else about)

    def _besides(self, turn: Turn, voice: Voice) -> Slots:
        """What was asked besides, answered at once if that takes no form of its own."""
        if turn.does_next:  # this form is it; Rasa read the message once more when it began
            return {NEXT: None}
        request, flow = waiting(turn, self.services)
        if request is None or (flow and flow.form):
            return {}
        if flow:
            carry_out(request, flow, turn, voice, self.others)
        return {NEXT: None}

    def _name_next(self, turn: Turn, voice: Voice, found: Slots) -> None:
        """What was asked besides and waits is named, unless it is its turn at once."""
        request = turn.next_request
        held = {name: turn.slot(name) for name in self.slots} | found
        if request and None in held.values():
            named = titled(request, request.number(turn.slot("order_number")), voice)
            voice.say("utter_next_request_later", request=named)

    def over(self, turn: Turn, found: Slots) -> Slots:
        """`found`, with the rest of the form filled in, so that it ends."""
        held = {name: turn.slot(name) for name in self.slots} | found
        return found | {name: OVER for name, value in held.items() if value is None}

    def _is_for_others(self, turn: Turn) -> bool:
        """Does the message begin something else, even if it holds a datum of ours?"""
        if turn.intent in _ANSWERS or turn.intent == self.begun_by:
            return False
        if turn.is_choice:
            return True
        # No form may keep somebody from a person, or from the truth about the assistant.
        if turn.intent in _URGENT and not turn.mentions_data():
            return True
        # "HD-204817 please" is a datum, whatever the classifier makes of the rest.
        return turn.confidence >= SURE and len(turn.words()) >= 2


def say_without(services: Services, turn: Turn, voice: Voice, *, asked: bool) -> None:
    """After a no: what it costs, and how to change one's mind. Later: that it still holds."""
    words = services.consents.purpose(ORDER_DATA).said(turn.language)
    if asked:
        voice.say("utter_consent_declined", without=words.without)
    else:
        voice.say("utter_consent_declined_before")


def yes_or_no(turn: Turn, own: str) -> str | None:
    """The answer to "shall I?": `yes`, `no`, or None when the message is neither.

    "Ja, annuleer maar" reads as the topic itself; then its first word decides, unless it goes on
    as "ja, maar …": what is done next cannot be undone.
    """
    words = turn.words()
    if turn.intent == "deny":
        return "no"
    if turn.intent == "affirm":
        return "yes" if turn.confidence >= SURE or not _BUT & set(words) else None
    if turn.intent in (own, "nlu_fallback") and words and not turn.is_choice:
        if words[0] in _NO:
            return "no"
        return "yes" if words[0] in _YES and _means_it(turn, words[1:]) else None
    return None


def _means_it(turn: Turn, words: list[str]) -> bool:
    """Is the rest of a message that begins with yes a yes too?"""
    if words and words[-1] == "maar":  # "doe maar"
        words = words[:-1]
    understood = turn.intent != "nlu_fallback" or len(words) < _SHORT
    return understood and "?" not in turn.text and not _BUT & set(words)
