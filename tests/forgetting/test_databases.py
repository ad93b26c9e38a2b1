"""What SQLite and PostgreSQL leave of deleted rows by themselves, and what is left after that."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder import leftovers
from helder.conversation import tables
from helder.database import connect
from helder.leftovers import empty_write_ahead_log, rewrite
from helder.preparation import prepare
from helder.settings import load
from tests.conversation.test_log import save, turn
from tests.forgetting.house import House
from tests.forgetting.test_leftovers import left_of
from tests.postgres import Server


def busy_table(path: Path, dice: random.Random) -> list[bytes]:
    """A table of keys in which rows come, grow and go; the keys of the rows that went."""
    live: dict[str, bytes] = {}
    gone = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(
            "CREATE TABLE conversation (id TEXT PRIMARY KEY, key BLOB, pending TEXT)"
        )
        connection.execute("BEGIN")
        for _ in range(3_000):
            what, name = dice.random(), dice.choice(list(live)) if live else ""
            if what < 0.35 or len(live) < 5:
                name, key = dice.randbytes(16).hex(), dice.randbytes(60)
                live[name] = key
                row = (name, key, "x" * dice.randrange(300))
                connection.execute("INSERT INTO conversation VALUES (?, ?, ?)", row)
            elif what < 0.7:
                change = ("x" * dice.randrange(400), name)
                connection.execute("UPDATE conversation SET pending = ? WHERE id = ?", change)
            else:
                gone.append(live.pop(name))
                connection.execute("DELETE FROM conversation WHERE id = ?", (name,))
        connection.execute("COMMIT")
    return gone


@pytest.mark.parametrize("largest", [0, leftovers.WHOLE_FILE_BYTES])
def test_sqlite_leaves_copies_between_rows_and_only_writing_anew_takes_them_away(
    folder: Path, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "WHOLE_FILE_BYTES", largest)
    left_by_sqlite = 0
    for seed in range(25):
        path = folder / f"{seed}.db"
        gone = busy_table(path, random.Random(seed))
        engine = connect(f"sqlite:///{path}")
        assert empty_write_ahead_log(engine)
        left_by_sqlite += left_of(gone, path.read_bytes())
        assert rewrite(engine, ("conversation",))
        assert left_of(gone, path.read_bytes()) == 0
        engine.dispose()
    # Should this ever be 0, SQLite has learned to do it by itself.
    assert left_by_sqlite > 0


def test_on_postgresql_no_key_is_left_in_the_tables_once_they_are_written_anew(
    folder: Path, empty: str, postgres: Server
) -> None:
    settings = load({"HELDER_VAR": str(folder / "var"), "HELDER_DATABASE_URL": empty})
    data = postgres._folder / "data"
    prepare(settings, lambda _: None)
    with House(settings) as house:
        conversations = [house.start_conversation() for _ in range(20)]
        for conversation in conversations:
            save(house.log, conversation, turn("Ik heet Anna.", "Dag Anna!"))
        keys = [each for each in house.sealed(conversations[:10]) if len(each) in (32, 60)]
        for conversation in conversations[:10]:
            house.shredder.shred(conversation, "request")
        with house.engine.connect() as connection:
            ask = sa.text("SELECT pg_relation_filepath('conversation')")
            (name,) = connection.execute(ask).one()
        postgres.ask("CHECKPOINT")
        assert left_of(keys, (data / name).read_bytes()) > 0
        assert house.forgetting.once()
        postgres.ask("CHECKPOINT")
        base = b"".join(path.read_bytes() for path in (data / "base").rglob("*") if path.is_file())
        assert left_of(keys, base) == 0
        assert left_of(house.sealed(conversations[10:]), base) > 20
        assert {row.id for row in _rows(house)} == set(conversations[10:])


def _rows(house: House) -> list[sa.engine.Row]:
    with house.engine.connect() as connection:
        return list(connection.execute(sa.select(tables.conversation.c.id)))
