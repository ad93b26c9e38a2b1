"""To look at everything: what readers never look at, constant memory, and locks that stay right."""

from __future__ import annotations

import secrets
import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from helder.conversation import cipher
from helder.conversation.anchor import FileAnchor
from helder.conversation.entries import Author, ConversationId, MessageId
from helder.conversation.errors import ChainBroken, Locked, Tampered, UnknownConversation
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring, destroy, write_new
from helder.conversation.log import ConversationLog
from helder.conversation.reanchor import accept_older, unlock
from helder.conversation.shredding import Shredder
from helder.conversation.verify import Verifier
from helder.conversation.walk import Walk
from helder.conversation.wrappings import CONVERSATIONS, verify_keys
from tests.conversation.conftest import MovedClock
from tests.conversation.test_log import NOW, opened, save, turn


def ignore(_more: int) -> None:
    """Nobody watches."""


@pytest.fixture
def anchor(tmp_path: Path) -> Iterator[FileAnchor]:
    made = FileAnchor.create(tmp_path / "anchor.db")
    yield made
    made.close()


@pytest.fixture
def log(
    engine: Engine, keyring: FileKeyring, clock: MovedClock, anchor: FileAnchor
) -> ConversationLog:
    return ConversationLog(engine, keyring, clock, anchor)


@pytest.fixture
def inbox(engine: Engine, keyring: FileKeyring, anchor: FileAnchor) -> Inbox:
    return Inbox(engine, keyring, anchor)


@pytest.fixture
def verifier(log: ConversationLog, anchor: FileAnchor) -> Verifier:
    return Verifier(log.engine, log.keyring, anchor)


@pytest.fixture
def talk(log: ConversationLog, inbox: Inbox) -> ConversationId:
    """A conversation with two answered messages and one that waits."""
    conversation = opened(log)
    for name in ("a", "b"):
        inbox.put(conversation, Received(MessageId(name), "hoi", NOW))
        log.save_turn(log.head(conversation).position, turn("hoi", "Dag!"), MessageId(name))
    inbox.put(conversation, Received(MessageId("c"), "en?", NOW))
    return conversation


def edit(tmp_path: Path, statement: str, *values: Any) -> None:
    """Behind the back of everybody, without the database's own checks."""
    connection = sqlite3.connect(tmp_path / "helder.db")
    with connection:
        connection.execute(statement, values)
    connection.close()


def reasons(verifier: Verifier) -> list[str]:
    return [each.reason for each in verifier.conversations(ignore)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM inbox WHERE message = 'a'",
        "UPDATE inbox SET place = 2 WHERE message = 'a'",
        "UPDATE inbox SET place = 'x' WHERE message = 'a'",
        "INSERT INTO inbox (conversation, message, place, generation)"
        " SELECT conversation, 'd', 4, 1 FROM inbox LIMIT 1",
    ],
)
def test_a_row_that_only_remembers_an_answered_message_is_missed(
    tmp_path: Path, log: ConversationLog, verifier: Verifier, talk: ConversationId, statement: str
) -> None:
    assert reasons(verifier) == []
    edit(tmp_path, statement)
    assert len(log.history(talk)) == 3  # nobody needs it for reading
    assert reasons(verifier) == [
        "ChainBroken. A message that was answered is forgotten, or was never received."
    ]


def test_entries_before_the_first_and_after_the_last_are_found(
    tmp_path: Path, verifier: Verifier, talk: ConversationId
) -> None:
    copy = (
        "INSERT INTO entry SELECT conversation, {seq}, generation, kind, minute, number, body"
        " FROM entry WHERE seq = 1"
    )
    for seq, reason in (
        (0, "There is an entry before the first."),
        (4, "Something stored under this key was changed."),
        (9, "An entry is missing."),
        ("'x'", "An entry is missing."),
    ):
        edit(tmp_path, copy.format(seq=seq))
        assert reasons(verifier)[0].endswith(reason)
        edit(tmp_path, "DELETE FROM entry WHERE seq NOT IN (1, 2, 3)")
    assert reasons(verifier) == []


def test_a_former_key_too_many_is_found(
    tmp_path: Path, verifier: Verifier, talk: ConversationId
) -> None:
    edit(tmp_path, "INSERT INTO former_key SELECT id, 1, zeroblob(60) FROM conversation")
    assert reasons(verifier) == ["ChainBroken. There is an earlier data key too many."]


def test_rows_of_a_conversation_that_is_not_there_are_found(
    tmp_path: Path, verifier: Verifier, talk: ConversationId
) -> None:
    edit(tmp_path, "INSERT INTO entry SELECT 'nobody', seq, 1, kind, 1, 1, body FROM entry")
    edit(tmp_path, "INSERT INTO proof VALUES (9, 'nobody', 1, 1, zeroblob(9))")
    assert [(each.id, each.reason) for each in verifier.strays()] == [
        ("nobody", "3 rows in the table entry, but there is none"),
        ("nobody", "1 rows in the table proof, but there is none"),
    ]


def test_a_mark_of_a_destruction_that_was_made_up_is_found(
    tmp_path: Path, log: ConversationLog, verifier: Verifier, talk: ConversationId
) -> None:
    Shredder(log.engine, log.keyring, anchor=log.anchor).shred(talk, "asked")
    assert list(verifier.erasures()) == []
    edit(tmp_path, "INSERT INTO erasure VALUES ('made up', 1, 'asked', ?)", f"1.{'ab' * 32}")
    assert [each.id for each in verifier.erasures()] == ["made up"]


