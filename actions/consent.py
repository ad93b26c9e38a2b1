"""Consent in the dialogue: asked for one purpose at a time, given, refused, taken back, told.

What is said about a purpose comes from policies/consent.yml, so that it is what the record says.
"""

from __future__ import annotations

import re

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.about_consent import asks_about, tell_about
from actions.base import Events, HelderAction, Voice
from actions.forms import FormAction, Slots
from actions.permission import ANSWER, PERMISSION, how
from actions.turn import SURE, Turn
from helder.consent.purposes import IMPROVEMENT, KEEP_CONVERSATION, ORDER_DATA, Words
from helder.consent.records import State
from helder.conversation.entries import ConversationId

_PURPOSE = "purpose"  # the entity that a button brings along
ASKED_FOR = "consent_purpose"  # the slot: what the form asks for
_TASK = "consent"
_ERASES = "erase_my_data"
# What a purpose is called in customers' own words; the first that fits.
_WORDS = {
    KEEP_CONVERSATION: re.compile(
        r"\b(keep\w*|kept|stor(e|ed|ing)|sav(e|ed|ing)|bewa\w+|opsla\w+|opgeslagen)\b"
        r"(?=.*\b(conversation|chat|this|gesprek\w*|dit|hiervan)\b)"
        r"|\b(conversation|chat|this|gesprek\w*|dit|hiervan)\b(?=.*\b(kept|stored|saved|bewa\w+|opsla\w+|opgeslagen)\b)"
    ),
    IMPROVEMENT: re.compile(r"\b(improv\w*|train\w*|learn\w*|verbeter\w*|leren|leert)\b"),
    ORDER_DATA: re.compile(r"\b(orders?|ordering|purchases?|bought|\w*bestel\w*|gekocht)\b"),
}
# Nobody is asked for these here, and nothing here needs to be taken back for them.
_ELSEWHERE = re.compile(
    r"\b(market\w*|advert\w*|reclame\w*|cookies?|sell\w*|verko\w+|third part\w*|derden"
    r"|profil\w*|profiel\w*|track(ing)? me|nieuwsbri\w+|newsletter)\b"
)


class AskOrderConsent(HelderAction):
    """May your order data be used? One question, two answers that are equally easy."""

    called = "action_ask_order_consent"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        _ask(self, ORDER_DATA, turn, voice, "/affirm", "/deny")
        return []


class AskConsent(HelderAction):
    """The same for the purpose that the customer brought up."""

    called = "action_ask_consent_answer"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        _ask(self, turn.slot(ASKED_FOR), turn, voice, "/affirm", "/deny")
        return []


class ConsentForm(FormAction):
    """Listens to the answer about one purpose."""

    form = "consent_form"
    begun_by = "give_consent"
    slots = (ANSWER,)

    def listen(
        self,
        turn: Turn,
        voice: Voice,
        requested: str | None,
        begins: bool,
    ) -> Slots:
        """See FormAction."""
        if begins:
            return {ANSWER: None}
        reply = self.permission_in(turn) if requested else None
        if requested and not reply and asks_about(turn):
            tell_about(self.services, turn.slot(ASKED_FOR), turn, voice)
            return {ANSWER: None}  # so that it is asked again
        return {ANSWER: reply} if reply else {}

    def permission_in(self, turn: Turn) -> str | None:
        """See FormAction. "Yes, keep it" is a yes here."""
        reply = super().permission_in(turn)
        named = turn.slot(ASKED_FOR) == KEEP_CONVERSATION and "?" not in turn.text
        if reply or not named or turn.confidence < SURE:
            return reply
        return {"keep_conversation": "yes", _ERASES: "no"}.get(str(turn.intent))

    def _is_for_others(self, turn: Turn) -> bool:
        mine = self.permission_in(turn) or asks_about(turn)
        return not mine and super()._is_for_others(turn)


class ConsentAnswered(HelderAction):
    """Records the answer, and says what it means."""

    called = "action_consent_answered"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        purpose, reply = turn.slot(ASKED_FOR), turn.slot(ANSWER)
        if reply == "yes":
            give(self, purpose, turn, voice)
        elif reply == "no" and turn.intent == _ERASES and not turn.is_choice:
            _decline(self, purpose, turn)
            self.others["action_erase_my_data"].act(turn, voice)  # a no, and more than that
        elif reply == "no":
            _decline(self, purpose, turn)
            voice.say("utter_consent_declined", without=_said(self, purpose, turn).without)
        return [SlotSet(ANSWER, None), SlotSet(ASKED_FOR, None)]


class KeepConversation(HelderAction):
    """Keep this conversation: offered at once, for as long as policies/retention.yml says."""

    called = "action_keep_conversation"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        return _offer(self, KEEP_CONVERSATION, turn, voice)


class GiveConsent(HelderAction):
    """The customer allows something by themselves, or changed their mind."""

    called = "action_give_consent"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        purpose = turn.entity(_PURPOSE) or named(turn.text) or ORDER_DATA
        known = purpose in self.services.consents.purposes.all
        purpose = purpose if known else ORDER_DATA
        answer = self.services.consents.answer(ConversationId(turn.conversation), purpose)
        # Who pressed the button under the question, or was asked before, knows what it is about.
        informed = turn.is_choice or (answer is not None and answer.state is not State.GIVEN)
        if not informed:
            return _offer(self, purpose, turn, voice)
        give(self, purpose, turn, voice)
        task = turn.slot("task")
        refused = purpose == ORDER_DATA and turn.slot(PERMISSION) == "no" and not turn.form
        if refused and task:  # what could not be done without it
            return [FollowupAction(f"{task}_form")]
        return []


