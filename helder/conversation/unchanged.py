"""A turn saved in one statement, where nothing has changed since it was read.

On PostgreSQL each statement is a journey to the server, and to lock the row, read and verify it
again, take the message, add the entry, move the row and commit were six. But nearly every turn is
saved upon the very row that it began with. So that row is named by its revision and authenticator,
and all is done if it is still there, and nothing if not: then the turn is saved the long way, which
also finds out what has happened (`ConversationLog.save_turn`).

One statement is a transaction. Whoever takes a message also changes the row, and locks it first; so
the message that waited when this row was read still waits as long as the row is the same.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from helder.conversation.entries import MessageId
from helder.conversation.row import MOVING, Row
from helder.conversation.tables import conversation, entry, inbox
from helder.conversation.transaction import Writer
from helder.database import CHANNEL

# Row and entry have columns of the same name.
_OF_ROW = {name: f"row_{name}" for name in MOVING}
_OF_ENTRY = {
    column.name: f"entry_{column.name}" for column in entry.c if column.name != "conversation"
}


def _given(name: str, column: sa.Column[Any]) -> sa.sql.ColumnElement[Any]:
    return sa.bindparam(name, type_=column.type)


_WAITS = sa.and_(
    inbox.c.message == _given("answered", inbox.c.message),
    inbox.c.place == _given("waiting_at", inbox.c.place),
    inbox.c.body.is_not(None),
)
_moved = (
    sa.update(conversation)
    .where(
        conversation.c.id == _given("of", conversation.c.id),
        conversation.c.revision == _given("seen_revision", conversation.c.revision),
        conversation.c.head == _given("seen_head", conversation.c.head),
        sa.exists().where(inbox.c.conversation == conversation.c.id, _WAITS),
    )
    .values({name: sa.bindparam(given) for name, given in _OF_ROW.items()})
    .returning(conversation.c.id)
    .cte("moved")
)
_taken = (
    sa.update(inbox)
    .where(inbox.c.conversation == _moved.c.id, _WAITS)
    .values(body=None)
    .cte("taken")
)
_added = (
    sa.insert(entry)
    .from_select(
        ["conversation", *_OF_ENTRY],
        sa.select(
            _moved.c.id, *(_given(given, entry.c[name]) for name, given in _OF_ENTRY.items())
        ),
    )
    .cte("added")
)
_SAVE = sa.select(sa.func.pg_notify(CHANNEL, _moved.c.id)).add_cte(_taken).add_cte(_added)


def save_unchanged(writer: Writer, seen: Row, answers: MessageId) -> bytes | None:
    """Do all that `writer` has to write, and take the message out of the inbox that waited first.

    Gives the new row's authenticator, or None: the row is another one now, or another message
    waited first; then nothing has changed.
    """
    place, *others = seen.pending
    writer.change(revision=seen.revision + 1, pending=tuple(others))
    columns = writer.row.moving_columns(writer.key)
    (added,) = writer.added
    saved = writer.connection.execute(
        _SAVE,
        {
            **{given: columns[name] for name, given in _OF_ROW.items()},
            **{given: added[name] for name, given in _OF_ENTRY.items()},
            "of": seen.id,
            "seen_revision": seen.revision,
            "seen_head": seen.authenticator(writer.key),
            "answered": answers,
            "waiting_at": place,
        },
    ).all()
    return bytes(columns["head"]) if saved else None
