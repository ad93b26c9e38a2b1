"""The newsletter: on or off, at which address, and what is said about it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from actions.newsletter import NewsletterForm, SetNewsletter
from helder.shop import tables as t
from helder.shop.model import Customer, NewsletterState
from helder.shop.sql import SqlShop
from tests.actions.play import Did, Event, Play
from tests.actions.test_account import mails, me

__all__ = ["me"]

BEGUN: list[Event] = [{"event": "active_loop", "name": "newsletter_form"}]


def begin(play: Play, text: str, intent: str = "newsletter_subscription", **entities: str) -> Did:
    return play.do(NewsletterForm, text, intent, after=BEGUN, **entities)


def asked(play: Play, slot: str) -> Play:
    play.form = "newsletter_form"
    play.slots["requested_slot"] = slot
    return play


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("ik wil me aanmelden voor de nieuwsbrief", "on"),
        ("zet me op de lijst", "on"),
        ("sign me up", "on"),
        ("please add my email to your newsletter", "on"),
        ("hoe meld ik me af", "off"),
        ("ik hoef geen reclame meer", "off"),
        ("take me off your mailing list", "off"),
        ("I keep getting it although I unsubscribed", "off"),
        ("unsubcribe pls", "off"),
        ("nieuwsbrief", None),
        ("newsletter subscription", None),
        ("am I still on the list?", None),
        ("ben ik nou wel of niet aangemeld", None),
        ("/newsletter_subscription", None),
        ("ik wil de nieuwsbrief niet meer", "off"),
        ("I don't want the newsletter anymore", "off"),
        ("can you sign me up for the newsletter?", "on"),
        ("ik wil de nieuwsbrief niet", None),
        ("why do I get newsletters? I never signed up", None),
        ("waarom krijg ik de nieuwsbrief? haal me eraf", None),
        ("I want the newsletter without spam, sign me up", None),
        ("ik krijg de nieuwsbrief niet meer", None),
        ("I no longer get your newsletter", None),
        ("ik wil de nieuwsbrief niet meer missen", None),
        ("does everybody get the newsletter?", None),
    ],
)
def test_on_or_off_is_read_from_the_words_or_asked(
    play: Play, text: str, choice: str | None
) -> None:
    assert begin(play, text).slots["newsletter_choice"] == choice


def test_a_no_while_the_choice_is_asked_subscribes_nobody(play: Play) -> None:
    did = asked(play, "newsletter_choice").do(
        NewsletterForm, "ik wil hem niet, jan@example.org", email="jan@example.org"
    )
    assert play.slots.get("newsletter_choice") is None
    assert did.slots == {"newsletter_email": "jan@example.org"}


def test_a_button_chooses(play: Play) -> None:
    did = asked(play, "newsletter_choice").do(NewsletterForm, "/inform", newsletter="off")
    assert did.slots["newsletter_choice"] == "off"


def test_an_address_that_says_stop_chooses_nothing(play: Play) -> None:
    text = "zet me op de lijst, stop@uit.example"
    assert begin(play, text, email="stop@uit.example").slots == {
        "newsletter_choice": "on",
        "newsletter_email": "stop@uit.example",
    }


def test_a_change_of_mind_is_heard_while_the_address_is_asked(play: Play) -> None:
    begin(play, "aanmelden nieuwsbrief")
    asked(play, "newsletter_email")
    play.do(NewsletterForm, "nee wacht, ik wil me afmelden", "newsletter_subscription")
    assert (play.slots["newsletter_choice"], play.slots["newsletter_email"]) == ("off", None)


def test_on_sends_a_mail_to_confirm_and_begins_nothing(play: Play, shop: SqlShop) -> None:
    play.slots |= {"newsletter_choice": "on", "newsletter_email": "jo@example.org"}
    assert play.do(SetNewsletter).said == ["utter_newsletter_on"]
    assert mails(shop) == [("jo@example.org", "newsletter")]
    assert play.slots["newsletter_email"] is None


def test_off_holds_at_once_for_customers_and_says_the_same_for_others(
    play: Play, shop: SqlShop
) -> None:
    with shop.engine.connect() as connection:
        has_it = t.customers.c.newsletter == "subscribed"
        row = connection.execute(sa.select(t.customers).where(has_it)).first()
    for number, email in enumerate((row.email, "nobody@example.org")):
        play.message = f"m{number}"
        play.slots |= {"newsletter_choice": "off", "newsletter_email": email}
        assert play.do(SetNewsletter).said == ["utter_newsletter_off"]
    assert shop.customer(row.id).newsletter is NewsletterState.UNSUBSCRIBED
    assert mails(shop) == []


@pytest.mark.parametrize("choice", ["on", "off"])
def test_who_signed_in_need_not_give_the_address_nor_confirm_it(
    play: Play, shop: SqlShop, me: Customer, choice: str
) -> None:
    words = {"on": "aanmelden nieuwsbrief", "off": "afmelden nieuwsbrief"}
    assert begin(play, words[choice]).slots["newsletter_email"] == me.email
    assert play.do(SetNewsletter).said == [f"utter_newsletter_own_{choice}"]
    wanted = {"on": NewsletterState.SUBSCRIBED, "off": NewsletterState.UNSUBSCRIBED}
    assert shop.customer(me.id).newsletter is wanted[choice]


def test_a_corrected_address_gets_what_the_wrong_one_got(play: Play) -> None:
    said = {"event": "bot", "metadata": {"utter_action": "utter_newsletter_off"}}
    play.events = [{"event": "user"}, said]
    did = begin(play, "nee ik wil piet@example.org", "deny", email="piet@example.org")
    assert did.slots["newsletter_choice"] == "off"


def test_when_the_shop_is_out_it_says_so_and_forgets_the_address(broken: Play) -> None:
    begin(broken, "aanmelden nieuwsbrief")
    broken.slots["newsletter_email"] = "jo@example.org"
    assert broken.do(SetNewsletter).said == ["utter_shop_unavailable"]
    assert broken.slots["newsletter_email"] is None
