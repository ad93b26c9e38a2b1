"""What is still in the files of a database after rows were deleted, and how it is taken away.

SQLite writes what is deleted over (`secure_delete`), and so what its free pages held. Two things
stay: the write-ahead file, until it is emptied; and copies of rows in the unused part of pages that
are in use, left there when the pages of a table are evened out (btree.c, `rebuildPage`). Only to
write everything anew takes the second away.

PostgreSQL writes nothing over: a deleted row stays in its page until the page is used again, and in
the write-ahead log until that is recycled. `VACUUM FULL` writes a table to a new file.
https://www.sqlite.org/pragma.html#pragma_secure_delete
https://www.postgresql.org/docs/15/sql-vacuum.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from helder.database import BUSY_TIMEOUT_MS, is_postgres

# Nobody can write while a file is written anew: about 10 ms for each megabyte.
WHOLE_FILE_BYTES = 32 * 1024 * 1024
# Nor while we wait for readers who still need what is in the write-ahead file.
_PATIENCE_SECONDS = 0.25
# Without WHERE, triggers and foreign keys SQLite frees all pages of a table, and so writes
# them over; and rows that are added at the end of a table move no others.
_WRITE_ANEW = (
    "CREATE TEMP TABLE kept AS SELECT * FROM main.{table} ORDER BY rowid",
    "DELETE FROM main.{table}",
    "INSERT INTO main.{table} SELECT * FROM temp.kept ORDER BY rowid",
    "DROP TABLE temp.kept",
)
_POSTGRES_PATIENCE = "SET lock_timeout = 2000; SET statement_timeout = 0"


def empty_write_ahead_log(engine: Engine) -> bool:
    """Leave nothing in SQLite's write-ahead file; False if somebody still reads what is in it.

    Then it has to be tried again. Nothing to do on PostgreSQL, which recycles its own.
    """
    path = _file(engine)
    if path is None:
        return True
    with _connection(path, _PATIENCE_SECONDS) as connection:
        return _emptied(connection)


def is_slow(engine: Engine) -> bool:
    """Does `rewrite` keep others waiting so long that it should be done seldom?"""
    path = _file(engine)
    if path is None:
        return is_postgres(engine.url)
    return path.stat().st_size > WHOLE_FILE_BYTES


def rewrite(engine: Engine, holding_keys: Sequence[str]) -> bool:
    """Write anew what was deleted from: nothing of it is left. False: try again, see above.

    A large SQLite file is not written anew as a whole, since nobody could write meanwhile, but only
    the tables with keys in them: what is left of the others was sealed, and its key is gone.

    Raises:
        sqlite3.Error, psycopg2.Error: it could not be done; nothing was changed.
    """
    path = _file(engine)
    if path is None:
        if is_postgres(engine.url):
            _vacuum(engine, holding_keys)
        return True
    with _connection(path, BUSY_TIMEOUT_MS / 1000) as connection:
        if path.stat().st_size <= WHOLE_FILE_BYTES:
            connection.execute("VACUUM")
        else:
            _write_anew(connection, holding_keys)
    return empty_write_ahead_log(engine)


def _write_anew(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table in tables:
            for statement in _WRITE_ANEW:
                connection.execute(statement.format(table=table))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _emptied(connection: sqlite3.Connection) -> bool:
    busy, _in_log, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _vacuum(engine: Engine, tables: Sequence[str]) -> None:
    from helder import postgres

    with closing(postgres.session(engine)) as session, session.cursor() as cursor:
        cursor.execute(_POSTGRES_PATIENCE)
        for table in tables:
            cursor.execute(f"VACUUM (FULL) {table}")


def _file(engine: Engine) -> Path | None:
    """Where an SQLite database lies, if it lies anywhere."""
    name: Any = engine.url.database
    in_file = engine.dialect.name == "sqlite" and name and name != ":memory:"
    return Path(name) if in_file else None


@contextmanager
def _connection(path: Path, patience: float) -> Iterator[sqlite3.Connection]:
    # A connection of its own: what is set on it here must not stay on one that others use.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    opened = sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)
    with closing(opened) as connection:
        for pragma in ("secure_delete = ON", "temp_store = MEMORY", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection
