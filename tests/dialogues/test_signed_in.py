"""What only a customer who signed in on the site can have done: over the API, with a real token."""

from __future__ import annotations

import pytest

from helder.database import connect
from helder.shop.identity import mint
from helder.shop.model import AccountState, Customer, CustomerId, NewsletterState
from helder.shop.policy import load_policy
from helder.shop.sql import SqlShop
from tests.running import Running, Talk


@pytest.fixture(scope="module")
def shop(stack: Running) -> SqlShop:
    return SqlShop(connect(stack.settings.shop_url), load_policy())


def _customer(shop: SqlShop, newsletter: NewsletterState) -> Customer:
    ids = (CustomerId(f"C-{20_000 + 7 * index}") for index in reversed(range(300)))
    return next(
        each
        for each in map(shop.customer, ids)
        if (each.account, each.newsletter) == (AccountState.ACTIVE, newsletter)
    )


def _talk(stack: Running, customer: Customer, language: str) -> Talk:
    settings = stack.settings
    assert settings.identity_secret
    token = mint(customer.id, settings.identity_audience, settings.identity_secret)
    return stack.talk(language, identity=token)


def test_the_account_of_who_signed_in_is_closed_after_a_yes(stack: Running, shop: SqlShop) -> None:
    mine = _customer(shop, NewsletterState.SUBSCRIBED)
    talk = _talk(stack, mine, "en")
    (asked,) = talk.say("I want to delete my account")
    assert mine.email in asked
    (why, again) = talk.say("why do you ask that?")
    assert "can't bring" in why
    assert again == asked
    (done,) = talk.choose("Yes, delete my account")
    assert f"The account for {mine.email} has been deleted" in done
    assert shop.customer(mine.id).account is AccountState.GUEST


def test_the_account_stays_after_a_no(stack: Running, shop: SqlShop) -> None:
    mine = _customer(shop, NewsletterState.UNSUBSCRIBED)
    talk = _talk(stack, mine, "nl")
    talk.say("verwijder mijn account")
    assert talk.choose("Nee, laat het staan") == ["Goed, je account blijft bestaan."]
    assert shop.customer(mine.id) == mine


def test_who_signed_in_gets_the_newsletter_at_the_address_of_the_account(
    stack: Running, shop: SqlShop
) -> None:
    mine = _customer(shop, NewsletterState.UNSUBSCRIBED)
    talk = _talk(stack, mine, "nl")
    (on,) = talk.say("ik wil me aanmelden voor de nieuwsbrief")
    assert mine.email in on
    assert shop.customer(mine.id).newsletter is NewsletterState.SUBSCRIBED
    talk.say("meld me toch maar weer af voor de nieuwsbrief")
    assert shop.customer(mine.id).newsletter is NewsletterState.UNSUBSCRIBED
