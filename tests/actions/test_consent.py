"""May order data be used? What the actions make of the question and its answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.about_order import AboutOrder
from actions.account import DeleteForm
from actions.clarify import Clarify
from actions.consent import (
    AskOrderConsent,
    ConsentAnswered,
    ConsentForm,
    GiveConsent,
    KeepConversation,
    StopUsingMyData,
    named,
)
from actions.forms import OVER
from actions.newsletter import NewsletterForm
from actions.order_forms import AskOrderNumber
from actions.orders import CancelForm, TrackForm
from actions.requests import Request, read, written
from actions.returns import ReturnForm
from actions.services import Services
from actions.tracking import TrackOrder
from actions.trust import EraseMyData, MyData
from helder.consent.purposes import IMPROVEMENT, KEEP_CONVERSATION, ORDER_DATA
from helder.consent.receipts import receipt
from helder.consent.records import Method, State
from helder.conversation.entries import ConversationId
from helder.conversation.log import ConversationLog
from helder.shop.model import Order
from tests.actions.play import Did, Event, Play
from tests.consent.test_records import newer

Get = Callable[[str], Order]


def begun(form: str) -> list[Event]:
    return [{"event": "active_loop", "name": form}]


BEGUN = begun("track_order_form")


@pytest.fixture
def fresh(services: Services, log: ConversationLog) -> Play:
    """A conversation in which nothing was asked yet."""
    conversation = log.open("nl", timedelta(hours=1)).conversation
    return Play(services, conversation, form="track_order_form")


def states(play: Play) -> list[tuple[str, str]]:
    records = play.services.consents.records(play.conversation)  # type: ignore[arg-type]  # the id is a plain str here
    return [(each.purpose, each.state.value) for each in records]


def asked(play: Play, text: str = "waar is mijn pakket", **entities: str) -> Did:
    """The form begins with this, and asks."""
    did = play.do(TrackForm, text, "track_order", after=BEGUN, **entities)
    play.slots["requested_slot"] = "order_consent"
    return did


def answered(play: Play, text: str, intent: str, confidence: float = 1.0, **data: str) -> Did:
    play.message += "+"
    return play.do(TrackForm, text, intent, confidence, **data)


def test_nothing_of_the_form_is_done_before_the_answer(fresh: Play, order: Get) -> None:
    mine = order("on_its_way")
    did = asked(fresh, order_number=mine.number, postcode=mine.address.postcode)
    assert did.said == []
    assert did.slots["order_consent"] is None
    assert "order_proof" not in did.slots
    assert states(fresh) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_question_has_two_buttons_with_the_words_of_the_policy(
    fresh: Play, language: str
) -> None:
    fresh.slots["language"] = language
    (question,) = fresh.do(AskOrderConsent).messages
    words = fresh.services.consents.purpose(ORDER_DATA).said(language)
    assert question["question"] == words.question
    assert question["buttons"] == [
        {"title": words.yes_button, "payload": "/affirm"},
        {"title": words.no_button, "payload": "/deny"},
    ]


@pytest.mark.parametrize(
    ("text", "intent", "method"),
    [
        ("/affirm", "affirm", "button"),
        ("ja hoor", "affirm", "words"),
        ("je mag mijn gegevens gebruiken", "give_consent", "words"),
        ("ja, mijn pakket opzoeken", "track_order", "words"),
        ("prima, dat mag wel", "affirm", "words"),
        ("yes you may look at my order", "give_consent", "words"),
    ],
)
def test_a_yes_is_recorded_and_what_began_the_form_is_done(
    fresh: Play, order: Get, text: str, intent: str, method: str
) -> None:
    mine = order("on_its_way")
    asked(fresh, f"waar is {mine.number}", order_number=mine.number)
    did = answered(fresh, text, intent)
    assert did.said == ["utter_consent_thanks"]
    assert (did.slots["order_consent"], did.slots["order_number"]) == ("yes", mine.number)
    (record,) = fresh.services.consents.records(fresh.conversation)  # type: ignore[arg-type]  # the id is a plain str here
    assert (record.purpose, record.state, record.method.value) == (ORDER_DATA, State.GIVEN, method)
    assert (record.language, record.version, record.notice) == ("nl", 1, 3)


def test_a_proof_that_came_before_the_yes_counts_after_it(fresh: Play, order: Get) -> None:
    mine = order("on_its_way")
    asked(fresh, f"waar is {mine.number}", order_number=mine.number)
    did = answered(fresh, mine.address.postcode, "inform", postcode=mine.address.postcode)
    assert did.said == ["utter_consent_first"]
    assert did.slots["order_consent"] is None
    assert states(fresh) == []
    assert answered(fresh, "ja", "affirm").slots["order_proof"] == "proven"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/deny", "deny"),
        ("nee", "deny"),
        ("blijf van mijn gegevens af", "stop_using_my_data"),
        ("nee, zoek maar niets op", "track_order"),
    ],
)
def test_a_no_ends_the_form_and_says_what_it_costs(fresh: Play, text: str, intent: str) -> None:
    asked(fresh)
    did = answered(fresh, text, intent)
    assert did.said == ["utter_consent_declined"]
    without = fresh.services.consents.purpose(ORDER_DATA).said("nl").without
    assert did.messages[0]["without"] == without
    assert did.slots["order_consent"] == "no"
    assert states(fresh) == [(ORDER_DATA, "refused")]
    fresh.form = None
    assert fresh.do(TrackOrder).said == []


def test_after_a_no_nobody_is_asked_again(fresh: Play) -> None:
    asked(fresh)
    answered(fresh, "nee", "deny")
    for form in (TrackForm, CancelForm):
        did = fresh.do(form, "…", form.begun_by, after=begun(form.form))
        assert did.said == ["utter_consent_declined_before"]
        assert did.slots["order_consent"] == "no"
    assert states(fresh) == [(ORDER_DATA, "refused")]


@pytest.mark.parametrize(
    "text",
    [
        "zeg dat nog eens",
        "ja maar waarom",
        "ja?",
        "kan dat ook anders",
        "1234",
    ],
)
def test_what_is_no_answer_is_none(fresh: Play, text: str) -> None:
    asked(fresh)
    did = answered(fresh, text, "affirm" if text.startswith("ja") else "nlu_fallback", 0.5)
    assert did.events == []
    assert states(fresh) == []


@pytest.mark.parametrize(
    "text",
    ["ja, behalve mijn adres", "ok maar niet mijn adres", "sure but don't look at my address"],
)
def test_a_yes_to_a_part_is_no_yes_and_told_that_there_are_no_parts(fresh: Play, text: str) -> None:
    asked(fresh)
    did = answered(fresh, text, "add_address", 0.9)
    assert did.said == ["utter_consent_whole"]
    assert did.slots == {"order_consent": None}  # asked again
    assert states(fresh) == []


@pytest.mark.parametrize(
    "text",
    [
        "ja hij is nog niet aangekomen",
        "yes I have not received it",
        "ja hoor, niet erg",
        "yes of course, don't worry",
        "ja liever niet",
        "ja doe maar niet",
    ],
)
def test_a_yes_that_holds_back_nothing_by_name_is_not_told_that_there_are_no_parts(
    fresh: Play, text: str
) -> None:
    asked(fresh)
    assert "utter_consent_whole" not in answered(fresh, text, "track_order", 0.9).said
    asked(fresh)
    assert "utter_consent_whole" not in answered(fresh, text, "deny", 0.9).said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("moet dat?", "utter_consent_free"),
        ("do I really have to?", "utter_consent_free"),
        ("is dat verplicht?", "utter_consent_free"),
        ("why do you need to see my data?", "utter_consent_about"),
        ("do you need to share it with anyone?", "utter_consent_about"),
        ("hoe lang ben je verplicht het te bewaren?", "utter_consent_about"),
        ("wat moet ik doen om het in te trekken?", "utter_consent_about"),
    ],
)
def test_only_to_whether_one_must_the_answer_is_no(fresh: Play, text: str, told: str) -> None:
    asked(fresh)
    assert answered(fresh, text, "nlu_fallback", 0.3).said == [told]


def test_the_deed_alone_or_a_guess_is_no_yes(fresh: Play) -> None:
    asked(fresh)
    did = answered(fresh, "annuleer hem maar", "track_order")
    assert did.slots == {"order_consent": None}  # asked again
    answered(fresh, "can you use my orders", "give_consent", 0.5)
    assert states(fresh) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_question_at_the_question_is_answered_and_the_question_put_again(
    fresh: Play, language: str
) -> None:
    fresh.slots["language"] = language
    asked(fresh)
    did = answered(fresh, "welke gegevens? which data?", "my_data")
    (told,) = did.messages
    words = fresh.services.consents.purpose(ORDER_DATA).said(language)
    assert told["response"] == "utter_consent_about"
    assert all(each in told["data"] for each in words.data)
    assert (told["without"], told["retention"]) == (words.without, words.retention)
    assert told["controller"] == "Kade B.V."
    assert did.slots == {"order_consent": None}
    assert states(fresh) == []


def test_who_hesitates_is_told_that_no_is_fine_and_asked_again(fresh: Play) -> None:
    asked(fresh)
    did = answered(fresh, "weet ik niet", "no_order_number")
    assert did.said == ["utter_lacking_order_consent"]
    assert did.slots == {"order_consent": None}
    assert states(fresh) == []


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "answer"),
    [
        ("bewaar het maar", "keep_conversation", 1.0, "yes"),
        ("hou het gesprek vast", "keep_conversation", 1.0, "yes"),
        ("gooi dit gesprek weg", "erase_my_data", 1.0, "no"),
        ("bewaren jullie dat?", "keep_conversation", 1.0, None),
        ("gooi dit gesprek weg", "erase_my_data", 0.5, None),
    ],
)
def test_keeping_is_answered_in_its_own_words_and_never_by_a_question(
    fresh: Play, text: str, intent: str, confidence: float, answer: str | None
) -> None:
    fresh.form = "consent_form"
    fresh.slots |= {"consent_purpose": KEEP_CONVERSATION, "requested_slot": "consent_answer"}
    did = fresh.do(ConsentForm, text, intent, confidence)
    assert did.slots.get("consent_answer") == answer


def test_a_question_about_keeping_is_answered_and_the_question_put_again(fresh: Play) -> None:
    fresh.form = "consent_form"
    fresh.slots |= {"consent_purpose": KEEP_CONVERSATION, "requested_slot": "consent_answer"}
    did = fresh.do(ConsentForm, "hoe lang bewaren jullie dat dan?", "my_data")
    assert did.said == ["utter_consent_about"]
    assert "90" in did.messages[0]["retention"]
    assert did.slots == {"consent_answer": None}


def test_nothing_that_was_written_is_in_the_record_or_its_receipt(fresh: Play, order: Get) -> None:
    mine = order("on_its_way")
    asked(fresh, f"waar is {mine.number}", order_number=mine.number)
    postcode = mine.address.postcode
    answered(fresh, f"ja, mijn postcode is {postcode}", "inform", postcode=postcode)
    (record,) = fresh.services.consents.records(fresh.conversation)  # type: ignore[arg-type]  # the id is a plain str here
    assert record.state is State.GIVEN
    kept = record.written() + json.dumps(receipt(record, fresh.conversation, None))
    for words in (postcode, mine.number, "waar is", "mijn postcode is"):
        assert words not in kept


def besides(*requests: tuple[str, str]) -> str:
    """The slot next_request, with these intents and orders."""
    named = [({"entity": "order_number", "value": number},) for _, number in requests]
    made = [Request(i, "that", own) for (i, _), own in zip(requests, named, strict=True)]
    return str(written(made))


CANCEL, RETURN = ("cancel_order", "HD-204818"), ("return_item", "HD-204819")


def test_what_was_asked_besides_waits_for_the_answer_and_is_named_after_a_yes(fresh: Play) -> None:
    both = besides(CANCEL, RETURN)
    fresh.slots["next_request"] = both
    assert asked(fresh, next_request=both).said == []
    assert fresh.slots["next_request"] == both
    did = answered(fresh, "/affirm", "affirm")
    assert did.said == ["utter_consent_thanks", "utter_next_requests_later"]
    assert did.slots["next_request"] == both


def test_what_was_asked_besides_is_not_lost_by_a_no(fresh: Play) -> None:
    fresh.slots["next_request"] = besides(CANCEL)
    asked(fresh, next_request=besides(CANCEL))
    answered(fresh, "nee", "deny")
    assert fresh.slots["next_request"] == besides(CANCEL)


@pytest.mark.parametrize(("text", "intent"), [("ja", "affirm"), ("nee", "deny")])
def test_what_is_asked_besides_the_answer_comes_after_what_waits(
    fresh: Play, text: str, intent: str
) -> None:
    fresh.slots["next_request"] = besides(CANCEL)
    asked(fresh, next_request=besides(CANCEL))
    fresh.events = [{"event": "slot", "name": "next_request", "value": besides(CANCEL)}]
    fresh.slots["next_request"] = besides(RETURN)  # Rasa puts the entity into the slot
    answered(fresh, text, intent, next_request=besides(RETURN))
    assert fresh.slots["next_request"] == besides(CANCEL, RETURN)


def test_a_form_that_was_begun_as_the_next_request_waits_with_those_after_it(fresh: Play) -> None:
    fresh.form = "cancel_order_form"
    begun_so: list[Event] = [
        {"event": "action", "name": "action_next_request"},
        {"event": "slot", "name": "next_request", "value": besides(CANCEL, RETURN)},
        {"event": "slot", "name": "next_request", "value": besides(RETURN)},
        *begun("cancel_order_form"),
    ]
    fresh.slots["next_request"] = besides(CANCEL, RETURN)  # read once more when the form began
    fresh.do(CancelForm, "open, cancel and return", "contact_customer_service", after=begun_so)
    assert fresh.slots["next_request"] == besides(RETURN)
    (waits,) = read(fresh.slots["before_consent"])
    assert (waits.intent, waits.number()) == CANCEL


def test_what_was_named_before_the_question_is_chosen_after_the_yes(
    fresh: Play, order: Get
) -> None:
    mine = order("delivered_5_days_ago")
    fresh.form = "return_item_form"
    text = f"ik wil het vogelhuisje uit {mine.number} terugsturen, {mine.address.postcode}"
    data = {"order_number": mine.number, "postcode": mine.address.postcode}
    opened = begun("return_item_form")
    assert fresh.do(ReturnForm, text, "return_item", after=opened, **data).said == []
    fresh.slots["requested_slot"] = "order_consent"
    fresh.message += "+"
    did = fresh.do(ReturnForm, "/affirm", "affirm")
    assert did.slots["order_proof"] == "proven"
    assert len(json.loads(did.slots["return_lines"])) == 1


def test_a_changed_purpose_is_asked_anew(play: Play) -> None:
    consents = play.services.consents
    assert "requested_slot" not in asked(play).slots
    before = consents.purposes
    consents.renew(newer(before, ORDER_DATA), 3)
    try:
        did = play.do(TrackForm, "waar is mijn pakket", "track_order", after=BEGUN)
        assert did.slots["order_consent"] is None
        play.form, play.slots["requested_slot"] = "track_order_form", "order_consent"
        answered(play, "ja", "affirm")
        assert [each.version for each in consents.records(play.conversation)] == [1, 2]  # type: ignore[arg-type]  # the id is a plain str here
    finally:
        consents.renew(before, 3)


def test_what_is_given_in_the_overview_meanwhile_lets_the_form_go_on(
    fresh: Play, order: Get
) -> None:
    mine = order("on_its_way")
    asked(fresh, f"waar is {mine.number}", order_number=mine.number)
    consents = fresh.services.consents
    consents.give(fresh.conversation, ORDER_DATA, "nl", Method.PANEL)  # type: ignore[arg-type]  # the id is a plain str here
    did = answered(fresh, "/affirm", "affirm")
    assert did.said == []
    assert (did.slots["order_consent"], did.slots["order_number"]) == ("yes", mine.number)


def test_what_is_taken_back_in_the_overview_ends_the_form_at_the_next_message(
    play: Play, order: Get
) -> None:
    mine = order("on_its_way")
    play.form = "track_order_form"
    play.slots |= {"requested_slot": "order_proof", "order_number": mine.number}
    consents = play.services.consents
    consents.decline(play.conversation, ORDER_DATA, "nl", Method.PANEL)  # type: ignore[arg-type]  # the id is a plain str here
    did = play.do(TrackForm, mine.address.postcode, postcode=mine.address.postcode)
    assert did.said == ["utter_consent_declined_before"]
    assert did.slots["order_proof"] == OVER


@pytest.mark.parametrize("action", [TrackOrder, AskOrderNumber])
def test_an_action_that_the_dialogue_should_not_have_begun_is_kind(
    play: Play, order: Get, prove: Callable[[Order], Order], action: type
) -> None:
    prove(order("on_its_way"))
    consents = play.services.consents
    consents.decline(play.conversation, ORDER_DATA, "nl", Method.WORDS)  # type: ignore[arg-type]  # the id is a plain str here
    assert play.do(action).said == ["utter_order_data_not_allowed"]


def test_answers_for_everybody_need_no_consent(fresh: Play) -> None:
    fresh.form = None
    for action in AboutOrder.__subclasses__():
        if hasattr(action, "called"):
            did = fresh.do(action, "hoe zit het", action.task)
            assert did.said
            assert not any("consent" in each for each in did.said), action
    assert states(fresh) == []


@pytest.mark.parametrize("form", [DeleteForm, NewsletterForm])
def test_who_did_not_sign_in_is_not_asked_where_only_the_account_would_be_looked_at(
    fresh: Play, form: type
) -> None:
    did = fresh.do(form, "…", form.begun_by, after=begun(form.form))  # type: ignore[attr-defined]  # every form that begins has both
    assert did.slots["order_consent"] == OVER


def test_who_signed_in_is_asked_and_gives_an_address_after_a_no(fresh: Play, order: Get) -> None:
    customer = order("on_its_way").customer
    fresh.services.proofs.record(fresh.conversation, "customer", customer)  # type: ignore[arg-type]  # the id is a plain str here
    fresh.form = "newsletter_form"
    text = "meld me aan voor de nieuwsbrief"
    did = fresh.do(NewsletterForm, text, "newsletter_subscription", after=begun("newsletter_form"))
    assert did.slots["order_consent"] is None
    fresh.slots["requested_slot"] = "order_consent"
    fresh.message += "+"
    did = fresh.do(NewsletterForm, "nee", "deny")
    assert did.slots["newsletter_choice"] == "on"
    assert did.slots["newsletter_email"] is None
    assert did.slots["order_consent"] == "no"


def test_keeping_is_offered_and_kept_after_a_yes(fresh: Play) -> None:
    fresh.form = None
    did = fresh.do(KeepConversation, "bewaar dit", "keep_conversation")
    assert did.said == []
    assert did.slots["consent_purpose"] == KEEP_CONVERSATION
    fresh.slots["consent_answer"] = "yes"
    (given,) = fresh.do(ConsentAnswered, "ja", "affirm").messages
    assert given["response"] == "utter_consent_given"
    assert given["link"].startswith("https://chat.example/receipts/")
    assert states(fresh) == [(KEEP_CONVERSATION, "given")]
    again = fresh.do(KeepConversation, "bewaar dit", "keep_conversation")
    assert again.said == ["utter_consent_already"]


def test_who_wants_it_gone_no_longer_wants_it_kept(fresh: Play) -> None:
    consents = fresh.services.consents
    consents.give(fresh.conversation, KEEP_CONVERSATION, "nl", Method.BUTTON)  # type: ignore[arg-type]  # the id is a plain str here
    did = fresh.do(EraseMyData, "wis dit", "erase_my_data")
    assert did.said == ["utter_consent_withdrawn", "utter_erase_my_data"]
    assert states(fresh)[-1] == (KEEP_CONVERSATION, "withdrawn")


@pytest.mark.parametrize(
    ("intent", "said"), [("affirm", "utter_erase_press"), ("deny", "utter_nothing_to_stop")]
)
def test_a_yes_in_words_to_destroying_it_is_led_to_the_button(
    fresh: Play, intent: str, said: str
) -> None:
    fresh.form = None
    offer = {"event": "bot", "text": "?", "metadata": {"utter_action": "utter_erase_my_data"}}
    fresh.events = [{"event": "user", "text": "wis dit gesprek"}, offer]
    assert fresh.do(Clarify, "…", intent).said == [said]


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("bewaar dit gesprek niet langer", KEEP_CONVERSATION),
        ("I changed my mind about keeping this", KEEP_CONVERSATION),
        ("leer niet van mij om te verbeteren", IMPROVEMENT),
        ("don't train your AI with this", IMPROVEMENT),
        ("gebruik mijn bestelgegevens niet", ORDER_DATA),
        ("stop using my orders", ORDER_DATA),
        ("gebruik mijn gegevens niet", None),
        ("I withdraw my consent", None),
    ],
)
def test_a_purpose_is_known_by_its_own_words(text: str, purpose: str | None) -> None:
    assert named(text) == purpose


def test_taking_back_without_a_purpose_takes_back_all_and_says_each(fresh: Play) -> None:
    for purpose in (ORDER_DATA, KEEP_CONVERSATION, IMPROVEMENT):
        fresh.services.consents.give(fresh.conversation, purpose, "nl", Method.BUTTON)  # type: ignore[arg-type]  # the id is a plain str here
    did = fresh.do(StopUsingMyData, "ik trek mijn toestemming in", "stop_using_my_data")
    assert did.said == ["utter_consent_withdrawn"] * 3
    assert [state for _, state in states(fresh)[3:]] == ["withdrawn"] * 3


def test_taking_back_one_purpose_leaves_the_others(fresh: Play) -> None:
    for purpose in (ORDER_DATA, KEEP_CONVERSATION):
        fresh.services.consents.give(fresh.conversation, purpose, "nl", Method.BUTTON)  # type: ignore[arg-type]  # the id is a plain str here
    fresh.do(StopUsingMyData, "bewaar dit gesprek niet meer", "stop_using_my_data")
    assert fresh.services.consents.granted(fresh.conversation, ORDER_DATA)  # type: ignore[arg-type]  # the id is a plain str here
    assert not fresh.services.consents.granted(fresh.conversation, KEEP_CONVERSATION)  # type: ignore[arg-type]  # the id is a plain str here


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("keep your hands off my data", set()),
        ("het is beter dat je mijn gegevens niet meer gebruikt", set()),
        ("stop saving and using my order data", {KEEP_CONVERSATION, IMPROVEMENT}),
        ("do not keep this chat, and leave my orders alone", {IMPROVEMENT}),
    ],
)
def test_what_is_not_clearly_about_one_purpose_takes_back_enough(
    fresh: Play, text: str, left: set[str]
) -> None:
    conversation, consents = ConversationId(fresh.conversation), fresh.services.consents
    for purpose in (ORDER_DATA, KEEP_CONVERSATION, IMPROVEMENT):
        consents.give(conversation, purpose, "nl", Method.BUTTON)
    fresh.do(StopUsingMyData, text, "stop_using_my_data")
    assert set(consents.in_force(conversation)) == left


def test_one_purpose_that_was_never_given_takes_back_what_was(fresh: Play) -> None:
    conversation, consents = ConversationId(fresh.conversation), fresh.services.consents
    consents.give(conversation, ORDER_DATA, "nl", Method.BUTTON)
    fresh.do(StopUsingMyData, "bewaar dit gesprek niet", "stop_using_my_data")
    assert consents.in_force(conversation) == ()


@pytest.mark.parametrize("text", ["gebruik mijn bestelgegevens niet", "blijf van mijn gegevens af"])
def test_a_no_before_the_question_is_a_no_and_nobody_is_asked(fresh: Play, text: str) -> None:
    fresh.do(StopUsingMyData, text, "stop_using_my_data")
    assert states(fresh) == [(ORDER_DATA, "refused")]
    did = fresh.do(TrackForm, "waar is mijn pakket", "track_order", after=BEGUN)
    assert "utter_consent_question" not in did.said
    assert states(fresh) == [(ORDER_DATA, "refused")]


def test_a_yes_that_waited_does_not_undo_a_later_no(fresh: Play) -> None:
    asked(fresh)
    consents = fresh.services.consents
    consents.decline(ConversationId(fresh.conversation), ORDER_DATA, "nl", Method.PANEL)
    fresh.sent = "2020-01-01T00:00:00.000Z"
    answered(fresh, "ja", "affirm")
    fresh.do(GiveConsent, "/give_consent", "give_consent", purpose=ORDER_DATA)
    assert states(fresh) == [(ORDER_DATA, "refused")]
    fresh.sent = "2999-01-01T00:00:00.000Z"
    fresh.do(GiveConsent, "/give_consent", "give_consent", purpose=ORDER_DATA)
    assert states(fresh)[1:] == [(ORDER_DATA, "given")]


def test_a_yes_to_an_older_version_is_taken_back_in_words(fresh: Play) -> None:
    conversation, consents = ConversationId(fresh.conversation), fresh.services.consents
    consents.give(conversation, KEEP_CONVERSATION, "nl", Method.BUTTON)
    before = consents.purposes
    consents.renew(newer(before, KEEP_CONVERSATION), 3)
    try:
        assert consents.kept_days(conversation) == 90
        fresh.do(StopUsingMyData, "bewaar dit gesprek niet", "stop_using_my_data")
        assert consents.kept_days(conversation) == 0
        assert states(fresh)[1:] == [(KEEP_CONVERSATION, "withdrawn")]
    finally:
        consents.renew(before, 3)


def test_an_objection_to_what_nobody_does_takes_nothing_back(play: Play) -> None:
    did = play.do(StopUsingMyData, "gebruik mijn gegevens niet voor reclame", "stop_using_my_data")
    assert did.said == ["utter_stop_using_my_data"]
    assert play.services.consents.granted(play.conversation, ORDER_DATA)  # type: ignore[arg-type]  # the id is a plain str here


def test_a_change_of_mind_goes_on_with_what_was_wanted(fresh: Play) -> None:
    asked(fresh)
    answered(fresh, "nee", "deny")
    fresh.form, fresh.slots["task"] = None, "track_order"
    did = fresh.do(GiveConsent, "je mag ze toch gebruiken", "give_consent")
    assert did.said == ["utter_consent_given"]
    assert {"event": "followup", "timestamp": None, "name": "track_order_form"} in did.events
    assert states(fresh) == [(ORDER_DATA, "refused"), (ORDER_DATA, "given")]


def test_who_allows_something_unasked_is_asked_in_the_policys_words_first(fresh: Play) -> None:
    fresh.form = None
    did = fresh.do(GiveConsent, "je mag van dit gesprek leren", "give_consent")
    assert did.slots["consent_purpose"] == IMPROVEMENT
    assert states(fresh) == []


def test_my_data_tells_each_answer_with_a_button_to_change_it(fresh: Play) -> None:
    consents = fresh.services.consents
    consents.give(fresh.conversation, ORDER_DATA, "nl", Method.BUTTON)  # type: ignore[arg-type]  # the id is a plain str here
    consents.decline(fresh.conversation, IMPROVEMENT, "nl", Method.BUTTON)  # type: ignore[arg-type]  # the id is a plain str here
    _, given, refused = fresh.do(MyData).messages
    assert (given["response"], refused["response"]) == (
        "utter_my_consent_given",
        "utter_my_consent_not",
    )
    assert given["buttons"][0]["payload"] == '/stop_using_my_data{"purpose": "order_data"}'
    assert refused["buttons"][0]["payload"] == '/give_consent{"purpose": "improvement"}'


def test_a_purpose_of_a_company_is_given_and_taken_back_like_ours(fresh: Play) -> None:
    consents = fresh.services.consents
    before = consents.purposes
    own = replace(before.all[IMPROVEMENT], name="size_advice")
    consents.renew(replace(before, all={**before.all, "size_advice": own}), 2)
    try:
        fresh.do(GiveConsent, "/give_consent", "give_consent", purpose="size_advice")
        fresh.do(StopUsingMyData, "/stop", "stop_using_my_data", purpose="size_advice")
        assert states(fresh) == [("size_advice", "given"), ("size_advice", "withdrawn")]
    finally:
        consents.renew(before, 3)
