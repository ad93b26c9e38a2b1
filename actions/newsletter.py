"""The newsletter: on after a mail is confirmed, off at once, at any address."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet

from actions.account import address_given, own_customer, say_too_many_mails
from actions.base import Events, HelderAction, Voice
from actions.forms import OVER, FormAction, Slots
from actions.permission import PERMISSION, Going, is_signed_in, without_it
from actions.turn import Turn
from helder.shop.errors import BadRequest, ShopUnavailable, TooManyAttempts

NEWSLETTER = ("newsletter_choice", "newsletter_email")
_ENTITY = "newsletter"


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


# Whether it is on: that says nothing of what is wanted.
_IS_IT = _any(r"\b(am|did) i\b", r"\bhaven'?t\b", r"\b(ben|sta) ik\b")
# What asks about it, and wants nothing yet.
_ASKS = _any(
    *(r"\bis there\b", r"\bdo you have\b", r"\bdoes the\b", r"\bhow often"),
    *(r"\bwhat('?s| is) in\b", "to another", "preferences", r"\b(is|zijn) er\b"),
    *(r"\bhebben jullie\b", r"\bhoe vaak\b", r"\bwat staat\b", "naar een ander", "stel ik in"),
)
_OFF = _any(
    *(r"un ?-?subs?c", r"un ?-?sub\b", r"opt(ing)? ?-?out", "unregister", r"sign(ed)? (me )?off"),
    *(r"\bstop", r"\bno more", r"\bno longer", r"\bnot? (want|receive|interested)"),
    *(r"\bdon'?t (want|need|send|like)", r"\b(remove|delete|cancel|disable|quit)"),
    *(r"\bend (my|the)", r"\boff\b", r"\btoo many", r"\benough", r"\bspam", "never asked"),
    *(r"did(n'?t| not) (sign|ask)", "flooding", r"\bno (ads|newsletter)", "out of", r"\btwice"),
    *("af(ge)?meld", r"meld.* af\b", "uitschr|uitschirj", r"schrijf.* uit\b", "uitgeschreven"),
    *("opzeg", r"zeg.* op\b", "niet (meer|langer)", r"\bgeen\b", "verwijder", r"\bhaal"),
    *(r"\bvan .*lijst", "schrap", "te ?veel", "uitzet", r"\b(uit|af)\b", "genoeg", "nooit"),
    *("stopzet", "bestoken", "loopt vol", "dubbel"),
)
_ON = _any(
    *("subscrib", r"\bsub\b", r"sign(ing)? (me )?up", r"\b(join|receive|send)", r"\bput me"),
    *(r"\b(get|getting|add|on|want|again)\b", r"\b(like|love) to\b", "keep me", "kept", "resub"),
    *("aanmeld", r"meld.* aan\b", "inschr(?!ijving)", r"schrijf.* in\b", "abonne", "ontvang"),
    *("krijg", r"\bzet (me|mij)", "op de hoogte", r"\b(graag|aan|wil)\b", "toevoeg", r"voeg\b"),
    *("stuur", "sturen", "seintje"),
)

# Signing up in so many words; the others of _ON are in questions and complaints too.
_ON_CLEARLY = _any(
    *(r"\bsubscribe\b", r"\bresub", r"\bsign (me|us) up", r"\b(put|add) (me|my)\b", r"\bjoin\b"),
    *(r"\baanmeld", r"\bmeld.* aan\b", r"\binschrijv", r"\bschrijf.* in\b", r"\babonne(er|ren)\b"),
    *(r"\bzet (me|mij) op", r"\bvoeg\b", "toevoegen"),
)
_NO = _any(r"\b(niet|geen|nooit|not|no|never|without|zonder)\b", r"n't\b")
# A complaint, or what nobody should guess from: "why do I get it", "I do not get it any more".
_DOUBT = _any(
    *(r"\bwhy\b", r"\bhow come\b", r"\bwho\b", r"\bwaarom\b", r"\bwie\b", r"\bhoezo\b", r"\bmiss"),
    *(r"\bik (krijg|kreeg|ontvang|ontving)\b.*\b(niet|geen)\b", r"\bniet (meer )?(aan|binnen)"),
    *(r"(n't|not|no longer|never|stopped) (get|getting|got|receive|receiving|received)\b",),
)


class NewsletterForm(FormAction):
    """On or off, and for which address. Who signed in need not give it."""

    form = "newsletter_form"
    begun_by = "newsletter_subscription"
    slots = (PERMISSION, *NEWSLETTER)

    def needs_order_data(self, turn: Turn) -> bool:
        """See FormAction. Who did not sign in gives an address."""
        return is_signed_in(self, turn)

    def refused(self, turn: Turn, voice: Voice, *, asked: bool) -> Going:  # noqa: ARG002
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
    text = turn.text.casefold().replace("\u2019", "'")
    if email := turn.entity("email"):
        text = text.replace(email.casefold(), " ")
    if _IS_IT.search(text) or _DOUBT.search(text):
        return None
    if _OFF.search(text):
        return None if _ON_CLEARLY.search(text) else "off"
    if _ASKS.search(text) or _NO.search(text):
        return None
    return "on" if (_ON_CLEARLY if "?" in text else _ON).search(text) else None


def _corrected(turn: Turn) -> str | None:
    """What was done a moment ago, when only the address was wrong."""
    if turn.intent == "newsletter_subscription":
        return None
    for choice in ("on", "off"):
        if turn.said_before(f"utter_newsletter_{choice}"):
            return choice
    return None
