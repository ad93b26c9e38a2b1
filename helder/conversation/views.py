"""Views of a conversation: which entries a reader needs, and messages as they are shown.

A choice travels in an opaque form that names the message and is authenticated with the
conversation's own key: it can stand only for what was offered in that conversation.
"""

from __future__ import annotations

import hmac
import re
from typing import Any

import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.cipher import bind
from helder.conversation.entries import Entry, Kind, Shown
from helder.conversation.errors import ChainBroken, UnknownChoice
from helder.conversation.transaction import Reader

# What a window counts: the beginning, which has a state, and each turn.
TURNS = (Kind.OPENED, Kind.TURN)
_LAST_TURNS = (
    sa.select(tables.entry.c.seq)
    .where(
        tables.entry.c.conversation == sa.bindparam("of"),
        tables.entry.c.kind.in_([kind.value for kind in TURNS]),
    )
    .order_by(tables.entry.c.seq.desc())
    .limit(sa.bindparam("most"))
)
_CHOICE = re.compile(r"([1-9][0-9]{0,8})-([0-9]{1,2})-([0-9a-f]{16})")


def offered_at(reader: Reader, choice: str) -> tuple[int, int]:
    """The message's number and the place among its choices that an opaque form names.

    Raises:
        UnknownChoice: this conversation's key did not make it.
    """
    match = _CHOICE.fullmatch(choice)
    if not match:
        raise UnknownChoice("There is no such choice.")
    number, index = int(match[1]), int(match[2])
    if not hmac.compare_digest(choice, _opaque(reader, number, index)):
        raise UnknownChoice("There is no such choice.")
    return number, index


def first_of_window(reader: Reader, turns: int) -> int:
    """The number of the entry whose state the window starts from."""
    wanted = {"of": reader.row.id, "most": turns + 1}
    found = reader.connection.execute(_LAST_TURNS, wanted).all()
    return _number(found[-1].seq) if found else 1


def _entry_of(reader: Reader, after: int) -> int:
    """The number of the first entry that has a message numbered above `after`."""
    table = tables.entry
    found = reader.connection.execute(
        sa.select(table.c.seq)
        .where(table.c.conversation == reader.row.id, table.c.number > after)
        .order_by(table.c.seq)
        .limit(1)
    ).first()
    if found is None:
        raise ChainBroken("There is no such message.")
    return _number(found.seq)


def entries_after(reader: Reader, after: int) -> list[Entry]:
    """The entries from the one on that holds the message after number `after`."""
    entries = reader.entries(_entry_of(reader, after))
    # Where to begin was looked up in a column that nobody had verified yet.
    if not entries or not entries[0].number - len(entries[0].messages) <= after:
        raise ChainBroken("An entry with messages was skipped.")
    return entries


def _number(seq: Any) -> int:
    if not isinstance(seq, int):
        raise ChainBroken("The number of an entry was changed.")
    return seq


def show(reader: Reader, entry: Entry) -> list[Shown]:
    """The messages of an entry, numbered, with the opaque form of their choices."""
    first = entry.number - len(entry.messages) + 1
    return [
        Shown(
            number,
            message,
            tuple(_opaque(reader, number, i) for i in range(len(message.choices))),
            entry.notice,
        )
        for number, message in enumerate(entry.messages, start=first)
    ]


def _opaque(reader: Reader, number: int, index: int) -> str:
    # Always the first data key's: a choice outlives the renewal of the key.
    mac = reader.key_of(1).choice(bind("helder choice", reader.row.id, number, index))
    return f"{number}-{index}-{mac}"


def has_turn(entries: list[Entry]) -> bool:
    """Has the assistant had its turn in one of these?"""
    return any(entry.kind is Kind.TURN for entry in entries)
