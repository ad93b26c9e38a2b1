"""The anchor notices what the database alone cannot tell: that it was turned back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.anchor import FileAnchor
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.errors import (
    AnchorError,
    Locked,
    RolledBack,
    UnknownConversation,
    Vanished,
)
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.retention import Retention
from helder.conversation.rollback import DatabaseOlder, accept_restored, fill, refuse_older
from helder.database import connect
from tests.conversation.conftest import MovedClock
from tests.conversation.test_log import NOW, opened, save, turn

TABLES = (tables.conversation, tables.entry, tables.inbox, tables.proof, tables.former_key)


@pytest.fixture
def anchor(tmp_path: Path) -> Iterator[FileAnchor]:
    made = FileAnchor.create(tmp_path / "elsewhere" / "anchor.db")
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
def retention(
    engine: Engine, keyring: FileKeyring, clock: MovedClock, anchor: FileAnchor
) -> Retention:
    return Retention(engine, keyring, 30, clock, anchor)


def rows_of(engine: Engine, conversation: str) -> dict[str, list[dict[str, object]]]:
    """All that is stored of a conversation."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row._mapping)
                for row in connection.execute(sa.select(table).where(_of(table) == conversation))
            ]
            for table in TABLES
        }


def put_back(engine: Engine, conversation: str, rows: dict[str, list[dict[str, object]]]) -> None:
    """As a thief would: the conversation exactly as it was."""
    with engine.begin() as connection:
        for table in reversed(TABLES):
            connection.execute(sa.delete(table).where(_of(table) == conversation))
        for table in TABLES:
            if rows[table.name]:
                connection.execute(sa.insert(table), rows[table.name])


def _of(table: sa.Table) -> sa.Column[str]:
    return table.c.id if table is tables.conversation else table.c.conversation


def test_a_conversation_that_was_turned_back_is_noticed_and_stays_locked(
    log: ConversationLog, engine: Engine
) -> None:
    mine, other = opened(log), opened(log)
    save(log, mine, turn("een", "twee"))
    earlier = rows_of(engine, mine)
    save(log, mine, turn("drie", "vier"))
    now = rows_of(engine, mine)
    put_back(engine, mine, earlier)
    with pytest.raises(RolledBack):
        log.head(mine)
    put_back(engine, mine, now)
    with pytest.raises(Locked, match="RolledBack"):
        log.head(mine)
    save(log, other, turn("hoi", "dag"))


def test_taking_back_an_acknowledged_message_is_noticed(
    log: ConversationLog, inbox: Inbox, engine: Engine
) -> None:
    mine = opened(log)
    earlier = rows_of(engine, mine)
    inbox.put(mine, Received(MessageId("a"), "bewaar dit", NOW))
    put_back(engine, mine, earlier)
    with pytest.raises(RolledBack):
        inbox.next(mine)


def test_another_past_of_the_same_length_is_noticed(
    log: ConversationLog, engine: Engine, keyring: FileKeyring, clock: MovedClock
) -> None:
    mine = opened(log)
    earlier = rows_of(engine, mine)
    save(log, mine, turn("dit is gezegd", "ja"))
    put_back(engine, mine, earlier)
    save(ConversationLog(engine, keyring, clock), mine, turn("dit niet", "nee"))
    with pytest.raises(RolledBack):
        log.head(mine)


def test_a_conversation_that_was_removed_is_not_simply_unknown(
    log: ConversationLog, engine: Engine
) -> None:
    mine = opened(log)
    put_back(engine, mine, {table.name: [] for table in TABLES})
    with pytest.raises(Vanished):
        log.head(mine)


def test_a_mark_of_erasure_that_was_made_without_the_keys_does_not_hide_a_removal(
    log: ConversationLog, engine: Engine, retention: Retention
) -> None:
    mine, other = opened(log), opened(log)
    retention.shred(other, "asked")
    with engine.begin() as connection:
        authentic = connection.execute(sa.select(tables.erasure)).one()
        forged = {**authentic._mapping, "conversation": mine}
        connection.execute(sa.insert(tables.erasure).values(**forged))
    put_back(engine, mine, {table.name: [] for table in TABLES})
    with pytest.raises(Vanished):
        log.head(mine)


