"""What was kept in format 1 is there in format 2: all of it, or untouched where it is damaged."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from helder import migrate, preparation
from helder.conversation import tables
from helder.conversation.anchor import FileAnchor
from helder.conversation.cipher import FORMAT
from helder.conversation.entries import Author, ConversationId, Draft, Kind, Message, MessageId
from helder.conversation.errors import ForeignFormat
from helder.conversation.format1 import convert
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import write_private
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import CUSTOMER, ORDER, Proofs
from helder.conversation.rollback import fill
from helder.database import connect
from helder.handoff.messages import Messages
from tests.running import settings_in
from tests.vectors.decoder import Decoder
from tests.vectors.fixed import FixedClock, FixedKeyring
from tests.vectors.frozen import Frozen, insert, rows_of
from tests.vectors.view import Json, View

FROZEN = Frozen.load("format1.json")
NAMES = FROZEN.decoded["names"]
CONVERSATIONS: dict[str, Json] = FROZEN.decoded["conversations"]
NOW = "2026-11-22T09:59:00.000Z"


def of_format_1(path: Path) -> Path:
    """The frozen database as an earlier version left it, with its tables."""
    engine = connect(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0002")
        insert(connection, FROZEN.rows)
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the tables of today; to be copied."""
    path = of_format_1(tmp_path_factory.mktemp("format1") / "helder.db")
    migrate.upgrade(f"sqlite:///{path}")
    return path


class House(NamedTuple):
    """The frozen database with what reads it."""

    engine: Engine
    keyring: FixedKeyring
    log: ConversationLog
    inbox: Inbox
    proofs: Proofs
    view: View

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        with self.engine.connect() as connection:
            return rows_of(connection)

    def formats(self) -> dict[str, int]:
        return {row["id"]: row["format"] for row in self.rows()["conversation"]}


@contextmanager
def house_of(path: Path) -> Iterator[House]:
    engine, clock = connect(f"sqlite:///{path}"), FixedClock()
    clock.now += timedelta(hours=1)
    keyring = FixedKeyring.of_hex(FROZEN.keys)
    log, inbox = ConversationLog(engine, keyring, clock), Inbox(engine, keyring)
    proofs, messages = Proofs(engine, keyring), Messages(engine, keyring, clock)
    view = View(engine, log, inbox, proofs, messages)
    yield House(engine, keyring, log, inbox, proofs, view)
    engine.dispose()


@pytest.fixture
def house(upgraded: Path, tmp_path: Path) -> Iterator[House]:
    with house_of(Path(shutil.copy(upgraded, tmp_path / "helder.db"))) as made:
        yield made


def id_of(name: str) -> ConversationId:
    return ConversationId(NAMES[name]["conversation"])


def told() -> Json:
    """What the frozen database stands for."""
    return {name: value for name, value in FROZEN.decoded.items() if name != "names"}


def test_nothing_is_lost_and_nothing_changes_but_the_format(house: House) -> None:
    assert convert(house.engine, house.keyring) == len(CONVERSATIONS) == 9
    assert house.view.everything() == told()
    assert set(house.formats().values()) == {FORMAT}


def test_the_second_decoder_reads_the_same_in_what_was_written_anew(house: House) -> None:
    convert(house.engine, house.keyring)
    assert Decoder(FROZEN.keys, house.rows()).everything() == told()


def test_every_token_still_opens_its_conversation(house: House) -> None:
    convert(house.engine, house.keyring)
    for name, opened in NAMES.items():
        admitted = house.log.admits(opened["conversation"], opened["token"])
        assert admitted == (name != "erased")


def test_every_choice_can_still_be_chosen(house: House) -> None:
    convert(house.engine, house.keyring)
    offered = CONVERSATIONS[id_of("with an employee")]["choices"]["6"]
    chosen = [house.log.choose(id_of("with an employee"), choice) for choice in offered]
    assert [(choice.payload, number) for choice, number in chosen] == [("/affirm", 6), ("/deny", 6)]


def test_messages_that_wait_are_answered_in_their_order(house: House) -> None:
    convert(house.engine, house.keyring)
    conversation, texts = id_of("waiting"), []
    assert house.inbox.put(conversation, Received(MessageId("new"), "de laatste", NOW))
    while (waiting := house.inbox.next(conversation)) is not None:
        said = Draft(Kind.TURN, (Message(Author.ASSISTANT, "ja", NOW),))
        house.log.save_turn(house.log.head(conversation).position, said, waiting.id)
        texts.append(waiting.text)
    assert texts == ["bericht 1", "bericht 3", "bericht 4", "bericht 5", "de laatste"]
    assert len(house.log.history(conversation)) == 4 + 5


def test_a_message_that_was_answered_before_is_not_taken_in_again(house: House) -> None:
    convert(house.engine, house.keyring)
    for message in ("wait-0", "wait-2", "wait-3"):
        assert not house.inbox.put(id_of("waiting"), Received(MessageId(message), "weer", NOW))
    assert next(each.id for each in house.inbox.pending(id_of("waiting"))) == "wait-1"


