"""A person is fetched when one can come; when nobody can, a message is taken as ever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.anger import shows_anger
from actions.clarify import Clarify
from actions.feedback import Complaint
from actions.person import Distress, LeaveMessage, MessageForm, OfferPerson
from actions.smalltalk import Insult
from helder.handoff.reasons import Reason
from helder.vocabulary.model import Vocabulary
from tests.actions.play import Event, Play


@pytest.fixture
def there(play: Play) -> Play:
    """A conversation while a colleague is there who speaks Dutch."""
    play.services = replace(play.services, handoff_open=lambda language: language == "nl")
    return play


def said(response: str) -> Event:
    return {"event": "bot", "text": "…", "metadata": {"utter_action": response}}


def user(text: str, intent: str = "inform") -> Event:
    parsed = {"intent": {"name": intent, "confidence": 1.0}}
    return {"event": "user", "text": text, "parse_data": parsed}


def test_who_asks_for_a_person_gets_one_at_once(there: Play) -> None:
    did = there.do(OfferPerson, "mens", "contact_human_agent")
    assert did.said == ["utter_person_fetched"]
    assert did.slots["handoff"] == "asked"


def test_the_message_form_asks_nothing_of_whom_a_person_comes_to(there: Play) -> None:
    there.do(OfferPerson, "mens", "contact_human_agent")
    begun = [{"event": "active_loop", "name": "message_form"}]
    there.form = "message_form"
    did = there.do(MessageForm, "mens", "contact_human_agent", after=begun)
    assert did.slots["message_text"] == did.slots["contact"] == "over"
    there.form = None
    assert there.do(LeaveMessage).said == []


def test_nobody_who_speaks_the_language_means_a_message(there: Play) -> None:
    there.slots["language"] = "en"
    did = there.do(OfferPerson, "human", "contact_human_agent")
    assert "handoff" not in did.slots
    assert did.said != ["utter_person_fetched"]


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("ik word gediscrimineerd", "discrimination", "discrimination"),
        ("een mens moet dit besluit bekijken", "contact_human_agent", "decision_contested"),
    ],
)
def test_these_are_fetched_for_at_once(there: Play, text: str, intent: str, reason: str) -> None:
    assert there.do(OfferPerson, text, intent).slots["handoff"] == reason


@pytest.mark.parametrize("intent", ["legal_threat", "vulnerable", "bereavement"])
def test_for_these_a_person_is_offered_and_fetched_at_a_yes(there: Play, intent: str) -> None:
    did = there.do(OfferPerson, "…", intent)
    assert did.said == ["utter_person_offered"]
    assert "handoff" not in did.slots
    titles = [button["title"] for button in did.messages[0]["buttons"]]
    assert titles == ["Ja, haal een collega", "Nu niet"]
    choice = "/contact_human_agent"
    did = there.do(OfferPerson, choice, "contact_human_agent", handoff_reason=intent)
    assert did.slots["handoff"] == intent


def test_a_typed_yes_to_the_offer_keeps_its_reason(there: Play) -> None:
    there.do(OfferPerson, "mijn advocaat komt", "legal_threat")
    there.do(LeaveMessage, after=[said("utter_person_offered")])
    there.events = [user("mijn advocaat komt", "legal_threat"), said("utter_person_offered")]
    assert there.do(OfferPerson, "ja", "affirm").slots["handoff"] == "legal_threat"


def test_a_complaint_about_treatment_is_offered_as_one(there: Play) -> None:
    did = there.do(Complaint, "jullie medewerker was onbeschoft tegen mij", "complaint")
    assert did.said == ["utter_complaint_heard", "utter_person_offered"]
    assert did.slots["handoff_reason"] == "treatment"
    assert there.do(Complaint, "de lamp is lelijk", "complaint").slots["handoff_reason"] == (
        "complaint"
    )


@pytest.mark.parametrize(
    ("text", "reason"), [("ik wil dood", "distress"), ("er is brand in huis", "danger")]
)
def test_help_lines_come_first_and_then_a_person(there: Play, text: str, reason: str) -> None:
    did = there.do(Distress, text, "distress")
    assert did.said == ["utter_distress_lines", "utter_person_fetched"]
    assert did.slots["handoff"] == reason


def test_distress_said_as_a_message_for_later_brings_a_person_now(there: Play) -> None:
    there.form, there.slots["requested_slot"] = "message_form", "contact"
    did = there.do(MessageForm, "ik wil niet meer leven", "distress")
    assert did.said == ["utter_distress_lines", "utter_person_fetched"]
    assert did.slots["handoff"] == "distress"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_lines_name_the_numbers_of_both_countries(play: Play, language: str) -> None:
    for response in ("utter_distress_lines", "utter_distress", "utter_distress_in_message"):
        text = play.services.phrases.text(response, language)
        for number in ("0800-0113", "113", "112", "116 123", "999"):
            assert number in text


def test_not_understood_twice_offers_a_person(there: Play) -> None:
    there.events = [user("blub"), said("utter_not_understood")]
    did = there.do(Clarify, "blub", "nlu_fallback")
    assert did.said == ["utter_not_understood_twice_open"]


def test_anger_that_grows_offers_a_person_and_once_is_not_enough(there: Play) -> None:
    assert there.do(Insult, "stomme bot", "insult").said == ["utter_insult"]
    there.events = [user("dit is belachelijk!!!"), user("waar is mijn pakket")]
    did = there.do(Insult, "stomme bot", "insult")
    assert did.said == ["utter_anger", "utter_person_offered"]
    assert '"anger"' in did.messages[1]["buttons"][0]["payload"]


def test_anger_of_five_messages_ago_is_past(there: Play) -> None:
    calm = [user("waar is mijn pakket")] * 3
    there.events = [user("dit is belachelijk!!!"), *calm]
    assert there.do(Insult, "stomme bot", "insult").said == ["utter_insult"]


@pytest.mark.parametrize(
    ("text", "angry"),
    [
        ("WAAR BLIJFT MIJN PAKKET", True),
        ("waar blijft het!!!", True),
        ("this is ridiculous", True),
        ("HD-204817", False),
        ("Waar is mijn pakket!", False),
        ("ik wil een rode lamp", False),
    ],
)
def test_signs_of_anger_are_what_everybody_can_see(
    vocabulary: Vocabulary, text: str, angry: bool
) -> None:
    assert shows_anger(text, "inform", 1.0, vocabulary.person) is angry


def test_every_reason_that_is_offered_is_one_of_the_queue() -> None:
    assert Reason("vulnerable") is Reason.VULNERABLE
