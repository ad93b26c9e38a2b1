"""`helder log …` as an operator uses it: real processes, plain sentences, exit codes."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from helder.conversation.anchor import FileAnchor
from helder.conversation.entries import Author, ConversationId
from helder.conversation.log import ConversationLog
from helder.conversation.shredding import Shredder
from helder.database import connect
from helder.installation import anchor_of, keyring_of
from helder.runlock import RunLock
from helder.settings import PROJECT
from tests.installed import Installed, refused, succeeded


@pytest.fixture
def house(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "var")


def edit(house: Installed, statement: str, *values: object) -> None:
    """Behind Helder's back."""
    with closing(sqlite3.connect(house.var / "helder.db")) as connection, connection:
        connection.execute(statement, values)


def back_up(house: Installed) -> Path:
    copy = house.var / "backup.db"
    edit(house, "VACUUM INTO ?", str(copy))
    return copy


def put_back(house: Installed, copy: Path) -> None:
    for end in ("-wal", "-shm"):
        (house.var / f"helder.db{end}").unlink(missing_ok=True)
    (house.var / "helder.db").write_bytes(copy.read_bytes())


def go_on(house: Installed, said: ConversationId, shredded: ConversationId) -> None:
    """Something is said in one conversation, and another is destroyed."""
    settings = house.settings
    engine, keyring = connect(settings.database_url), keyring_of(settings)
    with closing(anchor_of(settings)) as anchor:
        ConversationLog(engine, keyring, anchor=anchor).say(said, Author.SYSTEM, "Even geduld.")
        Shredder(engine, keyring, anchor=anchor).shred(shredded, "asked")
    engine.dispose()


def ids(house: Installed) -> set[str]:
    with closing(sqlite3.connect(house.var / "helder.db")) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM conversation")}


def locked(house: Installed) -> dict[str, str]:
    with closing(anchor_of(house.settings)) as anchor:
        return dict(anchor.locks())


def test_what_is_damaged_is_named_locked_and_unlocked_when_it_is_whole(house: Installed) -> None:
    talks = house.prepare(60, 3)
    assert "conversations: 100 % (60 of 60)" in succeeded(house.helder("log", "verify"))
    edit(house, "UPDATE entry SET minute = minute + 1 WHERE conversation = ?", talks[5])
    edit(house, "UPDATE conversation SET owner = 'closed' WHERE id = ?", talks[6])
    edit(house, "UPDATE left_message SET reason = 'x' WHERE reference LIKE 'KD%' AND rowid = 2")
    done = house.helder("log", "verify")
    assert "3 things are damaged" in refused(done)
    assert done.stdout.count("✗") == 3
    assert f"✗ conversation {talks[5]}: EntryTampered." in done.stdout
    assert f"✗ conversation {talks[6]}: HeadTampered." in done.stdout
    assert locked(house) == {talks[5]: "EntryTampered", talks[6]: "HeadTampered"}

    assert "2 conversations are locked" in succeeded(house.helder("log", "unlock"))
    assert "It is still damaged (EntryTampered)" in refused(house.helder("log", "unlock", talks[5]))
    assert "EntryTampered" in refused(house.helder("log", "unlock", talks[5], "--older"))
    edit(house, "UPDATE entry SET minute = minute - 1 WHERE conversation = ?", talks[5])
    done = house.helder("log", "verify")
    assert f"{talks[5]} is locked (EntryTampered): `helder log unlock`" in done.stdout
    assert "and unlocked" in succeeded(house.helder("log", "unlock", talks[5]))
    assert "was not locked" in succeeded(house.helder("log", "unlock", talks[5]))
    assert locked(house) == {talks[6]: "HeadTampered"}
    assert "no such conversation" in refused(house.helder("log", "unlock", "nobody"))


def test_a_backup_is_accepted_only_when_somebody_says_so_and_destroys_again(
    house: Installed,
) -> None:
    talks = house.prepare(5)
    copy = back_up(house)
    go_on(house, said=talks[1], shredded=talks[2])
    put_back(house, copy)
    assert talks[2] in ids(house)
    told = refused(house.helder("migrate"))
    assert "`helder log restored`" in told
    done = subprocess.run(
        house.command("log", "restored"),
        input="n\n",
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=house.environment,
        check=False,
    )
    assert done.returncode == 1
    assert "1 conversations are older than they were, or gone." in done.stdout
    assert "Nothing was changed." in done.stderr
    done = house.helder("log", "restored", "--yes")
    assert "the anchor follows the database" in succeeded(done)
    # What was destroyed had been destroyed again by the first attempt to start.
    assert ids(house) == set(talks) - {talks[2]}
    succeeded(house.helder("migrate"))
    assert "as it was written" in succeeded(house.helder("log", "verify"))