def test_what_was_proven_stays_proven_and_more_can_be(house: House) -> None:
    convert(house.engine, house.keyring)
    conversation = id_of("cancelled")
    house.proofs.record(conversation, ORDER, "HD-000001")
    house.proofs.record(conversation, ORDER, "HD-752869")
    assert house.proofs.subjects(conversation, ORDER) == ("HD-752869", "HD-000001")
    assert house.proofs.has(conversation, CUSTOMER, "c-1042")


def test_a_second_time_there_is_nothing_to_do(house: House) -> None:
    convert(house.engine, house.keyring)
    before = house.rows()
    assert convert(house.engine, house.keyring) == 0
    assert house.rows() == before


def of(table: sa.Table, name: str) -> Any:
    column = table.c.id if table is tables.conversation else table.c.conversation
    return column == id_of(name)


def flip(table: sa.Table, column: str, *where: Any) -> Callable[[Connection], str]:
    """One bit in the middle of a value."""

    def damage(connection: Connection) -> str:
        mine = sa.and_(of(table, "waiting"), *where)
        value = connection.execute(sa.select(table.c[column]).where(mine).limit(1)).scalar_one()
        middle = len(value) // 2
        changed = value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]
        same = sa.and_(mine, table.c[column] == value)
        connection.execute(sa.update(table).where(same).values({column: changed}))
        return "waiting"

    return damage


def put(table: sa.Table, column: str, value: Any, name: str = "waiting") -> Any:
    def damage(connection: Connection) -> str:
        change = sa.text(
            f"UPDATE {table.name} SET {column} = :value"
            f" WHERE {'id' if table is tables.conversation else 'conversation'} = :id"
        )
        connection.execute(change, {"value": value, "id": id_of(name)})
        return name

    return damage


def drop(table: sa.Table, *where: Any) -> Callable[[Connection], str]:
    def damage(connection: Connection) -> str:
        connection.execute(sa.delete(table).where(of(table, "waiting"), *where))
        return "waiting"

    return damage


def swap_keys(connection: Connection) -> str:
    """The data key of another conversation."""
    names = ("key_version", "wrapped_key", "commitment", "head")
    other = next(row for row in FROZEN.rows["conversation"] if row["id"] == id_of("closed"))
    values = {name: other[name] for name in names}
    connection.execute(
        sa.update(tables.conversation).where(of(tables.conversation, "waiting")).values(values)
    )
    return "waiting"


