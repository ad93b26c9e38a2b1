"""What is changed in the database behind the log's back is noticed, each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.conversation import tables
from helder.conversation.entries import ConversationId
from helder.conversation.errors import (
    ChainBroken,
    EntryTampered,
    ForeignFormat,
    HeadTampered,
    Tampered,
    WrongKey,
)
from helder.conversation.log import ConversationLog
from tests.conversation.test_log import opened, save, turn

CONVERSATION, ENTRY = tables.conversation, tables.entry


@pytest.fixture
def talk(log: ConversationLog) -> ConversationId:
    conversation = opened(log)
    for i in range(5):
        save(log, conversation, turn(f"vraag {i}", f"antwoord {i}"))
    return conversation


def change(engine: Engine, do: Callable[[Connection], None]) -> None:
    with engine.begin() as connection:
        do(connection)


def body(connection: Connection, conversation: str, seq: int) -> bytes:
    query = sa.select(ENTRY.c.body).where(ENTRY.c.conversation == conversation, ENTRY.c.seq == seq)
    return bytes(connection.execute(query).scalar_one())


def put_body(connection: Connection, conversation: str, seq: int, new: bytes) -> None:
    connection.execute(
        sa.update(ENTRY)
        .where(ENTRY.c.conversation == conversation, ENTRY.c.seq == seq)
        .values(body=new)
    )


@pytest.mark.parametrize("seed", range(40))
def test_one_flipped_bit_of_an_entry_is_noticed(
    log: ConversationLog, engine: Engine, talk: ConversationId, seed: int
) -> None:
    chance = random.Random(seed)
    seq = chance.randint(1, 6)

    def flip(connection: Connection) -> None:
        new = bytearray(body(connection, talk, seq))
        new[chance.randrange(len(new))] ^= 1 << chance.randrange(8)
        put_body(connection, talk, seq, bytes(new))

    change(engine, flip)
    with pytest.raises(EntryTampered):
        log.history(talk)


@pytest.mark.parametrize(
    "values",
    [{"kind": "said"}, {"minute": 1}, {"number": 99}],
    ids=["kind", "time", "number"],
)
def test_a_changed_column_of_an_entry_is_noticed(
    log: ConversationLog, engine: Engine, talk: ConversationId, values: dict[str, object]
) -> None:
    change(
        engine,
        lambda c: c.execute(sa.update(ENTRY).where(ENTRY.c.seq == 3).values(**values)),
    )
    with pytest.raises(EntryTampered):
        log.history(talk)


@pytest.mark.parametrize("seq", [3, 6], ids=["in the middle", "the last"])
def test_a_message_cannot_be_hidden_from_a_reader_who_asks_for_what_is_new(
    log: ConversationLog, engine: Engine, talk: ConversationId, seq: int
) -> None:
    _, shown = log.shown(talk, 0)
    before = sum(1 for s in shown if s.number <= 2 * (seq - 2))
    change(engine, lambda c: c.execute(sa.update(ENTRY).where(ENTRY.c.seq == seq).values(number=0)))
    with pytest.raises(ChainBroken):
        log.shown(talk, before)


@pytest.mark.parametrize(
    "values",
    [
        {"owner": "employee"},
        {"owner": "nobody"},
        {"epoch": 7},
        {"seq": 4},
        {"number": 2},
        {"touched": 1},
        {"created": 1},
        {"tag": b"0" * 16},
        {"head": b"0" * 32},
        {"token_hash": b"0" * 32},
        {"token_expires": 2**31 - 1},
    ],
    ids=lambda v: next(iter(v)),
)
def test_a_changed_column_of_the_conversation_is_noticed(
    log: ConversationLog, engine: Engine, talk: ConversationId, values: dict[str, object]
) -> None:
    change(engine, lambda c: c.execute(sa.update(CONVERSATION).values(**values)))
    for look in (log.head, log.window, log.history):
        with pytest.raises(HeadTampered):
            look(talk)
    with pytest.raises(HeadTampered):
        log.admits(talk, "whatever token")


def test_entries_that_changed_places_are_noticed(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    def swap(connection: Connection) -> None:
        two, three = body(connection, talk, 2), body(connection, talk, 3)
        put_body(connection, talk, 2, three)
        put_body(connection, talk, 3, two)

    change(engine, swap)
    with pytest.raises(EntryTampered):
        log.history(talk)


def test_an_entry_of_another_conversation_is_noticed(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    other = opened(log)
    save(log, other, turn("van een ander", "ja"))
    change(engine, lambda c: put_body(c, talk, 2, body(c, other, 2)))
    with pytest.raises(EntryTampered):
        log.history(talk)


@pytest.mark.parametrize("seq", [1, 3, 6])
def test_a_missing_entry_is_noticed(
    log: ConversationLog, engine: Engine, talk: ConversationId, seq: int
) -> None:
    change(engine, lambda c: c.execute(sa.delete(ENTRY).where(ENTRY.c.seq == seq)))
    with pytest.raises(ChainBroken):
        log.history(talk)


def test_a_tail_that_was_cut_off_is_noticed_by_the_window_too(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    change(engine, lambda c: c.execute(sa.delete(ENTRY).where(ENTRY.c.seq > 4)))
    for look in (log.history, log.window):
        with pytest.raises(ChainBroken):
            look(talk)


def test_the_key_of_another_conversation_does_not_open_this_one(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    other = opened(log)

    def swap_key(connection: Connection) -> None:
        columns = (CONVERSATION.c.wrapped_key, CONVERSATION.c.commitment)
        foreign = connection.execute(sa.select(*columns).where(CONVERSATION.c.id == other)).one()
        connection.execute(
            sa.update(CONVERSATION)
            .where(CONVERSATION.c.id == talk)
            .values(wrapped_key=foreign.wrapped_key, commitment=foreign.commitment)
        )

    change(engine, swap_key)
    with pytest.raises(WrongKey):
        log.head(talk)


def test_a_key_that_is_not_the_committed_one_is_refused(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    change(engine, lambda c: c.execute(sa.update(CONVERSATION).values(commitment=b"1" * 32)))
    with pytest.raises(WrongKey):
        log.head(talk)


def test_a_format_that_we_do_not_know_is_refused(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    change(engine, lambda c: c.execute(sa.update(CONVERSATION).values(format=3)))
    with pytest.raises(ForeignFormat):
        log.head(talk)


def test_a_damaged_conversation_does_not_touch_another(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    other = opened(log)
    change(engine, lambda c: put_body(c, talk, 6, b"rubbish" * 9))
    with pytest.raises(Tampered):
        log.window(talk)
    save(log, other, turn("hoi", "dag"))
    assert log.head(other).number == 2


def test_nothing_that_was_said_can_be_read_in_the_file(
    log: ConversationLog, engine: Engine, talk: ConversationId
) -> None:
    files = Path(str(engine.url.database)).parent.glob("helder.db*")
    content = b"".join(path.read_bytes() for path in files)
    assert talk.encode() in content
    assert b"vraag" not in content
    assert b"antwoord" not in content
