"""Forgetting in time, and not too early."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.entries import MessageId
from helder.conversation.errors import UnknownConversation
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.retention import Retention
from tests.conversation.test_log import NOW, opened, save, turn
from tests.databases import both as database  # noqa: F401 - a fixture


@pytest.fixture
def retention(engine: Engine, keyring: FileKeyring, clock) -> Retention:
    return Retention(engine, keyring, minutes=30, clock=clock)


def test_a_conversation_is_destroyed_half_an_hour_after_its_last_message(
    log: ConversationLog, retention: Retention, clock
) -> None:
    conversation = opened(log)
    clock.move(minutes=20)
    save(log, conversation, turn("ben er nog", "fijn"))
    clock.move(minutes=30)
    assert retention.expire() == 0
    clock.move(minutes=1)
    assert retention.expire() == 1
    with pytest.raises(UnknownConversation):
        log.history(conversation)


def test_a_message_that_waits_for_its_answer_keeps_its_conversation(
    log: ConversationLog, inbox: Inbox, retention: Retention, clock
) -> None:
    conversation = opened(log)
    inbox.put(conversation, Received(MessageId("m1"), "hallo?", NOW))
    clock.move(days=1)
    assert retention.expire() == 0
    assert inbox.next(conversation) is not None
    clock.move(minutes=31)
    assert retention.expire() == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_expired_is_in_no_file_of_the_database(
    log: ConversationLog, engine: Engine, retention: Retention, clock
) -> None:
    conversations = [opened(log) for _ in range(150)]
    clock.move(minutes=31)
    assert retention.expire() == 150
    files = Path(str(engine.url.database)).parent.glob("helder.db*")
    content = {path.name: path.read_bytes() for path in files}
    with engine.connect() as connection:
        keys = connection.execute(sa.select(tables.conversation.c.wrapped_key)).all()
    assert keys == []
    assert content["helder.db-wal"] == b""
    assert conversations[0].encode() in content["helder.db"]  # the ledger remembers that it was


def test_of_a_shredded_conversation_only_the_fact_is_left(
    log: ConversationLog, inbox: Inbox, engine: Engine, retention: Retention
) -> None:
    conversation, other = opened(log), opened(log)
    save(log, conversation, turn("hoi", "dag"))
    inbox.put(conversation, Received(MessageId("m1"), "hallo?", NOW))
    retention.shred(conversation, "request")
    with engine.connect() as connection:
        for table in (tables.entry, tables.inbox, tables.conversation, tables.proof):
            column = table.c.id if table is tables.conversation else table.c.conversation
            assert connection.execute(sa.select(column).where(column == conversation)).all() == []
        ledger = connection.execute(sa.select(tables.erasure)).all()
    assert [(row.conversation, row.reason) for row in ledger] == [(conversation, "request")]
    assert log.ids() == [other]