def test_what_was_destroyed_and_is_back_is_named(
    log: ConversationLog, verifier: Verifier, talk: ConversationId, anchor: FileAnchor
) -> None:
    anchor.erase([talk], 1, "asked")
    assert reasons(verifier) == [
        "it was destroyed, and is back; it is destroyed again within a minute"
    ]


def test_conversations_that_the_anchor_does_not_know_are_counted(
    log: ConversationLog, verifier: Verifier, keyring: FileKeyring, talk: ConversationId
) -> None:
    opened(ConversationLog(log.engine, keyring))
    assert reasons(verifier) == []
    assert verifier.unanchored == 1


def test_ids_that_are_no_text_end_the_search_and_are_named(
    tmp_path: Path, log: ConversationLog, verifier: Verifier
) -> None:
    for _ in range(5):
        opened(log)
    edit(tmp_path, "UPDATE conversation SET id = CAST(x'f0818181' AS TEXT) WHERE rowid = 2")
    edit(tmp_path, "UPDATE conversation SET id = x'00ff' WHERE rowid = 4")
    named = {each.id for each in verifier.conversations(ignore)}
    assert named == {"\ufffd\ufffd\ufffd\ufffd", "b'\\x00\\xff'"}


def test_entries_are_read_some_at_a_time(log: ConversationLog) -> None:
    """What is held at once is that of a hundred entries, not of all two thousand."""
    conversation, entries, size = opened(log), 2000, 2000
    with log._chain.writing(conversation) as writer:
        for _ in range(entries):
            writer.extend(turn("hoi", secrets.token_hex(size // 2)), 1)
    with log._chain.reading(conversation) as reader:
        tracemalloc.start()
        Walk(reader).entries_one_by_one()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < entries * size / 4


def test_every_generation_of_the_data_key_is_opened(
    tmp_path: Path, log: ConversationLog, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "ENTRIES_PER_KEY", 2)
    conversation = opened(log)
    for _ in range(9):
        save(log, conversation, turn("hoi", "Dag!"))
    assert reasons(verifier) == []
    edit(tmp_path, "DELETE FROM former_key WHERE generation = 1")
    assert reasons(verifier) == ["ChainBroken. An earlier data key is missing."]


def test_a_missing_master_key_is_named_and_locks_nothing(
    log: ConversationLog,
    verifier: Verifier,
    talk: ConversationId,
    keyring: FileKeyring,
    anchor: FileAnchor,
) -> None:
    write_new(keyring.folder, "master")
    destroy(keyring.path("master", 1))
    keyring.refresh()
    assert "version 1 is missing" in reasons(verifier)[0]
    assert [each.id for each in verify_keys(log.engine, keyring, CONVERSATIONS, ignore)] == [talk]
    assert anchor.locks() == []


def test_a_conversation_is_unlocked_only_when_it_is_whole_again(
    tmp_path: Path,
    log: ConversationLog,
    verifier: Verifier,
    talk: ConversationId,
    anchor: FileAnchor,
) -> None:
    edit(tmp_path, "UPDATE entry SET minute = minute + 1 WHERE seq = 2")
    with pytest.raises(Tampered):
        log.history(talk)
    with pytest.raises(Tampered):
        unlock(verifier, anchor, talk)
    with pytest.raises(Locked):
        log.head(talk)
    edit(tmp_path, "UPDATE entry SET minute = minute - 1 WHERE seq = 2")
    with pytest.raises(Locked):
        log.head(talk)
    assert unlock(verifier, anchor, talk)
    assert not unlock(verifier, anchor, talk)
    assert len(log.history(talk)) == 3
    with pytest.raises(UnknownConversation):
        unlock(verifier, anchor, ConversationId("nobody"))


def test_one_that_is_older_is_taken_as_it_is_when_an_operator_says_so(
    tmp_path: Path,
    log: ConversationLog,
    verifier: Verifier,
    talk: ConversationId,
    anchor: FileAnchor,
) -> None:
    before = log.engine.connect()
    rows = before.exec_driver_sql("SELECT * FROM conversation").one()
    before.close()
    log.say(talk, Author.SYSTEM, "Even geduld.")
    edit(tmp_path, "DELETE FROM entry WHERE seq = 4")
    edit(tmp_path, "DELETE FROM conversation")
    edit(tmp_path, f"INSERT INTO conversation VALUES ({', '.join('?' * len(rows))})", *rows)
    for _ in range(2):
        with pytest.raises(Tampered):
            log.head(talk)
    assert accept_older(verifier, anchor, talk)
    assert reasons(verifier) == []
    assert len(log.history(talk)) == 3
    log.say(talk, Author.SYSTEM, "Nu wel.")
    assert len(log.history(talk)) == 4


def test_one_that_is_damaged_besides_being_older_is_not_taken(
    tmp_path: Path,
    log: ConversationLog,
    verifier: Verifier,
    talk: ConversationId,
    anchor: FileAnchor,
) -> None:
    edit(tmp_path, "DELETE FROM entry WHERE seq = 3")
    with pytest.raises(ChainBroken):
        accept_older(verifier, anchor, talk)
    assert anchor.sighting(talk).revision > 0


def test_one_that_is_gone_is_no_longer_missed_when_an_operator_says_so(
    tmp_path: Path,
    log: ConversationLog,
    verifier: Verifier,
    talk: ConversationId,
    anchor: FileAnchor,
) -> None:
    for table in ("inbox", "entry"):
        edit(tmp_path, f"DELETE FROM {table}")
    edit(tmp_path, "DELETE FROM conversation")
    assert [each.id for each in verifier.missing()] == [talk]
    assert anchor.locks() == [(talk, "Vanished")]
    assert not accept_older(verifier, anchor, talk)
    assert list(verifier.missing()) == []
    assert anchor.locks() == []
