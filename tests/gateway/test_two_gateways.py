"""Two gateways on one PostgreSQL database: each message answered once, whichever of them lives."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helder.brain.client import Outcome
from helder.conversation.entries import Author, ConversationId, MessageId
from helder.conversation.inbox import Received
from helder.conversation.shredding import Shredder
from helder.gateway import attempts, state, turns
from tests.gateway.conftest import Front, start
from tests.gateway.test_turns import NOW, send
from tests.postgres import Server

ROUNDS = 8


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(turns, "ELSEWHERE_PAUSE", 0.005)
    monkeypatch.setattr(state, "SWEEP_EVERY_SECONDS", 0.02)


@pytest.fixture
def pair(tmp_path: Path, empty: str) -> Iterator[tuple[Front, Front]]:
    common = {
        "HELDER_DATABASE_URL": empty,
        "HELDER_KEYS": str(tmp_path / "keys"),
        "HELDER_ANCHOR": str(tmp_path / "anchor.db"),
    }
    begin = contextmanager(start)
    with begin(tmp_path / "a", **common) as one, begin(tmp_path / "b", **common) as other:
        yield one, other


def id_of(address: str) -> ConversationId:
    return ConversationId(address.rsplit("/", 1)[1])


def test_each_message_is_asked_and_answered_once_in_the_order_of_their_arrival(
    pair: tuple[Front, Front],
) -> None:
    talks = [pair[0].open() for _ in range(4)]
    for number in range(ROUNDS):
        for turn, (address, headers) in enumerate(talks):
            send(pair[(number + turn) % 2], address, headers, text=f"message {number}")
    for address, headers in talks:
        said = [m["text"] for m in pair[1].messages(address, headers, 2 * ROUNDS)]
        expected = [f"{who}message {n}" for n in range(ROUNDS) for who in ("", "echo: ")]
        assert said == expected
    # The locks spare Rasa a turn that the log would refuse in the end.
    assert len(pair[0].brain.asked + pair[1].brain.asked) == ROUNDS * len(talks)


def test_a_message_whose_gateway_has_no_assistant_is_answered_by_the_other(
    pair: tuple[Front, Front],
) -> None:
    pair[0].brain.outcomes = [Outcome.DOWN] * 100_000
    address, headers = pair[0].open()
    send(pair[0], address, headers, text="hello")
    said = pair[1].messages(address, headers, 2)
    assert [m["text"] for m in said if m["author"] != "system"] == ["hello", "echo: hello"]
    assert pair[1].brain.asked == ["hello"]


def test_what_a_gateway_left_when_it_died_is_answered_by_the_other(
    pair: tuple[Front, Front],
) -> None:
    address, headers = pair[0].open()
    left = Received(MessageId(str(uuid.uuid4())), "hello", NOW)
    assert pair[0].gateway.inbox.put(id_of(address), left)  # kept, and then it dies
    assert [m["text"] for m in pair[1].messages(address, headers, 2)] == ["hello", "echo: hello"]


def test_a_stream_at_one_gateway_shows_what_the_other_writes(pair: tuple[Front, Front]) -> None:
    address, _headers = pair[0].open()
    changes = pair[0].gateway.changes

    async def scenario() -> None:
        with changes.watch(id_of(address)) as watch:
            watch.stale = False
            pair[1].gateway.log.say(id_of(address), Author.SYSTEM, "hoi")
            while not watch.stale:
                assert await watch.wait(10)

    pair[0].client.portal.call(scenario)  # type: ignore[union-attr]  # there is one within the with


def test_a_stream_at_one_gateway_is_woken_when_the_other_destroys_its_conversation(
    pair: tuple[Front, Front],
) -> None:
    address, _headers = pair[0].open()
    there = pair[1].gateway

    async def scenario() -> None:
        with pair[0].gateway.changes.watch(id_of(address)) as watch:
            watch.stale = False
            Shredder(there.engine, there.log.keyring).shred(id_of(address), "request")
            while not watch.stale:
                assert await watch.wait(10)

    pair[0].client.portal.call(scenario)  # type: ignore[union-attr]  # there is one within the with


def test_a_watch_misses_nothing_when_the_connection_that_listens_breaks(
    pair: tuple[Front, Front], postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helder.live.changes.AGAIN_SECONDS", 0.05)
    address, _headers = pair[0].open()
    changes = pair[0].gateway.changes

    async def scenario() -> None:
        with changes.watch(id_of(address)) as watch:
            watch.stale = False
            listening = "query LIKE 'LISTEN%' AND datname = current_database()"
            name = str(pair[0].gateway.engine.url.database)
            postgres.ask(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}", name
            )
            pair[1].gateway.log.say(id_of(address), Author.SYSTEM, "hoi")
            while not watch.stale:
                assert await watch.wait(10)

    pair[0].client.portal.call(scenario)  # type: ignore[union-attr]  # there is one within the with


def test_a_stream_at_one_gateway_shows_that_the_assistant_types_at_the_other(
    pair: tuple[Front, Front],
) -> None:
    address, _headers = pair[0].open()
    watching, typing = pair[0].gateway.changes, pair[1].gateway.changes
    seen: list[bool] = []

    async def scenario() -> None:
        with watching.watch(id_of(address)) as watch:
            for now in (True, False):
                typing.typing(id_of(address), now)
                while watch.typing != now:
                    assert await watch.wait(10)
                seen.append(watch.typing)

    pair[0].client.portal.call(scenario)  # type: ignore[union-attr]  # there is one within the with
    assert seen == [True, False]
