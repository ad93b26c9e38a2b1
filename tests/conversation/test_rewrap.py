"""Every data key goes over to the new master key, whatever happens meanwhile; the rest stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import cipher, rewrap, tables, wrappings
from helder.conversation.cipher import DataKey, WrappedKey
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.erasure import is_authentic
from helder.conversation.errors import KeyringError, WrongKey
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring, destroy, write_new
from helder.conversation.keysources import EnvironmentKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import ORDER, Proofs
from helder.conversation.shredding import Shredder
from helder.conversation.wrappings import CONVERSATIONS, Damaged, Holders
from helder.database import metadata
from helder.handoff.messages import LEFT_MESSAGES, Messages
from helder.handoff.tables import left_message
from tests.conversation.test_log import NOW, opened, save, turn
from tests.databases import both as database  # noqa: F401 - a fixture

LEFT = {"contact": "sanne@example.nl", "text": "De lamp knippert.", "language": "nl"}


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrappings, "AT_ONCE", 3)


@pytest.fixture
def messages(engine: Engine, keyring: FileKeyring) -> Messages:
    return Messages(engine, keyring)


@pytest.fixture
def talks(log: ConversationLog, inbox: Inbox, messages: Messages) -> list[ConversationId]:
    """Conversations with turns, proofs and messages that wait, and a left message for each."""
    made = []
    for number in range(10):
        talk = opened(log)
        save(log, talk, turn("hoi", "Dag!"))
        Proofs(log.engine, log.keyring).record(talk, ORDER, f"HD-{number}")
        inbox.put(talk, Received(MessageId("a"), "en?", NOW))
        messages.leave(conversation=talk, reason="order", key=f"{talk}:a", **LEFT)
        made.append(talk)
    return made


def run(log: ConversationLog, holders: Holders = CONVERSATIONS) -> list[Damaged]:
    return list(rewrap.rewrap(log.engine, log.keyring, holders, lambda _: None))


def everything(log: ConversationLog, talks: list[ConversationId]) -> list[Any]:
    """All that can be read of these conversations."""
    inbox, proofs = Inbox(log.engine, log.keyring), Proofs(log.engine, log.keyring)
    return [(log.whole(talk), inbox.pending(talk), proofs.subjects(talk, ORDER)) for talk in talks]


def rows(engine: Engine, table: sa.Table, without: tuple[str, ...] = ()) -> list[Any]:
    """A table as it is stored, without some columns."""
    columns = [column for column in table.c if column.name not in without]
    with engine.connect() as connection:
        query = sa.select(*columns).order_by(*table.primary_key.columns)
        return [tuple(row) for row in connection.execute(query)]


def change(engine: Engine, talk: ConversationId, **values: Any) -> None:
    """Edit a conversation's row."""
    table = tables.conversation
    with engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.id == talk).values(**values))


def test_everything_opens_with_the_new_key_alone_and_nothing_else_has_changed(
    log: ConversationLog,
    talks: list[ConversationId],
    messages: Messages,
    keyring: FileKeyring,
) -> None:
    wrapping = ("key_version", "wrapped_key")
    before = everything(log, talks)
    stored = [rows(log.engine, table, wrapping) for table in metadata.sorted_tables]
    references = [about.reference for about in messages.waiting()]
    left = [messages.read(reference) for reference in references]
    write_new(keyring.folder, "master")
    assert run(log) == run(log, LEFT_MESSAGES) == []
    destroy(keyring.path("master", 1))
    assert keyring.versions("master") == (2,)
    assert [rows(log.engine, table, wrapping) for table in metadata.sorted_tables] == stored
    assert everything(log, talks) == before
    assert [messages.read(reference) for reference in references] == left
    for holders in (CONVERSATIONS, LEFT_MESSAGES):
        assert holders.versions(log.engine) == {2: 10}


