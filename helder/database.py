"""The database: one SQLAlchemy engine per process, SQLite by default, PostgreSQL by its address.

A failure of the database is an SQLAlchemyError: a deadlock, a wait that was too long or a lost
connection too. Nothing of the transaction has happened then, and the same may succeed later.
(Where the connection is lost during the commit itself, it may have happened: what is tried again
must be recognised, as a message is by its id and a turn by its position.)

Every table of ours hangs on `metadata`; alembic's migrations (migrations/) make and change them.
Written for SQLAlchemy 1.4 and 2.0 alike.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

from helder.opened import identity

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

BUSY_TIMEOUT_MS = 10_000
_LOOK_SECONDS = 0.002
CHANNEL = "helder"  # on which PostgreSQL tells that a conversation changed


class Bytes(sa.LargeBinary):  # type: ignore[misc]  # a base class without types
    """Bytes. Whatever else SQLite was made to hold in their place comes as it is, to be refused.

    SQLAlchemy's own type would take a number for a length, and make so many zero bytes of it.
    """

    cache_ok = True

    def result_processor(self, _dialect: Any, _coltype: Any) -> Any:
        """Only what a driver gives instead of bytes is changed into bytes."""
        return lambda value: bytes(value) if isinstance(value, memoryview) else value


def connect(url: str) -> Engine:
    """An engine with durable commits, and errors that quote no values.

    On SQLite: write-ahead log, `synchronous=FULL` (an acknowledged message survives a power cut),
    `secure_delete` (what is deleted is overwritten), and `BEGIN IMMEDIATE` for every transaction
    that is opened with `begin()`, so that two writers queue instead of failing half-way.
    A file that was removed or replaced while it was open is not used any more, and never made anew.
    On PostgreSQL writers lock the rows that they change: `select(…).with_for_update()`.
    """
    if is_postgres(url):
        from helder import postgres

        return postgres.connect(url, BUSY_TIMEOUT_MS)
    engine = sa.create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=16,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _Begins())
    path = file_of(engine)
    if path is not None:
        _keep_to_file(engine, path)
    return engine


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for one that has none."""
    name = engine.url.database
    return Path(name).absolute() if name and name != ":memory:" else None


def _keep_to_file(engine: Engine, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()

    def open_what_is_there(_dialect: Any, record: Any, _args: Any, options: dict[str, Any]) -> Any:
        record.info["file"] = identity(path)
        # As an address: only so can it be said that nothing is to be made.
        return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, **options)

    def refuse_other_file(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != identity(path):
            raise sa.exc.DisconnectionError("The database is another file now.")

    event.listen(engine, "do_connect", open_what_is_there)
    event.listen(engine, "checkout", refuse_other_file)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # sqlite3's own transaction handling begins late; SQLAlchemy's recipe is to take it over.
    # https://docs.sqlalchemy.org/en/14/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    # A text that is none, since somebody changed it, is not the database's fault: it is read as
    # another text than was written, and so refused.
    connection.text_factory = _text
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in (
        "synchronous = FULL",
        "secure_delete = ON",
        "foreign_keys = ON",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _write_ahead(cursor: Any) -> None:
    # The change to WAL does not wait for a lock, so of two processes that open a new database at
    # once one would fail.
    for attempt in range(50):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if attempt == 49:
                raise
            time.sleep(0.02)


class _Begins:
    """Begins transactions on one SQLite database; who wants to write waits for who writes.

    SQLite's own wait sleeps longer and longer, up to 100 ms (sqliteDefaultBusyCallback in its
    main.c), and whoever comes meanwhile goes first: with three processes that write, one
    transaction in twenty took a second that way. So here one thread of a process looks again every
    `_LOOK_SECONDS`, and the others of that process queue behind it.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def __call__(self, connection: Connection) -> None:
        """Raises sqlalchemy.exc.OperationalError: somebody writes for `BUSY_TIMEOUT_MS` now."""
        if connection.get_execution_options().get("helder_read", False):
            connection.exec_driver_sql("BEGIN")
            return
        end = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        ours = self._turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            while not self._began(connection, last=not ours or time.monotonic() >= end):
                time.sleep(_LOOK_SECONDS)
        finally:
            if ours:
                self._turn.release()

    def _began(self, connection: Connection, *, last: bool) -> bool:
        _wait_up_to(connection, 0)
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except sa.exc.OperationalError as error:
            if last or "locked" not in str(error.orig):
                raise
            return False
        finally:
            # Other statements wait as SQLite does: for the recovery after a crash, for example.
            _wait_up_to(connection, BUSY_TIMEOUT_MS)
        return True


def _wait_up_to(connection: Connection, milliseconds: int) -> None:
    statement = f"PRAGMA busy_timeout = {milliseconds:d}"
    try:
        connection.connection.cursor().execute(statement)
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(statement, None, error) from error


def reading(engine: Engine) -> Engine:
    """The same engine for read transactions: each sees one moment and never waits for a writer."""
    if is_postgres(engine.url):
        from helder import postgres

        return postgres.reading(engine)
    return engine.execution_options(helder_read=True)


def without_transactions(engine: Engine) -> Engine:
    """An engine for what takes one statement: it sees one moment without a transaction."""
    if is_postgres(engine.url):
        from helder import postgres

        return postgres.without_transactions(engine)
    return reading(engine)


def is_postgres(url: str | URL) -> bool:
    """Is this the address of a PostgreSQL database?"""
    return bool(make_url(url).get_backend_name() == "postgresql")


def alone(connection: Connection, purpose: str) -> None:
    """Let no other process do this until the transaction ends; wait for one that does.

    Nothing to do on SQLite, where there is one writer at a time.
    """
    if connection.dialect.name == "postgresql":
        from helder import postgres

        postgres.wait_for_lock(connection, purpose)


def announce(connection: Connection, conversation: str) -> None:
    """Wake every gateway when this transaction commits: the conversation changed.

    Nothing to do on SQLite, where a gateway notices every commit by itself.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (CHANNEL, conversation))
