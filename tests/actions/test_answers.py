"""Contact, a person, delivery, what was not understood, data."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from actions.clarify import Clarify
from actions.contact import TellContact
from actions.corrections import Inform
from actions.delivery import DeliveryOptions, DeliveryPeriod
from actions.person import LeaveMessage, MessageForm, OfferPerson
from actions.trust import MyData
from tests.actions.conftest import Clock
from tests.actions.play import Play

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=timezone.utc)


def text(play: Play, message: dict[str, object]) -> str:
    values = {k: v for k, v in message.items() if isinstance(v, str) and k != "response"}
    return play.services.phrases.text(str(message["response"]), play.slots["language"], **values)


def test_the_hours_are_told_and_whether_we_are_open(play: Play, clock: Clock) -> None:
    did = play.do(TellContact)
    assert text(play, did.messages[0]) == "We zijn nu open, tot 18:00 uur."
    assert (
        "maandag t/m vrijdag: 09:00–18:00 uur\nzaterdag: 10:00–16:00 uur\nzondag: gesloten"
        in text(play, did.messages[1])
    )
    clock.now = SUNDAY
    assert text(play, play.do(TellContact).messages[0]).endswith("morgen om 09:00 uur weer.")
    clock.now = CHRISTMAS
    play.slots["language"] = "en"
    holiday = text(play, play.do(TellContact).messages[0])
    assert holiday == (
        "We're closed today: Christmas Day. We'll be back on Monday 28 December at 09:00."
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("zijn jullie met kerst open?", "vrijdag 25 december (Eerste kerstdag)"),
        ("are you open on boxing day", "zaterdag 26 december (Tweede kerstdag)"),
        ("open op koningsdag?", "dinsdag 27 april 2027 (Koningsdag)"),
    ],
)
def test_a_holiday_that_is_asked_about_is_named(play: Play, text: str, named: str) -> None:
    did = play.do(TellContact, text, "contact_customer_service")
    assert did.said[-1] == "utter_contact_days_off"
    assert named in did.messages[-1]["days"]


def test_the_holidays_of_the_next_weeks_are_named_unasked(play: Play, clock: Clock) -> None:
    assert "utter_contact_days_off" not in play.do(TellContact, "hoe laat open").said
    clock.now = CHRISTMAS - timedelta(days=10)
    days = play.do(TellContact, "hoe laat open").messages[-1]["days"]
    assert "Eerste kerstdag" in days
    assert "Tweede kerstdag" in days
    assert "Nieuwjaarsdag" not in days


def test_a_day_that_is_asked_about_may_be_a_holiday(play: Play) -> None:
    did = play.do(TellContact, "open op 1 januari?", date="2027-01-01")
    assert "Nieuwjaarsdag" in did.messages[-1]["days"]


def test_a_person_is_promised_honestly(play: Play, clock: Clock) -> None:
    assert play.do(OfferPerson).said == ["utter_person_open"]
    clock.now = SUNDAY
    did = play.do(OfferPerson)
    assert did.said == ["utter_person_closed"]
    assert "morgen om 09:00 uur" in text(play, did.messages[0])


@pytest.mark.parametrize(
    ("language", "days", "promise"),
    [
        ("nl", 1, "binnen 1 werkdag antwoord"),
        ("nl", 3, "binnen 3 werkdagen antwoord"),
        ("en", 1, "an answer within 1 working day"),
        ("en", 3, "an answer within 3 working days"),
    ],
)
def test_an_answer_is_promised_within_the_days_of_the_policy(
    play: Play, clock: Clock, language: str, days: int, promise: str
) -> None:
    hours = replace(play.services.hours, answer_days=days)
    play.services = replace(play.services, hours=hours)
    play.slots["language"] = language
    was_open = play.do(OfferPerson)
    clock.now = SUNDAY
    was_closed = play.do(OfferPerson)
    play.slots |= {"message_text": "Mijn lamp knippert.", "contact": "jo@example.nl"}
    left = play.do(LeaveMessage)
    said = [text(play, did.messages[0]) for did in (was_open, was_closed, left)]
    assert [did.said[0] for did in (was_open, was_closed, left)] == [
        "utter_person_open",
        "utter_person_closed",
        "utter_message_left",
    ]
    for each in said:
        assert re.search(rf"\b{promise}\b", each)


def taking(play: Play, requested: str) -> Play:
    play.form = "message_form"
    play.slots |= {"requested_slot": requested}
    return play


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("Mijn lamp knippert.", "nlu_fallback"),
        ("wat kost verzenden?", "delivery_options"),
        ("Ik wil dat jullie stoppen met die nieuwsbrieven te sturen", "stop"),
        ("nee hè", "deny"),
        ("HD-733665", "inform"),
        ("what are your opening hours", "contact_customer_service"),
        ("ik wil een mens", "contact_human_agent"),
        ("Laat mijn man weten dat het pakket er is", "stop"),
    ],
)
def test_a_message_is_taken_as_it_is_written(play: Play, said: str, intent: str) -> None:
    did = taking(play, "message_text").do(MessageForm, said, intent, confidence=0.99)
    assert did.slots == {"message_text": said}


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("/stop", "stop"),
        ("/contact_human_agent", "contact_human_agent"),
        ("/track_order", "track_order"),
    ],
)
def test_a_command_to_us_is_no_message(play: Play, said: str, intent: str) -> None:
    assert taking(play, "message_text").do(MessageForm, said, intent).rejected


@pytest.mark.parametrize("requested", ["message_text", "contact"])
@pytest.mark.parametrize("said", ["stop", "laat maar", "never mind", "nee, laat maar", "forget it"])
def test_a_customer_may_end_it_in_their_own_words(play: Play, requested: str, said: str) -> None:
    did = taking(play, requested).do(MessageForm, said, "nlu_fallback")
    assert did.said == ["utter_stopped"]
    assert play.do(LeaveMessage).said == []
    assert (play.slots["message_text"], play.slots["contact"]) == (None, None)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("i dont have email", "no_order_number"),
        ("stop met mailen, ik heb geen e-mail", "stop"),
        ("wat zijn de openingstijden?", "contact_customer_service"),
        ("geen idee", "nlu_fallback"),
        ("nee", "deny"),
    ],
)
def test_without_a_way_to_be_reached_it_is_asked_again(play: Play, said: str, intent: str) -> None:
    did = taking(play, "contact").do(MessageForm, said, intent)
    assert (did.said, did.slots) == (["utter_contact_needed"], {"contact": None})


def test_why_it_is_asked_is_told_first(play: Play) -> None:
    assert taking(play, "contact").do(MessageForm, "waarom?", "ask_why").rejected


def test_both_ways_to_be_reached_are_kept(play: Play) -> None:
    said = "jo@example.nl of 0612345678"
    did = taking(play, "contact").do(MessageForm, said, email="jo@example.nl", phone="0612345678")
    assert did.slots == {"contact": "jo@example.nl, 0612345678"}


def test_the_message_is_shown_back_but_not_all_of_a_long_one(play: Play) -> None:
    play.slots |= {"message_text": "Mijn lamp\nknippert. " * 50, "contact": "jo@example.nl"}
    shown = play.do(LeaveMessage).messages[0]["message"]
    assert shown.startswith("Mijn lamp knippert. Mijn")
    assert shown.endswith("…")
    assert len(shown) <= 201


def test_a_way_to_be_reached_may_be_in_the_message(play: Play) -> None:
    did = taking(play, "message_text").do(
        MessageForm, "Bel me op 0612345678", "nlu_fallback", phone="0612345678"
    )
    assert did.slots == {"contact": "0612345678", "message_text": "Bel me op 0612345678"}


def test_only_an_address_is_no_message(play: Play) -> None:
    did = taking(play, "message_text").do(MessageForm, "jo@example.nl", email="jo@example.nl")
    assert did.slots == {"contact": "jo@example.nl"}


def test_a_mistyped_address_is_asked_again(play: Play) -> None:
    did = taking(play, "contact").do(MessageForm, "jo@", "nlu_fallback")
    assert did.said == ["utter_contact_unclear"]
    assert did.slots == {"contact": None}


def test_a_message_is_kept_once_and_forgotten_in_the_dialogue(play: Play) -> None:
    references = []
    for _ in range(2):
        play.slots |= {"message_text": "Mijn lamp knippert.", "contact": "jo@example.nl"}
        did = play.do(LeaveMessage)
        assert did.said == ["utter_message_left"]
        references.append(did.messages[0]["reference"])
        assert (play.slots["message_text"], play.slots["contact"]) == (None, None)
    assert references[0] == references[1]
    opened = play.services.messages.read(references[0])
    assert (opened.text, opened.contact) == ("Mijn lamp knippert.", "jo@example.nl")
    assert opened.conversation == play.conversation


def test_delivery_is_told_for_the_country_that_was_asked(play: Play) -> None:
    did = play.do(DeliveryOptions, "naar België?", "delivery_options", country="BE")
    assert did.messages[0]["where"] == "in België"
    assert "€\xa05,95, gratis vanaf €\xa060,00" in did.messages[0]["lines"]
    payloads = [button["payload"] for button in did.messages[0]["buttons"]]
    assert payloads == [f'/delivery_options{{"country": "{code}"}}' for code in ("NL", "GB")]


@pytest.mark.parametrize(
    ("language", "where"),
    [("nl", "als je in Nederland woont"), ("en", "if you live in the United Kingdom")],
)
def test_delivery_is_told_for_where_the_language_is_spoken(
    play: Play, language: str, where: str
) -> None:
    play.slots["language"] = language
    did = play.do(DeliveryPeriod, "?", "delivery_period")
    assert did.messages[0]["where"] == where
    assert did.messages[0]["lines"].count("\n") >= 1


@pytest.mark.parametrize("country", ["DE", "Atlantis", ""])
def test_where_we_do_not_deliver_we_say_so(play: Play, country: str) -> None:
    did = play.do(DeliveryOptions, "daar?", "delivery_options", country=country or "XX")
    assert did.said == ["utter_delivery_not_there"]
    assert len(did.messages[0]["buttons"]) == 3


def bot(response: str) -> dict[str, object]:
    return {"event": "bot", "text": "…", "metadata": {"utter_action": response}}


RANKING = [
    {"name": "nlu_fallback", "confidence": 0.5},
    {"name": "track_order", "confidence": 0.4},
    {"name": "inform", "confidence": 0.3},
    {"name": "return_item", "confidence": 0.25},
    {"name": "my_data", "confidence": 0.2},
]


def test_the_two_likeliest_readings_are_offered_and_a_person(play: Play) -> None:
    did = play.do(Clarify, "mijn ding", "nlu_fallback", ranking=RANKING)
    assert did.said == ["utter_not_understood_readings"]
    payloads = [button["payload"] for button in did.messages[0]["buttons"]]
    assert payloads == ["/track_order", "/return_item", "/contact_human_agent"]
    titles = [button["title"] for button in did.messages[0]["buttons"]]
    assert titles == ["Waar is mijn bestelling?", "Iets terugsturen", "Vraag het aan een collega"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_person_is_offered_once(play: Play, language: str) -> None:
    play.slots["language"] = language
    likely = {"name": "contact_human_agent", "confidence": 0.45}
    did = play.do(Clarify, "mijn ding", "nlu_fallback", ranking=[likely, *RANKING])
    payloads = [button["payload"] for button in did.messages[0]["buttons"]]
    assert payloads == ["/track_order", "/return_item", "/contact_human_agent"]


def test_noise_gets_the_menu(play: Play) -> None:
    faint = [{**each, "confidence": 0.02} for each in RANKING]
    assert play.do(Clarify, "xq", "nlu_fallback", ranking=faint).said == ["utter_not_understood"]
    assert play.do(Clarify, "", "nlu_fallback", ranking=[]).said == ["utter_not_understood"]


def test_in_a_form_the_question_is_not_lost(play: Play) -> None:
    play.form = "track_order_form"
    did = play.do(Clarify, "mijn ding", "nlu_fallback", ranking=RANKING)
    assert did.said == ["utter_not_understood_in_form_readings"]
    payloads = [button["payload"] for button in did.messages[0]["buttons"]]
    # What is being done already is no other reading.
    assert payloads == ["/return_item", "/my_data", "/contact_human_agent"]


def test_noise_in_a_form_gets_a_way_out(play: Play) -> None:
    play.form = "track_order_form"
    faint = [{**each, "confidence": 0.02} for each in RANKING]
    did = play.do(Clarify, "xq", "nlu_fallback", ranking=faint)
    assert did.said == ["utter_not_understood_in_form"]


def test_a_datum_that_a_form_cannot_use_may_have_been_something_else(play: Play) -> None:
    play.form = "newsletter_form"
    did = play.do(Inform, "mijn ding", "inform", ranking=RANKING)
    assert did.said == ["utter_not_understood_in_form_readings"]
    said = {"event": "bot", "metadata": {"utter_action": did.said[0]}}
    play.events = [{"event": "user"}, said]
    again = play.do(Inform, "mijn ding", "inform", ranking=RANKING)
    assert again.said == ["utter_not_understood_twice"]


def test_beside_a_likely_reading_the_second_may_be_less_likely(play: Play) -> None:
    ranking = [{"name": "track_order", "confidence": 0.4}, {"name": "my_data", "confidence": 0.04}]
    did = play.do(Clarify, "mijn ding", "nlu_fallback", ranking=ranking)
    payloads = [button["payload"] for button in did.messages[0]["buttons"]]
    assert payloads == ["/track_order", "/my_data", "/contact_human_agent"]


def test_the_second_time_in_a_row_a_person_is_offered(play: Play) -> None:
    clarified = [{"event": "user"}, bot("utter_not_understood_readings")]
    play.events = clarified
    did = play.do(Clarify, "mijn ding", "nlu_fallback", ranking=RANKING)
    assert did.said == ["utter_not_understood_twice"]
    play.events = [*clarified, {"event": "user"}, bot("utter_greet")]
    did = play.do(Clarify, "mijn ding", "nlu_fallback", ranking=RANKING)
    assert did.said == ["utter_not_understood_readings"]


def test_the_periods_are_those_of_the_policy(play: Play) -> None:
    did = play.do(MyData)
    kept = play.services.kept
    assert (did.messages[0]["minutes"], did.messages[0]["days"]) == (
        str(kept.conversation_minutes),
        str(kept.message_days),
    )


def test_yes_to_nothing_is_no_misunderstanding(play: Play) -> None:
    play.events = [{"event": "user"}, bot("utter_not_understood")]
    assert play.do(Clarify, "ok", "affirm").said == ["utter_yes_or_no_to_what"]


def test_somebody_without_the_number_is_told_where_it_is(play: Play) -> None:
    play.form = "track_order_form"
    play.slots["requested_slot"] = "order_number"
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.5},
        {"name": "no_order_number", "confidence": 0.4},
    ]
    did = play.do(Clarify, "tja, niet uit mijn hoofd", "nlu_fallback", ranking=ranking)
    assert did.said == ["utter_find_order_number"]
