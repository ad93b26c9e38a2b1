"""Something to make up for it: for a late delivery, or as goodwill. A policy decides."""

from __future__ import annotations

import re

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.forms import OVER, Slots
from actions.order_forms import PROVEN, OrderForm
from actions.orders import finished
from actions.person import HANDOFF_REASON
from actions.turn import Turn
from helder.decisions.errors import NotReplayed
from helder.decisions.explainer import Told
from helder.decisions.policy import Result
from helder.decisions.record import Decision
from helder.shop.errors import NotAllowed
from helder.shop.facts import Besides
from helder.shop.gate import NotProven
from helder.shop.model import OrderNumber, RefundCause, ReturnReason
from helder.shop.policy import PAY_BACK_DAYS

REASON = "compensation_reason"
TASK = "ask_compensation"
BY_RULE = "by_rule"
_OFFER, _PERSON = "action_offer_person", "message_form"
_REASONS = {reason.value for reason in ReturnReason}
# Said as a noun or a verb, where the lookups know what is said of a thing.
_SAID = {
    ReturnReason.TOO_LATE: re.compile(
        r"\b(late|later|delay\w*|wait\w*|too\slong|laat|later|vertrag\w*|vertraagd\w*|wacht\w*"
        r"|te\slang|promised|beloofd\w*|delivery\scosts|bezorgkosten)\b"
    ),
    ReturnReason.DAMAGED: re.compile(
        r"\b(damage\w*|scratch\w*|dent\w*|crack\w*|(be)?schadig\w*|schade|kras\w*|bekras\w*"
        r"|deuk\w*|barst\w*)\b"
    ),
    ReturnReason.WRONG_ITEM: re.compile(r"\b(wrong|verkeerde?|mistake|fout)\b"),
}
_NOTHING_OF_THESE = re.compile(r"\b(something\selse|other|iets\sanders|anders|none|geen)\b")


class CompensationForm(OrderForm):
    """Number and proof, and what was wrong, as far as that was not said."""

    form = "ask_compensation_form"
    begun_by = TASK
    more = (REASON,)

    def _is_for_others(self, turn: Turn) -> bool:
        answers = turn.requested == REASON and not turn.is_choice and _reason(turn)
        return not answers and super()._is_for_others(turn)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction. The reason may come at any time, in the first message too."""
        found = super().listen(turn, voice, requested, begins)
        kept = None if begins else turn.slot(REASON)
        why = _reason(turn) or kept
        if why is None and requested == REASON and _none_of_these(turn):
            why = ReturnReason.NOT_GIVEN.value
        held = found.get(REASON, turn.slot(REASON))
        return found | {REASON: why} if why and (begins or held is None) else found


class Compensation(HelderAction):
    """Gives what the policy gives, says why not, or leaves it to a person."""

    called = "action_ask_compensation"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        referred, reason = False, turn.slot(REASON)
        if turn.slot("order_proof") == PROVEN and reason not in (None, OVER):
            try:
                number = OrderNumber(turn.slot("order_number"))
                referred = self._decide(turn, voice, number, ReturnReason(reason))
            except NotProven:  # the slot says more than the gate knows
                voice.say("utter_not_proven")
        events = finished(turn, TASK, REASON)
        if not referred:
            return events
        offered = self.others[_OFFER].act(turn, voice)
        reason_told = SlotSet(HANDOFF_REASON, BY_RULE)
        return [*events, *offered, reason_told, FollowupAction(_PERSON)]

    def when_unavailable(self, turn: Turn) -> Events:
        """Nothing was given; asking again asks the shop again."""
        return finished(turn, TASK, REASON)

    def _decide(self, turn: Turn, voice: Voice, number: OrderNumber, reason: ReturnReason) -> bool:
        """Give it, and say so; True if a rule leaves it to a person."""
        late = reason is ReturnReason.TOO_LATE
        cause = RefundCause.COMPENSATION if late else RefundCause.GOODWILL
        shop = self.services.shop(turn.conversation)
        # First: once it is given, the policy decides otherwise.
        decision = shop.decide(cause.value, number, Besides(reason=reason))
        key = f"{turn.key}:{cause.value}"
        try:
            given = shop.compensate(number, cause, reason, idempotency_key=key)
        except NotAllowed as refused:
            return self._refused(voice, number, refused.decision)
        days = str(PAY_BACK_DAYS)
        told = self._told(decision, voice)
        if told and told.decision.result is Result.ALLOW and told.decision.pays == given.amount:
            voice.decided(told.decision)
            voice.say("utter_compensation_paid", reason=told.reason, days=days)
        else:  # a shop with rules of its own, or a turn that is repeated
            amount = voice.words.money(given.amount)
            voice.say("utter_compensation_given", order_number=number, amount=amount, days=days)
        return False

    def _refused(self, voice: Voice, number: OrderNumber, decision: Decision | None) -> bool:
        told = self._told(decision, voice)
        if told is None:
            voice.say("utter_compensation_refused_elsewhere", order_number=number)
            return False
        voice.decided(told.decision)
        values = {"order_number": number, "reason": told.reason}
        if told.decision.result is Result.REFER:
            voice.say("utter_compensation_referred", **values)
            return True
        values["contest"] = told.contest
        if told.changed:
            voice.say("utter_compensation_refused_changed", changed=told.changed, **values)
        else:
            voice.say("utter_compensation_refused", **values)
        return False

    def _told(self, decision: Decision | None, voice: Voice) -> Told | None:
        """The explanation of a decision; None if there is none, or it cannot be replayed."""
        try:
            language = voice.words.language
            return self.services.explainer.told(decision.encode(), language) if decision else None
        except NotReplayed:
            return None


def _reason(turn: Turn) -> str | None:
    """What was wrong, as the message says."""
    given = turn.entity("return_reason")
    if given in _REASONS:
        return given
    words = turn.plain().casefold()
    if turn.is_choice:
        return None
    return next((reason.value for reason, said in _SAID.items() if said.search(words)), None)


def _none_of_these(turn: Turn) -> bool:
    said = _NOTHING_OF_THESE.search(turn.text.casefold())
    return not turn.is_choice and (turn.intent == "deny" or bool(said))