def test_a_conversation_of_many_key_generations_stays_whole(
    log: ConversationLog, keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "ENTRIES_PER_KEY", 2)
    talk = opened(log)
    for number in range(9):
        if number % 3 == 0:
            write_new(keyring.folder, "master")
        save(log, talk, turn(f"vraag {number}", "antwoord"))
    before = log.history(talk)
    version = write_new(keyring.folder, "master")
    assert run(log) == []
    for old in keyring.versions("master")[1:]:
        destroy(keyring.path("master", old))
    assert keyring.versions("master") == (version,)
    assert log.history(talk) == before


@pytest.mark.parametrize("pages", range(6))
def test_stopped_after_any_page_it_goes_on_where_it_was(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring, pages: int
) -> None:
    before = everything(log, talks)
    write_new(keyring.folder, "master")
    heard: list[int] = []

    def stop(more: int) -> None:
        heard.append(more)
        if len(heard) > pages:
            raise KeyboardInterrupt

    if pages < 4:
        with pytest.raises(KeyboardInterrupt):
            list(rewrap.rewrap(log.engine, log.keyring, CONVERSATIONS, stop))
        done = CONVERSATIONS.versions(log.engine)[2]
        assert done == sum(heard) == min(3 * (pages + 1), 10)
        assert everything(log, talks) == before
    assert run(log) == []
    assert CONVERSATIONS.versions(log.engine) == {2: 10}
    assert everything(log, talks) == before


def between(talk: ConversationId, what: Callable[[], object]) -> Holders:
    """The conversations, with something that happens once, after one was read and before it is
    written."""
    happened: list[bool] = []

    def owner(name: str) -> str:
        if name == talk and not happened:
            happened.append(True)
            what()
        return name

    return replace(CONVERSATIONS, owner=owner)


