"""The newsletter: on after a mail is confirmed, off at once, at any address."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.account import address_given, own_customer, say_too_many_mails
from actions.base import Events, HelderAction, Voice
from actions.forms import OVER, FormAction, Slots
from actions.permission import PERMISSION, Going, is_signed_in, without_it
from actions.turn import Turn
from helder.shop.errors import BadRequest, ShopUnavailable, TooManyAttempts
from helder.vocabulary.lists import spoken

NEWSLETTER = ("newsletter_choice", "newsletter_email")
_ENTITY = "newsletter"


class NewsletterForm(FormAction):
    """On or off, and for which address. Who signed in need not give it."""

    form = "newsletter_form"
    begun_by = "newsletter_subscription"
    slots = (PERMISSION, *NEWSLETTER)

    def needs_order_data(self, turn: Turn) -> bool:
        """See FormAction. Who did not sign in gives an address."""
        return is_signed_in(self, turn)

    def refused(self, turn: Turn, voice: Voice, *, asked: bool) -> Going:  # noqa: ARG002 - the interface has it
        """See FormAction. Who signed in can still give an address."""
        begins = turn.begins(self.form)
        return without_it(turn) if asked else Going(turn, begins, {PERMISSION: "no"})

    def _is_for_others(self, turn: Turn) -> bool:
        return not address_given(turn, "newsletter_email") and super()._is_for_others(turn)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction."""
        found: Slots = dict.fromkeys(NEWSLETTER) if begins else {}
        choice = _corrected(turn) if begins else None
        choice = choice or wanted(turn, begins or requested == "newsletter_choice")
        if choice:
            found["newsletter_choice"] = choice
        email = turn.entity("email")
        if email or begins:
            found["newsletter_email"] = email or self._own(turn)
        elif requested == "newsletter_email" and turn.mentions_data():
            voice.say("utter_email_unclear")
        return found or ({requested: None} if requested else {})

    def _own(self, turn: Turn) -> str | None:
        try:
            customer = own_customer(self, turn)
        except ShopUnavailable:
            return None  # then the address is asked for, as of anybody
        return customer.email if customer else None


class SetNewsletter(HelderAction):
    """Turns it on or off, and says what happens next."""

    called = "action_set_newsletter"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        choice, email = turn.slot("newsletter_choice"), turn.slot("newsletter_email")
        if choice in ("on", "off") and email and email != OVER:
            try:
                self._set(choice == "on", email, turn, voice)
            except TooManyAttempts as limited:
                say_too_many_mails(limited, voice)
            except BadRequest:
                voice.say("utter_email_unclear")
        return [SlotSet(name, None) for name in NEWSLETTER]

    def when_unavailable(self, turn: Turn) -> Events:  # noqa: ARG002 - the same for all
        """Asking again starts the form."""
        return [SlotSet(name, None) for name in NEWSLETTER]

    def _set(self, on: bool, email: str, turn: Turn, voice: Voice) -> None:
        key = f"{turn.key}:newsletter"
        customer = own_customer(self, turn)
        if customer is not None and customer.email.casefold() == email.casefold():
            own = self.services.account(turn.conversation)
            own.set_newsletter(on, idempotency_key=key)
            voice.say("utter_newsletter_own_on" if on else "utter_newsletter_own_off", email=email)
            return
        self.services.mail_limits.take(turn.conversation, email, key)
        asked = self.services.backend.ask_newsletter
        asked(email, on, turn.language, idempotency_key=key)
        voice.say("utter_newsletter_on" if on else "utter_newsletter_off", email=email)


def wanted(turn: Turn, asked: bool) -> str | None:
    """`on` or `off`, if the message says which. `asked`: the message is about that.

    Never guessed: a mail to who wants none is unlawful (ePrivacy 2002/58/EC art. 13).
    """
    if turn.entity(_ENTITY) in ("on", "off"):
        return turn.entity(_ENTITY)
    if turn.is_choice or not (asked or turn.intent == "newsletter_subscription"):
        return None
    text, said = turn.text.casefold(), turn.vocabulary.newsletter
    if email := turn.entity("email"):
        text = text.replace(email.casefold(), " ")
    if said.signed_up.are_in(text) or said.doubt.are_in(text):
        return None
    if said.off.are_in(text):
        return None if said.on_clearly.are_in(text) else "off"
    negated = turn.vocabulary.common.negation & set(spoken(text).split())
    if said.asks.are_in(text) or negated or said.negated.are_in(text):
        return None
    return "on" if (said.on_clearly if "?" in text else said.on).are_in(text) else None


def _corrected(turn: Turn) -> str | None:
    """What was done a moment ago, when only the address was wrong."""
    if turn.intent == "newsletter_subscription":
        return None
    for choice in ("on", "off"):
        if turn.said_before(f"utter_newsletter_{choice}"):
            return choice
    return None
