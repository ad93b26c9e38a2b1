"""Accounts: pages, a link for a new password, and closing the account of who signed in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from actions.account import (
    AskDeleteConfirmed,
    CreateAccount,
    DeleteAccount,
    DeleteForm,
    EditAccount,
    PasswordForm,
    RegistrationProblems,
    SendPasswordLink,
    SwitchAccount,
)
from actions.base import HelderAction
from actions.clarify import Clarify
from actions.corrections import Inform, Stop
from actions.feedback import Complaint, Review
from actions.forms import OVER
from actions.person import LeaveMessage, MessageForm
from helder.conversation.entries import ConversationId
from helder.shop import tables as t
from helder.shop.model import AccountState, Customer, CustomerId
from helder.shop.sql import SqlShop
from tests.actions.play import Event, Play

BEGUN: list[Event] = [{"event": "active_loop", "name": "delete_account_form"}]
ASKED: list[Event] = [{"event": "active_loop", "name": "recover_password_form"}]


def mails(shop: SqlShop) -> list[tuple[str, str]]:
    with shop.engine.connect() as connection:
        return [(row.email, row.about) for row in connection.execute(sa.select(t.mails))]


def customer(shop: SqlShop, state: AccountState) -> Customer:
    ids = (CustomerId(f"C-{20_000 + 7 * index}") for index in range(300))
    return next(each for each in map(shop.customer, ids) if each.account is state)


@pytest.fixture
def me(play: Play, shop: SqlShop) -> Customer:
    """Signed in here."""
    mine = customer(shop, AccountState.ACTIVE)
    play.services.proofs.record(ConversationId(play.conversation), "customer", mine.id)
    return mine


@pytest.mark.parametrize(
    ("action", "said", "page"),
    [
        (CreateAccount, "utter_create_account", "sign_up"),
        (EditAccount, "utter_edit_account", "details"),
        (SwitchAccount, "utter_switch_account", "log_in"),
        (RegistrationProblems, "utter_registration_problems", "sign_up"),
        (Review, "utter_review", "review"),
    ],
)
def test_what_the_customer_does_has_a_page(
    play: Play, action: type[HelderAction], said: str, page: str
) -> None:
    did = play.do(action)
    assert did.said == [said]
    assert did.messages[0]["url"] == getattr(play.services.pages, page)


@pytest.mark.parametrize("known", [True, False])
def test_a_link_for_a_password_is_sent_and_the_answer_is_the_same(
    play: Play, shop: SqlShop, known: bool
) -> None:
    mine = customer(shop, AccountState.ACTIVE)
    email = mine.email if known else "nobody@example.org"
    did = play.do(PasswordForm, email, "recover_password", after=ASKED, email=email)
    assert did.slots == {"account_email": email}
    did = play.do(SendPasswordLink)
    assert did.said == ["utter_password_sent"]
    assert mails(shop) == ([(mine.email, "password")] if known else [])
    assert play.slots["account_email"] is None


def test_a_turn_that_is_repeated_sends_one_mail_and_says_the_same(
    play: Play, shop: SqlShop
) -> None:
    email = customer(shop, AccountState.ACTIVE).email
    said = []
    for _ in range(9):
        play.slots["account_email"] = email
        said.append(play.do(SendPasswordLink).messages)
    assert all(each == said[0] for each in said)
    assert len(mails(shop)) == 1


def test_after_three_mails_to_one_address_it_waits(play: Play, shop: SqlShop) -> None:
    email = customer(shop, AccountState.ACTIVE).email
    for number in range(4):
        play.message = f"m{number}"
        play.slots["account_email"] = email
        did = play.do(SendPasswordLink)
    assert did.said == ["utter_too_many_mails"]
    assert did.messages[0]["minutes"] == "61"
    assert len(mails(shop)) == 3


def test_what_is_no_address_is_asked_again(play: Play) -> None:
    play.form = "recover_password_form"
    play.slots["requested_slot"] = "account_email"
    did = play.do(PasswordForm, "piet@", "nlu_fallback", 0.3)
    assert (did.said, did.slots) == (["utter_email_unclear"], {"account_email": None})


def test_an_address_is_an_answer_whatever_it_is_taken_for(play: Play) -> None:
    play.form = "recover_password_form"
    play.slots["requested_slot"] = "account_email"
    text = "that would be piet@example.org"
    did = play.do(PasswordForm, text, "edit_account", 0.95, email="piet@example.org")
    assert did.slots == {"account_email": "piet@example.org"}
    assert play.do(PasswordForm, "hoe laat zijn jullie open", "contact_customer_service").rejected


@pytest.mark.parametrize("action", [Inform, Clarify])
@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("utter_password_sent", "recover_password_form"),
        ("utter_newsletter_on", "newsletter_form"),
        ("utter_newsletter_off", "newsletter_form"),
    ],
)
def test_another_address_afterwards_corrects_the_first(
    play: Play, action: type[HelderAction], said: str, form: str
) -> None:
    play.events = [{"event": "user"}, {"event": "bot", "metadata": {"utter_action": said}}]
    did = play.do(action, "nee, jo@example.org", "deny", email="jo@example.org")
    assert [e["name"] for e in did.events if e["event"] == "followup"] == [form]


def test_an_account_of_nobody_in_particular_is_not_closed(play: Play) -> None:
    did = play.do(DeleteForm, "verwijder mijn account", "delete_account", after=BEGUN)
    assert did.said == ["utter_delete_account_how"]
    assert play.do(DeleteAccount).said == []
    assert play.slots["delete_confirmed"] is None


def test_a_yes_without_an_identity_closes_nothing(play: Play, shop: SqlShop) -> None:
    play.slots["delete_confirmed"] = "yes"
    assert play.do(DeleteAccount).said == ["utter_not_possible"]
    assert play.slots["delete_confirmed"] is None


def test_who_signed_in_is_asked_and_the_account_is_closed(
    play: Play, shop: SqlShop, me: Customer
) -> None:
    did = play.do(DeleteForm, "verwijder mijn account", "delete_account", after=BEGUN)
    assert (did.said, did.slots) == ([], {"delete_confirmed": None})
    did = play.do(AskDeleteConfirmed)
    assert did.messages[0]["email"] == me.email
    play.form = "delete_account_form"
    play.slots["requested_slot"] = "delete_confirmed"
    assert play.do(DeleteForm, "ja", "affirm").slots == {"delete_confirmed": "yes"}
    assert play.do(DeleteAccount).said == ["utter_account_deleted"]
    assert shop.customer(me.id).account is AccountState.GUEST
    did = play.do(DeleteForm, "verwijder mijn account", "delete_account", after=BEGUN)
    assert did.said == ["utter_delete_account_none"]


@pytest.mark.parametrize("text", ["ja maar wacht even", "ja, krijg ik dan mijn geld terug?"])
def test_a_doubtful_yes_closes_nothing(play: Play, me: Customer, text: str) -> None:
    play.form = "delete_account_form"
    play.slots["requested_slot"] = "delete_confirmed"
    assert "yes" not in play.do(DeleteForm, text, "delete_account").slots.values()


def test_a_no_keeps_the_account(play: Play, shop: SqlShop, me: Customer) -> None:
    play.slots["delete_confirmed"] = "no"
    assert play.do(DeleteAccount).said == ["utter_account_kept"]
    assert shop.customer(me.id) == me


def test_when_the_shop_is_out_nothing_is_promised(broken: Play, me: Customer) -> None:
    did = broken.do(DeleteForm, "verwijder mijn account", "delete_account", after=BEGUN)
    assert (did.said, did.slots) == (["utter_shop_unavailable"], {"delete_confirmed": OVER})
    broken.slots["account_email"] = "jo@example.org"
    assert broken.do(SendPasswordLink).said == ["utter_shop_unavailable"]
    assert broken.slots["account_email"] is None


def test_stopping_forgets_the_address(play: Play) -> None:
    play.form = "recover_password_form"
    play.slots |= {"requested_slot": "account_email", "account_email": "jo@example.org"}
    play.do(Stop, "stop", "stop")
    assert play.slots["account_email"] is None


LONG = (
    "ik wil een klacht indienen want jullie bezorger heeft mijn pakket gewoon over het hek gegooid"
)


def test_a_complaint_reaches_a_colleague_as_one(play: Play) -> None:
    assert play.do(Complaint, "klacht", "complaint").said == ["utter_complaint"]
    play.slots |= {"message_text": "Hij gooide ermee.", "contact": "jo@example.org"}
    did = play.do(LeaveMessage)
    opened = play.services.messages.read(did.messages[0]["reference"])
    assert (opened.about.reason, opened.text) == ("complaint", "Hij gooide ermee.")


def test_a_long_complaint_need_not_be_told_again_and_may_be_added_to(play: Play) -> None:
    begun: list[Event] = [{"event": "active_loop", "name": "message_form"}]
    did = play.do(MessageForm, LONG, "complaint", after=begun)
    assert did.said == ["utter_complaint_noted"]
    assert play.slots["message_text"] == LONG
    play.form = "message_form"
    play.slots["requested_slot"] = "contact"
    more = "jo@example.org en het was op vrijdag"
    play.do(MessageForm, more, "inform", email="jo@example.org")
    assert play.slots["message_text"] == f"{LONG}\n{more}"
    assert play.slots["contact"] == "jo@example.org"