class StopUsingMyData(HelderAction):
    """Takes back what was given, at once and with nothing more to say (GDPR art. 7(3), 18, 21)."""

    called = "action_stop_using_my_data"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        button, given = turn.entity(_PURPOSE), _given(self, turn)
        names = [str(button)] if button else all_named(turn.text)
        elsewhere = not names and _ELSEWHERE.search(turn.text.casefold())
        # Words that name nothing, or what was never given, may mean anything that was: too much
        # taken back costs one press, too little is a broken promise.
        taken = [] if elsewhere else [name for name in given if name in names]
        taken = taken or ([] if elsewhere or button else given)
        for name in taken:
            _decline(self, name, turn)
            words = _said(self, name, turn)
            voice.say("utter_consent_withdrawn", title=words.title, without=words.without)
        if not taken and not elsewhere:  # a no, before anybody asked; it is not asked any more
            for name in names or [ORDER_DATA]:
                _decline(self, name, turn)
        if names and IMPROVEMENT not in names and not taken:
            voice.say("utter_consent_declined", without=_said(self, names[0], turn).without)
        elif not taken:
            self._explain(voice)
        ends = ORDER_DATA in taken and turn.slot(PERMISSION) == "yes" and turn.form
        return [ActiveLoop(None), SlotSet("requested_slot", None)] if ends else []

    def _explain(self, voice: Voice) -> None:
        minutes = self.services.kept.conversation_minutes
        voice.say("utter_stop_using_my_data", minutes=str(minutes))


def tell_consents(action: HelderAction, turn: Turn, voice: Voice) -> None:
    """What the customer has agreed to and what not, each with a way to change it."""
    consents, conversation = action.services.consents, ConversationId(turn.conversation)
    answered = {name: each for name, each in consents.states(conversation).items() if each}
    for name, record in answered.items():
        title = consents.purpose(name).said(turn.language).title
        if record.state is State.GIVEN:
            link = action.services.receipt_link(record.id, turn.conversation, turn.language)
            stop = (voice.words.phrase("utter_word_stop_consent"), _payload("stop", name))
            voice.ask("utter_my_consent_given", [stop], title=title, link=link)
        else:
            allow = (voice.words.phrase("utter_word_give_consent"), _payload("give", name))
            voice.ask("utter_my_consent_not", [allow], title=title)


def stop_keeping(action: HelderAction, turn: Turn, voice: Voice) -> None:
    """Take back the consent to keep the conversation, if there is one, and say so."""
    if KEEP_CONVERSATION in _given(action, turn):
        _decline(action, KEEP_CONVERSATION, turn)
        words = _said(action, KEEP_CONVERSATION, turn)
        voice.say("utter_consent_withdrawn", title=words.title, without=words.without)


def give(action: HelderAction, purpose: str, turn: Turn, voice: Voice) -> None:
    """Record a yes, and give the receipt."""
    conversation = ConversationId(turn.conversation)
    consents = action.services.consents
    record = consents.give(conversation, purpose, turn.language, how(turn), sent=turn.sent)
    if record.state is not State.GIVEN:  # taken back while this yes waited
        voice.say("utter_consent_declined", without=_said(action, purpose, turn).without)
        return
    link = action.services.receipt_link(record.id, turn.conversation, turn.language)
    voice.say("utter_consent_given", receipt=_said(action, purpose, turn).receipt, link=link)


def all_named(text: str) -> list[str]:
    """The purposes that a customer's words name."""
    plain = text.casefold()
    return [name for name, words in _WORDS.items() if words.search(plain)]


def named(text: str) -> str | None:
    """The purpose that a customer's words name, if they name one; the first of several."""
    return next(iter(all_named(text)), None)


def _offer(action: HelderAction, purpose: str, turn: Turn, voice: Voice) -> Events:
    """Ask, unless it was given. In the middle of a form buttons answer, and the form goes on."""
    if action.services.consents.granted(ConversationId(turn.conversation), purpose):
        words = _said(action, purpose, turn)
        stop = (voice.words.phrase("utter_word_stop_consent"), _payload("stop", purpose))
        voice.ask("utter_consent_already", [stop], receipt=words.receipt)
        return []
    if turn.form:
        _ask(action, purpose, turn, voice, _payload("give", purpose), _payload("stop", purpose))
        return []
    return [SlotSet(ASKED_FOR, purpose), SlotSet(ANSWER, None), FollowupAction(f"{_TASK}_form")]


def _ask(action: HelderAction, purpose: str, turn: Turn, voice: Voice, yes: str, no: str) -> None:
    words = _said(action, purpose, turn)
    buttons = [(words.yes_button, yes), (words.no_button, no)]
    voice.ask("utter_consent_question", buttons, question=words.question)


def _payload(what: str, purpose: str) -> str:
    intent = {"give": "give_consent", "stop": "stop_using_my_data"}[what]
    return f'/{intent}{{"{_PURPOSE}": "{purpose}"}}'


def _decline(action: HelderAction, purpose: str, turn: Turn) -> None:
    consents = action.services.consents
    consents.decline(ConversationId(turn.conversation), purpose, turn.language, how(turn))


def _given(action: HelderAction, turn: Turn) -> list[str]:
    return list(action.services.consents.in_force(ConversationId(turn.conversation)))


def _said(action: HelderAction, purpose: str, turn: Turn) -> Words:
    return action.services.consents.purpose(purpose).said(turn.language)
