"""Sending something back: which of it, why (nobody has to say), and really."""

from __future__ import annotations

from datetime import date

from actions.agreeing import yes_or_no
from actions.base import Events, HelderAction, Voice
from actions.counts import count_in
from actions.exchange import CHOICE, NEW, choice_in, refer_exchange, without_suggestion
from actions.forms import OVER, Slots
from actions.named_lines import chosen_in, names_any
from actions.order_forms import PROVEN, OrderForm
from actions.orders import facts_in_words, finished
from actions.return_lines import chosen_before, named, of_lines, written
from actions.turn import Turn
from helder.decisions.record import Decision
from helder.shop.errors import NotAllowed, Reason
from helder.shop.facts import Besides
from helder.shop.gate import NotProven
from helder.shop.model import (
    OrderNumber,
    OrderState,
    ReturnLine,
    ReturnReason,
)
from helder.shop.policy import RETURNS

RETURN = ("return_lines", "return_quantity", "return_reason", CHOICE, "return_confirmed")
_SHORT = 5  # words around a reason
_REASONS = {reason.value for reason in ReturnReason}


class ReturnForm(OrderForm):
    """Returning: what cannot be returned is said before anything else is asked."""

    form = "return_item_form"
    begun_by = "return_item"
    more = RETURN

    def _is_for_others(self, turn: Turn) -> bool:
        if turn.requested == "return_lines" and self._names_a_line(turn):
            return False
        if turn.requested == CHOICE and choice_in(turn):
            return False
        asked = turn.requested == "return_reason" and not turn.is_choice
        answers = _gives_no_reason(turn) or _gives_a_reason(turn)
        return not (asked and answers) and super()._is_for_others(turn)

    def _names_a_line(self, turn: Turn) -> bool:
        """Is it about what was asked: what is in the order?"""
        number = turn.slot("order_number")
        if turn.is_choice or "?" in turn.text or turn.order_numbers():
            return False
        return names_any(turn, self.services.shop(turn.conversation).order(number))

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction. A reason may come at any time, in the first message too."""
        found = super().listen(turn, voice, requested, begins)
        why = _reason(turn, requested)
        if found.get("return_reason", OVER) is None:  # all about the order began anew
            why = why or self._reason_before(turn, requested)
        known = found.get("return_reason") is None
        found |= {"return_reason": why} if why and known else {}
        chosen = choice_in(turn) if requested == CHOICE else None
        if chosen:  # for a new one nothing is to be confirmed: a colleague arranges it
            found |= {CHOICE: chosen} | ({"return_confirmed": OVER} if chosen == NEW else {})
        proven = found.get("order_proof", turn.slot("order_proof")) == PROVEN
        return found | (without_suggestion(self.services, turn, found) if proven else {})

    def with_order(
        self, turn: Turn, voice: Voice, number: OrderNumber, requested: str | None, fresh: bool
    ) -> Slots:
        """See OrderForm."""
        shop = self.services.shop(turn.conversation)
        if fresh:
            why = _reason(turn, requested) or self._reason_before(turn, requested)
            told = Besides(reason=ReturnReason(why) if why else None)
            decision = shop.decide(RETURNS, number, told)
            try:
                lines = shop.returnable(number).lines
            except NotAllowed as refused:
                if shop.order(number).state is OrderState.CANCELLED:
                    voice.decided(refused.decision)
                    voice.say("utter_return_refused_cancelled", order_number=number)
                else:
                    say_return_refused(_decided_with(decision, refused), number, voice)
                return self.over(turn, dict.fromkeys(RETURN, OVER))
            voice.decided(decision)
            if len(lines) == 1:
                return of_lines(turn, lines)
            first = turn.first_about(self.form)  # it may have said which already
            if first is None or not names_any(first, shop.order(number)):
                return {}
            chosen = chosen_in(first, shop.order(number), lines)
            return of_lines(first, chosen, said=True) if chosen else {}
        if requested == "return_lines":
            lines = shop.returnable(number).lines
            chosen = chosen_in(turn, shop.order(number), lines)
            if not chosen and self._names_a_line(turn):
                voice.say("utter_return_lines_unclear")
                return {"return_lines": None}
            return of_lines(turn, chosen, said=True) if chosen else {}
        if requested == "return_quantity":
            return self._counted(turn, voice, chosen_before(turn)[0])
        if requested == "return_confirmed":
            answer = yes_or_no(turn, self.begun_by)
            return {"return_confirmed": answer} if answer else {}
        return {}

    def _reason_before(self, turn: Turn, requested: str | None) -> str | None:
        """The reason that was told already, of the order that it is about now."""
        held = turn.slot("return_reason")
        other = turn.begins(self.form) or turn.entity("order_number")
        same = requested == "order_number" or not other
        return held if same and held in _REASONS else None

    def _counted(self, turn: Turn, voice: Voice, line: ReturnLine) -> Slots:
        """So many of a line of several; more than there are is said and asked again."""
        count = count_in(turn, line.quantity, asked=True)
        if count is None:
            return {}
        if not 1 <= count <= line.quantity:
            voice.say("utter_return_quantity_most", most=str(line.quantity))
            return {"return_quantity": None}
        chosen = ReturnLine(line.line, count)
        return {"return_lines": written([chosen]), "return_quantity": str(count)}


class AskReturnConfirmed(HelderAction):
    """Names what would come back, and asks."""

    called = "action_ask_return_confirmed"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        shop = self.services.shop(turn.conversation)
        number = turn.slot("order_number")
        order = shop.order(number)
        items = named(order, chosen_before(turn), voice)
        voice.say("utter_ask_return_confirmed", order_number=number, items=items)
        return []


class RegisterReturn(HelderAction):
    """Registers the return, if the customer said yes."""

    called = "action_register_return"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        answer = turn.slot("return_confirmed")
        if answer == "no":
            voice.say("utter_return_not_done", order_number=turn.slot("order_number"))
        if answer == "yes":
            self._register(turn, voice, turn.slot("order_number"))
        more = refer_exchange(self, turn, voice) if turn.slot(CHOICE) == NEW else []
        return [*finished(turn, "return_item", *RETURN), *more]

    def when_unavailable(self, turn: Turn) -> Events:
        """Nothing is confirmed any more; asking again starts the form."""
        return finished(turn, "return_item", *RETURN)

    def _register(self, turn: Turn, voice: Voice, number: OrderNumber) -> None:
        shop = self.services.shop(turn.conversation)
        try:
            done = shop.request_return(
                number,
                chosen_before(turn),
                ReturnReason(turn.slot("return_reason")),
                idempotency_key=f"{turn.key}:return",
            )
        except NotAllowed as refused:
            say_return_refused(refused, number, voice)
        except NotProven:
            voice.say("utter_not_proven")
        else:
            voice.say(
                "utter_return_registered",
                return_number=done.number,
                send_before=voice.words.day(done.send_before),
                amount=voice.words.money(done.amount),
            )


def _decided_with(decision: Decision | None, refused: NotAllowed) -> NotAllowed:
    """The refusal, as it is once the customer's reason counts too."""
    if decision is None or not decision.refused:
        return refused
    rules = {reason.value: reason for reason in Reason}
    return NotAllowed(rules.get(decision.rule, Reason.BY_POLICY), refused.facts, decision)


