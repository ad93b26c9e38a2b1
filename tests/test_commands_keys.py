"""`helder keys …` as an operator uses it: real processes, plain sentences, exit codes."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder.commands import opened
from helder.conversation import tables
from helder.conversation.entries import ConversationId
from helder.conversation.shredding import Shredder
from helder.database import connect
from helder.handoff.messages import LEFT_MESSAGES
from helder.handoff.tables import left_message
from helder.installation import anchor_of, keyring_of
from helder.optout.remembered import Remembered
from helder.refusal import Refusal
from helder.settings import PROJECT
from tests.installed import Installed, refused, succeeded

CONVERSATIONS = 600


@pytest.fixture
def house(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "var")


def edit(house: Installed, conversation: ConversationId, **values: object) -> None:
    """Change a conversation's row in the database."""
    engine, table = connect(house.settings.database_url), tables.conversation
    with engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.id == conversation).values(**values))
    engine.dispose()


def test_a_key_is_rotated_wrapped_anew_and_retired(house: Installed) -> None:
    house.prepare(CONVERSATIONS, 20)
    house.age_keys()
    assert "version 1: current; 600 conversations, 20 left" in succeeded(
        house.helder("keys", "status")
    )
    assert "is the current master key" in refused(house.helder("keys", "retire", "1"))

    made = succeeded(house.helder("keys", "rotate"))
    assert f"made {house.settings.keys / 'master.2.key'}" in made
    assert "Copy it to a safe place" in made
    shown = succeeded(house.helder("keys", "status"))
    assert "version 2: current; nothing yet" in shown
    assert "version 1: 600 conversations, 20 left messages; `helder keys rewrap`" in shown
    assert "0 % of 620 data keys are wrapped with version 2" in shown
    assert "less than a minute" in refused(house.helder("keys", "retire", "1"))
    house.age_keys()
    assert "620 data keys are wrapped with version 1" in refused(
        house.helder("keys", "retire", "1")
    )

    done = succeeded(house.helder("keys", "rewrap"))
    assert "conversations: 100 % (600 of 600)" in done
    assert "left messages: 100 % (20 of 20)" in done
    assert "✓ every data key is wrapped with version 2 of the master key" in done
    assert "not needed any more; `helder keys retire 1`" in succeeded(
        house.helder("keys", "status")
    )
    assert "✓ destroyed" in succeeded(house.helder("keys", "retire", "1"))
    assert sorted(path.name for path in house.settings.keys.glob("*.*.key")) == [
        "index.1.key",
        "master.2.key",
    ]
    assert "all 620 data keys open" in succeeded(house.helder("keys", "verify"))
    assert "everything in the log is as it was written" in succeeded(house.helder("log", "verify"))
    assert "There is no master key of version 1" in refused(house.helder("keys", "retire", "1"))


def test_an_index_key_is_rotated_and_retired(house: Installed) -> None:
    talks = house.prepare(3, 2)
    settings = house.settings
    engine, keyring, anchor = (
        connect(settings.database_url),
        keyring_of(settings),
        anchor_of(settings),
    )
    Shredder(engine, keyring, anchor=anchor).shred(talks[0], "asked")
    assert "made" in succeeded(house.helder("keys", "rotate", "index"))
    house.age_keys()
    retire = ("keys", "retire", "1", "--purpose", "index")
    assert "1 marks of destroyed conversations" in refused(house.helder(*retire))
    assert "erasures" in succeeded(house.helder("keys", "status"))
    succeeded(house.helder("keys", "rewrap"))
    assert "2 left messages are so new" in refused(house.helder(*retire))
    assert "that is over by itself" in succeeded(house.helder("keys", "status"))
    with engine.begin() as connection:
        connection.execute(sa.update(left_message).values(minute=1))
    assert "destroyed" in succeeded(house.helder(*retire))
    assert [path.name for path in settings.keys.glob("index.*")] == ["index.2.key"]
    with engine.begin() as connection:  # the messages no longer open, since their time is sealed in
        connection.execute(sa.delete(left_message))
    assert "as it was written" in succeeded(house.helder("log", "verify"))
    anchor.close()
    engine.dispose()


