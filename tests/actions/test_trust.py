"""What is told of data, of distress, and why a person is wanted."""

from __future__ import annotations

import re

import pytest
import yaml

from actions.clarify import Clarify
from actions.next_request import NextRequest
from actions.orders import TrackForm
from actions.person import REASON, REASONS, LeaveMessage, MessageForm, OfferPerson
from actions.smalltalk import Insult, SmallTalk, subject
from actions.trust import (
    DataAction,
    EraseMyData,
    ExportMyData,
    HowItWorks,
    MyData,
    NoAI,
)
from helder.conversation.entries import ConversationId
from helder.optout.records import Method
from tests.actions.conftest import ROOT
from tests.actions.play import Play


@pytest.mark.parametrize("action", [MyData, EraseMyData, ExportMyData])
def test_the_periods_and_the_page_are_those_of_this_installation(
    play: Play, action: type[DataAction]
) -> None:
    told = play.do(action).messages[0]
    assert told["minutes"] == str(play.services.kept.conversation_minutes)
    assert told["days"] == str(play.services.kept.message_days)
    assert told["link"] == "https://chat.example/privacy?language=nl"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_how_it_works_comes_with_the_page_in_the_language_spoken(play: Play, language: str) -> None:
    play.slots["language"] = language
    told = play.do(HowItWorks).messages[0]
    assert told["link"] == f"https://chat.example/how-it-works?language={language}"


def test_what_is_known_of_an_order_is_told_too(play: Play) -> None:
    agreed = "utter_my_consent_given"
    assert play.do(MyData).said == ["utter_my_data", agreed]
    play.slots["order_number"] = "HD-204817"
    assert play.do(MyData).said == ["utter_my_data", "utter_my_data_order", agreed]
    play.slots["order_proof"] = "proven"
    assert play.do(MyData).said == ["utter_my_data", "utter_my_data_order_proven", agreed]


def test_no_ai_is_recorded_and_ends_what_was_asked(play: Play) -> None:
    conversation = ConversationId(play.conversation)
    play.form, play.slots["requested_slot"] = "track_order_form", "order_number"
    did = play.do(NoAI, "geen AI graag", "no_ai")
    assert did.said == ["utter_no_ai"]
    assert {"event": "active_loop", "name": None, "timestamp": None} in did.events
    assert did.slots == {"requested_slot": None, "next_request": None}
    assert play.services.opt_outs.holds(conversation)
    play.do(NoAI, "geen AI graag", "no_ai")  # a turn that is repeated
    (record,) = play.services.opt_outs.records(conversation)
    assert (record.out, record.method) == (True, Method.WORDS)


def test_what_was_asked_besides_is_not_done_by_an_assistant_that_is_not_wanted(play: Play) -> None:
    did = play.do(NextRequest, "geen AI, en waar is mijn bestelling?", "no_ai")
    assert did.said == []
    assert did.slots == {"next_request": None}


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("no AI please", False),
        ("Your robot could not help me, and I do not want to talk to an AI again", True),
    ],
)
def test_no_ai_said_for_a_message_is_heard_if_it_cannot_be_one(
    play: Play, text: str, theirs: bool
) -> None:
    play.form, play.slots["requested_slot"] = "message_form", "message_text"
    did = play.do(MessageForm, text, "no_ai")
    assert did.rejected is not theirs


@pytest.mark.parametrize("reason", ["discrimination", "distress", "legal_threat"])
def test_the_colleague_is_told_why_a_person_is_wanted(play: Play, reason: str) -> None:
    play.do(OfferPerson, "…", reason)
    assert left_for(play) == reason


def test_a_button_brings_its_reason_along(play: Play) -> None:
    play.do(
        OfferPerson, "/contact_human_agent", "contact_human_agent", handoff_reason="data_request"
    )
    assert left_for(play) == "data_request"


def test_the_reason_of_an_earlier_message_is_not_that_of_the_next(play: Play) -> None:
    play.do(OfferPerson, "…", "legal_threat")
    left_for(play)
    play.do(OfferPerson, "een mens graag", "contact_human_agent")
    assert left_for(play) == "asked_for_a_person"


def left_for(play: Play) -> str:
    play.slots |= {"message_text": "Bel mij even.", "contact": "jo@example.nl"}
    play.message += "+"
    reference = play.do(LeaveMessage).messages[0]["reference"]
    return play.services.messages.read(reference).about.reason


def test_help_lines_go_before_the_question_how_to_reach_somebody_in_distress(play: Play) -> None:
    play.form, play.slots["requested_slot"] = "message_form", "message_text"
    did = play.do(MessageForm, "ik wil dood", "distress")
    assert did.said == ["utter_distress_in_message"]
    assert did.slots["message_text"] == "ik wil dood"