def say_return_refused(refused: NotAllowed, number: OrderNumber, voice: Voice) -> None:
    """Why something cannot be returned, in the shop's own reasons."""
    voice.decided(refused.decision)
    facts = facts_in_words(refused, voice.words)
    if refused.reason is Reason.WINDOW_OVER and {"delivered_on", "last_day"} <= set(facts):
        voice.say(
            "utter_return_refused_window_over",
            delivered_on=facts["delivered_on"],
            last_day=voice.words.day(date.fromisoformat(refused.facts["last_day"])),
            window_days=facts.get("window_days", ""),
        )
    elif refused.reason in (
        Reason.NOT_DELIVERED,
        Reason.NOT_RETURNABLE,
        Reason.ALREADY_RETURNED,
    ):
        voice.say(f"utter_return_refused_{refused.reason.value}", order_number=number)
    elif not voice.say_rule(refused.decision, number):
        voice.say("utter_return_refused", order_number=number)


def _reason(turn: Turn, requested: str | None) -> str | None:
    given = turn.entity("return_reason")
    if given in _REASONS:
        return given
    if requested != "return_reason" or turn.is_choice:
        return None
    skips = bool(turn.vocabulary.returns.skips & set(turn.words()))
    none = skips or turn.intent == "deny" or _gives_no_reason(turn)
    return ReturnReason.NOT_GIVEN.value if none else None


def _gives_a_reason(turn: Turn) -> bool:
    """Is it a reason and little else? "It is too small" is no wish to exchange it here."""
    return bool(turn.entity("return_reason")) and len(turn.words()) <= _SHORT


def _gives_no_reason(turn: Turn) -> bool:
    """Is it "sla over", "weet ik niet", "liever niet"?"""
    words, said = set(turn.words()), turn.vocabulary.returns
    no_reason = said.skips | said.no_reason
    return bool(words & no_reason) and words <= no_reason | said.around_no_reason
