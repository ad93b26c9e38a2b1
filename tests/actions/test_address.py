"""Sending an order elsewhere: what is asked, read back, corrected, and really changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions.address import (
    DRAFT,
    AddressForm,
    AskAddressConfirmed,
    AskNewAddress,
    ChangeAddress,
)
from actions.corrections import OtherOrder, Stop
from actions.forms import OVER
from actions.why import Why
from helder.conversation.entries import ConversationId
from helder.shop import tables as t
from helder.shop.model import Order
from helder.shop.sql import SqlShop
from tests.actions.play import Did, Event, Play

Get = Callable[[str], Order]
Prove = Callable[[Order], Order]
BEGUN: list[Event] = [{"event": "active_loop", "name": "change_shipping_address_form"}]
NEW = "Lindelaan 7, 3511 AB Utrecht"


@pytest.fixture
def asked(play: Play, order: Get, prove: Prove) -> Play:
    """A proven order that was only just paid, and the question where it should go."""
    prove(order("just_paid"))
    play.form = "change_shipping_address_form"
    play.slots["requested_slot"] = "new_address"
    return play


def begin(play: Play, text: str, **entities: str) -> Did:
    return play.do(AddressForm, text, "change_shipping_address", after=BEGUN, **entities)


def test_a_whole_address_is_noted_and_read_back(asked: Play, order: Get) -> None:
    did = asked.do(AddressForm, NEW, "nlu_fallback", 0.4, postcode="3511AB")
    noted = json.loads(did.slots["new_address"])
    mine = order("just_paid").address
    assert noted == {
        "name": mine.name,
        "street": "Lindelaan",
        "house": "7",
        "postcode": "3511 AB",
        "city": "Utrecht",
        "country": "NL",
    }
    did = asked.do(AskAddressConfirmed)
    assert did.said == ["utter_ask_address_confirmed"]
    wanted = f"{mine.name}, Lindelaan 7, 3511 AB Utrecht, Nederland"
    assert did.messages[0]["address"] == wanted


def test_it_may_come_part_by_part(asked: Play) -> None:
    missing = []
    for text in ("Lindelaan 7", "3511 AB", "Utrecht"):
        did = asked.do(AddressForm, text, "inform")
        assert did.said == []
        if not asked.slots["new_address"]:
            did = asked.do(AskNewAddress)
            assert did.said == ["utter_address_missing"]
            missing += [message["parts"] for message in did.messages]
    assert missing == ["de postcode en de plaats", "de plaats"]
    assert json.loads(asked.slots["new_address"])["city"] == "Utrecht"


def test_at_first_all_of_it_is_asked(asked: Play) -> None:
    assert asked.do(AskNewAddress).said == ["utter_ask_new_address"]


@pytest.mark.parametrize("first", ["Den Haag", "Lange Voorhout 12, 2514 ED"])
def test_the_town_may_come_before_the_rest_or_after_it(asked: Play, first: str) -> None:
    for text in (first, "Lange Voorhout 12, 2514 ED", "den haag"):
        if not asked.slots.get("new_address"):
            intent = ("greet", 0.97) if "aag" in text else ("inform", 1.0)
            asked.do(AddressForm, text, *intent)
    noted = json.loads(asked.slots["new_address"])
    assert (noted["street"], noted["city"]) == ("Lange Voorhout", "Den Haag")


@pytest.mark.parametrize(
    ("text", "intent"),
    [("is goed", "affirm"), ("klopt", "affirm"), ("geen idee", "nlu_fallback"), ("ja", "affirm"),
     ("hoezo", "nlu_fallback"), ("liever niet", "deny")],
)  # fmt: skip
def test_what_is_no_town_is_not_taken_for_one(asked: Play, text: str, intent: str) -> None:
    asked.do(AddressForm, "Lange Voorhout 12, 2514 ED", "inform")
    asked.do(AddressForm, text, intent, 0.7)
    assert asked.slots["new_address"] is None
    assert asked.do(AskNewAddress).messages[0]["parts"] == "de plaats"


def test_a_country_that_is_named_counts_more_than_digits(asked: Play) -> None:
    text = "Kerkstraat 1 in Antwerpen 2000 belgie"
    assert asked.do(AddressForm, text, country="BE").said == ["utter_address_other_country"]


def test_what_is_no_address_is_told_what_one_looks_like(asked: Play) -> None:
    did = asked.do(AddressForm, "doe maar wat", "nlu_fallback", 0.3)
    assert did.said == ["utter_address_unclear"]
    assert did.slots["new_address"] is None


def test_an_address_in_another_country_is_refused_at_once(asked: Play) -> None:
    did = asked.do(AddressForm, "12 Mill Lane, Leeds LS1 4AP", "inform", postcode="LS14AP")
    assert did.said == ["utter_address_other_country"]
    assert did.slots == {DRAFT: None, "new_address": None}


@pytest.mark.parametrize("intent", ["change_shipping_address", "track_order", "get_invoice"])
def test_an_address_is_an_answer_whatever_it_is_taken_for(asked: Play, intent: str) -> None:
    assert asked.do(AddressForm, NEW, intent, 0.95, postcode="3511AB").slots["new_address"]


def test_who_does_not_have_the_address_at_hand_may_look_it_up(asked: Play) -> None:
    did = asked.do(AddressForm, "dat weet ik niet uit mijn hoofd", "no_order_number", 0.9)
    assert did.said == ["utter_lacking_new_address"]
    assert did.slots == {"new_address": None}


def test_another_topic_is_left_to_the_rules(asked: Play) -> None:
    assert asked.do(AddressForm, "hoe lang duurt bezorgen", "delivery_period", 0.9).rejected
    assert asked.do(AddressForm, "/stop", "stop").rejected


@pytest.fixture
def confirming(asked: Play) -> Play:
    """The address is noted, and is asked to be confirmed."""
    asked.do(AddressForm, NEW, "inform", postcode="3511AB")
    asked.slots["requested_slot"] = "address_confirmed"
    return asked


def test_a_yes_changes_it_really(confirming: Play, shop: SqlShop, order: Get) -> None:
    assert confirming.do(AddressForm, "ja", "affirm").slots == {"address_confirmed": "yes"}
    did = confirming.do(ChangeAddress)
    assert did.said == ["utter_address_changed"]
    changed = order("just_paid").address
    assert (changed.street, changed.house, changed.postcode) == ("Lindelaan", "7", "3511 AB")
    assert confirming.slots["new_address"] is confirming.slots[DRAFT] is None


def test_a_turn_that_is_repeated_says_the_same(confirming: Play, order: Get) -> None:
    confirming.do(AddressForm, "ja", "affirm")
    held = dict(confirming.slots)
    first = confirming.do(ChangeAddress).messages
    confirming.slots = held
    assert confirming.do(ChangeAddress).messages == first


def test_one_part_can_be_corrected(confirming: Play) -> None:
    did = confirming.do(AddressForm, "nee, nummer 9", "deny")
    assert did.slots["address_confirmed"] is None
    noted = json.loads(did.slots["new_address"])
    assert (noted["street"], noted["house"], noted["city"]) == ("Lindelaan", "9", "Utrecht")


def test_a_no_asks_for_another_address(confirming: Play) -> None:
    did = confirming.do(AddressForm, "/deny", "deny")
    assert did.slots == {DRAFT: None, "new_address": None, "address_confirmed": None}


def test_what_is_neither_yes_nor_no_confirms_nothing(confirming: Play) -> None:
    assert confirming.do(AddressForm, "ja maar wacht even", "affirm", 0.6).slots == {}


def test_all_of_it_may_be_in_the_first_message(play: Play, order: Get, prove: Prove) -> None:
    mine = prove(order("just_paid"))
    play.slots["order_proof"] = None
    text = f"stuur {mine.number} naar {NEW}"
    did = begin(play, text, order_number=mine.number, postcode="3511AB")
    assert json.loads(did.slots["new_address"])["house"] == "7"


def test_a_new_address_is_no_proof(play: Play, order: Get) -> None:
    mine = order("just_paid")
    play.slots["order_number"] = mine.number
    begin(play, f"stuur {mine.number} naar {NEW}", order_number=mine.number, postcode="3511AB")
    assert play.slots["order_proof"] is None
    assert play.slots[DRAFT]
    play.form, play.slots["requested_slot"] = "change_shipping_address_form", "order_proof"
    play.events = [{"event": "user", "parse_data": {"entities": []}}]
    did = play.do(AddressForm, mine.address.postcode, postcode=mine.address.postcode)
    assert did.said == []
    assert did.slots["order_proof"] == "proven"
    assert json.loads(did.slots["new_address"])["street"] == "Lindelaan"


def test_an_email_beside_the_new_address_is_the_proof(play: Play, order: Get) -> None:
    mine = order("just_paid")
    play.slots["order_number"] = mine.number
    text = f"stuur {mine.number} naar {NEW}, {mine.email}"
    did = begin(play, text, order_number=mine.number, postcode="3511AB", email=mine.email)
    assert did.slots["order_proof"] == "proven"
    assert did.slots["new_address"]


def test_the_postcode_of_the_order_is_still_proof(play: Play, order: Get) -> None:
    mine = order("just_paid")
    play.slots["order_number"] = mine.number
    postcode = mine.address.postcode
    did = begin(play, f"ander adres voor {mine.number}, {postcode}",
                order_number=mine.number, postcode=postcode)  # fmt: skip
    assert did.slots["order_proof"] == "proven"


def test_without_an_order_it_says_what_it_can_change(play: Play) -> None:
    assert begin(play, "ik wil mijn adres wijzigen").said == ["utter_address_of_order"]


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("on_its_way", "utter_address_refused_shipped"),
        ("delivered_5_days_ago", "utter_address_refused_since_delivered"),
        ("cancelled", "utter_address_refused_since_cancelled"),
    ],
)
def test_what_cannot_be_changed_is_said_before_anything_is_asked(
    play: Play, order: Get, prove: Prove, scenario: str, said: str
) -> None:
    prove(order(scenario))
    assert begin(play, "ander adres").said == [said]
    assert play.slots["new_address"] == play.slots["address_confirmed"] == OVER
    assert play.do(ChangeAddress).said == []


def test_an_order_that_was_packed_while_we_talked_stays_as_it_is(
    confirming: Play, shop: SqlShop, order: Get
) -> None:
    mine = order("just_paid")
    confirming.do(AddressForm, "ja", "affirm")
    with shop.engine.begin() as connection:
        packed = {"state": "packed", "packed_at": mine.placed_at + timedelta(hours=1)}
        this = t.orders.c.number == mine.number
        connection.execute(sa.update(t.orders).where(this).values(**packed))
    assert confirming.do(ChangeAddress).said == ["utter_address_refused_since_packed"]
    assert order("just_paid").address == mine.address


def test_an_address_that_no_label_can_show_is_refused(confirming: Play, order: Get) -> None:
    bad = json.loads(confirming.slots["new_address"]) | {"street": "x" * 300}
    confirming.slots |= {"new_address": json.dumps(bad), "address_confirmed": "yes"}
    assert confirming.do(ChangeAddress).said == ["utter_address_refused"]


def test_without_proof_a_yes_changes_nothing(play: Play, order: Get) -> None:
    mine = order("just_paid")
    address = json.dumps(dict(vars(mine.address), street="Lindelaan"))
    play.slots |= {"order_number": mine.number, "order_proof": "proven"}
    play.slots |= {"new_address": address, "address_confirmed": "yes"}
    assert play.do(ChangeAddress).said == ["utter_not_proven"]
    assert order("just_paid") == mine


def test_when_the_shop_is_out_it_says_so_and_confirms_nothing(broken: Play, order: Get) -> None:
    address = json.dumps(vars(order("just_paid").address))
    broken.services.proofs.record(ConversationId(broken.conversation), "order", "HD-123456")
    broken.slots |= {"order_number": "HD-123456", "new_address": address}
    broken.slots["address_confirmed"] = "yes"
    assert broken.do(ChangeAddress).said == ["utter_shop_unavailable"]
    assert broken.slots["address_confirmed"] is None


@pytest.mark.parametrize("leaving", [Stop, OtherOrder])
def test_stopping_and_another_order_forget_the_address(
    confirming: Play, leaving: type[Stop | OtherOrder]
) -> None:
    confirming.do(leaving)
    for slot in ("new_address", DRAFT, "address_confirmed"):
        assert confirming.slots.get(slot) is None


@pytest.mark.parametrize("slot", ["new_address", "address_confirmed"])
def test_why_it_is_asked(asked: Play, slot: str) -> None:
    asked.slots["requested_slot"] = slot
    assert asked.do(Why).said == [f"utter_why_{slot}"]
