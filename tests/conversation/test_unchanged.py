"""A turn is saved in one statement where nothing has changed, and as always where something has."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from helder.conversation import cipher, tables
from helder.conversation.anchor import FileAnchor
from helder.conversation.cipher import DataKey, WrappedKey
from helder.conversation.entries import (
    Author,
    ConversationId,
    Message,
    MessageId,
    Owner,
    Position,
)
from helder.conversation.errors import (
    Conflict,
    HeadTampered,
    NotPending,
    RolledBack,
    UnknownConversation,
)
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.shredding import Shredder
from helder.database import without_transactions
from tests.conversation.conftest import MovedClock
from tests.conversation.test_log import NOW, opened, turn

FIRST, SECOND = MessageId("the first"), MessageId("the second")


@pytest.fixture
def database(empty: str) -> str:
    """PostgreSQL: only there is it worth the while."""
    return empty


@pytest.fixture
def talk(log: ConversationLog, inbox: Inbox) -> ConversationId:
    conversation = opened(log)
    inbox.put(conversation, Received(FIRST, "hoi", NOW))
    return conversation


@pytest.fixture
def seen(log: ConversationLog, talk: ConversationId) -> Position:
    return log.window(talk).position


@contextmanager
def statements(log: ConversationLog) -> Iterator[list[str]]:
    """What is asked of the database until the block ends, transactions too."""
    found: list[str] = []
    engines = (log.engine, without_transactions(log.engine))

    def asked(_c: object, _cursor: object, text: str, *_: object) -> None:
        found.append(text.split()[0])

    def began(_c: object) -> None:
        found.append("BEGIN")

    for engine in engines:
        event.listen(engine, "before_cursor_execute", asked)
    event.listen(log.engine, "begin", began)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", asked)
    event.remove(log.engine, "begin", began)


def texts(log: ConversationLog, conversation: ConversationId) -> list[str]:
    return [m.text for entry in log.history(conversation) for m in entry.messages]


def test_reading_and_saving_a_turn_is_one_statement_each(
    log: ConversationLog, inbox: Inbox, talk: ConversationId
) -> None:
    with statements(log) as asked:
        position = log.window(talk).position
        head = log.save_turn(position, turn("hoi", "Dag!"), FIRST)
    assert asked == ["SELECT", "WITH"]
    assert (head, inbox.pending(talk)) == (log.head(talk), [])
    assert texts(log, talk) == ["hoi", "Dag!"]


def test_many_turns_saved_so_make_one_unbroken_chain(log: ConversationLog, inbox: Inbox) -> None:
    talk = opened(log)
    for i in range(12):
        name = MessageId(f"message {i}")
        inbox.put(talk, Received(name, f"vraag {i}", NOW))
        log.save_turn(log.window(talk).position, turn(f"vraag {i}", f"antwoord {i}"), name)
    assert texts(log, talk) == [t for i in range(12) for t in (f"vraag {i}", f"antwoord {i}")]
    assert [entry.seq for entry in log.history(talk)] == list(range(1, 14))


def test_a_message_that_came_in_meanwhile_still_waits_and_the_turn_is_saved_the_long_way(
    log: ConversationLog, inbox: Inbox, talk: ConversationId, seen: Position
) -> None:
    inbox.put(talk, Received(SECOND, "en?", NOW))
    with statements(log) as asked:
        log.save_turn(seen, turn("hoi", "Dag!"), FIRST)
    assert asked[0] == "WITH"
    assert "UPDATE" in asked
    assert [waiting.id for waiting in inbox.pending(talk)] == [SECOND]
    assert texts(log, talk) == ["hoi", "Dag!"]


def test_a_message_that_did_not_wait_first_is_taken_and_the_others_stay(
    log: ConversationLog, inbox: Inbox, talk: ConversationId
) -> None:
    inbox.put(talk, Received(SECOND, "en?", NOW))
    log.save_turn(log.window(talk).position, turn("en?", "Ja."), SECOND)
    assert [waiting.id for waiting in inbox.pending(talk)] == [FIRST]


def test_what_was_answered_already_is_not_answered_again(
    log: ConversationLog, inbox: Inbox, talk: ConversationId, seen: Position
) -> None:
    log.save_turn(seen, turn("hoi", "Dag!"), FIRST)
    for position in (seen, log.window(talk).position):
        with pytest.raises((Conflict, NotPending)):
            log.save_turn(position, turn("hoi", "Nog eens dag!"), FIRST)
    assert texts(log, talk) == ["hoi", "Dag!"]


def test_a_message_that_never_came_in_is_not_answered(
    log: ConversationLog, talk: ConversationId, seen: Position
) -> None:
    with pytest.raises(NotPending):
        log.save_turn(seen, turn("wat", "Dat."), MessageId("never"))
    assert texts(log, talk) == []


def _say(log: ConversationLog, talk: ConversationId) -> None:
    log.say(talk, Author.SYSTEM, "Even geduld.")


def _claim(log: ConversationLog, talk: ConversationId) -> None:
    waits = Message(Author.SYSTEM, "Je wacht op een collega.", NOW)
    log.change_owner(log.head(talk).position, Owner.WAITING, waits)


@pytest.mark.parametrize("somebody_writes", [_say, _claim])
def test_whoever_wrote_meanwhile_the_turn_is_refused(
    log: ConversationLog,
    inbox: Inbox,
    talk: ConversationId,
    seen: Position,
    somebody_writes: Callable[[ConversationLog, ConversationId], None],
) -> None:
    somebody_writes(log, talk)
    before = log.head(talk)
    with pytest.raises(Conflict):
        log.save_turn(seen, turn("hoi", "Dag!"), FIRST)
    assert (log.head(talk), inbox.pending(talk)[0].id) == (before, FIRST)


def test_of_many_that_saw_the_same_exactly_one_saves(
    log: ConversationLog, talk: ConversationId, seen: Position
) -> None:
    def save(i: int) -> bool:
        try:
            log.save_turn(seen, turn("hoi", f"Dag {i}!"), FIRST)
        except (Conflict, NotPending):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(save, range(40))) == 1
    assert len(texts(log, talk)) == 2


def test_what_was_destroyed_meanwhile_is_not_begun_again(
    log: ConversationLog, talk: ConversationId, seen: Position, clock: MovedClock
) -> None:
    Shredder(log.engine, log.keyring, clock).shred(talk, "requested")
    with pytest.raises(UnknownConversation):
        log.save_turn(seen, turn("hoi", "Dag!"), FIRST)


def test_a_row_that_was_changed_meanwhile_is_found_damaged(
    log: ConversationLog, talk: ConversationId, seen: Position
) -> None:
    with log.engine.begin() as connection:
        connection.execute(sa.update(tables.conversation).values(revision=7))
    with pytest.raises(HeadTampered):
        log.save_turn(seen, turn("hoi", "Dag!"), FIRST)


def test_a_row_that_was_turned_back_meanwhile_is_found_so(
    log: ConversationLog,
    inbox: Inbox,
    keyring: FileKeyring,
    talk: ConversationId,
    tmp_path: Path,
) -> None:
    anchor = FileAnchor.create(tmp_path / "anchor" / "anchor.db")
    anchored = ConversationLog(log.engine, keyring, log.clock, anchor)
    seen = anchored.window(talk).position
    with log.engine.begin() as connection:
        row = connection.execute(sa.select(tables.conversation)).mappings().one()
    Inbox(log.engine, keyring, anchor).put(talk, Received(SECOND, "en?", NOW))
    with log.engine.begin() as connection:
        connection.execute(sa.update(tables.conversation).values(**row))
    with pytest.raises(RolledBack):
        anchored.save_turn(seen, turn("hoi", "Dag!"), FIRST)


def test_a_row_of_the_same_revision_that_the_anchor_knows_otherwise_is_found_so(
    log: ConversationLog, keyring: FileKeyring, talk: ConversationId, tmp_path: Path
) -> None:
    anchor = FileAnchor.create(tmp_path / "anchor" / "anchor.db")
    anchored = ConversationLog(log.engine, keyring, log.clock, anchor)

    seen = anchored.window(talk).position
    with log.engine.begin() as connection:
        revision = connection.execute(sa.select(tables.conversation.c.revision)).scalar_one()
    anchor.saw(talk, revision, b"another head of the same revision")
    with pytest.raises(RolledBack):
        anchored.save_turn(seen, turn("hoi", "Dag!"), FIRST)


def test_a_key_that_was_wrapped_anew_meanwhile_stays_so(
    log: ConversationLog, talk: ConversationId, seen: Position
) -> None:
    with log.engine.begin() as connection:
        row = connection.execute(sa.select(tables.conversation)).mappings().one()
        stored = WrappedKey(row["key_version"], row["wrapped_key"], row["commitment"])
        anew = DataKey.open(log.keyring, talk, stored).wrap(log.keyring, talk)
        connection.execute(sa.update(tables.conversation).values(wrapped_key=anew.wrapped))
    with statements(log) as asked:
        log.save_turn(seen, turn("hoi", "Dag!"), FIRST)
    with log.engine.begin() as connection:
        kept = connection.execute(sa.select(tables.conversation.c.wrapped_key)).scalar()
    assert (asked, bytes(kept)) == (["WITH"], anew.wrapped)
    assert texts(log, talk) == ["hoi", "Dag!"]


def test_where_a_new_data_key_is_due_the_long_way_is_taken(
    log: ConversationLog, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "ENTRIES_PER_KEY", 3)
    talk = opened(log)
    for i in range(9):
        name = MessageId(f"message {i}")
        inbox.put(talk, Received(name, f"vraag {i}", NOW))
        log.save_turn(log.window(talk).position, turn(f"vraag {i}", "Ja."), name)
    assert len(texts(log, talk)) == 18
    with log.engine.connect() as connection:
        (generation,) = connection.execute(sa.select(tables.conversation.c.generation)).one()
    assert generation == 4


def test_a_position_may_be_copied_with_a_tracker_and_shows_no_key(seen: Position) -> None:
    assert copy.deepcopy(seen) == seen
    assert "key" not in repr(seen)
