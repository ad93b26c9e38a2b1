"""A data key seals so many entries; then the conversation goes on under a new one."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from helder.conversation import cipher, tables
from helder.conversation.cipher import DataKey, bind
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.errors import ChainBroken, EntryTampered, KeyExhausted
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import ORDER, Proofs
from tests.conversation.test_log import NOW, opened, save, turn


@pytest.fixture(autouse=True)
def _few_entries_per_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "ENTRIES_PER_KEY", 3)


@pytest.fixture
def talk(log: ConversationLog) -> ConversationId:
    conversation = opened(log)
    for i in range(9):
        save(log, conversation, turn(f"vraag {i}", f"antwoord {i}"))
    return conversation


def generations(log: ConversationLog) -> list[int]:
    with log.engine.connect() as connection:
        query = sa.select(tables.entry.c.generation).order_by(tables.entry.c.seq)
        return [row.generation for row in connection.execute(query)]


def test_a_new_data_key_begins_by_itself_and_everything_stays_readable(
    log: ConversationLog, talk: ConversationId
) -> None:
    assert generations(log) == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4]
    texts = [m.text for entry in log.history(talk) for m in entry.messages]
    assert texts == [text for i in range(9) for text in (f"vraag {i}", f"antwoord {i}")]


def test_a_key_seals_no_entry_beyond_its_number(keyring: FileKeyring) -> None:
    key, _ = DataKey.create(keyring, "somebody")
    bound = bind("helder test")
    assert key.open_entry(key.seal_entry(b"the last", bound, used=2), bound) == b"the last"
    with pytest.raises(KeyExhausted):
        key.seal_entry(b"one too many", bound, used=3)


def test_what_waits_and_what_was_proven_outlives_the_key_it_was_sealed_with(
    log: ConversationLog, inbox: Inbox
) -> None:
    proofs, conversation = Proofs(log.engine, log.keyring), opened(log)
    proofs.record(conversation, ORDER, "HD-123456")
    inbox.put(conversation, Received(MessageId("a"), "eerste", NOW))
    for i in range(7):
        save(log, conversation, turn(f"vraag {i}", f"antwoord {i}"))
    proofs.record(conversation, ORDER, "HD-654321")
    inbox.put(conversation, Received(MessageId("b"), "tweede", NOW))
    assert [each.text for each in inbox.pending(conversation)] == ["eerste", "tweede"]
    assert proofs.subjects(conversation, ORDER) == ("HD-123456", "HD-654321")


def test_an_earlier_key_that_is_gone_or_changed_is_noticed(
    log: ConversationLog, talk: ConversationId
) -> None:
    former = tables.former_key
    with log.engine.begin() as connection:
        sealed = connection.execute(sa.select(former.c.sealed, former.c.generation)).all()
        first, second = (row.sealed for row in sealed[:2])
        connection.execute(sa.update(former).where(former.c.generation == 1).values(sealed=second))
    with pytest.raises(EntryTampered):
        log.history(talk)
    with log.engine.begin() as connection:
        connection.execute(sa.update(former).where(former.c.generation == 1).values(sealed=first))
    assert len(log.history(talk)) == 10
    with log.engine.begin() as connection:
        connection.execute(sa.delete(former).where(former.c.generation == 2))
    with pytest.raises(ChainBroken):
        log.history(talk)


def test_the_real_number_is_two_to_the_twentieth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert cipher.ENTRIES_PER_KEY == 2**20
