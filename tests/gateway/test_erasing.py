"""The customer has their conversation destroyed at once, whoever has it and whatever is broken."""

from __future__ import annotations

import asyncio
import time
import uuid

import pytest
import sqlalchemy as sa
from httpx import Response

from helder.brain.client import Outcome
from helder.conversation import tables
from helder.conversation.entries import (
    ERASE,
    Author,
    Choice,
    ConversationId,
    Draft,
    Kind,
    Message,
    Owner,
)
from helder.conversation.errors import AnchorError
from helder.conversation.shredding import Shredder
from helder.gateway import attempts
from helder.live.changes import Changes
from tests.aio import run
from tests.databases import both as database  # noqa: F401 - a fixture
from tests.gateway.conftest import PATIENCE_SECONDS, Front, Json

NOW = "2026-11-22T09:00:00.000Z"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.01)


def offered(front: Front, language: str = "en") -> tuple[str, dict[str, str], str]:
    """A conversation in which the button was offered: its address, headers, and the choice."""
    address, headers = front.open(language)
    button = Choice("Yes, delete it", ERASE)
    offer = Message(Author.ASSISTANT, "Shall I delete it?", NOW, (button,))
    conversation = ConversationId(address.rsplit("/", 1)[1])
    front.gateway.log.append(conversation, Draft(Kind.SAID, (offer,)))
    (message,) = front.messages(address, headers, 1)
    return address, headers, message["choices"][0]["choice"]


def send(front: Front, address: str, headers: dict[str, str], **body: str) -> None:
    body |= {"id": str(uuid.uuid4())}
    assert front.client.post(f"{address}/messages", headers=headers, json=body).status_code == 202


def last_words(front: Front, address: str, headers: dict[str, str]) -> list[Json]:
    """What was read last, and then it was gone."""
    read: list[list[Json]] = [[]]

    def gone(answer: Response) -> bool:
        if answer.status_code == 200:
            read[0] = answer.json()["messages"]
        return answer.status_code == 401

    front.until(address, headers, gone)
    # It is gone for everybody before the last row is (helder/conversation/shredding.py).
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(rows := rows_of(front, address.rsplit("/", 1)[1])):
        assert time.monotonic() < deadline, rows
    return read[0]


def rows_of(front: Front, conversation: str) -> list[int]:
    """How many rows each table has of it."""
    mine = [tables.conversation.c.id] + [
        table.c.conversation for table in (tables.entry, tables.inbox, tables.proof)
    ]
    with front.gateway.engine.connect() as connection:
        counts = [sa.select(sa.func.count()).where(column == conversation) for column in mine]
        return [connection.execute(count).scalar_one() for count in counts]


@pytest.mark.parametrize(("language", "told"), [("en", "being deleted now"), ("nl", "nu gewist")])
def test_it_is_told_and_then_nothing_is_left(front: Front, language: str, told: str) -> None:
    address, headers, button = offered(front, language)
    send(front, address, headers, choice=button)
    offer, pressed, farewell = last_words(front, address, headers)
    assert [offer["author"], pressed["author"], farewell["author"]] == [
        "assistant",
        "customer",
        "system",
    ]
    assert told in farewell["text"]
    assert front.gateway.anchor.erased([address.rsplit("/", 1)[1]])
    assert front.brain.asked == []


def test_the_assistant_need_not_be_there_and_what_waits_goes_too(front: Front) -> None:
    front.brain.outcomes = [Outcome.DOWN] * 100_000
    address, headers, button = offered(front)
    send(front, address, headers, text="where is my parcel")
    send(front, address, headers, choice=button)
    assert last_words(front, address, headers)[-1]["author"] == "system"


def test_it_can_be_done_while_a_person_has_the_conversation(front: Front) -> None:
    address, headers, button = offered(front)
    log, joined = front.gateway.log, Message(Author.SYSTEM, "Anna has joined.", NOW)
    head = log.head(ConversationId(address.rsplit("/", 1)[1]))
    log.change_owner(head.position, Owner.EMPLOYEE, joined)
    send(front, address, headers, choice=button)
    assert "being deleted now" in last_words(front, address, headers)[-1]["text"]


def test_what_fails_is_tried_again_and_said_once(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    shred, tries = Shredder.shred, []

    def fails_twice(self: Shredder, conversation: ConversationId, reason: str) -> bool:
        tries.append(reason)
        if len(tries) < 3:
            raise AnchorError("the disk is full")
        return shred(self, conversation, reason)

    monkeypatch.setattr(Shredder, "shred", fails_twice)
    address, headers, button = offered(front)
    send(front, address, headers, choice=button)
    assert len(last_words(front, address, headers)) == 3
    assert tries == ["asked"] * 3


def test_others_conversations_stay(front: Front) -> None:
    address, headers, button = offered(front)
    other, others = front.open()
    send(front, other, others, text="hello")
    front.messages(other, others, 2)
    send(front, address, headers, choice=button)
    last_words(front, address, headers)
    assert [m["text"] for m in front.messages(other, others, 2)] == ["hello", "echo: hello"]


def test_nobody_waits_longer_than_those_who_watch_need(front: Front) -> None:
    changes, talk = Changes(front.gateway.log), ConversationId("c")

    async def scenario() -> list[str]:
        done = []

        async def reads() -> None:
            with changes.watch(talk) as watch:
                watch.stale = False
                await watch.wait(60)
                watch.stale = False
                done.append("read")
                await watch.wait(60)

        reader = asyncio.create_task(reads())
        await asyncio.sleep(0)
        changes.changed(talk)
        await changes.seen(talk, 60)
        done.append("seen")
        reader.cancel()
        return done

    assert run(scenario()) == ["read", "seen"]