@pytest.mark.parametrize(
    "intent",
    ["are_you_human", "contact_human_agent", "discrimination", "distress", "legal_threat", "no_ai"],
)
def test_no_form_keeps_somebody_from_a_person_or_the_truth(play: Play, intent: str) -> None:
    play.form, play.slots["requested_slot"] = "track_order_form", "order_number"
    assert play.do(TrackForm, "…", intent, confidence=0.55).rejected


def test_a_street_that_is_called_so_is_no_lawyer(play: Play) -> None:
    play.form, play.slots["requested_slot"] = "track_order_form", "order_number"
    assert not play.do(TrackForm, "Advocaat 12", "legal_threat", confidence=0.55).rejected


def test_who_may_be_in_distress_gets_help_lines_and_no_question(play: Play) -> None:
    play.form, play.slots["requested_slot"] = "track_order_form", "order_number"
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.5},
        {"name": "distress", "confidence": 0.3},
        {"name": "stop", "confidence": 0.1},
    ]
    did = play.do(Clarify, "het gaat echt niet", "nlu_fallback", ranking=ranking)
    assert did.said == ["utter_distress"]
    assert {"event": "active_loop", "timestamp": None, "name": None} in did.events


def test_what_is_only_perhaps_distress_is_a_reading_among_others(play: Play) -> None:
    ranking = [
        {"name": "stop", "confidence": 0.4},
        {"name": "distress", "confidence": 0.3},
    ]
    did = play.do(Clarify, "het hoeft niet meer", "nlu_fallback", ranking=ranking)
    assert did.said == ["utter_not_understood_readings"]


def test_the_second_insult_in_a_row_offers_a_person_first(play: Play) -> None:
    assert play.do(Insult, "sukkel", "insult").said == ["utter_insult"]
    bot = {"event": "bot", "metadata": {"utter_action": "utter_insult"}}
    play.events = [{"event": "user"}, bot]
    assert play.do(Insult, "sukkel", "insult").said == ["utter_insult_again"]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("how are you", "how"),
        ("hoe gaat het met je", "how"),
        ("how old are you", "other"),
        ("tell me a joke", "joke"),
        ("vertel eens een mop", "joke"),
        ("will you marry me", "love"),
        ("wat regent het", "weather"),
        ("fijne kerstdagen", "wishes"),
        ("wat eet jij graag", "other"),
    ],
)
def test_small_talk_is_answered_by_what_it_is_about(play: Play, text: str, about: str) -> None:
    assert subject(set(text.split()), play.services.vocabulary.smalltalk) == about
    assert play.do(SmallTalk, text, "small_talk").said == [f"utter_small_talk_{about}"]


def test_every_reason_for_a_person_has_words_at_the_desk() -> None:
    desk = yaml.safe_load((ROOT / "policies" / "desk.yml").read_text(encoding="utf-8"))
    texts = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "data" / "responses").glob("*.yml")
    )
    brought = set(re.findall(r'"handoff_reason": "(\w+)"', texts))
    assert brought | set(REASONS.values()) | {REASON} <= set(desk["reasons"])
    assert brought


def test_what_was_told_at_length_need_not_be_told_again(play: Play) -> None:
    told = "De bezorger van gisteren maakte een racistische opmerking over mij en mijn moeder " * 2
    play.form = "message_form"
    begun = [{"event": "active_loop", "name": "message_form"}]
    did = play.do(MessageForm, told, "discrimination", after=begun)
    assert did.said == ["utter_complaint_noted"]
    assert did.slots["message_text"] == told
    play.slots["message_text"] = None
    short = play.do(MessageForm, "dit is racisme", "discrimination", after=begun)
    assert (short.said, short.slots["message_text"]) == ([], None)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("do you train on my chats?", "utter_my_data_training"),
        ("gebruiken jullie mijn berichten om de AI te trainen?", "utter_my_data_training"),
        ("who can read this conversation?", "utter_my_data_readers"),
        ("wie leest dit mee?", "utter_my_data_readers"),
    ],
)
def test_what_was_asked_of_data_is_answered(play: Play, text: str, answer: str) -> None:
    assert play.do(MyData, text, "my_data").said == [answer]


@pytest.mark.parametrize(
    "text", ["I want a human to review this decision", "ik ben het niet eens met dit besluit"]
)
def test_who_contests_a_decision_brings_it_along(play: Play, text: str) -> None:
    did = play.do(OfferPerson, text, "contact_human_agent")
    assert did.slots["handoff_reason"] == "decision"
