"""Is the database the one that was last written? At the start, and after a backup was put back."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.anchor import FileAnchor
from helder.conversation.erasure import Judge
from helder.conversation.errors import AnchorError
from helder.conversation.keyring import Keyring
from helder.database import reading

_AT_ONCE = 500


class DatabaseOlder(AnchorError):
    """The database as a whole is older than the anchor; the message says what to do."""


def refuse_older(engine: Engine, keyring: Keyring, anchor: FileAnchor) -> list[str]:
    """Compare the database with the anchor; the conversations that are older are locked, and named.

    Raises:
        DatabaseOlder: what was written last is not there, so all of it was turned back.
    """
    newest = anchor.newest()
    locked = {conversation for conversation, _ in anchor.locks()}
    older = [each for each in behind(engine, keyring, anchor) if each not in locked]
    if newest in older:
        raise DatabaseOlder(
            f"The database is older than the anchor {anchor.path} has seen it: {len(older)} "
            "conversations had gone on, or are missing. If you have put back a backup, say so with "
            "`helder log restored`. If not, somebody has turned the database back."
        )
    for start in range(0, len(older), _AT_ONCE):
        some = older[start : start + _AT_ONCE]
        there = _there(engine, some)
        for conversation in some:
            anchor.lock(conversation, "RolledBack" if conversation in there else "Vanished")
    return older


def accept_restored(engine: Engine, keyring: Keyring, anchor: FileAnchor) -> int:
    """The operator has put back a backup: the anchor follows it; how many conversations are older.

    What was destroyed since stays destroyed (see `Shredder.reapply`), and the locks stay of those
    conversations that are not among the older ones.
    """
    older = list(behind(engine, keyring, anchor))
    anchor.forget(older)
    fill(engine, anchor)
    return len(older)


def fill(engine: Engine, anchor: FileAnchor) -> None:
    """Take the database as it is now for the truth: for a new anchor."""
    table, last = tables.conversation, ""
    while True:
        query = sa.select(table.c.id, table.c.revision, table.c.head).where(table.c.id > last)
        with reading(engine).connect() as connection:
            rows = connection.execute(query.order_by(table.c.id).limit(_AT_ONCE)).all()
        # An id that is no text is read as another text: it would be found again without end.
        if not rows or rows[-1].id == last:
            return
        for row in rows:
            anchor.saw(row.id, row.revision, row.head)
        last = rows[-1].id


def behind(engine: Engine, keyring: Keyring, anchor: FileAnchor) -> Iterator[str]:
    """The conversations that the anchor has seen at a later revision, or that are gone.

    One whose mark names a key that is not here is not counted: whoever reads it is told of the key.
    """
    last, judge = "", Judge(keyring)
    while some := anchor.sightings(last, _AT_ONCE):
        ids = [conversation for conversation, _ in some]
        there = _there(engine, ids)
        missing = [each for each in ids if each not in there]
        gone = _destroyed(engine, judge, missing) if missing else set()
        for conversation, revision in some:
            if conversation not in gone and there.get(conversation, -1) < revision:
                yield conversation
        last = ids[-1]


def _there(engine: Engine, ids: list[str]) -> dict[str, int]:
    """Which of these are in the database, and at which revision."""
    table = tables.conversation
    query = sa.select(table.c.id, table.c.revision).where(table.c.id.in_(ids))
    with reading(engine).connect() as connection:
        return {row.id: row.revision for row in connection.execute(query)}


def _destroyed(engine: Engine, judge: Judge, ids: list[str]) -> set[str]:
    """Which of these did somebody destroy who has the keys (all of which may not be here)?"""
    table = tables.erasure
    query = sa.select(table.c.conversation, table.c.proof).where(table.c.conversation.in_(ids))
    with reading(engine).connect() as connection:
        return {
            row.conversation
            for row in connection.execute(query)
            if judge.authentic(row.conversation, row.proof) is not False
        }
