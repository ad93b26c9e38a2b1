"""The event broker hears each new event once, in order, and only when it is saved."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rasa.core.brokers.file import FileEventBroker
from rasa.core.brokers.sql import SQLEventBroker
from rasa.shared.core.events import SlotSet, UserUttered

from helder import settings
from helder.brain.store import EncryptedTrackerStore
from helder.consent.purposes import IMPROVEMENT, KEEP_CONVERSATION, ORDER_DATA
from helder.consent.records import Method
from helder.conversation.entries import ConversationId, Kind
from helder.conversation.errors import StaleSequence
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.installation import consents_of
from tests.aio import run
from tests.brain.examples import DOMAIN, every_kind
from tests.brain.keeping import add, plain
from tests.brain.stock import Publications


@dataclass
class Witness(Publications):
    """Also looks how many turns are in the log when it hears an event, and in which thread."""

    log: ConversationLog | None = None
    turns: list[int] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def publish(self, event: dict[str, Any]) -> None:
        super().publish(event)
        self.threads.add(threading.get_ident())
        assert self.log is not None
        history = self.log.history(ConversationId(event["sender_id"]))
        self.turns.append(sum(entry.kind is Kind.TURN for entry in history))


@pytest.fixture
def witness(store: EncryptedTrackerStore, log: ConversationLog) -> Witness:
    store.event_broker = broker = Witness(log=log)
    return broker


def test_each_new_event_is_heard_once_in_order_and_with_its_conversation(
    store: EncryptedTrackerStore, conversation: ConversationId, witness: Witness
) -> None:
    events = every_kind()
    expected = [{"sender_id": conversation, **each} for each in plain(events)]
    add(store, conversation, *events[:3])
    add(store, conversation, *events[3:])
    add(store, conversation)
    assert json.loads(json.dumps(witness.heard)) == expected


def test_an_event_is_heard_when_it_is_in_the_log_and_not_before(
    store: EncryptedTrackerStore, conversation: ConversationId, witness: Witness
) -> None:
    add(store, conversation, UserUttered("one"), SlotSet("text", "x"))
    add(store, conversation, UserUttered("two"))
    assert witness.turns == [1, 1, 2]


def test_nothing_is_heard_of_reading(
    store: EncryptedTrackerStore, conversation: ConversationId, witness: Witness
) -> None:
    add(store, conversation, UserUttered("one"))
    for read in (store.retrieve, store.retrieve_full_tracker, store.get_or_create_tracker):
        run(read(conversation))
    assert len(witness.heard) == 1


def test_nothing_is_heard_of_a_save_that_is_refused(
    store: EncryptedTrackerStore, conversation: ConversationId, witness: Witness
) -> None:
    early, late = run(store.retrieve(conversation)), run(store.retrieve(conversation))
    early.update(UserUttered("one"))
    late.update(UserUttered("two"))
    run(store.save(early))
    with pytest.raises(StaleSequence):
        run(store.save(late))
    assert witness.texts() == ["one"]


def test_of_two_sessions_only_the_new_events_are_heard(
    store: EncryptedTrackerStore, conversation: ConversationId, witness: Witness
) -> None:
    (begun,) = (e for e in every_kind() if e.type_name == "session_started")
    add(store, conversation, UserUttered("one"))
    add(store, conversation, begun, UserUttered("two"))
    add(store, conversation, UserUttered("three"))
    assert witness.texts() == ["one", "two", "three"]


def test_an_unknown_broker_is_called_where_rasa_calls_it(
    store: EncryptedTrackerStore, conversation: ConversationId, witness: Witness
) -> None:
    async def turn() -> int:
        tracker = await store.retrieve(conversation)
        tracker.update(UserUttered("one"))
        await store.save(tracker)
        return threading.get_ident()

    assert witness.threads == {run(turn())}  # Pika's, for one, needs Rasa's event loop there


def test_rasas_sql_broker_is_heard_of_in_its_own_database(
    store: EncryptedTrackerStore, conversation: ConversationId, tmp_path: Path
) -> None:
    path = tmp_path / "heard.db"
    store.event_broker = SQLEventBroker(db=str(path))
    for number in range(3):
        add(store, conversation, UserUttered(str(number)), SlotSet("count", float(number)))
    store._broadcast._thread.shutdown()  # once all is published
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT sender_id, data FROM events ORDER BY id").fetchall()
    assert {row[0] for row in rows} == {conversation}
    heard = [json.loads(row[1]) for row in rows]
    assert [event.get("text") or event.get("value") for event in heard] == [
        "0",
        0.0,
        "1",
        1.0,
        "2",
        2.0,
    ]


def test_rasas_file_broker_writes_a_line_for_each_event(
    store: EncryptedTrackerStore, conversation: ConversationId, tmp_path: Path
) -> None:
    path = tmp_path / "heard.log"
    store.event_broker = FileEventBroker(str(path))
    add(store, conversation, UserUttered("one"), UserUttered("two"))
    store._broadcast._thread.shutdown()
    heard = [json.loads(line) for line in path.read_text().splitlines()]
    assert [event["text"] for event in heard] == ["one", "two"]


def test_nothing_is_heard_without_consent_and_only_what_is_saved_while_it_holds(
    log: ConversationLog, conversation: ConversationId
) -> None:
    store = EncryptedTrackerStore(DOMAIN, log=log)
    store.event_broker = broker = Witness(log=log)
    consents = consents_of(settings.load(), Proofs(log.engine, log.keyring))
    add(store, conversation, UserUttered("one"))
    for purpose in (ORDER_DATA, KEEP_CONVERSATION):  # consent to something else
        consents.give(conversation, purpose, "en", Method.BUTTON)
    add(store, conversation, UserUttered("two"))
    consents.give(conversation, IMPROVEMENT, "en", Method.BUTTON)
    add(store, conversation, UserUttered("three"))
    consents.decline(conversation, IMPROVEMENT, "en", Method.BUTTON)
    add(store, conversation, UserUttered("four"))
    assert [each["text"] for each in broker.heard] == ["three"]
