"""Accounts: where they are made and changed, a link for a new password, and closing one's own."""

from __future__ import annotations

import math

from rasa_sdk.events import SlotSet

from actions.agreeing import yes_or_no
from actions.base import Events, HelderAction, Voice
from actions.forms import OVER, FormAction, Slots
from actions.permission import PERMISSION, WAITING, Going, is_signed_in
from actions.turn import Turn
from helder.consent.errors import NotGranted
from helder.shop.errors import BadRequest, ShopUnavailable, TooManyAttempts
from helder.shop.model import AccountState, Customer

PASSWORD = ("account_email",)
CLOSING = (PERMISSION, "delete_confirmed")


class TellPage(HelderAction):
    """Explains, and gives the page where the customer does it."""

    response: str
    page: str

    def act(self, turn: Turn, voice: Voice) -> Events:  # noqa: ARG002 - the same for all
        """See HelderAction."""
        voice.say(self.response, url=getattr(self.services.pages, self.page))
        return []


class CreateAccount(TellPage):
    """Where an account is made, and what for."""

    called = "action_create_account"
    response = "utter_create_account"
    page = "sign_up"


class EditAccount(TellPage):
    """Where what is in it is changed."""

    called = "action_edit_account"
    response = "utter_edit_account"
    page = "details"


class SwitchAccount(TellPage):
    """How to get into another one."""

    called = "action_switch_account"
    response = "utter_switch_account"
    page = "log_in"


class RegistrationProblems(TellPage):
    """What usually helps, and who helps when it does not."""

    called = "action_registration_problems"
    response = "utter_registration_problems"
    page = "sign_up"


class PasswordForm(FormAction):
    """Forgotten password: the address of the account is enough; nobody asks for a password."""

    form = "recover_password_form"
    begun_by = "recover_password"
    slots = PASSWORD

    def _is_for_others(self, turn: Turn) -> bool:
        return not address_given(turn, "account_email") and super()._is_for_others(turn)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction."""
        email = turn.entity("email")
        if email:
            return {"account_email": email}
        if requested and turn.mentions_data():
            voice.say("utter_email_unclear")
        return {"account_email": None} if begins or requested else {}


class SendPasswordLink(HelderAction):
    """Has the link sent, and says the same whether there is an account or not."""

    called = "action_send_password_link"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        email = turn.slot("account_email")
        if email and email != OVER:
            key = f"{turn.key}:password"
            try:
                self.services.mail_limits.take(turn.conversation, email, key)
                self.services.backend.send_password_link(email, turn.language, idempotency_key=key)
            except TooManyAttempts as limited:
                say_too_many_mails(limited, voice)
            except BadRequest:
                voice.say("utter_email_unclear")
            else:
                voice.say("utter_password_sent", email=email)
        return [SlotSet("account_email", None)]

    def when_unavailable(self, turn: Turn) -> Events:  # noqa: ARG002 - the same for all
        """Asking again starts the form."""
        return [SlotSet("account_email", None)]


class DeleteForm(FormAction):
    """Closing an account: who signed in is asked; others are told where they do it."""

    form = "delete_account_form"
    begun_by = "delete_account"
    slots = CLOSING

    def needs_order_data(self, turn: Turn) -> bool:
        """See FormAction. Of somebody unknown there is nothing to look at."""
        return is_signed_in(self, turn)

    def refused(self, turn: Turn, voice: Voice, *, asked: bool) -> Going:  # noqa: ARG002 - the interface has it
        """See FormAction. They can still close it on their own page."""
        voice.say("utter_delete_account_how", url=self.services.pages.close_account)
        found = {PERMISSION: "no", WAITING: None, "delete_confirmed": OVER}
        return Going(turn, False, found, waits=True)

    def listen(self, turn: Turn, voice: Voice, requested: str | None, begins: bool) -> Slots:
        """See FormAction."""
        if begins:
            return self._begun(turn, voice)
        answer = yes_or_no(turn, self.begun_by) if requested else None
        return {"delete_confirmed": answer} if answer else {}

    def _begun(self, turn: Turn, voice: Voice) -> Slots:
        try:
            customer = own_customer(self, turn)
        except ShopUnavailable:
            voice.say("utter_shop_unavailable")
            return {"delete_confirmed": OVER}
        if customer is None:
            voice.say("utter_delete_account_how", url=self.services.pages.close_account)
        elif customer.account is AccountState.GUEST:
            voice.say("utter_delete_account_none")
        else:
            return {"delete_confirmed": None}
        return {"delete_confirmed": OVER}


class AskDeleteConfirmed(HelderAction):
    """Names the account that would be closed, and what stays."""

    called = "action_ask_delete_confirmed"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        customer = own_customer(self, turn)
        if customer is None:
            voice.say("utter_delete_account_how", url=self.services.pages.close_account)
        else:
            voice.say("utter_ask_delete_confirmed", email=customer.email)
        return []


class DeleteAccount(HelderAction):
    """Closes it, if the customer said yes."""

    called = "action_delete_account"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        answer = turn.slot("delete_confirmed")
        if answer == "yes":
            own = self.services.account(turn.conversation)
            closed = own.close(idempotency_key=f"{turn.key}:close")
            voice.say("utter_account_deleted", email=closed.email)
        elif answer == "no":
            voice.say("utter_account_kept")
        return [SlotSet("delete_confirmed", None)]

    def when_unavailable(self, turn: Turn) -> Events:  # noqa: ARG002 - the same for all
        """Nothing is confirmed any more; asking again starts the form."""
        return [SlotSet("delete_confirmed", None)]


def own_customer(action: HelderAction, turn: Turn) -> Customer | None:
    """Who signed in here, if they agreed that their data is looked at; None otherwise."""
    try:
        return action.services.account(turn.conversation).customer()
    except NotGranted:
        return None


def address_given(turn: Turn, slot: str) -> bool:
    """Is an e-mail address typed where one was asked for, whatever it is taken for?"""
    return turn.requested == slot and not turn.is_choice and turn.entity("email") is not None


def say_too_many_mails(limited: TooManyAttempts, voice: Voice) -> None:
    """Enough mails went out for now."""
    voice.say("utter_too_many_mails", minutes=str(math.ceil(limited.retry_after / 60)))
