"""A damaged conversation: locked for good, the customer told and offered a person, others go on."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import structlog.testing
from starlette.testclient import TestClient

from helder.brain.client import Outcome
from helder.conversation import tables
from helder.conversation.entries import Author, Owner
from helder.gateway import attempts, state
from helder.gateway.app import create_app
from helder.handoff.messages import Messages
from tests.aio import run
from tests.gateway.conftest import Front
from tests.gateway.test_turns import send
from tests.noticed import opening

Headers = dict[str, str]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(state, "SWEEP_EVERY_SECONDS", 0.05)


def id_of(address: str) -> Any:
    return address.rsplit("/", 1)[1]


def damage(front: Front, address: str) -> None:
    """Somebody edits the conversation's row."""
    mine = tables.conversation.c.id == id_of(address)
    with front.gateway.engine.begin() as connection:
        connection.execute(sa.update(tables.conversation).where(mine).values(owner="employee"))


def damage_waiting(front: Front, address: str) -> None:
    """Somebody edits a message that waits for its answer."""
    mine = (tables.inbox.c.conversation == id_of(address)) & tables.inbox.c.body.is_not(None)
    with front.gateway.engine.begin() as connection:
        connection.execute(sa.update(tables.inbox).where(mine).values(body=b"x" * 99))


def talk(front: Front, language: str = "en") -> tuple[str, Headers]:
    """A conversation in which something was said."""
    address, headers = front.open(language)
    send(front, address, headers, text="hoi")
    front.messages(address, headers, 2)
    return address, headers


def until(front: Front, address: str, headers: Headers, status: int) -> dict[str, Any]:
    answer = front.until(address, headers, lambda answer: answer.status_code == status)
    content: dict[str, Any] = answer.json()
    return content


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("locked", "read nothing from it")), ("nl", ("op slot", "niets meer uit lezen"))],
)
def test_whoever_asks_is_told_that_it_is_locked_and_that_nothing_can_be_read(
    front: Front, language: str, words: tuple[str, ...]
) -> None:
    address, headers = talk(front, language)
    damage(front, address)
    headers |= {"Accept-Language": language}
    post = {"id": str(uuid.uuid4()), "text": "en nu?"}
    answers = [
        front.client.get(f"{address}/messages", headers=headers),
        front.client.post(f"{address}/messages", headers=headers, json=post),
        front.client.get(f"{address}/events", headers=headers),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]["code"]) == (423, "damaged")
        for word in words:
            assert word in answer.json()["error"]["message"]


def test_the_lock_outlives_the_gateway_and_the_repair_of_the_row(front: Front) -> None:
    address, headers = talk(front)
    damage(front, address)
    until(front, address, headers, 423)
    with front.gateway.engine.begin() as connection:
        mine = tables.conversation.c.id == id_of(address)
        connection.execute(sa.update(tables.conversation).where(mine).values(owner="assistant"))
    with TestClient(create_app(front.gateway), raise_server_exceptions=False) as again:
        assert again.get(f"{address}/messages", headers=headers).status_code == 423
    assert front.gateway.anchor.locks() == [(id_of(address), "HeadTampered")]


def test_once_the_operator_has_unlocked_it_the_conversation_goes_on(front: Front) -> None:
    address, headers = talk(front)
    front.brain.outcomes = [Outcome.DAMAGED]
    send(front, address, headers, text="en nu?")
    until(front, address, headers, 423)
    assert front.gateway.anchor.unlock(id_of(address))
    said = front.messages(address, headers, 4)
    assert [m["text"] for m in said[2:]] == ["en nu?", "echo: en nu?"]


def test_the_alarm_is_given_once_and_counted_for_as_long_as_it_is_locked(front: Front) -> None:
    assert "helder_conversations_locked 0.0" in front.client.get("/metrics").text
    address, headers = talk(front)
    damage(front, address)
    with structlog.testing.capture_logs() as logs:
        for _ in range(5):
            until(front, address, headers, 423)
    (alarm,) = [line for line in logs if line["log_level"] == "error"]
    assert alarm["event"] == "conversation_locked"
    assert (alarm["conversation"], alarm["reason"]) == (id_of(address), "HeadTampered")
    assert "helder_conversations_locked 1.0" in front.client.get("/metrics").text
    assert front.client.get("/readyz").status_code == 200
    front.gateway.anchor.unlock(id_of(address))
    assert "helder_conversations_locked 0.0" in front.client.get("/metrics").text


