"""Both stores on SQLite: a file each, the same write-ahead log, the same durable commits.

SQLite keeps the write-ahead log as a property of the file, so stock Rasa's file is given it before
stock Rasa opens it, and stock Rasa stays as it is. A connection to it stays open meanwhile: stock
Rasa closes its own after every use, and closing the last one would write the whole log back every
time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.engine import Engine

from bench.failure import BenchFailed
from bench.store.databases import Size

_FULL = 2  # PRAGMA synchronous


class Sqlite:
    """A folder with a file for each."""

    name = "sqlite"
    title = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stock(self, domain: Domain) -> SQLTrackerStore:
        """Rasa's store, as endpoints.yml would name it: `dialect: sqlite`, `db: …`."""
        return SQLTrackerStore(domain, dialect="sqlite", db=str(self.file("stock")))

    def helder_url(self) -> str:
        """The address of a file that is not there yet."""
        return f"sqlite:///{self.file('helder')}"

    def file(self, system: str) -> Path:
        """The database of one of the two."""
        return self._folder / f"{system}.db"

    def size(self, system: str) -> Size:
        """The file, once the write-ahead log is written back to it; nothing is vacuumed."""
        with closing(sqlite3.connect(self.file(system))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, each = (_number(connection, f"PRAGMA page_{x}") for x in ("count", "size"))
            named = "SELECT name FROM sqlite_master WHERE type = 'table'"
            tables = [name for (name,) in connection.execute(named)]
            rows = sum(_number(connection, f'SELECT count(*) FROM "{name}"') for name in tables)
        return Size(pages * each, rows)

    def durability(self, engine: Engine) -> str:
        """A commit has reached the disk when it returns.

        Raises:
            BenchFailed: it has not.
        """
        with engine.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        if (mode, synchronous) != ("wal", _FULL):
            raise BenchFailed(f"SQLite has journal_mode {mode}, synchronous {synchronous}.")
        return "journal_mode=WAL, synchronous=FULL"


@contextmanager
def sqlite(folder: Path) -> Iterator[Sqlite]:
    """SQLite in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Sqlite(folder)
    with closing(sqlite3.connect(database.file("stock"))) as bystander:
        bystander.execute("PRAGMA journal_mode = WAL")
        yield database


def _number(connection: sqlite3.Connection, statement: str) -> int:
    (number,) = connection.execute(statement).fetchone()
    return int(number)
