"""Turns: answered once, in order, whatever fails; and a person when nothing else works."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from httpx import Response
from sqlalchemy.exc import OperationalError

from helder.brain.client import Outcome
from helder.conversation.entries import Author, Choice, Draft, Kind, Message, Owner
from helder.gateway import attempts, turns
from helder.handoff.messages import Messages
from tests.databases import both as database  # noqa: F401 - a fixture
from tests.gateway.conftest import Front

NOW = "2026-11-22T09:00:00.000Z"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.01)


def send(front: Front, address: str, headers: dict[str, str], **body: str) -> str:
    id_ = str(uuid.uuid4())
    answer = front.client.post(f"{address}/messages", headers=headers, json={"id": id_, **body})
    assert answer.status_code == 202, answer.text
    return id_


def owned_by(owner: str) -> Callable[[Response], bool]:
    return lambda answer: bool(answer.json()["owner"] == owner)


def test_a_conflict_is_tried_again_at_once(front: Front) -> None:
    front.brain.outcomes = [Outcome.CONFLICT, Outcome.CONFLICT]
    address, headers = front.open()
    send(front, address, headers, text="hoi")
    assert [m["text"] for m in front.messages(address, headers, 2)] == ["hoi", "echo: hoi"]


def test_a_short_outage_is_not_even_noticed(front: Front) -> None:
    front.brain.outcomes = [Outcome.DOWN, Outcome.DOWN]
    address, headers = front.open()
    send(front, address, headers, text="hoi")
    assert [m["text"] for m in front.messages(address, headers, 2)] == ["hoi", "echo: hoi"]


def test_a_long_outage_is_told_once_and_the_message_is_answered_after_it(front: Front) -> None:
    front.brain.outcomes = [Outcome.DOWN] * 20
    address, headers = front.open("nl")
    send(front, address, headers, text="hoi")
    messages = front.messages(address, headers, 3)
    assert [m["author"] for m in messages] == ["system", "customer", "assistant"]
    assert "bewaard" in messages[0]["text"]
    assert messages[2]["text"] == "echo: hoi"


def test_a_message_that_breaks_something_is_set_aside_and_the_next_is_answered(
    front: Front,
) -> None:
    front.brain.outcomes = [Outcome.FAILED] * turns.TRIES
    address, headers = front.open("en")
    send(front, address, headers, text="poison")
    send(front, address, headers, text="hello")
    messages = front.messages(address, headers, 5)
    assert [m["author"] for m in messages] == [
        "system",
        "customer",
        "system",
        "customer",
        "assistant",
    ]
    assert messages[1]["text"] == "poison"
    assert messages[2]["choices"]
    assert messages[4]["text"] == "echo: hello"


def test_in_an_outage_a_message_can_be_left_for_a_person_without_the_assistant(
    front: Front,
) -> None:
    front.brain.outcomes = [Outcome.DOWN] * 100_000
    address, headers = front.open("nl")
    send(front, address, headers, text="mijn pakket is kapot")
    told = front.messages(address, headers, 1)[0]
    send(front, address, headers, choice=told["choices"][0]["choice"])
    asked = front.messages(address, headers, 4)
    assert [m["author"] for m in asked] == ["system", "customer", "customer", "system"]
    state = front.client.get(f"{address}/messages", headers=headers).json()
    assert state["owner"] == "waiting"
    send(front, address, headers, text="bel me op 06 12345678")
    last = front.messages(address, headers, 6)[-1]
    reference = last["text"].split("Je referentie is ")[1][:10].rstrip(".")
    messages = Messages(front.gateway.engine, front.gateway.log.keyring)
    assert messages.read(reference).text == "mijn pakket is kapot\nbel me op 06 12345678"
    state = front.client.get(f"{address}/messages", headers=headers).json()
    assert state["owner"] == "assistant"


def test_while_a_person_has_the_conversation_the_assistant_is_not_asked(front: Front) -> None:
    address, headers = front.open()
    conversation = address.rsplit("/", 1)[1]
    log = front.gateway.log
    joined = Message(Author.SYSTEM, "Anna has joined.", "2026-11-22T09:00:00.000Z")
    log.change_owner(log.head(conversation).position, Owner.EMPLOYEE, joined)  # type: ignore[arg-type]  # the id is a plain str here
    send(front, address, headers, text="hello Anna")
    assert [m["text"] for m in front.messages(address, headers, 2)] == [
        "Anna has joined.",
        "hello Anna",
    ]
    assert front.brain.asked == []


def test_a_message_that_the_assistant_has_no_answer_to_is_set_aside_with_its_words(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    front.brain.outcomes = [Outcome.SILENT]
    address, headers = front.open("en")
    appended = fails_once(front, monkeypatch, "append")
    send(front, address, headers, text="hm")
    messages = front.messages(address, headers, 2)
    assert [m["author"] for m in messages] == ["customer", "system"]
    assert messages[0]["text"] == "hm"
    assert messages[1]["choices"]
    assert front.brain.asked == ["hm"]
    assert appended == []  # both are in the one entry that takes the message out of the inbox


def test_what_waited_when_the_gateway_stopped_is_answered_after_its_start(front: Front) -> None:
    from starlette.testclient import TestClient

    from helder.conversation.inbox import Received
    from helder.gateway.app import create_app

    address, headers = front.open()
    conversation = address.rsplit("/", 1)[1]
    received = Received(str(uuid.uuid4()), "still there?", "2026-11-22T09:00:00.000Z")  # type: ignore[arg-type]  # the id is a plain str here
    front.gateway.inbox.put(conversation, received)  # type: ignore[arg-type]  # the id is a plain str here
    front.gateway.changes.closing = False
    with TestClient(create_app(front.gateway)) as again:
        found = replace(front, client=again).messages(address, headers, 2)
    assert [m["text"] for m in found] == ["still there?", "echo: still there?"]


def test_a_database_that_fails_for_a_moment_loses_no_message(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([True] * 5)
    head = front.gateway.log.head

    def failing(conversation: object) -> object:
        if next(failures, False):
            raise OperationalError("SELECT", {}, Exception("database is locked"))
        return head(conversation)  # type: ignore[arg-type]  # the id is a plain str here

    address, headers = front.open()
    monkeypatch.setattr(front.gateway.log, "head", failing)
    send(front, address, headers, text="hoi")
    assert [m["text"] for m in front.messages(address, headers, 2)] == ["hoi", "echo: hoi"]
    assert next(failures, None) is None


def fails_once(front: Front, monkeypatch: pytest.MonkeyPatch, name: str) -> list[bool]:
    """The database fails the next time that the log's method of this name is called."""
    works = getattr(front.gateway.log, name)
    done: list[bool] = []

    def failing(*args: object) -> object:
        if not done:
            done.append(True)
            raise OperationalError("UPDATE", {}, Exception("disk I/O error"))
        return works(*args)

    monkeypatch.setattr(front.gateway.log, name, failing)
    return done