def test_a_turn_that_is_saved_meanwhile_is_not_lost(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    write_new(keyring.folder, "master")
    talk = talks[4]
    assert run(log, between(talk, lambda: save(log, talk, turn("nog iets", "Ja?")))) == []
    assert [m.text for m in log.history(talk)[-1].messages] == ["nog iets", "Ja?"]
    assert CONVERSATIONS.versions(log.engine) == {2: 10}


def test_a_data_key_that_is_renewed_meanwhile_is_not_written_over(
    log: ConversationLog,
    talks: list[ConversationId],
    keyring: FileKeyring,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cipher, "ENTRIES_PER_KEY", 2)
    old = EnvironmentKeyring(
        " ".join(f"{p}.1:{keyring.get(p, 1).secret.hex()}" for p in ("master", "index"))
    )
    write_new(keyring.folder, "master")
    # A process that has not been restarted: it renews the key, and wraps it with the old one.
    slow = ConversationLog(log.engine, old)
    before = log.history(talks[4])
    holders = between(talks[4], lambda: save(slow, talks[4], turn("nog iets", "Ja?")))
    assert run(log, holders) == []
    assert log.history(talks[4])[:-1] == before
    assert CONVERSATIONS.versions(log.engine) == {2: 10}


def test_two_at_once_do_no_harm(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    before = everything(log, talks)
    write_new(keyring.folder, "master")
    assert run(log, between(talks[4], lambda: run(log))) == []
    assert CONVERSATIONS.versions(log.engine) == {2: 10}
    assert everything(log, talks) == before


def test_a_conversation_that_is_destroyed_meanwhile_stays_so(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    write_new(keyring.folder, "master")
    shredder = Shredder(log.engine, keyring)
    assert run(log, between(talks[4], lambda: shredder.shred(talks[4], "asked"))) == []
    assert CONVERSATIONS.versions(log.engine) == {2: 9}


def test_a_key_that_is_made_meanwhile_is_the_one_that_all_end_with(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    write_new(keyring.folder, "master")
    before = everything(log, talks)
    holders = between(talks[9], lambda: write_new(keyring.folder, "master"))
    assert run(log, holders) == []
    assert CONVERSATIONS.versions(log.engine) == {3: 10}
    assert everything(log, talks) == before


def test_damaged_ones_are_named_and_left_and_the_others_are_done(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    write_new(keyring.folder, "master")
    mine = tables.conversation.c.id == talks[0]
    flipped = bytearray(next(CONVERSATIONS.pages(log.engine, mine))[0].wrapped_key)
    flipped[20] ^= 1
    change(log.engine, talks[0], wrapped_key=bytes(flipped))
    change(log.engine, talks[1], commitment=bytes(32))
    change(log.engine, talks[2], wrapped_key=b"")
    change(log.engine, talks[3], key_version=9)
    before = {row[0]: row for row in rows(log.engine, tables.conversation)}
    assert {(each.id, each.reason) for each in run(log)} == {
        (talks[0], "its data key does not open"),
        (talks[1], "its data key does not open"),
        (talks[2], "its data key does not open"),
        (talks[3], "its master key, version 9, is missing"),
    }
    after = {row[0]: row for row in rows(log.engine, tables.conversation)}
    assert all(after[talk] == before[talk] for talk in talks[:4])
    assert CONVERSATIONS.versions(log.engine) == {1: 3, 2: 6, 9: 1}


def test_a_row_of_an_older_format_is_left_to_its_conversion(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    write_new(keyring.folder, "master")
    change(log.engine, talks[0], format=1)
    assert run(log) == []
    assert CONVERSATIONS.versions(log.engine) == {1: 1, 2: 9}


def test_without_keys_it_stops_and_changes_nothing(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    write_new(keyring.folder, "master")
    before = rows(log.engine, tables.conversation)
    keyring.folder.chmod(0o755)
    with pytest.raises(KeyringError, match="chmod 700"):
        run(log)
    assert rows(log.engine, tables.conversation) == before


def test_marks_of_what_was_destroyed_are_made_anew_with_the_new_index_key(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    Shredder(log.engine, keyring).shred(talks[0], "asked")
    Shredder(log.engine, keyring).shred(talks[1], "asked")
    write_new(keyring.folder, "index")
    Shredder(log.engine, keyring).shred(talks[2], "asked")
    forged = tables.erasure.c.conversation == talks[1]
    with log.engine.begin() as connection:
        connection.execute(sa.update(tables.erasure).where(forged).values(proof=f"1.{'ab' * 32}"))
        empty = {"conversation": "before", "minute": 1, "reason": "expired"}
        connection.execute(sa.insert(tables.erasure).values(**empty))
    found = list(rewrap.renew_marks(log.engine, keyring, lambda _: None))
    assert [each.id for each in found] == [talks[1]]
    destroy(keyring.path("index", 1))
    with log.engine.connect() as connection:
        marks = dict(
            connection.execute(
                sa.select(tables.erasure.c.conversation, tables.erasure.c.proof)
            ).all()
        )
    assert is_authentic(keyring, talks[0], marks[talks[0]])
    assert is_authentic(keyring, talks[2], marks[talks[2]])
    assert marks["before"] == ""


def test_pages_hold_few_rows_however_many_there_are(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring
) -> None:
    assert [len(page) for page in CONVERSATIONS.pages(log.engine, sa.true())] == [3, 3, 3, 1]
    assert [len(page) for page in LEFT_MESSAGES.pages(log.engine, sa.true())] == [3, 3, 3, 1]
    assert left_message.c.reference.table is LEFT_MESSAGES.table


def test_a_key_is_wrapped_for_its_owner_alone(
    log: ConversationLog, talks: list[ConversationId], keyring: FileKeyring, tmp_path: Path
) -> None:
    write_new(keyring.folder, "master")
    run(log)
    first, second = next(CONVERSATIONS.pages(log.engine, sa.true()))[:2]
    exchanged = WrappedKey(2, second.wrapped_key, second.commitment)
    with pytest.raises(WrongKey):
        DataKey.open(keyring, first.id, exchanged)
