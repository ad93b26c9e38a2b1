"""What was not understood: the two likeliest readings, or a person."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.fetching import OFFERED, can_come
from actions.offers import offered, readdressed
from actions.order_forms import ask_which
from actions.person import help_in_distress
from actions.readings import clarify_in_form, is_what_was_masked, readings_of
from actions.turn import Turn

SAFE = 0.2  # for somebody in distress
# After these, whoever says yes or no is offered a person.
_GRAVE = ("utter_distress", "utter_discrimination", "utter_legal_threat")
_PERSON_OFFERED, _OFFER = "utter_yes_or_no_person", "action_offer_person"
_ERASING = ("utter_erase_my_data", "utter_erase_press")
_EXPLAINED, _REFUSED = "why_", "_refused"


class Clarify(HelderAction):
    """Asks what was meant; the second time in a row it offers a person first."""

    called = "action_clarify"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if _may_be_in_distress(turn):
            fetched = help_in_distress(self, turn, voice)
            return [*fetched, ActiveLoop(None), SlotSet("requested_slot", None)]
        return self._clarify(turn, voice)

    def _clarify(self, turn: Turn, voice: Voice) -> Events:
        task = readdressed(turn) or (offered(turn) if turn.intent == "affirm" else None)
        if task and not turn.form:
            return [FollowupAction(f"{task}_form")]
        if turn.intent in ("affirm", "deny") and not turn.form:
            return self._to_nothing(turn, voice)
        if is_what_was_masked(turn):
            if not turn.form:  # which asks again itself
                voice.say("utter_datum_for_what")
            return []
        return self._not_understood(turn, voice)

    def _not_understood(self, turn: Turn, voice: Voice) -> Events:
        if turn.said_before("utter_not_understood"):
            there = can_come(self.services, turn)
            voice.say("utter_not_understood_twice_open" if there else "utter_not_understood_twice")
        elif turn.requested == "order_number" and "no_order_number" in _likeliest(turn):
            voice.say("utter_find_order_number")
        elif turn.form:
            clarify_in_form(turn, voice, self.services)
        elif turn.entity("order_number") and (task := turn.task()):
            return [FollowupAction(f"{task}_form")]
        elif turn.names_several_orders():
            ask_which(turn, voice)
            return [SlotSet("order_number", None)]
        elif readings := readings_of(turn, voice, self.services):
            voice.ask("utter_not_understood_readings", readings)
        elif turn.entity("order_number"):
            voice.say("utter_order_number_noted", order_number=turn.entity("order_number"))
        else:
            voice.say("utter_not_understood")
        return []

    def _to_nothing(self, turn: Turn, voice: Voice) -> Events:
        """To a yes or a no that no form asked for."""
        if turn.intent == "affirm" and _offered_a_person(turn):
            return [*self.others[_OFFER].act(turn, voice), FollowupAction("message_form")]
        if turn.intent == "affirm" and _offered_to_erase(turn):
            voice.say("utter_erase_press")
        else:
            voice.say(_to_what(turn))
        return []


def _to_what(turn: Turn) -> str:
    """What is said to a yes or a no that nothing asked for. After bad news, no cheerful menu."""
    if _offered_a_person(turn) or _offered_to_erase(turn):
        return "utter_nothing_to_stop"
    if any(turn.said_before(each) for each in _GRAVE):
        return _PERSON_OFFERED
    last = (answer.response.removeprefix("utter_") for answer in turn.answers(1))
    if any(each.startswith(_EXPLAINED) or _REFUSED in each for each in last):
        return _PERSON_OFFERED
    return "utter_yes_or_no_to_what"


def _offered_a_person(turn: Turn) -> bool:
    return turn.said_before(_PERSON_OFFERED) or turn.said_before(OFFERED)


def _offered_to_erase(turn: Turn) -> bool:
    return any(turn.said_before(each) for each in _ERASING)


def _may_be_in_distress(turn: Turn) -> bool:
    """Is that the likeliest reading? Help lines given for nothing cost less than none given."""
    readings = [each for each in turn.ranking if each["name"] != "nlu_fallback"]
    likeliest = readings[0] if readings else {}
    return likeliest.get("name") == "distress" and likeliest.get("confidence", 0) >= SAFE


def _likeliest(turn: Turn) -> list[str]:
    names = [reading["name"] for reading in turn.ranking if reading["name"] != "nlu_fallback"]
    return names[:3]