def test_a_button_for_a_person_that_meets_a_failure_still_brings_one(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    front.brain.outcomes = [Outcome.DOWN] * 100_000
    address, headers = front.open("nl")
    send(front, address, headers, text="mijn pakket is kapot")
    told = front.messages(address, headers, 1)[0]
    failed = fails_once(front, monkeypatch, "change_owner")
    send(front, address, headers, choice=told["choices"][0]["choice"])
    asked = front.messages(address, headers, 4)
    assert [m["author"] for m in asked] == ["system", "customer", "customer", "system"]
    assert failed


def test_a_message_for_a_person_that_meets_a_failure_is_passed_on_once(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    front.brain.outcomes = [Outcome.DOWN] * 100_000
    address, headers = front.open("nl")
    send(front, address, headers, text="mijn pakket is kapot")
    told = front.messages(address, headers, 1)[0]
    send(front, address, headers, choice=told["choices"][0]["choice"])
    front.messages(address, headers, 4)
    failed = fails_once(front, monkeypatch, "change_owner")
    send(front, address, headers, text="bel me op 06 12345678")
    last = front.messages(address, headers, 6)
    assert [m["author"] for m in last[4:]] == ["customer", "system"]
    assert failed
    messages = Messages(front.gateway.engine, front.gateway.log.keyring)
    (left,) = messages.waiting()
    assert left.reference in last[-1]["text"]
    assert messages.read(left.reference).text == "mijn pakket is kapot\nbel me op 06 12345678"


def test_a_button_for_a_person_pressed_twice_leaves_no_empty_message(front: Front) -> None:
    front.brain.outcomes = [Outcome.SILENT] + [Outcome.DOWN] * 100_000
    address, headers = front.open("en")
    send(front, address, headers, text="hm")
    button = front.messages(address, headers, 2)[1]["choices"][0]["choice"]
    for _ in range(2):
        send(front, address, headers, choice=button)
    said = front.messages(address, headers, 6)
    assert Messages(front.gateway.engine, front.gateway.log.keyring).waiting() == ()
    assert said[-1]["author"] == "system"
    state = front.client.get(f"{address}/messages", headers=headers).json()
    assert state["owner"] == "waiting"


def test_a_message_that_rasa_cannot_place_yet_waits_and_is_answered(front: Front) -> None:
    front.brain.outcomes = [Outcome.GONE, Outcome.GONE]
    address, headers = front.open()
    send(front, address, headers, text="hoi")
    assert [m["text"] for m in front.messages(address, headers, 2)] == ["hoi", "echo: hoi"]


def test_a_choice_that_waited_behind_another_answer_is_not_taken_for_the_next_question(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        attempts, "FIRST_PAUSE", 10.0
    )  # until the second one comes in, and wakes it
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 10.0)
    address, headers = front.open("en")
    log = front.gateway.log
    conversation = address.rsplit("/", 1)[1]
    asked = Message(Author.ASSISTANT, "Sure?", NOW, (Choice("Yes", "/affirm"),))
    log.save_turn(log.head(conversation).position, Draft(Kind.TURN, (asked,)), None)  # type: ignore[arg-type]  # the id is a plain str here
    button = front.messages(address, headers, 1)[0]["choices"][0]["choice"]
    front.brain.outcomes = [Outcome.DOWN]
    for _ in range(2):
        send(front, address, headers, choice=button)
    said = front.messages(address, headers, 5)
    assert [m["author"] for m in said] == [
        *("assistant", "customer", "assistant", "customer", "system"),
    ]
    assert front.brain.asked == ["/affirm", "/affirm"]  # the first one, twice: it was down once


def test_whoever_changes_their_mind_gets_the_assistant_back(front: Front) -> None:
    front.brain.outcomes = [Outcome.DOWN] * 100_000
    address, headers = front.open("nl")
    send(front, address, headers, text="hoi")
    told = front.messages(address, headers, 1)[0]
    send(front, address, headers, choice=told["choices"][0]["choice"])
    said = front.until(address, headers, owned_by("waiting")).json()
    send(front, address, headers, choice=said["messages"][-1]["choices"][0]["choice"])
    said = front.until(address, headers, owned_by("assistant")).json()
    assert "niets doorgegeven" in said["messages"][-1]["text"]
    assert Messages(front.gateway.engine, front.gateway.log.keyring).waiting() == ()


def test_a_conversation_with_a_damaged_entry_is_told_to_be_locked(front: Front) -> None:
    address, headers = front.open("en")
    send(front, address, headers, text="hoi")
    front.messages(address, headers, 2)
    front.brain.outcomes = [Outcome.DAMAGED]
    send(front, address, headers, text="en nu?")
    answer = front.until(address, headers, lambda answer: answer.status_code != 200)
    assert answer.status_code == 423
