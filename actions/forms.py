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
from actions.next_request import answered, listed
from actions.requests import NEXT, Request, read, written
from actions.stopping import stops
from actions.turn import SURE, Turn
from actions.waiting import asks_for_a_moment

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
# One of these is done in place of another, not after it.
_INSTEAD = {"cancel_order", "change_order", "return_item", "get_refund", "change_shipping_address"}
_PERSON = "message_form"
_SHORT = 5  # words; of a longer message that was not understood, the first word decides nothing
Slots = dict[str, Any]


class FormAction(HelderAction):
    """A form's listener. `slots` are its slots in the order in which they are asked."""

    form: ClassVar[str]
    begun_by: ClassVar[str]  # the intent
    slots: ClassVar[tuple[str, ...]]

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
        if not begins and self._is_for_others(turn):
            taken = self.taken_along(turn, voice) | self._comes_back(turn)
            noted = [SlotSet(name, value) for name, value in taken.items()]
            return [*noted, ActionExecutionRejected(self.form)]
        waiting = self._besides(turn, voice) if begins else ()
        found = self.listen(turn, voice, None if begins else turn.requested, begins)
        if begins:
            found |= self._then(waiting, turn, voice, found)
        return [SlotSet(name, value) for name, value in found.items()]

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

    def _besides(self, turn: Turn, voice: Voice) -> Sequence[Request]:
        """What was asked besides, answered at once if that takes no form of its own; the rest."""
        if turn.does_next:  # this form is one of them, and the others wait
            return turn.requests
        earlier = turn.earlier_requests if turn.entity(NEXT) else ()
        every = (*earlier, *turn.requests)
        return answered(every, turn, voice, self.services, self.others)[0]

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
        own = Request(self.begun_by, "", entities)
        return {NEXT: written([own, *turn.requests])}

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


def name_later(requests: Sequence[Request], voice: Voice) -> None:
    """Tells that these are not forgotten."""
    key = "utter_next_requests_later" if len(requests) > 1 else "utter_next_request_later"
    voice.say(key, request=listed(requests, voice))


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
