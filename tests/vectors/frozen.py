"""A frozen database as JSON: its keys, its rows as they are stored, and what they stand for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

Row = dict[str, Any]
Rows = dict[str, list[Row]]
FOLDER = Path(__file__).parent
_BYTES = "hex:"


@dataclass(frozen=True)
class Frozen:
    """One vector file. `decoded` is plain JSON, see `helder_view.py`."""

    keys: dict[str, dict[str, str]]
    rows: Rows
    decoded: dict[str, Any]

    @classmethod
    def load(cls, name: str) -> Frozen:
        """The vector of this file name in this folder."""
        content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
        tables = content["tables"].items()
        rows = {table: [_stored(row) for row in rows] for table, rows in tables}
        return cls(content["keys"], rows, content["decoded"])

    def save(self, name: str) -> None:
        """Write it, each row on a line of its own."""
        tables = {table: [_plain(row) for row in rows] for table, rows in sorted(self.rows.items())}
        content = {"keys": self.keys, "tables": tables, "decoded": self.decoded}
        (FOLDER / name).write_text(_lines(content, deep=3) + "\n", encoding="utf-8")


def rows_of(connection: Connection) -> Rows:
    """Everything that is stored, as it is, ordered by its primary key."""
    found, rows = sa.MetaData(), {}
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version" and not table.name.startswith("sqlite_"):
            order = ", ".join(column.name for column in table.primary_key.columns)
            # Not through SQLAlchemy's types, which refuse what should not be there.
            stored = connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY {order}")
            rows[table.name] = [dict(row) for row in stored.mappings()]
    return rows


def insert(connection: Connection, rows: Rows) -> None:
    """Put the rows into a database that has their tables."""
    found = sa.MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if rows.get(table.name):
            connection.execute(sa.insert(table), rows[table.name])


def _lines(value: Any, deep: int) -> str:
    """JSON of which only the first levels are broken into lines."""
    if not deep or not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, dict):
        inner = [f"{json.dumps(name)}: {_lines(each, deep - 1)}" for name, each in value.items()]
        return "{\n" + ",\n".join(inner) + "\n}"
    return "[\n" + ",\n".join(_lines(each, deep - 1) for each in value) + "\n]"


def _plain(row: Row) -> Row:
    return {n: _BYTES + v.hex() if isinstance(v, bytes) else v for n, v in row.items()}


def _stored(row: Row) -> Row:
    return {
        name: bytes.fromhex(value[len(_BYTES) :])
        if isinstance(value, str) and value.startswith(_BYTES)
        else value
        for name, value in row.items()
    }
