"""Changing one's mind: another order, and stop; and a datum that nobody asked for."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.account import CLOSING, PASSWORD
from actions.address import ADDRESS, DRAFT
from actions.base import Events, HelderAction, Voice
from actions.history import OTHER_ORDER
from actions.newsletter import NEWSLETTER
from actions.offers import offered, readdressed
from actions.order_forms import ask_which
from actions.orders import CANCEL
from actions.readings import clarify_in_form
from actions.requests import NEXT
from actions.returns import RETURN
from actions.tasks import TASKS
from actions.turn import Turn

ORDER_FORMS = tuple(f"{task}_form" for task in TASKS)
_ANSWERS = (*CANCEL, *RETURN, *ADDRESS, DRAFT)
_OTHERS = (*NEWSLETTER, *PASSWORD, *CLOSING, "message_text", "contact")
# What was done by these cannot be taken back here.
_DONE = {"cancel_order", "return_item", "change_shipping_address"}
_ABOUT_ORDER = ("order_number", "order_proof", *_ANSWERS)


class OtherOrder(HelderAction):
    """Forgets which order it was; the form that is open, or the last task's, asks again."""

    called = OTHER_ORDER

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        forget: Events = [SlotSet(name, None) for name in _ABOUT_ORDER]
        several = turn.names_several_orders()
        given = None if several else turn.entity("order_number")
        if given:
            forget.append(SlotSet("order_number", given))
        if turn.form in ORDER_FORMS:
            return forget
        task = turn.slot("task")
        if task is None:
            if several:
                ask_which(turn, voice)
            elif given:
                voice.say("utter_order_number_noted", order_number=given)
            else:
                voice.say("utter_other_order_for_what")
            return forget
        return [*forget, FollowupAction(f"{task}_form")]


class Stop(HelderAction):
    """Leaves the form that is open, and says so."""

    called = "action_stop"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        taken_back = turn.vocabulary.stopping.undo & set(turn.words())
        undo = not turn.form and taken_back and turn.slot("task") in _DONE
        ended = "utter_cannot_undo" if undo else "utter_nothing_to_stop"
        voice.say("utter_stopped" if turn.form else ended)
        about = [name for name in (*_ANSWERS, *_OTHERS) if turn.slot(name)]
        forget: Events = [SlotSet(name, None) for name in about]
        forget.append(SlotSet(NEXT, None))
        return [*forget, ActiveLoop(None), SlotSet("requested_slot", None)]


class Inform(HelderAction):
    """A datum that nobody asked for: what is it for?"""

    called = "action_inform"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        number = turn.entity("order_number")
        task = turn.task() or (offered(turn) if number else None)
        if turn.form:
            clarify_in_form(turn, voice, self.services)
        elif task:  # "where is HD-204817, my postcode is …" names more than it asks
            return [FollowupAction(f"{task}_form")]
        elif turn.names_several_orders():
            ask_which(turn, voice)
            return [SlotSet("order_number", None)]
        elif number:
            voice.say("utter_order_number_noted", order_number=number)
        elif task := readdressed(turn):
            return [FollowupAction(f"{task}_form")]
        else:
            voice.say("utter_datum_for_what")
        return []
