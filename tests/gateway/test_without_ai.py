"""No AI: not one word of the customer reaches the brain, until they press the button themselves."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from httpx import Response

from helder.brain.client import Outcome
from helder.consent.purposes import KEEP_CONVERSATION
from helder.consent.records import Method as ByPanel
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Kind,
    Message,
    Owner,
)
from helder.conversation.proofs import ORDER
from helder.gateway import attempts
from helder.gateway.choices import WITH_AI
from helder.gateway.without_ai import REASON
from helder.handoff.messages import Messages
from helder.optout.records import Method
from helder.optout.tables import opted_out
from helder.shop.identity import mint
from tests.databases import both as database  # noqa: F401 - a fixture
from tests.gateway.conftest import Front
from tests.noticed import opening

Json = dict[str, Any]
Talk = tuple[str, dict[str, str]]
NOW = "2026-11-22T09:00:00.000Z"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.01)


def conversation_of(talk: Talk) -> ConversationId:
    return ConversationId(talk[0].rsplit("/", 1)[1])


def send(front: Front, talk: Talk, **body: str) -> str:
    id_ = str(uuid.uuid4())
    address, headers = talk
    answer = front.client.post(f"{address}/messages", headers=headers, json={"id": id_, **body})
    assert answer.status_code == 202, answer.text
    return id_


def choose(front: Front, talk: Talk, out: bool) -> Json:
    answer = front.client.post(f"{talk[0]}/opt-out", headers=talk[1], json={"opted_out": out})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def answered(front: Front, talk: Talk, id_: str) -> list[Json]:
    """All messages, once something was said after this one."""

    def settled(answer: Response) -> bool:
        messages = answer.json()["messages"]
        places = [at for at, each in enumerate(messages) if each.get("id") == id_]
        return bool(places) and len(messages) > places[0] + 1

    messages: list[Json] = front.until(*talk, settled).json()["messages"]
    return messages


def say(front: Front, talk: Talk, text: str) -> Json:
    """What is answered."""
    return answered(front, talk, send(front, talk, text=text))[-1]


def press(front: Front, talk: Talk, title: str) -> list[Json]:
    messages = front.client.get(f"{talk[0]}/messages", headers=talk[1]).json()["messages"]
    buttons = [c["choice"] for m in messages for c in m["choices"] if c["title"] == title]
    return answered(front, talk, send(front, talk, choice=buttons[-1]))


def owner(front: Front, talk: Talk) -> str:
    found: str = front.client.get(f"{talk[0]}/messages", headers=talk[1]).json()["owner"]
    return found


def opened_by(front: Front, customer: str, language: str = "en") -> Talk:
    settings = front.gateway.settings
    assert settings.identity_secret
    token = mint(customer, settings.identity_audience, settings.identity_secret)  # type: ignore[arg-type]  # the settings of the test have both
    body = opening(language) | {"identity": token}
    answer = front.client.post("/api/conversations", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return f"/api/conversations/{made['conversation']}", {
        "Authorization": f"Bearer {made['token']}"
    }


def left(front: Front) -> Messages:
    return Messages(front.gateway.engine, front.gateway.log.keyring)


UNDO = {"en": "Use the assistant again", "nl": "Praat weer met de assistent"}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_from_then_on_fifty_messages_reach_a_colleague_and_none_the_brain(
    front: Front, language: str
) -> None:
    talk = front.open(language)
    assert choose(front, talk, True) == {"opted_out": True, "remembered": False}
    for number in range(50):
        say(front, talk, f"message {number}")
    assert front.brain.asked == []
    (only,) = left(front).waiting()
    assert (only.reason, only.language) == (REASON, language)
    words = left(front).read(only.reference).text
    assert words == "\n".join(f"message {number}" for number in range(50))


@pytest.mark.parametrize(
    ("language", "reads", "when", "here"),
    [
        ("en", "no AI reads", "within one working day", "for this conversation"),
        ("nl", "geen AI", "binnen één werkdag", "voor dit gesprek"),
    ],
)
def test_it_is_told_what_happens_when_somebody_answers_and_how_to_undo_it(
    front: Front, language: str, reads: str, when: str, here: str
) -> None:
    talk = front.open(language)
    choose(front, talk, True)
    (told,) = front.messages(*talk, 1)
    assert told["author"] == "system"
    for part in (reads, when, here, "020-012 34 56"):
        assert part in told["text"]
    assert [c["title"] for c in told["choices"]] == [UNDO[language]]
    assert owner(front, talk) == "waiting"
    entry = front.gateway.log.history(conversation_of(talk))[-1]
    assert entry.kind is Kind.OWNED


def test_the_first_message_gets_a_reference_and_the_next_go_with_it(front: Front) -> None:
    talk = front.open("nl")
    choose(front, talk, True)
    first, second = say(front, talk, "Mijn stoel wiebelt."), say(front, talk, "06 12345678")
    (only,) = left(front).waiting()
    assert f"Je referentie is {only.reference}." in first["text"]
    for message in (first, second):  # at hand whatever was said since
        assert [c["title"] for c in message["choices"]] == [UNDO["nl"]]
    assert second["text"] == f"Toegevoegd aan je bericht {only.reference}."
    left(front).mark_handled(only.reference)
    again = say(front, talk, "Nog iets.")
    assert only.reference not in again["text"]
    assert "Je referentie is" in again["text"]


@pytest.mark.parametrize("words", ["use the assistant again", "AI please", "/restart", "yes", "ok"])
def test_no_words_undo_it(front: Front, words: str) -> None:
    talk = front.open("en")
    choose(front, talk, True)
    say(front, talk, words)
    assert owner(front, talk) == "waiting"
    say(front, talk, "hello?")
    assert front.brain.asked == []


def test_the_button_undoes_it_and_the_next_message_is_answered(front: Front) -> None:
    talk = front.open("en")
    choose(front, talk, True)
    say(front, talk, "for a colleague only")
    last = press(front, talk, UNDO["en"])[-1]
    assert "AI assistant again" in last["text"]
    assert owner(front, talk) == "assistant"
    assert say(front, talk, "hello")["text"] == "echo: hello"
    assert front.brain.asked == ["hello"]
    methods = [
        (r.out, r.method) for r in front.gateway.without_ai.opt_outs.records(conversation_of(talk))
    ]
    assert methods == [(True, Method.PANEL), (False, Method.BUTTON)]


def test_the_panel_undoes_it_too_and_again_changes_nothing(front: Front) -> None:
    talk = front.open("en")
    for out in (True, True, False, False):
        choose(front, talk, out)
    assert len(front.messages(*talk, 2)) == 2
    assert say(front, talk, "hello")["text"] == "echo: hello"


def test_a_button_of_the_assistant_from_before_goes_to_a_colleague_as_it_reads(
    front: Front,
) -> None:
    talk, log = front.open("en"), front.gateway.log
    asked = Message(Author.ASSISTANT, "Cancel it?", NOW, (Choice("Yes, cancel it", "/affirm"),))
    position = log.head(conversation_of(talk)).position
    log.save_turn(position, Draft(Kind.TURN, (asked,)), None)
    choose(front, talk, True)
    press(front, talk, "Yes, cancel it")
    assert front.brain.asked == []
    (only,) = left(front).waiting()
    assert left(front).read(only.reference).text == "Yes, cancel it"


def test_the_older_button_for_a_person_tells_once_more_how_it_is(front: Front) -> None:
    front.brain.outcomes = [Outcome.SILENT]
    talk = front.open("en")
    say(front, talk, "hm")
    choose(front, talk, True)
    messages = press(front, talk, "Leave it for a colleague")
    assert "Your messages go to a colleague." in messages[-1]["text"]
    assert front.brain.asked == ["hm"]
    assert left(front).waiting() == ()
    assert owner(front, talk) == "waiting"


def test_never_mind_under_an_older_question_does_not_bring_the_assistant_back(
    front: Front,
) -> None:
    front.brain.outcomes = [Outcome.SILENT]
    talk = front.open("en")
    say(front, talk, "hm")
    press(front, talk, "Leave it for a colleague")
    choose(front, talk, True)
    press(front, talk, "Never mind")
    assert owner(front, talk) == "waiting"
    say(front, talk, "my chair wobbles")
    assert front.brain.asked == ["hm"]
    assert len(left(front).waiting()) == 1


def test_a_button_pressed_twice_is_answered_without_the_brain(front: Front) -> None:
    talk = front.open("en")
    choose(front, talk, True)
    for _ in range(2):
        assert "AI assistant again" in press(front, talk, UNDO["en"])[-1]["text"]
    assert front.brain.asked == []
    assert owner(front, talk) == "assistant"


def test_what_was_chosen_during_a_turn_holds_for_its_message_too(front: Front) -> None:
    """The turn that was under way is refused by the log, and its message goes to a colleague."""
    talk = front.open("en")
    conversation, asked = conversation_of(talk), threading.Event()
    turn = front.brain.turn

    async def chosen_meanwhile(*args: Any, **_: Any) -> Outcome:
        asked.set()
        front.brain.asked.append(args[3])
        front.gateway.without_ai.chosen(conversation, out=True)
        return Outcome.CONFLICT  # as the log answers to a turn of an earlier epoch

    front.brain.turn = chosen_meanwhile  # type: ignore[method-assign]  # the test's own in its place
    said = say(front, talk, "where is my order?")
    front.brain.turn = turn  # type: ignore[method-assign]  # the test's own in its place
    assert "Your reference is" in said["text"]
    assert front.brain.asked == ["where is my order?"]


def test_a_choice_whose_telling_was_lost_in_a_crash_holds_for_the_next_message(
    front: Front,
) -> None:
    talk = front.open("en")
    front.gateway.without_ai.opt_outs.opt_out(conversation_of(talk), Method.WORDS)
    send(front, talk, text="not for a machine")
    told = front.messages(*talk, 3)
    assert [m["author"] for m in told] == ["system", "customer", "system"]
    assert front.brain.asked == []
    assert owner(front, talk) == "waiting"


def test_it_is_told_right_after_the_turn_in_which_it_was_said(front: Front) -> None:
    talk = front.open("en")
    conversation, turn = conversation_of(talk), front.brain.turn

    async def says_no_ai(*args: Any, **more: Any) -> Outcome:
        front.gateway.without_ai.opt_outs.opt_out(conversation, Method.WORDS)
        return await turn(*args, **more)

    front.brain.turn = says_no_ai  # type: ignore[method-assign]  # the test's own in its place
    send(front, talk, text="no AI please")
    messages = front.messages(*talk, 3)
    assert [m["author"] for m in messages] == ["customer", "assistant", "system"]
    assert "From now on no AI" in messages[2]["text"]


def test_a_known_customer_begins_every_new_conversation_without_ai(front: Front) -> None:
    first = opened_by(front, "C-1001", "nl")
    assert choose(front, first, True) == {"opted_out": True, "remembered": True}
    assert "bij je account" in front.messages(*first, 1)[-1]["text"]
    second, others = opened_by(front, "C-1001", "nl"), opened_by(front, "C-1002")
    (told,) = front.messages(*second, 1)
    assert "al eerder" in told["text"]
    say(front, second, "waar is mijn bestelling?")
    assert front.brain.asked == []
    assert say(front, others, "hello")["text"] == "echo: hello"
    assert say(front, front.open("en"), "hello")["text"] == "echo: hello"


def test_it_holds_at_once_in_a_conversation_that_the_customer_has_open_elsewhere(
    front: Front,
) -> None:
    here, elsewhere = opened_by(front, "C-1001"), opened_by(front, "C-1001")
    say(front, elsewhere, "hello")
    choose(front, here, True)
    say(front, elsewhere, "and now?")
    assert front.brain.asked == ["hello"]
    assert owner(front, elsewhere) == "waiting"


def test_undone_by_a_known_customer_it_is_forgotten(front: Front) -> None:
    first = opened_by(front, "C-1001")
    choose(front, first, True)
    press(front, first, UNDO["en"])
    with front.gateway.engine.connect() as connection:
        assert connection.execute(sa.select(opted_out)).all() == []
    assert say(front, opened_by(front, "C-1001"), "hello")["text"] == "echo: hello"


def test_undone_in_one_conversation_it_does_not_come_back_from_another(front: Front) -> None:
    here, elsewhere = opened_by(front, "C-1001"), opened_by(front, "C-1001")
    choose(front, here, True)
    say(front, elsewhere, "hello")
    press(front, here, UNDO["en"])
    say(front, elsewhere, "are you there?")
    assert say(front, here, "hello")["text"] == "echo: hello"
    assert say(front, opened_by(front, "C-1001"), "hi")["text"] == "echo: hi"
    assert owner(front, elsewhere) == "waiting"


def test_while_an_employee_has_it_their_talk_goes_on_and_then_no_ai_takes_over(
    front: Front,
) -> None:
    talk = front.open("en")
    log, conversation = front.gateway.log, conversation_of(talk)
    joined = Message(Author.SYSTEM, "Anna has joined.", NOW)
    log.change_owner(log.head(conversation).position, Owner.EMPLOYEE, joined)
    choose(front, talk, True)
    assert owner(front, talk) == "employee"
    gone = Message(Author.SYSTEM, "Anna has left.", NOW)
    log.change_owner(log.head(conversation).position, Owner.ASSISTANT, gone)
    say(front, talk, "and now?")
    assert front.brain.asked == []
    assert owner(front, talk) == "waiting"


@pytest.mark.parametrize("body", [{}, {"opted_out": "yes"}, {"opted_out": True, "more": 1}])
def test_what_cannot_be_chosen_is_refused(front: Front, body: Json) -> None:
    address, headers = front.open("en")
    refused = front.client.post(f"{address}/opt-out", headers=headers, json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")


def test_nobody_else_sees_chooses_or_erases(front: Front) -> None:
    address, headers = front.open("en")
    _, others = front.open("en")
    for given in (others, {}):
        client = front.client
        assert client.get(f"{address}/data", headers=given).status_code == 401
        body = {"opted_out": True}
        assert client.post(f"{address}/opt-out", headers=given, json=body).status_code == 401
        assert client.delete(address, headers=given).status_code == 401
    found = front.client.get(f"{address}/data", headers=headers).json()
    assert not found["opted_out"]


def test_what_is_known_in_a_conversation_is_told_as_it_is_now(front: Front) -> None:
    talk = opened_by(front, "C-1001")
    say(front, talk, "hello")
    conversation = conversation_of(talk)
    front.gateway.proofs.record(conversation, ORDER, "HD-204817")
    choose(front, talk, True)
    front.gateway.consents.give(conversation, KEEP_CONVERSATION, "en", ByPanel.PANEL)
    kept = front.gateway.kept
    assert front.client.get(f"{talk[0]}/data", headers=talk[1]).json() == {
        "messages": 3,
        "signed_in": True,
        "orders": ["HD-204817"],
        "minutes": kept.conversation_minutes,
        "days": kept.conversation_days,
        "opted_out": True,
        "remembered": True,
    }
    fresh = front.open("en")
    assert front.client.get(f"{fresh[0]}/data", headers=fresh[1]).json() == {
        "messages": 0,
        "signed_in": False,
        "orders": [],
        "minutes": kept.conversation_minutes,
        "days": None,
        "opted_out": False,
        "remembered": False,
    }


def test_an_erased_conversation_is_gone_with_its_key(front: Front) -> None:
    talk = front.open("en")
    say(front, talk, "hello")
    assert front.client.delete(talk[0], headers=talk[1]).status_code == 204
    assert front.client.get(f"{talk[0]}/messages", headers=talk[1]).status_code == 401
    assert conversation_of(talk) not in front.gateway.log.ids()
    assert front.client.delete(talk[0], headers=talk[1]).status_code == 401


def test_no_intent_can_have_the_buttons_name() -> None:
    assert WITH_AI.startswith("@")