def test_what_another_machine_destroyed_is_unknown_and_no_alarm(
    log: ConversationLog, engine: Engine, keyring: FileKeyring, clock: MovedClock, tmp_path: Path
) -> None:
    mine = opened(log)
    its_own = FileAnchor.create(tmp_path / "other machine" / "anchor.db")
    Retention(engine, keyring, 30, clock, its_own).shred(mine, "asked")
    with pytest.raises(UnknownConversation):
        log.head(mine)
    its_own.close()


def test_a_crash_between_the_ledger_and_the_database_still_destroys(
    log: ConversationLog, anchor: FileAnchor, retention: Retention, engine: Engine
) -> None:
    mine = opened(log)
    anchor.erase([mine], 1, "asked")
    with pytest.raises(UnknownConversation):
        log.head(mine)
    assert retention.reapply() == 1
    assert rows_of(engine, mine)["conversation"] == []
    assert retention.reapply() == 0


def test_a_database_that_was_turned_back_as_a_whole_is_refused_at_the_start(
    log: ConversationLog, anchor: FileAnchor, engine: Engine, keyring: FileKeyring, tmp_path: Path
) -> None:
    talks = [opened(log) for _ in range(3)]
    copy = tmp_path / "backup.db"
    with closing(engine.raw_connection()) as raw:
        raw.cursor().execute("VACUUM INTO ?", (str(copy),))
    for talk in talks:
        save(log, talk, turn("en verder", "ja"))
    assert refuse_older(engine, keyring, anchor) == []
    restored = connect(f"sqlite:///{copy}")
    with pytest.raises(DatabaseOlder, match="helder log restored"):
        refuse_older(restored, keyring, anchor)
    assert accept_restored(restored, keyring, anchor) == 3
    assert refuse_older(restored, keyring, anchor) == []
    assert ConversationLog(restored, keyring, log.clock, anchor).head(talks[0]).number == 0
    restored.dispose()


def test_single_conversations_that_were_turned_back_are_locked_at_the_start(
    log: ConversationLog, anchor: FileAnchor, engine: Engine, keyring: FileKeyring
) -> None:
    mine, gone, newest = opened(log), opened(log), opened(log)
    earlier = rows_of(engine, mine)
    save(log, mine, turn("een", "twee"))
    save(log, newest, turn("een", "twee"))
    put_back(engine, mine, earlier)
    put_back(engine, gone, {table.name: [] for table in TABLES})
    assert set(refuse_older(engine, keyring, anchor)) == {mine, gone}
    assert dict(anchor.locks()) == {mine: "RolledBack", gone: "Vanished"}
    assert refuse_older(engine, keyring, anchor) == []


def test_an_anchor_that_is_gone_is_never_replaced_behind_ones_back(tmp_path: Path) -> None:
    with pytest.raises(AnchorError, match="helder log anchor"):
        FileAnchor(tmp_path / "anchor.db")
    assert list(tmp_path.iterdir()) == []


def test_an_anchor_that_is_no_anchor_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "anchor.db"
    path.write_bytes(b"no anchor at all" * 99)
    with pytest.raises(AnchorError):
        FileAnchor(path).sighting("x")


def test_the_anchor_can_be_read_by_its_owner_only(anchor: FileAnchor) -> None:
    assert anchor.path.stat().st_mode & 0o777 == 0o600


def test_of_two_commits_that_arrive_in_the_wrong_order_the_later_one_stays(
    anchor: FileAnchor,
) -> None:
    anchor.saw("a", 2, b"two")
    anchor.saw("a", 1, b"one")
    assert anchor.sighting("a").revision == 2


def test_what_was_destroyed_is_not_seen_again(anchor: FileAnchor) -> None:
    anchor.saw("a", 2, b"two")
    anchor.erase(["a"], 1, "asked")
    anchor.saw("a", 3, b"three")
    assert anchor.sighting("a").erased
    assert anchor.newest() is None


def test_a_new_anchor_can_be_made_from_the_database(
    log: ConversationLog, engine: Engine, keyring: FileKeyring, tmp_path: Path
) -> None:
    mine = ConversationId(opened(log))
    shutil.rmtree(tmp_path / "elsewhere")
    again = FileAnchor.create(tmp_path / "elsewhere" / "anchor.db")
    fill(engine, again)
    earlier = rows_of(engine, mine)
    anew = ConversationLog(engine, keyring, log.clock, again)
    save(anew, mine, turn("een", "twee"))
    put_back(engine, mine, earlier)
    with pytest.raises(RolledBack):
        anew.head(mine)
    again.close()
