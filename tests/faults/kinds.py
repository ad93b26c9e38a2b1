"""The faults: as SQLite, the disk, the keys and the anchor fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from helder.conversation.errors import AnchorError, KeyringError
from tests.faults.injector import ANCHOR, STATEMENTS, Fault, Kind

_WRITES = frozenset({Kind.WRITE})
_COMMITS = frozenset({Kind.COMMIT})


def _sqlite(message: str) -> Callable[[], Exception]:
    return lambda: sqlite3.OperationalError(message)


def _key() -> Exception:
    return KeyringError("The master key of version 1 is missing in var/keys.")


def _anchor() -> Exception:
    return AnchorError("The anchor var/anchor.db cannot be used: database or disk is full.")


LOCKED = Fault(
    "the database is locked",
    frozenset({Kind.BEGIN, Kind.COMMIT}),
    _sqlite("database is locked"),
)
BROKEN = Fault("the disk cannot be read", STATEMENTS | _COMMITS, _sqlite("disk I/O error"))
FULL = Fault("the disk is full", _WRITES | _COMMITS, _sqlite("database or disk is full"))
READ_ONLY = Fault(
    "the database is read-only", _WRITES, _sqlite("attempt to write a readonly database")
)
MALFORMED = Fault(
    "the database is malformed",
    frozenset({Kind.READ}),
    lambda: sqlite3.DatabaseError("database disk image is malformed"),
)
LOST = Fault("the connection is lost", STATEMENTS | _COMMITS | {Kind.ROLLBACK}, breaks=True)
UNHEARD = Fault(
    "the commit is not heard of", _COMMITS, _sqlite("disk I/O error"), late=True, breaks=True
)
HALF_DONE = Fault("a statement is done but fails", _WRITES, _sqlite("disk I/O error"), late=True)
NOT_ROLLED_BACK = Fault(
    "the transaction cannot be rolled back", frozenset({Kind.ROLLBACK}), _sqlite("disk I/O error")
)
NO_CONNECTION = Fault(
    "the database cannot be opened",
    frozenset({Kind.CONNECT}),
    _sqlite("unable to open database file"),
)
NO_KEY = Fault("the key is missing", frozenset({Kind.KEY}), _key)
NO_ANCHOR = Fault("the anchor fails", ANCHOR, _anchor)
ANCHOR_UNHEARD = Fault(
    "the anchor fails after it was written", frozenset({Kind.ANCHOR_WRITE}), _anchor, late=True
)

EVERY = (
    LOCKED,
    BROKEN,
    FULL,
    READ_ONLY,
    MALFORMED,
    LOST,
    UNHEARD,
    HALF_DONE,
    NOT_ROLLED_BACK,
    NO_CONNECTION,
    NO_KEY,
    NO_ANCHOR,
    ANCHOR_UNHEARD,
)
# Done and not known to be done, or done by half: what may lose or double something.
WORST = (UNHEARD, HALF_DONE, NO_ANCHOR, ANCHOR_UNHEARD)
