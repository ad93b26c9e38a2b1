"""How forms listen: what a message gives them, and when they let another topic have it.

A form is one object per `validate_<form>` of the domain. It is called at three moments (seen in
rasa/core/actions/forms.py): when the form begins, for every message while it is active, and when it
asks again after an interruption. What it returns as slots is what the form has; nothing returned
while active lets the rules have the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.next_request import answered, every_request, listed
from actions.permission import ANSWER, PERMISSION, WAITING, Going, permitted, waiting_in
from actions.permitting import doubts, permits
from actions.readings import clarify_in_form, is_what_was_masked
from actions.requests import NEXT, Request, read, written
from actions.services import Services
from actions.stopping import stops
from actions.turn import SURE, Turn
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
    "bereavement",
    "vulnerable",
    "no_ai",
}
# One of these is done in place of another, not after it.
_INSTEAD = {"cancel_order", "change_order", "return_item", "get_refund", "change_shipping_address"}
_PERSON = "message_form"
# Of these, the rules end whatever form is open.
_ENDS = {"goodbye", "stop"}
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
            return self._asked_besides_in_between(turn, voice)
        begins = turn.begins(self.form)
        if not begins:
            self._remind(turn, voice)
        if (
            not begins
            and turn.requested
            and asks_for_a_moment(turn.words(), turn.vocabulary.waiting)
        ):
            voice.say("utter_take_your_time")
            return [SlotSet(turn.requested, None)]  # so that it is asked again
        if not begins and self.is_ended_by(turn):
            voice.say("utter_stopped")
            found = self.over(turn, {}) | {NEXT: None}
            return [SlotSet(name, value) for name, value in found.items()]
        lacking = f"utter_lacking_{turn.requested}"
        unsure = turn.lacks_it() or _hesitates(turn)
        if not begins and unsure and self.services.phrases.has(lacking):
            voice.say(lacking)
            return [SlotSet(str(turn.requested), None)]
        going = permitted(self, turn, voice, begins)
        if not going.waits:
            return self._go_on(going, voice)
        kept = written(every_request(turn))  # what was asked besides waits for the answer too
        found = going.found | ({NEXT: kept} if kept != turn.slot(NEXT) else {})
        return [SlotSet(name, value) for name, value in found.items()]

    def _go_on(self, going: Going, voice: Voice) -> Events:
        """Listen, once it is known whether order data may be used."""
        turn, begins = going.turn, going.begins
        if not begins and self._is_for_others(turn):
            later = self._comes_back(turn)
            taken = self.taken_along(turn, voice) | later
            if not later:
                self._set_aside(turn, voice)
            noted = [SlotSet(name, value) for name, value in taken.items()]
            return [*noted, ActionExecutionRejected(self.form)]
        requested = None if begins else turn.requested
        if requested == PERMISSION:
            return self._left(turn, voice)
        waiting = self._besides(turn, voice) if begins else ()
        found = self.listen(turn, voice, requested, begins)
        if not found and not begins:
            return self._left(turn, voice)
        found |= {n: value for n, value in going.found.items() if turn.slot(n) != value}
        if begins:
            found |= self._then(waiting, turn, voice, found)
        return [SlotSet(name, value) for name, value in found.items()]

    def needs_order_data(self, turn: Turn) -> bool:  # noqa: ARG002 - for those that do at times
        """May the form need the customer's order data? Then they are asked first."""
        return True

    def permission_in(self, turn: Turn) -> str | None:
        """The answer to "may I use your order data?": `yes`, `no`, or None when it is neither."""
        if reply := permits(turn, self.begun_by):
            return reply
        if turn.intent == "stop_using_my_data":
            return "no"
        sure = turn.is_choice or (turn.confidence >= SURE and "?" not in turn.text)
        return "yes" if turn.intent == "give_consent" and sure else None

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
        return not turn.is_choice and stops(turn.words(), turn.vocabulary)

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

    def _besides(self, turn: Turn, voice: Voice) -> Sequence[Request]:
        """What was asked besides, answered at once if that takes no form of its own; the rest."""
        if turn.does_next:  # this form is one of them, and the others wait
            return turn.requests
        return answered(every_request(turn), turn, voice, self.services, self.others)[0]

    def _then(self, waiting: Sequence[Request], turn: Turn, voice: Voice, found: Slots) -> Slots:
        """What waits is named, once, unless it is its turn at once."""
        held = {name: turn.slot(name) for name in self.slots} | found
        if waiting and not turn.does_next and None in held.values():
            name_later(waiting, voice)
        then = written((*read(found.get(NEXT)), *waiting))
        # Rasa reads the message once more when a form begins, and with it what was asked besides.
        return {NEXT: then} if then or turn.slot(NEXT) else {}

    def _comes_back(self, turn: Turn) -> Slots:
        """A task chosen because a message was not understood: this form is for after it."""
        flow = self.services.flows.get(turn.intent or "")
        chosen = turn.is_choice and turn.said_before("utter_not_understood_in_form")
        if not chosen or flow is None or flow.form in (None, _PERSON):
            return {}
        if {turn.intent, self.begun_by} <= _INSTEAD:
            return {}
        number = turn.slot("order_number")
        named = isinstance(number, str) and number != OVER and "order_number" in self.slots
        entities = ({"entity": "order_number", "value": number},) if named else ()
        own = waiting_in(turn) or Request(self.begun_by, "", entities)
        return {NEXT: written([own, *turn.requests])}

    def _left(self, turn: Turn, voice: Voice) -> Events:
        """Nothing of the message is for this form. It is not left at a mere guess."""
        if turn.requested and (self._is_repeated(turn) or is_what_was_masked(turn)):
            return [SlotSet(turn.requested, None)]  # so that it is asked again
        ends = turn.intent in _ENDS or self._replaced_by(turn)
        sure = turn.is_choice or turn.confidence >= SURE or turn.intent in _URGENT
        if ends and not sure and turn.requested:
            clarify_in_form(turn, voice, self.services)
            return [SlotSet(turn.requested, None)]
        if self._set_aside(turn, voice):
            return [ActionExecutionRejected(self.form)]
        return []

    def _is_repeated(self, turn: Turn) -> bool:
        """Is it what the form was begun with, once more: "where is my parcel?"?

        At a question for a yes it may be less than that: "yes, cancel it, but not now".
        """
        mine = turn.intent == self.begun_by and turn.confidence >= SURE and not turn.is_choice
        return mine and not str(turn.requested).endswith("_confirmed")

    def _replaced_by(self, turn: Turn) -> str | None:
        """The other form that the rules begin with this message, if they do."""
        flow = self.services.flows.get(turn.intent or "")
        return flow.form if flow and flow.form != self.form else None

    def _set_aside(self, turn: Turn, voice: Voice) -> bool:
        """Says what was not done, if it was about to be when another form takes over."""
        undone = f"utter_set_aside_{self.begun_by}"
        about_to = (turn.requested or "").endswith("_confirmed")
        other = self._replaced_by(turn)
        if not about_to or other in (None, _PERSON) or not self.services.phrases.has(undone):
            return False
        voice.say(undone)
        return True

    def _asked_besides_in_between(self, turn: Turn, voice: Voice) -> Events:
        """Of two requests in the middle of a form, the first was answered by its rule."""
        if not turn.entity(NEXT):
            return []
        tasks, _ = answered(turn.requests, turn, voice, self.services, self.others)
        if tasks:
            name_later(tasks, voice)
        return [SlotSet(NEXT, written((*turn.earlier_requests, *tasks)))]

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


def _hesitates(turn: Turn) -> bool:
    """Does the customer not know yet whether they agree?"""
    return turn.requested in (PERMISSION, ANSWER) and doubts(turn.words())


def say_without(services: Services, turn: Turn, voice: Voice, *, asked: bool) -> None:
    """After a no: what it costs, and how to change one's mind. Later: that it still holds."""
    words = services.consents.purpose(ORDER_DATA).said(turn.language)
    if asked:
        voice.say("utter_consent_declined", without=words.without)
    else:
        voice.say("utter_consent_declined_before")


def name_later(requests: Sequence[Request], voice: Voice) -> None:
    """Tells that these are not forgotten."""
    key = "utter_next_requests_later" if len(requests) > 1 else "utter_next_request_later"
    voice.say(key, request=listed(requests, voice))