def test_what_rasa_alone_found_is_locked_here_too(front: Front) -> None:
    address, headers = talk(front)
    front.brain.outcomes = [Outcome.DAMAGED]
    with structlog.testing.capture_logs() as logs:
        send(front, address, headers, text="en nu?")
        until(front, address, headers, 423)
    assert front.gateway.anchor.locks() == [(id_of(address), "Tampered")]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == [
        "conversation_locked"
    ]


def test_a_damaged_waiting_message_stops_only_its_own_conversation(front: Front) -> None:
    address, headers = talk(front)
    other, keys = talk(front)
    front.brain.outcomes = [Outcome.DOWN] * 100_000
    send(front, address, headers, text="hallo?")
    damage_waiting(front, address)
    until(front, address, headers, 423)
    front.brain.outcomes = []
    send(front, other, keys, text="gaat het hier?")
    assert front.messages(other, keys, 4)[-1]["text"] == "echo: gaat het hier?"
    assert front.gateway.anchor.locks() == [(id_of(address), "EntryTampered")]


def following(front: Front, address: str, headers: Headers) -> Callable[[], Any]:
    """The event stream until it ends by itself."""
    app = create_app(front.gateway)
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"{address}/events",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
    }

    async def follow() -> str:
        events, begun = "", asyncio.Event()

        async def receive() -> dict[str, Any]:
            if not begun.is_set():
                begun.set()
                return {"type": "http.request", "body": b"", "more_body": False}
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            nonlocal events
            events += message.get("body", b"").decode()
            if "event: owner" in events and not front.gateway.anchor.locks():
                await asyncio.to_thread(damage, front, address)
                front.gateway.changes.changed(id_of(address))

        await app(scope, receive, send)  # type: ignore[arg-type]  # the test's scope is a plain dict
        return events

    return lambda: run(asyncio.wait_for(follow(), 30))


def test_a_stream_ends_when_the_conversation_is_found_damaged(front: Front) -> None:
    address, headers = talk(front)
    events = following(front, address, headers)()
    assert "event: message" in events
    until(front, address, headers, 423)


def test_a_stream_that_nobody_wakes_ends_at_its_next_heartbeat(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helder.gateway import stream

    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr(front.gateway.changes, "changed", lambda _conversation: None)
    address, headers = talk(front)
    assert "event: owner" in following(front, address, headers)()


@pytest.mark.parametrize(
    ("language", "told", "button"),
    [
        ("en", "We can read nothing from it", "Leave a message for a colleague"),
        ("nl", "Wij kunnen er niets meer uit lezen", "Bericht achterlaten voor een collega"),
    ],
)
def test_the_next_conversation_says_so_and_offers_a_person_at_once(
    front: Front, language: str, told: str, button: str
) -> None:
    after = opening(language) | {"after": "damaged"}
    opened = front.client.post("/api/conversations", json=after)
    assert opened.status_code == 201
    address = f"/api/conversations/{opened.json()['conversation']}"
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}
    (said,) = front.messages(address, headers, 1)
    assert said["author"] == "system"
    assert told in said["text"]
    assert [choice["title"] for choice in said["choices"]] == [button]
    send(front, address, headers, choice=said["choices"][0]["choice"])
    asked = front.messages(address, headers, 3)[-1]
    assert asked["author"] == Author.SYSTEM.value
    send(front, address, headers, text="Waar blijft mijn lamp? anna@example.com")
    last = front.messages(address, headers, 5)[-1]
    (left,) = Messages(front.gateway.engine, front.gateway.log.keyring).waiting()
    assert left.reference in last["text"]
    assert left.reason == "conversation_damaged"
    opened_message = front.gateway.messages.read(left.reference)
    assert opened_message.text == "Waar blijft mijn lamp? anna@example.com"
    assert front.brain.asked == []
    assert front.gateway.log.head(id_of(address)).owner is Owner.ASSISTANT


def test_or_the_customer_just_goes_on_with_the_assistant(front: Front) -> None:
    opened = front.client.post(
        "/api/conversations", json=opening("en") | {"after": "damaged"}
    ).json()
    address = f"/api/conversations/{opened['conversation']}"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    send(front, address, headers, text="hoi")
    assert front.messages(address, headers, 3)[-1]["text"] == "echo: hoi"


@pytest.mark.parametrize("after", ["", "lost", 1, None, ["damaged"]])
def test_a_conversation_comes_after_nothing_else(front: Front, after: object) -> None:
    answer = front.client.post("/api/conversations", content=json.dumps({"after": after}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
