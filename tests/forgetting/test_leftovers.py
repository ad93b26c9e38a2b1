"""What is destroyed is in no file of the database: not in free pages, nor between rows."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from helder import leftovers
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.inbox import Received
from helder.database import connect
from helder.forgetting import HOLDING_KEYS, LARGE_MINUTES
from helder.leftovers import empty_write_ahead_log, rewrite
from tests.conversation.test_log import NOW, save, turn
from tests.forgetting.house import BACKUPS, House, new_house
from tests.forgetting.search import Needles
from tests.forgetting.test_messages import WHAT

ROOT = Path(__file__).parents[2]
PIECE = 16


def files(house: House) -> bytes:
    """All that SQLite keeps on the disk."""
    return b"".join(path.read_bytes() for path in house.settings.var.glob("helder.db*"))


def pieces(sealed: Iterable[bytes]) -> list[bytes]:
    """Stored bytes cut in pieces: a part of a row is left as easily as a whole one."""
    return [each[i : i + PIECE] for each in sealed for i in range(0, len(each) - PIECE + 1, PIECE)]


def left_of(sealed: Iterable[bytes], content: bytes) -> int:
    """How many pieces are still there."""
    return len(Needles((piece.hex(), piece) for piece in pieces(sealed)).found_in(content))


def lived_in(house: House, seed: int, steps: int = 150) -> list[bytes]:
    """Conversations begin, grow and end in any order; the stored bytes of those that ended."""
    dice, live, gone = random.Random(seed), [house.start_conversation() for _ in range(25)], []
    for _ in range(steps):
        conversation, what = dice.choice(live), dice.random()
        if what < 0.7:
            size = dice.choice((5, 60, 500, 3_000, 20_000))  # the last needs pages of its own
            save(house.log, conversation, turn(dice.randbytes(size // 2).hex(), "Goed."))
        elif what < 0.8:
            received = Received(MessageId(dice.randbytes(8).hex()), dice.randbytes(90).hex(), NOW)
            house.inbox.put(conversation, received)
        elif what < 0.9:
            house.proofs.record(conversation, "order", f"HD-{dice.randrange(10**6)}")
        elif len(live) > 5:
            live.remove(conversation)
            gone += house.sealed([conversation])
            house.shredder.shred(conversation, "request")
        else:
            live.append(house.start_conversation())
    last = live[: len(live) // 2]
    gone += house.sealed(last)
    for conversation in last:
        house.shredder.shred(conversation, "request")
    return gone


@pytest.mark.parametrize("seed", range(2))
def test_nothing_of_what_was_destroyed_is_left_in_any_page(house: House, seed: int) -> None:
    gone = lived_in(house, seed)
    assert left_of(gone, b"".join(gone)) > 200  # so it would be found
    assert house.forgetting.once()
    assert left_of(gone, files(house)) == 0
    for conversation in house.names():
        assert house.log.history(ConversationId(conversation))


@pytest.mark.parametrize("seed", range(2))
def test_of_a_large_database_no_key_is_left_in_any_page(
    house: House, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "WHOLE_FILE_BYTES", 0)
    gone = lived_in(house, seed)
    before = house.sealed(house.names())
    reference = house.messages.leave(**WHAT, key="1")
    message = house.sealed_message(reference)
    house.message_shredder.shred(reference, "request")
    keys = {each for each in [*gone, *message[:2]] if len(each) in (32, 60)}
    assert len(keys) > 50
    assert house.forgetting.once()
    assert left_of(keys, files(house)) == 0
    assert house.sealed(house.names()) == before
    for conversation in house.names():
        assert house.log.history(ConversationId(conversation))
    with house.engine.connect() as connection:
        for check, answer in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            assert connection.exec_driver_sql(f"PRAGMA {check}").all() == answer


def test_every_kind_of_backup_made_afterwards_holds_nothing(house: House, folder: Path) -> None:
    gone = lived_in(house, 7, steps=80)
    assert house.forgetting.once()
    for backup in BACKUPS:
        copy = folder / backup.__name__
        backup(house.file, copy)
        content = b"".join(path.read_bytes() for path in folder.glob(f"{backup.__name__}*"))
        assert left_of(gone, content) == 0
        assert left_of(house.sealed(house.names()), content) > 20


@pytest.mark.parametrize("largest", [0, leftovers.WHOLE_FILE_BYTES])
def test_somebody_who_reads_keeps_the_write_ahead_file_and_it_is_emptied_after_that(
    house: House, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "WHOLE_FILE_BYTES", largest)
    assert house.forgetting.once()
    conversation = house.start_conversation()
    save(house.log, conversation, turn("Ik heet Anna.", "Dag Anna!"))
    house.clock.move(minutes=1)
    sealed = house.sealed([conversation])
    ahead = house.file.with_name("helder.db-wal")
    with closing(sqlite3.connect(house.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM conversation").fetchone()
        house.shredder.shred(conversation, "request")
        assert left_of(sealed, ahead.read_bytes()) > 0
        assert not empty_write_ahead_log(house.engine)
        assert not house.forgetting.once()
        assert not house.forgetting.once()
        reader.execute("COMMIT")
    assert house.forgetting.once()
    assert ahead.read_bytes() == b""
    house.clock.move(minutes=LARGE_MINUTES)
    assert house.forgetting.once()
    assert left_of(sealed, files(house)) == 0


def test_a_large_database_is_written_anew_once_an_hour_and_emptied_every_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(leftovers, "WHOLE_FILE_BYTES", 0)
    monkeypatch.setattr(leftovers, "_write_anew", lambda *_: written.append(1))
    for _ in range(18):
        house.shredder.shred(house.start_conversation(), "request")
        assert house.forgetting.once()
        assert house.file.with_name("helder.db-wal").read_bytes() == b""
        house.clock.move(minutes=LARGE_MINUTES / 6)
    assert len(written) == 3


def test_whoever_writes_waits_a_moment_only_while_somebody_reads(house: House) -> None:
    conversation = house.start_conversation()
    with closing(sqlite3.connect(house.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM conversation").fetchone()
        save(house.log, conversation, turn("Hallo?", "Ja?"))
        emptying = threading.Thread(target=empty_write_ahead_log, args=(house.engine,))
        emptying.start()
        save(house.log, conversation, turn("Nog iets.", "Zeg het maar."))  # times out after 10 s
        emptying.join()
        reader.execute("COMMIT")
    assert len(house.log.history(conversation)) == 3


@pytest.mark.parametrize("largest", [0, leftovers.WHOLE_FILE_BYTES])
def test_conversations_go_on_while_everything_is_written_anew(
    house: House, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "WHOLE_FILE_BYTES", largest)
    conversations = [house.start_conversation() for _ in range(4)]
    failures: list[BaseException] = []
    said = [0] * len(conversations)
    enough = threading.Event()

    def talk(which: int) -> None:
        try:
            while not (enough.is_set() and said[which] >= 15):
                words = turn(f"Vraag {said[which]}", f"Antwoord {said[which]}")
                save(house.log, conversations[which], words)
                said[which] += 1
        except BaseException as error:
            failures.append(error)

    talking = [threading.Thread(target=talk, args=(each,)) for each in range(len(conversations))]
    for thread in talking:
        thread.start()
    for _ in range(3):
        rewrite(house.engine, HOLDING_KEYS)
    enough.set()
    for thread in talking:
        thread.join()
    assert failures == []
    assert [len(house.log.history(each)) for each in conversations] == [1 + n for n in said]


KILLED = """
import os, signal, sys, threading
from helder import leftovers
from helder.database import connect
leftovers.WHOLE_FILE_BYTES = int(sys.argv[2])
killer = threading.Timer(float(sys.argv[3]), os.kill, (os.getpid(), signal.SIGKILL))
engine = connect(f"sqlite:///{sys.argv[1]}")
killer.start()
while True:
    leftovers.rewrite(engine, ("conversation", "former_key", "left_message"))
"""


@pytest.mark.parametrize("largest", [0, leftovers.WHOLE_FILE_BYTES])
@pytest.mark.parametrize("seconds", [0.004, 0.011])
def test_killed_while_everything_is_written_anew_nothing_is_lost(
    house: House, largest: int, seconds: float
) -> None:
    conversations = [house.start_conversation() for _ in range(20)]
    for conversation in conversations:
        save(house.log, conversation, turn(os.urandom(2_000).hex(), "Goed."))
    before = [house.log.history(each) for each in conversations]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(house.file), str(largest), str(seconds)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    house.close()
    house.prepare()
    house.open()
    assert [house.log.history(each) for each in conversations] == before


def test_a_folder_may_have_any_name(folder: Path) -> None:
    with new_house(folder / "50% off #1") as house:
        conversation = house.start_conversation()
        house.shredder.shred(conversation, "request")
        assert house.forgetting.once()
        assert house.file.with_name("helder.db-wal").stat().st_size == 0


def test_a_database_in_memory_has_no_files() -> None:
    engine = connect("sqlite://")
    assert empty_write_ahead_log(engine)
    assert rewrite(engine, HOLDING_KEYS)