def test_one_conversation_that_was_turned_back_is_taken_when_an_operator_says_so(
    house: Installed,
) -> None:
    talks = house.prepare(3)
    copy = back_up(house)
    go_on(house, said=talks[1], shredded=talks[2])
    go_on(house, said=talks[0], shredded=talks[2])
    with closing(sqlite3.connect(house.var / "helder.db")) as connection, connection:
        connection.execute("ATTACH ? AS old", (str(copy),))
        for table, column in (("entry", "conversation"), ("conversation", "id")):
            mine = (talks[1],)
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", mine)
            again = f"INSERT INTO {table} SELECT * FROM old.{table} WHERE {column} = ?"
            connection.execute(again, mine)
    done = house.helder("log", "verify")
    assert f"✗ conversation {talks[1]}: RolledBack." in done.stdout
    assert "`--older` takes it as it is now" in refused(house.helder("log", "unlock", talks[1]))
    assert "taken as it is now" in succeeded(house.helder("log", "unlock", talks[1], "--older"))
    assert "as it was written" in succeeded(house.helder("log", "verify"))


def test_a_lost_anchor_is_made_anew_and_remembers_what_was_destroyed(house: Installed) -> None:
    talks = sorted(house.prepare(5))  # the last one is what a new anchor takes for the newest
    copy = back_up(house)
    assert "only a lost one is made anew" in refused(house.helder("log", "anchor"))
    go_on(house, said=talks[-1], shredded=talks[2])
    for path in house.var.glob("anchor.db*"):
        path.unlink()
    assert "`helder log anchor` makes a new one" in refused(house.helder("migrate"))
    assert "with 1 erasures" in succeeded(house.helder("log", "anchor"))
    assert (house.var / "anchor.db").stat().st_mode & 0o777 == 0o600
    assert list(house.var.glob(".anchor*")) == []
    put_back(house, copy)
    refused(house.helder("migrate"))
    assert talks[2] not in ids(house)


def test_an_anchor_that_was_begun_and_killed_is_none(house: Installed) -> None:
    house.prepare(5)
    anchor = house.var / "anchor.db"
    anchor.rename(house.var / ".anchor.db.new")
    for end in ("-wal", "-shm"):
        (house.var / f"anchor.db{end}").unlink(missing_ok=True)
    assert "is missing" in refused(house.helder("log", "verify"))
    succeeded(house.helder("log", "anchor"))
    assert "as it was written" in succeeded(house.helder("log", "verify"))


def test_what_a_lost_anchor_left_beside_it_is_not_played_back_over_the_new_one(
    house: Installed,
) -> None:
    talks = house.prepare(5)
    beside = house.var / "anchor.db-wal"
    with closing(anchor_of(house.settings)) as lost:
        lost.lock(talks[0], "RolledBack")
        stale = beside.read_bytes()
    assert stale
    (house.var / "anchor.db").unlink()
    beside.write_bytes(stale)
    (house.var / "anchor.db-journal").write_bytes(stale)
    succeeded(house.helder("log", "anchor"))
    assert locked(house) == {}
    assert not (house.var / "anchor.db-journal").exists()
    assert "as it was written" in succeeded(house.helder("log", "verify"))


def test_a_first_run_that_is_killed_over_the_anchor_is_gone_on_with(
    house: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    class Killed(BaseException):
        """As if the process had ended here."""

    with monkeypatch.context() as here:
        here.setattr(FileAnchor, "_working", killed)
        with pytest.raises(Killed):
            house.prepare()
    assert not house.settings.anchor.exists()
    house.prepare(1)
    assert "as it was written" in succeeded(house.helder("log", "verify"))


def test_the_anchor_is_left_alone_while_helder_runs(house: Installed) -> None:
    house.prepare(1)
    lock = RunLock(house.settings.var)
    lock.acquire()
    for word in ("anchor", "restored"):
        assert "Helder is running" in refused(house.helder("log", word))
    lock.release()
