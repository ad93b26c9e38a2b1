"""SQLite keeps whatever it is given in any column: nothing of it is taken for what was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.errors import (
    KeyringError,
    NotPending,
    StaleSequence,
    Tampered,
    UnknownConversation,
)
from helder.conversation.inbox import Inbox
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import ORDER, Proofs
from helder.handoff.errors import UnknownReference
from helder.handoff.messages import Messages
from helder.handoff.tables import left_message
from tests.conversation.test_inbox import received
from tests.conversation.test_log import opened, save, turn

# As SQL, since no driver would send them all.
VALUES = (
    "'x'",
    "''",
    "x'61'",
    "x''",
    "1.5",
    "-1",
    "0",
    "99999999999",
    "9e99",
    "CAST(x'ff' AS TEXT)",
)
REFUSALS = (Tampered, KeyringError, UnknownConversation, UnknownReference, NotPending)
SEALED = (tables.conversation, tables.entry, tables.inbox, tables.proof, left_message)
# The order of a table, a fingerprint that only a search needs, and a mark that nothing covers.
UNSEALED = {"proof.number", "left_message.request", "left_message.handled"}
COLUMNS = [f"{table.name}.{column.name}" for table in SEALED for column in table.c]


@pytest.mark.parametrize("place", sorted(set(COLUMNS) - UNSEALED))
def test_a_value_that_was_never_written_is_refused_as_tampering(
    engine: Engine, log: ConversationLog, inbox: Inbox, keyring: FileKeyring, place: str
) -> None:
    proofs, messages = Proofs(engine, keyring), Messages(engine, keyring)
    conversation = opened(log)
    save(log, conversation, turn("hoi", "Dag!"))
    inbox.put(conversation, received("m1"))
    proofs.record(conversation, ORDER, "HD-1")
    reference = messages.leave(conversation, "", "text", "nl", "other", "key")
    tried = 0
    for value in VALUES:
        with _holding(engine, place, value) as changed:
            refused = [
                _refused(log.history, conversation),
                _refused(log.window, conversation),
                _refused(log.language, conversation),
                _refused(log.shown, conversation, 0),
                _refused(log.head, conversation),
                _refused(inbox.pending, conversation),
                _refused(proofs.subjects, conversation, ORDER),
                _refused(messages.read, reference),
                _refused(_answer, log, conversation),
            ]
        if changed:
            assert any(refused), value
            tried += 1
    assert tried >= 6


def _answer(log: ConversationLog, conversation: ConversationId) -> None:
    """Answer the message that waits, but do not keep the answer."""
    draft = turn("hoi", "ja")
    log.save_turn(replace(log.head(conversation).position, seq=0), draft, MessageId("m1"))


@contextmanager
def _holding(engine: Engine, place: str, value: str) -> Iterator[bool]:
    """The database with another value there; whether it could be written and is another."""
    table, _, column = place.partition(".")
    raw = engine.raw_connection()
    raw.cursor().execute("PRAGMA foreign_keys = OFF")
    raw.cursor().execute("CREATE TEMP TABLE was AS SELECT rowid AS r, * FROM " + table)
    try:
        last = f"rowid = (SELECT max(rowid) FROM {table})"
        raw.cursor().execute(f"UPDATE {table} SET {column} = {value} WHERE {last}")
    except sqlite3.IntegrityError:  # two rows cannot hold the same
        changed = False
    else:
        same = f"typeof(w.{column}) = typeof(t.{column}) AND w.{column} IS t.{column}"
        query = f"SELECT count(*) FROM was w JOIN {table} t ON w.r = t.rowid WHERE NOT ({same})"
        changed = raw.cursor().execute(query).fetchone()[0] > 0
    yield changed
    raw.cursor().execute(
        f"UPDATE {table} SET {column} = (SELECT {column} FROM was WHERE r = {table}.rowid)"
    )
    raw.invalidate()
    raw.close()


def _refused(method: Callable[..., Any], *arguments: Any) -> bool:
    """Whether it was refused; any other error than a refusal is a fault."""
    try:
        method(*arguments)
    except REFUSALS:
        return True
    except StaleSequence:
        pass  # only asks to look again, and says nothing of damage: no refusal
    return False
