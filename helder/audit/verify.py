"""Is the audit what was written, from its first entry to its last?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helder.audit import head as heads
from helder.audit.entry import FIRST_TAG, follows, opened
from helder.audit.head import Head
from helder.audit.sighting import AuditAnchor, Seen
from helder.audit.tables import audit
from helder.conversation.cipher import DataKey
from helder.conversation.errors import Tampered
from helder.conversation.keyring import Keyring
from helder.database import reading

_AT_ONCE = 1_000


@dataclass(frozen=True)
class Verdict:
    """What was found, in a sentence; `count` is how many entries are sound.

    `number` is the first entry that is not; None if all are, or if it is the head.
    """

    whole: bool
    sentence: str
    count: int
    number: int | None = None


class _Damage(Exception):
    """The first thing that is wrong, and at which entry."""

    def __init__(self, sentence: str, number: int | None = None) -> None:
        super().__init__(sentence)
        self.number = number


def verdict(engine: Engine, keyring: Keyring, anchor: AuditAnchor) -> Verdict:
    """Read all of the audit as it is at one moment. See Audit.verify."""
    seen = anchor.seen()  # first, so that the database is never behind it
    with reading(engine).connect() as connection:
        try:
            head = heads.read(connection, keyring)
        except Tampered as error:
            return Verdict(False, _head_sentence(error), 0)
        try:
            count = _walk(connection, head, seen)
        except _Damage as found:
            sound = max((found.number or 1) - 1, 0)
            return Verdict(False, str(found), sound, found.number)
    return Verdict(True, f"The audit is whole: {count:,} entries, each as it was written.", count)


def _walk(connection: Connection, head: Head | None, seen: Seen | None) -> int:
    """Look at every entry; how many there are. Raises _Damage."""
    end = 0 if head is None else head.count
    if seen is not None and end < seen.number:
        raise _Damage(
            f"The audit was turned back: it ends with entry {end}, and the anchor has seen "
            f"entry {seen.number}.",
            end + 1,
        )
    if head is None:
        return 0
    count, previous = 0, FIRST_TAG
    for row in _rows(connection):
        _refuse_misplaced(row.number, count, end)
        _refuse_changed(head.key, row, previous)
        count, previous = row.number, row.tag
        if seen is not None and seen.number == count and seen.tag != previous:
            raise _Damage(f"Entry {count} is not the one that the anchor has seen.", count)
    if count < end:
        raise _Damage(f"{_named(count + 1, end)} cut off the end.", count + 1)
    if previous != head.tag:
        raise _Damage(f"Entry {count} is not the one that the audit ended with.", count)
    return count


def _refuse_changed(key: DataKey, row: Any, previous: bytes) -> None:
    try:
        opened(key, row)
    except Tampered as error:
        raise _Damage(str(error), row.number) from None
    if not follows(key, row, previous):
        raise _Damage(
            f"Entry {row.number} was changed, or the one before it exchanged: it does not follow "
            "it.",
            row.number,
        )


def _refuse_misplaced(number: int, last: int, end: int) -> None:
    if number <= last or number > end:
        raise _Damage(
            f"Entry {number} was put in: the entries that were written are 1 to {end}.", number
        )
    if number > last + 1:
        raise _Damage(f"{_named(last + 1, number - 1)} deleted.", last + 1)


def _named(first: int, last: int) -> str:
    return f"Entry {first} was" if first == last else f"Entries {first} to {last} were"


def _head_sentence(error: Tampered) -> str:
    said = str(error)
    return said if "audit" in said else f"The head of the audit was changed: {said}"


def _rows(connection: Connection) -> Iterator[Any]:
    last: int | None = None
    while True:
        query = sa.select(audit).order_by(audit.c.number).limit(_AT_ONCE)
        if last is not None:
            query = query.where(audit.c.number > last)
        page = connection.execute(query).all()
        yield from page
        if len(page) < _AT_ONCE:
            return
        last = page[-1].number
