"""What is stored, as plain rows, and an attacker who puts other rows in their place.

The attacker has the database and everything that ever stood in it, but no key. On SQLite no type
and no constraint holds them back: a file can be edited.
"""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from sqlalchemy.engine import Engine, make_url

from helder.database import is_postgres, metadata

Row = dict[str, Any]
Rows = list[Row]


class RawText(NamedTuple):
    """Bytes that SQLite is told are text, though perhaps they are none."""

    content: bytes


class Stored(dict[str, Rows]):
    """The rows of each table. A copy may be changed at will."""

    def copy(self) -> Stored:
        return Stored({table: [dict(row) for row in rows] for table, rows in self.items()})

    def of(self, table: str, conversation: str) -> Rows:
        """The rows of a conversation, in the order of the table."""
        column = "id" if table == "conversation" else "conversation"
        return [row for row in self[table] if row[column] == conversation]

    def row(self, conversation: str) -> Row:
        """The conversation's own row."""
        return self.of("conversation", conversation)[0]

    def remove(self, table: str, *rows: Row) -> None:
        self[table] = [row for row in self[table] if not any(row is each for each in rows)]

    def give(self, table: str, conversation: str, rows: Rows) -> None:
        """A conversation's rows become these."""
        self.remove(table, *self.of(table, conversation))
        self[table] += [dict(row) for row in rows]


PARTS = ("conversation", "entry", "former_key", "inbox", "proof")
TABLES = (*PARTS, "erasure", "left_message")


class Attacker:
    """Reads and writes the tables behind Helder's back."""

    def __init__(self, engine: Engine) -> None:
        self._postgres = is_postgres(engine.url)
        if self._postgres:
            self._connection: Any = engine.raw_connection()
            self._run("SET session_replication_role = replica")  # no foreign keys
            self._connection.commit()
        else:
            path = make_url(str(engine.url)).database
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            self._run("PRAGMA synchronous = OFF")
            self._loosen()

    def read(self) -> Stored:
        stored = Stored()
        for table in TABLES:
            names = list(metadata.tables[table].c.keys())
            rows = self._run(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, 2").fetchall()
            stored[table] = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
        self._connection.commit()
        return stored

    def write(self, wanted: Stored) -> None:
        """Afterwards the tables hold exactly this."""
        present = self.read()
        self._run("BEGIN")
        try:
            for table in TABLES:
                if present[table] != wanted[table]:
                    self._fill(table, wanted[table])
        except Exception:
            self._connection.rollback()
            raise
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()

    def _fill(self, table: str, rows: Rows) -> None:
        self._run(f"DELETE FROM {table}")
        for row in rows:
            marks = ", ".join(self._mark(value) for value in row.values())
            values = [v.content if isinstance(v, RawText) else v for v in row.values()]
            self._run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", values)

    def _mark(self, value: Any) -> str:
        if self._postgres:
            return "%s"
        return "CAST(? AS TEXT)" if isinstance(value, RawText) else "?"

    def _run(self, statement: str, values: Any = ()) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(statement, values)
        return cursor

    def _loosen(self) -> None:
        """Let every column hold NULL."""
        schema = "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')"
        self._run("PRAGMA writable_schema = ON")
        self._run(f"{schema} WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        self._run("PRAGMA writable_schema = RESET")


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
