"""`helder keys rewrap`, killed again and again while people talk: nothing is ever unreadable."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from helder.conversation.keyring import FileKeyring, write_new
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of
from helder.settings import PROJECT
from tests.installed import PATIENCE, Installed, succeeded

CONVERSATIONS = 2000
KILLS = 25

# Another process that opens conversations and talks in them, on and on, until its input ends.
TALKER = """
import sys, threading
from datetime import timedelta
from helder import settings
from helder.conversation.entries import Author, Draft, Kind, Message, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of, keyring_of

chosen = settings.load()
engine, keyring, anchor = connect(chosen.database_url), keyring_of(chosen), anchor_of(chosen)
log, inbox = ConversationLog(engine, keyring, anchor=anchor), Inbox(engine, keyring, anchor)
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
old, turns = sys.argv[1:], 0
while not ended.is_set():
    new = log.open("nl", timedelta(hours=1)).conversation
    for talk in (new, old[turns % len(old)]):
        name = MessageId(f"t{turns}")
        turns += 1
        assert inbox.put(talk, Received(name, "hoi", "2026-11-22T09:00:00.000Z"))
        message = Message(Author.ASSISTANT, f"antwoord {turns}", "2026-11-22T09:00:00.000Z")
        log.save_turn(log.window(talk).position, Draft(Kind.TURN, (message,)), name)
        assert log.history(talk)[-1].messages == (message,)
print(turns)
"""


@dataclass
class Talker:
    """The process that talks, and how many turns it had when it ended."""

    process: subprocess.Popen[str]
    turns: int = 0


@contextmanager
def talking(house: Installed, talks: list[str]) -> Iterator[Talker]:
    """Turns go on all the time; one that fails fails the test."""
    process = subprocess.Popen(
        [sys.executable, "-c", TALKER, *talks],
        cwd=PROJECT,
        env=dict(house.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    talker = Talker(process)
    try:
        yield talker
        printed, complained = process.communicate(timeout=PATIENCE)
        assert (process.returncode, complained) == (0, "")
        talker.turns = int(printed)
    finally:
        process.kill()
        process.wait()


def wrapped(house: Installed, version: int) -> int:
    """How many conversations are wrapped with a version."""
    query = "SELECT count(*) FROM conversation WHERE key_version = ?"
    with closing(sqlite3.connect(house.var / "helder.db")) as connection:
        return int(connection.execute(query, (version,)).fetchone()[0])


def kill_within(house: Installed, version: int, enough: int) -> bool:
    """Start to wrap anew, and kill it when so many are done; False if it was through before."""
    process = subprocess.Popen(
        house.command("keys", "rewrap"),
        cwd=PROJECT,
        env=dict(house.environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with contextlib.closing(process.stderr or sys.stderr):
        end = time.monotonic() + PATIENCE
        while process.poll() is None and wrapped(house, version) < enough:
            assert time.monotonic() < end
            time.sleep(0.005)  # between two looks at a real process, not instead of one
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


@pytest.mark.timeout(900)
def test_killed_anywhere_while_conversations_go_on_it_leaves_none_unreadable(
    tmp_path: Path,
) -> None:
    house, chance = Installed(tmp_path / "var"), Random(3)
    talks = house.prepare(CONVERSATIONS, 20)
    keys, version, killed = house.settings.keys, 1, 0
    before = read(house, list(talks[50:]))
    with talking(house, list(talks[:50])) as talker:
        for number in range(KILLS):
            # Now and then a new key comes before everything went over to the last one.
            if number % 8 == 0 or wrapped(house, version) >= CONVERSATIONS:
                version = write_new(keys, "master")
            left = CONVERSATIONS - wrapped(house, version)
            enough = wrapped(house, version) + chance.randrange(max(left, 1))
            killed += kill_within(house, version, enough)
        assert talker.process.poll() is None
        succeeded(house.helder("keys", "rewrap"))
        house.age_keys()
        for old in range(1, version):
            assert "destroyed" in succeeded(house.helder("keys", "retire", str(old)))
    assert killed > KILLS / 2
    assert FileKeyring(keys).versions("master") == (version,)
    assert talker.turns > 100
    assert read(house, list(talks[50:])) == before
    assert "as it was written" in succeeded(house.helder("log", "verify"))


def read(house: Installed, talks: list[str]) -> list[object]:
    """All that was ever said in these."""
    engine = connect(house.settings.database_url)
    with closing(anchor_of(house.settings)) as anchor:
        log = ConversationLog(engine, FileKeyring(house.settings.keys), anchor=anchor)
        found: list[object] = [log.whole(talk) for talk in talks]  # type: ignore[arg-type]  # the id is a plain str here
    engine.dispose()
    return found