ENTRY, INBOX, PROOF, ROW = tables.entry, tables.inbox, tables.proof, tables.conversation
DAMAGES: dict[str, Callable[[Connection], str]] = {
    "a bit of an entry": flip(ENTRY, "body", ENTRY.c.seq == 2),
    "a bit of a waiting message": flip(INBOX, "body", INBOX.c.body.is_not(None)),
    "a bit of the wrapped key": flip(ROW, "wrapped_key"),
    "a bit of the commitment": flip(ROW, "commitment"),
    "a bit of the head": flip(ROW, "head"),
    "a bit of the token's hash": flip(ROW, "token_hash"),
    "the owner": put(ROW, "owner", "assistant"),
    "the epoch": put(ROW, "epoch", 0),
    "the time it was touched": put(ROW, "touched", 99),
    "a text where a number was": put(ROW, "epoch", "one"),
    "a text where bytes were": put(ROW, "wrapped_key", "secret"),
    "nothing where bytes were, in an entry": put(ENTRY, "body", "x"),
    "the minute of its entries": put(ENTRY, "minute", 1),
    "the kind of its entries": put(ENTRY, "kind", "turn"),
    "the id of a message": put(INBOX, "message", "other", "unanswered"),
    "a proof": put(PROOF, "body", b"something else that is long enough", "cancelled"),
    "a missing first entry": drop(ENTRY, ENTRY.c.seq == 1),
    "a missing entry": drop(ENTRY, ENTRY.c.seq == 2),
    "a missing last entry": drop(ENTRY, ENTRY.c.seq == 4),
    "no entries": drop(ENTRY),
    "another conversation's key": swap_keys,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_conversation_is_left_as_it_is_and_the_others_are_not(
    house: House, damage: Callable[[Connection], str]
) -> None:
    with house.engine.begin() as connection:
        if damage is DAMAGES["the id of a message"]:
            connection.execute(sa.delete(INBOX).where(INBOX.c.message == "new-2"))
        damaged = id_of(damage(connection))
    before = house.rows()
    assert convert(house.engine, house.keyring) == 8
    after = house.rows()
    for table in ("conversation", "entry", "inbox", "proof"):
        mine = "id" if table == "conversation" else "conversation"
        left = [[row for row in rows[table] if row[mine] == damaged] for rows in (before, after)]
        assert left[0] == left[1]
    assert house.formats() == {id_: 1 if id_ == damaged else FORMAT for id_ in CONVERSATIONS}
    for id_ in CONVERSATIONS:
        if id_ != damaged:
            assert house.view.conversation(ConversationId(id_)) == CONVERSATIONS[id_]


def test_the_log_refuses_what_could_not_be_brought_over(house: House) -> None:
    with house.engine.begin() as connection:
        flip(ENTRY, "body")(connection)
    convert(house.engine, house.keyring)
    with pytest.raises(ForeignFormat):
        house.log.head(id_of("waiting"))


def test_a_master_key_that_is_missing_may_come_back_later(house: House) -> None:
    old = house.keyring.keys["master"].pop(1)
    assert convert(house.engine, house.keyring) == 6
    house.keyring.keys["master"][1] = old
    assert convert(house.engine, house.keyring) == 3
    assert house.view.everything() == told()


class Stopped(Exception):
    """The process is killed here."""


def test_stopped_before_any_statement_it_goes_on_where_it_was(
    upgraded: Path, tmp_path: Path
) -> None:
    few = shutil.copy(upgraded, tmp_path / "few.db")
    kept = {id_of(name) for name in ("waiting", "cancelled", "opened")}
    with house_of(Path(few)) as house:
        for other in set(CONVERSATIONS) - kept:
            put_back(house, {table: [] for table in house.rows()}, other)
    statement, stopped = 0, True
    while stopped:
        statement += 1
        with house_of(Path(shutil.copy(few, tmp_path / f"{statement}.db"))) as house:
            with stopping(house.engine, statement):
                try:
                    convert(house.engine, house.keyring)
                    stopped = False
                except Stopped:
                    done = sum(each == FORMAT for each in house.formats().values())
            if stopped:
                assert convert(house.engine, house.keyring) == 3 - done
            for id_ in kept:
                assert house.view.conversation(id_) == CONVERSATIONS[id_]
    assert statement > 30


@contextmanager
def stopping(engine: Engine, statement: int) -> Iterator[None]:
    """Killed before this statement, and before no other."""
    left = [statement]

    def stop(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Stopped

    event.listen(engine, "before_cursor_execute", stop)
    yield
    event.remove(engine, "before_cursor_execute", stop)


def test_what_was_brought_over_is_anchored_and_cannot_be_turned_back(
    house: House, tmp_path: Path
) -> None:
    anchor, before = FileAnchor.create(tmp_path / "anchor.db"), house.rows()
    fill(house.engine, anchor)
    assert convert(house.engine, house.keyring, anchor) == 9
    assert dict(anchor.sightings()) == dict.fromkeys(CONVERSATIONS, 1)
    put_back(house, before, id_of("parcel"))
    assert convert(house.engine, house.keyring, anchor) == 0
    assert house.formats()[id_of("parcel")] == 1
    anchor.close()


def test_another_row_than_the_anchor_has_seen_is_not_brought_over(
    house: House, tmp_path: Path
) -> None:
    anchor = FileAnchor.create(tmp_path / "anchor.db")
    anchor.saw(id_of("parcel"), 0, bytes(32))
    assert convert(house.engine, house.keyring, anchor) == 8
    assert house.formats()[id_of("parcel")] == 1
    anchor.close()


def test_what_is_locked_or_to_be_destroyed_again_is_left_alone(
    house: House, tmp_path: Path
) -> None:
    anchor = FileAnchor.create(tmp_path / "anchor.db")
    anchor.lock(id_of("parcel"), "RolledBack")
    anchor.erase([id_of("closed")], 1, "request")
    assert convert(house.engine, house.keyring, anchor) == 7
    left = {id_ for id_, each in house.formats().items() if each == 1}
    assert left == {id_of("parcel"), id_of("closed")}
    anchor.close()


def put_back(house: House, rows: dict[str, list[dict[str, Any]]], conversation: str) -> None:
    """One conversation as it was."""
    mine = {table: "id" if table is ROW else "conversation" for table in (ROW, ENTRY, INBOX, PROOF)}
    with house.engine.begin() as connection:
        for table in reversed(mine):
            connection.execute(sa.delete(table).where(table.c[mine[table]] == conversation))
        for table, name in mine.items():
            old = [row for row in rows[table.name] if row[name] == conversation]
            if old:
                connection.execute(sa.insert(table), old)


def test_the_first_start_of_this_version_brings_everything_over_and_says_so(
    tmp_path: Path,
) -> None:
    var, said = tmp_path / "var", list[str]()
    (var / "keys").mkdir(parents=True, mode=0o700)
    for purpose, versions in FROZEN.keys.items():
        for version, key in versions.items():
            write_private(var / "keys" / f"{purpose}.{version}.key", key)
    of_format_1(var / "helder.db")
    settings = settings_in(var)
    preparation.prepare(settings, said.append)
    assert "✓ brought 9 conversations to format 2" in said
    said.clear()
    preparation.prepare(settings, said.append)
    assert not [line for line in said if "format 2" in line]
    with house_of(var / "helder.db") as house:
        assert house.view.everything() == told()
