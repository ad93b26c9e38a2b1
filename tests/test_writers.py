"""Several who write to one SQLite database at once: each gets its turn, and soon."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder import database
from helder.database import connect, reading
from helder.writes import Writes
from tests.aio import run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE thing (number INTEGER)")
    return path


def test_who_writes_waits_for_who_writes_in_another_process_and_then_has_its_turn(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, looked = connect(f"sqlite:///{path}"), []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def look_again(_seconds: float) -> None:
            looked.append(True)
            if len(looked) == 3:
                other.execute("COMMIT")

        monkeypatch.setattr(database.time, "sleep", look_again)
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO thing VALUES (1)"))
    assert len(looked) == 3
    with reading(engine).connect() as connection:
        assert connection.execute(sa.text("SELECT number FROM thing")).scalar() == 1


def test_who_waits_too_long_is_told_and_the_next_can_write(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 30)
    engine = connect(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sa.exc.OperationalError, match="locked"), engine.begin():
            pass
        other.execute("COMMIT")
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO thing VALUES (1)"))


def test_who_only_reads_waits_for_nobody(path: Path) -> None:
    engine = connect(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO thing VALUES (1)")
        with reading(engine).begin() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM thing")).scalar() == 0
        other.execute("ROLLBACK")


def test_other_statements_wait_as_long_as_before(path: Path) -> None:
    engine = connect(f"sqlite:///{path}")
    with engine.begin() as connection:
        found = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert found == database.BUSY_TIMEOUT_MS


def test_many_threads_write_one_after_another_and_nothing_is_lost(path: Path) -> None:
    engine = connect(f"sqlite:///{path}")

    def write(number: int) -> None:
        for _ in range(20):
            with engine.begin() as connection:
                connection.execute(sa.text("INSERT INTO thing VALUES (:n)"), {"n": number})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with reading(engine).connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM thing")).scalar() == 160


def test_whoever_waits_to_write_keeps_no_reader_waiting(path: Path) -> None:
    may_go_on = threading.Event()

    async def play() -> list[str]:
        writes, done = Writes(connect(f"sqlite:///{path}")), []

        async def write(number: int) -> None:
            await writes(may_go_on.wait)
            done.append(f"wrote {number}")

        writing = [asyncio.create_task(write(number)) for number in range(50)]
        await asyncio.to_thread(done.append, "read")
        may_go_on.set()
        await asyncio.gather(*writing)
        return done

    assert run(play()) == ["read", *(f"wrote {number}" for number in range(50))]


def test_what_a_write_raises_reaches_who_asked_for_it(path: Path) -> None:
    def refuse(name: str) -> None:
        raise KeyError(name)

    async def play() -> None:
        with pytest.raises(KeyError, match="no such"):
            await Writes(connect(f"sqlite:///{path}"))(refuse, "no such")

    run(play())