def test_an_index_key_stays_while_a_customer_who_wants_no_ai_is_found_by_it(
    house: Installed,
) -> None:
    house.prepare(1)
    engine = connect(house.settings.database_url)
    remembered = Remembered(engine, keyring_of(house.settings))
    remembered.remember("C-1001")
    succeeded(house.helder("keys", "rotate", "index"))
    house.age_keys()
    retire = ("keys", "retire", "1", "--purpose", "index")
    assert "1 customers who want no AI" in refused(house.helder(*retire))
    assert "that is over by itself" in succeeded(house.helder("keys", "status"))
    Remembered(engine, keyring_of(house.settings)).seen("C-1001")
    assert "destroyed" in succeeded(house.helder(*retire))
    engine.dispose()


def test_what_is_damaged_is_named_and_does_not_stop_the_rest(house: Installed) -> None:
    talks = house.prepare(30, 3)
    edit(house, talks[4], wrapped_key=bytes(60))
    edit(house, talks[5], key_version=9)
    edit(house, talks[6], format=1)
    succeeded(house.helder("keys", "rotate"))
    house.age_keys()
    done = house.helder("keys", "rewrap")
    assert "3 data keys are not wrapped with version 10, 2 of them" in refused(done)
    assert f"✗ conversation {talks[4]}: its data key does not open" in done.stdout
    assert f"✗ conversation {talks[5]}: its master key, version 9, is missing" in done.stdout
    assert "1 are of an older format; `helder migrate`" in done.stdout
    assert "Missing: master.9" in refused(house.helder("keys", "status"))
    done = house.helder("keys", "verify")
    assert "2 of 33 data keys do not open" in refused(done)
    assert done.stdout.count("✗") == 2
    assert "2 data keys are wrapped with version 1" in refused(house.helder("keys", "retire", "1"))
    edit(house, talks[6], format=2)
    assert "2 of them" in refused(house.helder("keys", "rewrap"))
    despite = ("keys", "retire", "1", "--despite-damaged")
    assert f"conversation {talks[5]} was changed: it opens with version 1 only" in refused(
        house.helder(*despite)
    )
    edit(house, talks[5], key_version=1)
    assert "1 of them" in refused(house.helder("keys", "rewrap"))
    assert "1 data keys are wrapped" in refused(house.helder("keys", "retire", "1"))
    assert "destroyed" in succeeded(house.helder(*despite))


def test_the_number_of_a_lost_key_is_not_given_to_another(house: Installed) -> None:
    talks = house.prepare(4)
    edit(
        house, talks[3], key_version=999_999_999
    )  # made up by somebody: there never was such a key
    succeeded(house.helder("keys", "rotate"))
    assert "1 of them because" in refused(house.helder("keys", "rewrap"))
    (house.settings.keys / "master.2.key").unlink()
    assert (
        "version 2: MISSING, though needed for 3 conversations"
        in house.helder("keys", "status").stdout
    )
    assert "master.3.key" in succeeded(house.helder("keys", "rotate"))


def test_a_destruction_that_was_killed_is_finished_by_the_next_retirement(house: Installed) -> None:
    house.prepare(1)
    left = house.settings.keys / ".master.9.key.destroyed"
    left.write_text("ab" * 32)
    refused(house.helder("keys", "retire", "1"))
    assert not left.exists()


