"""Before a form looks at order data: may it? Asked once, in one question, with two equal answers.

The record of the answer decides (helder.consent), not the slot; the shop refuses without it
anyway. What began the form waits meanwhile, and is listened to as if it came after the yes. So
nobody has to say anything twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from actions.about_consent import asks_about, tell_about
from actions.permitting import allows_a_part
from actions.requests import NEXT, Request, read, written
from actions.turn import Turn
from helder.consent.purposes import ORDER_DATA
from helder.consent.records import Method, State
from helder.conversation.entries import ConversationId
from helder.conversation.proofs import CUSTOMER

if TYPE_CHECKING:
    from actions.base import Voice
    from actions.forms import FormAction, Slots

PERMISSION = "order_consent"  # the slot: yes, no, or OVER where no order data is needed
ANSWER = "consent_answer"  # the slot: the answer about another purpose
WAITING = "before_consent"  # the slot: what began the form
_DATA = ("order_number", "postcode", "email")


class Going(NamedTuple):
    """How the form goes on: with this turn, as its beginning or not; or only with these slots."""

    turn: Turn
    begins: bool
    found: Slots
    waits: bool = False  # only `found`: nothing else of the form is done now


def permitted(form: FormAction, turn: Turn, voice: Voice, begins: bool) -> Going:
    """May the form go on? What it does instead is in `found`."""
    if PERMISSION not in form.slots:
        return Going(turn, begins, {})
    if not form.needs_order_data(turn):
        # Something must be in the slot, or it would be asked.
        return Going(turn, begins, {PERMISSION: turn.slot(PERMISSION) or form.NOT_ASKED})
    consents, conversation = form.services.consents, ConversationId(turn.conversation)
    asked = turn.requested == PERMISSION and not begins
    answer = consents.answer(conversation, ORDER_DATA)
    if consents.granted(conversation, ORDER_DATA):
        if asked:  # given elsewhere meanwhile: in the customer's own overview
            return _begin_again(turn, "yes")
        return Going(turn, begins, {PERMISSION: "yes"})
    if begins and answer is None:
        return Going(turn, True, {PERMISSION: None, WAITING: _written(_opening(turn))}, waits=True)
    if not asked and turn.slot(PERMISSION) == "no" and not begins:
        return Going(turn, begins, {})  # a form that goes on without it
    if not asked:  # refused before, or withdrawn since
        return form.refused(turn, voice, asked=False)
    return _answered(form, turn, voice)


def _answered(form: FormAction, turn: Turn, voice: Voice) -> Going:
    consents, conversation = form.services.consents, ConversationId(turn.conversation)
    reply = form.permission_in(turn)
    if reply == "yes":
        given = consents.give(conversation, ORDER_DATA, turn.language, how(turn), sent=turn.sent)
        if given.state is not State.GIVEN:  # taken back while this yes waited
            return form.refused(turn, voice, asked=True)
        voice.say("utter_consent_thanks")
        return _begin_again(turn, "yes")
    if reply == "no":
        consents.decline(conversation, ORDER_DATA, turn.language, how(turn))
        return form.refused(turn, voice, asked=True)
    if turn.entity(*_DATA) and turn.intent in ("inform", form.begun_by, "nlu_fallback"):
        voice.say("utter_consent_first")
        with_it = _written(_with_data(_waiting(turn), turn))
        return Going(turn, False, {PERMISSION: None, WAITING: with_it}, waits=True)
    if asks_about(turn):
        tell_about(form.services, ORDER_DATA, turn, voice)
        return Going(turn, False, {PERMISSION: None}, waits=True)
    again = turn.intent == form.begun_by and not turn.is_choice
    if not again and allows_a_part(turn):
        voice.say("utter_consent_whole")
        return Going(turn, False, {PERMISSION: None}, waits=True)
    return Going(turn, False, {PERMISSION: None} if again else {}, waits=again)


def how(turn: Turn) -> Method:
    """A button, or words of one's own."""
    return Method.BUTTON if turn.is_choice else Method.WORDS


def is_signed_in(form: FormAction, turn: Turn) -> bool:
    """Did the shop's own site say who this is?"""
    return bool(form.services.proofs.subjects(ConversationId(turn.conversation), CUSTOMER))


def without_it(turn: Turn) -> Going:
    """The form goes on as it began, without order data."""
    return _begin_again(turn, "no")


def _begin_again(turn: Turn, reply: str) -> Going:
    again = turn.about(_with_data(_waiting(turn), turn), begins=True)  # "yes, 1234 AB"
    # Which of several orders is meant is asked with the message at hand that names them.
    kept = turn.slot(WAITING) if again.names_several_orders() else None
    return Going(again, True, {PERMISSION: reply, WAITING: kept})


def waiting_in(turn: Turn) -> Request | None:
    """What was asked for before the question, if it still waits for the answer."""
    return next(iter(read(turn.slot(WAITING))), None)


def _waiting(turn: Turn) -> Request:
    return waiting_in(turn) or _opening(turn)


def _opening(turn: Turn) -> Request:
    # What was asked besides waits in a slot of its own.
    entities = tuple(e for e in turn.entities if e.get("entity") != NEXT)
    return Request(turn.intent or "", turn.text, entities)


def _written(request: Request) -> str | None:
    return written([request])


def _with_data(request: Request, turn: Turn) -> Request:
    """The data of this message besides; it stands nowhere in the text that waits.

    What is asked besides the yes is an entity of this message, and comes along.
    """
    more = [e for e in turn.entities if e.get("entity") in (*_DATA, NEXT)]
    plain = ({"entity": e["entity"], "value": e["value"]} for e in more)
    return request._replace(entities=(*request.entities, *plain))
