"""A new one instead of the money: suggested while something is returned, where a policy says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Events, HelderAction, Voice
from actions.forms import OVER, Slots
from actions.person import HANDOFF_REASON
from actions.return_lines import chosen_before, named, read_lines
from actions.services import Services
from actions.turn import Turn
from helder.decisions.errors import NotReplayed
from helder.decisions.policy import Result
from helder.decisions.record import Decision
from helder.shop.facts import Besides
from helder.shop.model import OrderNumber, ReturnReason
from helder.shop.policy import EXCHANGE

CHOICE = "exchange_choice"
NEW, MONEY = "new", "money"
_NEEDED = ("return_lines", "return_quantity", "return_reason")
_NEW = re.compile(r"\b(new|another|exchange|swap\w*|replace\w*|send\sit|nieuwe?|ander|ruil\w*)\b")
_MONEY = re.compile(r"\b(money|refund|cash|back|geld|terug\w*|teruggave|centen)\b")
_SHORT = 8  # words


def without_suggestion(services: Services, turn: Turn, found: Slots) -> Slots:
    """The choice, where there is none to make; nothing as long as it has to be asked."""
    held: Mapping[str, Any] = {name: turn.slot(name) for name in (*_NEEDED, CHOICE)} | found
    if held[CHOICE] is not None or any(held[name] is None for name in _NEEDED):
        return {}
    if OVER in (held[name] for name in _NEEDED):
        return {CHOICE: OVER}
    number = found.get("order_number") or turn.slot("order_number")
    return {} if _decided(services, turn, OrderNumber(number), held) else {CHOICE: MONEY}


def choice_in(turn: Turn) -> str | None:
    """The customer's choice, if the message is one."""
    given = turn.entity(CHOICE)
    if given in (NEW, MONEY):
        return given
    words = turn.plain().casefold()
    if turn.is_choice or len(turn.words()) > _SHORT or "?" in turn.text:
        return None
    new, money = _NEW.search(words), _MONEY.search(words)
    if bool(new) != bool(money):
        return NEW if new else MONEY
    return {"affirm": NEW, "deny": MONEY}.get(str(turn.intent)) if not new else None


class AskExchangeChoice(HelderAction):
    """Suggests a new one, with the reason; the customer chooses."""

    called = "action_ask_exchange_choice"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        held = {name: turn.slot(name) for name in _NEEDED}
        decision = _decided(self.services, turn, OrderNumber(turn.slot("order_number")), held)
        try:
            record = decision.encode() if decision else ""
            told = self.services.explainer.told(record, turn.language)
        except NotReplayed:  # or what was there a moment ago is sold
            voice.say("utter_ask_exchange_choice_plain")
            return []
        voice.decided(decision)
        voice.say("utter_ask_exchange_choice", reason=told.reason, contest=told.contest)
        return []


def refer_exchange(action: HelderAction, turn: Turn, voice: Voice) -> Events:
    """A new one is wanted: a colleague arranges it."""
    number = OrderNumber(turn.slot("order_number"))
    order = action.services.shop(turn.conversation).order(number)
    items = named(order, chosen_before(turn), voice)
    voice.say("utter_exchange_referred", items=items)
    offered = action.others["action_offer_person"].act(turn, voice)
    return [*offered, SlotSet(HANDOFF_REASON, EXCHANGE), FollowupAction("message_form")]


def _decided(
    services: Services, turn: Turn, number: OrderNumber, held: Mapping[str, Any]
) -> Decision | None:
    """The recommendation of a new one; None if it is not recommended."""
    lines, reason = read_lines(held["return_lines"]), ReturnReason(held["return_reason"])
    shop = services.shop(turn.conversation)
    decision = shop.decide(EXCHANGE, number, Besides(lines=lines, reason=reason))
    return decision if decision and decision.result is Result.RECOMMEND else None