def test_in_a_terminal_there_is_a_bar(house: Installed) -> None:
    house.prepare(CONVERSATIONS)
    succeeded(house.helder("keys", "rotate"))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        house.command("keys", "rewrap"),
        cwd=PROJECT,
        env={**house.environment, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while piece := _read(ours):
        shown += piece
    os.close(ours)
    assert process.wait() == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    assert re.search(r"conversations .*━+ +100% 600/600", plain)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


@pytest.mark.parametrize(
    "arguments",
    [
        ("keys", "status"),
        ("keys", "rotate"),
        ("keys", "rewrap"),
        ("keys", "verify"),
        ("keys", "retire", "1"),
        ("log", "verify"),
        ("log", "unlock"),
        ("log", "restored"),
        ("log", "anchor"),
    ],
)
def test_without_a_database_each_says_so_and_makes_nothing(
    house: Installed, arguments: tuple[str, ...]
) -> None:
    assert "There is no database yet" in refused(house.helder(*arguments))
    assert not house.var.exists()


def test_a_database_of_another_version_is_not_touched(house: Installed) -> None:
    house.prepare(1)
    engine = connect(house.settings.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    engine.dispose()
    assert "`helder migrate` first" in refused(house.helder("keys", "rewrap"))


def test_keys_are_made_by_the_user_that_helder_runs_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.refuse_other_user(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(Refusal, match="run this as that user"):
        opened.refuse_other_user(tmp_path)


@pytest.mark.parametrize("kind", ["environment", "command"])
def test_keys_that_are_elsewhere_are_used_and_the_operator_is_told_what_to_do(
    house: Installed, kind: str
) -> None:
    house.prepare(5, 1)
    old = house.written_keys()
    new = f"{old} master.2:{'5e' * 32}"
    place = "HELDER_KEY_MATERIAL" if kind == "environment" else "HELDER_KEYS_COMMAND"
    for path in house.settings.keys.glob("*.[0-9].key"):
        path.unlink()

    give(house, kind, old)
    assert f"keys: {place}" in succeeded(house.helder("keys", "status")).replace("what ", "")
    told = refused(house.helder("keys", "rotate"))
    assert "put master.2:<64 hexadecimal digits> into" in told
    assert place in told
    assert "restart Helder" in told

    give(house, kind, new)
    assert "wrapped with version 2" in succeeded(house.helder("keys", "rewrap"))
    told = succeeded(house.helder("keys", "retire", "1"))
    assert "Nothing needs master.1 any more. Take it out of" in told
    assert "master.3:" in refused(house.helder("keys", "rotate"))

    give(house, kind, new.replace(re.findall(r"master\.1:\w+ ?", new)[0], ""))
    assert "all 6 data keys open" in succeeded(house.helder("keys", "verify"))
    assert "as it was written" in succeeded(house.helder("log", "verify"))


HOLDER = """
import sys
from helder.runlock import RunLock
from helder.settings import load
lock = RunLock(load().var)
lock.acquire()
print("running", flush=True)
sys.stdin.read()
"""


@contextmanager
def supervised(house: Installed) -> Iterator[None]:
    """A process that runs as the supervisor does, with the settings of now."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=PROJECT,
        env=dict(house.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    yield
    process.communicate()


def test_nothing_is_wrapped_with_a_key_that_what_runs_has_not_been_given(house: Installed) -> None:
    house.prepare(3)
    keys = house.written_keys()
    give(house, "environment", keys)
    with supervised(house):
        give(house, "environment", f"{keys} master.2:{'5e' * 32}")
        assert "was started without version 2" in refused(house.helder("keys", "rewrap"))
    with supervised(house):
        assert "with version 2" in succeeded(house.helder("keys", "rewrap"))


def give(house: Installed, kind: str, keys: str) -> None:
    """Keys by the environment, or by a command that prints them."""
    if kind == "environment":
        house.more = {"HELDER_KEYS_FROM": kind, "HELDER_KEY_MATERIAL": keys}
        return
    script = house.var / "print-keys"
    script.write_text(f"#!/bin/sh\necho '{keys}'\n")
    script.chmod(0o700)
    house.more = {"HELDER_KEYS_FROM": kind, "HELDER_KEYS_COMMAND": f"{script} --token=hunter2"}


@pytest.mark.parametrize("kind", ["files", "environment", "command"])
def test_nothing_that_is_printed_holds_a_secret(house: Installed, kind: str) -> None:
    talks = house.prepare(2)
    edit(house, talks[0], wrapped_key=bytes(60))
    keys = house.written_keys()
    if kind != "files":
        give(house, kind, keys)
    secrets = [*re.findall(r":(\w{64})", keys), "hunter2"]
    for arguments in (
        *(("keys", word) for word in ("status", "rotate", "rewrap")),
        *(("settings",), ("keys", "retire", "1")),
    ):
        done = house.helder(*arguments, HELDER_LOG_LEVEL="debug")
        assert not [each for each in secrets if each in done.stdout + done.stderr], arguments


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"HELDER_KEYS_FROM": "environment"}, "needs the setting HELDER_KEY_MATERIAL"),
        ({"HELDER_KEYS_FROM": "command"}, "needs the setting HELDER_KEYS_COMMAND"),
        ({"HELDER_KEYS_FROM": "vault"}, "HELDER_KEYS_FROM must be one of"),
        (
            {"HELDER_KEYS_FROM": "environment", "HELDER_KEY_MATERIAL": f"master.1:{'ab' * 32}"},
            "There is no index key in HELDER_KEY_MATERIAL",
        ),
        (
            {"HELDER_KEYS_FROM": "command", "HELDER_KEYS_COMMAND": "false --token=hunter2"},
            "HELDER_KEYS_COMMAND failed with exit code 1",
        ),
        (
            {"HELDER_KEYS_FROM": "command", "HELDER_KEYS_COMMAND": "/nowhere --token=hunter2"},
            "HELDER_KEYS_COMMAND cannot be run",
        ),
    ],
)
def test_keys_that_cannot_be_used_are_one_sentence_at_the_start(
    house: Installed, more: dict[str, str], sentence: str
) -> None:
    house.prepare(1)
    house.more = more
    told = refused(house.helder("run"))
    assert sentence in told
    assert not any(secret in told for secret in ("hunter2", "abab"))


def test_keys_that_others_can_read_are_one_sentence_to_every_command(house: Installed) -> None:
    house.prepare(1)
    (house.settings.keys / "master.1.key").chmod(0o640)
    for arguments in (("run",), ("keys", "rewrap"), ("log", "verify")):
        assert "can be read by others; run: chmod 600" in refused(house.helder(*arguments))


def test_left_messages_are_wrapped_anew_like_conversations(house: Installed) -> None:
    house.prepare(0, 40)
    succeeded(house.helder("keys", "rotate"))
    assert "left messages: 100 % (40 of 40)" in succeeded(house.helder("keys", "rewrap"))
    engine = connect(house.settings.database_url)
    assert LEFT_MESSAGES.versions(engine) == {2: 40}
    engine.dispose()


def test_on_postgresql_it_is_the_same(house: Installed, empty: str) -> None:
    house.more = {"HELDER_DATABASE_URL": empty}
    talks = house.prepare(40, 5)
    settings = house.settings
    engine, keyring = connect(settings.database_url), keyring_of(settings)
    anchor = anchor_of(settings)
    Shredder(engine, keyring, anchor=anchor).shred(talks[0], "asked")
    with engine.begin() as connection:
        short = {"conversation": "short", "minute": 1, "reason": "x", "proof": "1.ab"}
        connection.execute(sa.insert(tables.erasure).values(**short))
    for purpose in ("master", "index"):
        succeeded(house.helder("keys", "rotate", purpose))
    house.age_keys()
    assert "version 1: 39 conversations, 5 left messages" in succeeded(
        house.helder("keys", "status")
    )
    assert "1 marks of destroyed conversations are not ours" in refused(
        house.helder("keys", "rewrap")
    )
    done = house.helder("log", "verify")
    assert "✗ erasure short" in done.stdout
    assert "Damaged: 1;" in refused(done)
    with engine.begin() as connection:
        connection.execute(sa.delete(tables.erasure).where(tables.erasure.c.proof == "1.ab"))
    succeeded(house.helder("keys", "retire", "1"))
    succeeded(house.helder("keys", "verify"))
    edit(house, talks[5], owner="closed")
    assert f"✗ conversation {talks[5]}: HeadTampered." in house.helder("log", "verify").stdout
    anchor.close()
    engine.dispose()
