"""Format 1, in which conversations were kept before: read one last time, and written anew.

It had no revision, no generations of data keys, no places in the inbox, and its head said nothing
of waiting messages and proofs. Only the key layer (cipher.DataKey) is as it was, so a conversation
keeps its data key, its token and its choices. docs/encryption.md tells what was bound to what.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection, Engine

from helder.conversation import cipher, inbox, proofs, tables
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.cipher import TAG_BYTES, DataKey, WrappedKey, bind, tag_of
from helder.conversation.entries import ConversationId, Draft, Entry, Kind, Owner
from helder.conversation.errors import (
    ChainBroken,
    EntryTampered,
    HeadTampered,
    KeyringError,
    RolledBack,
    Tampered,
)
from helder.conversation.keyring import Keyring
from helder.conversation.row import Row
from helder.conversation.transaction import Writer
from helder.database import reading

FORMAT = 1
AT_ONCE = 500

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Received:
    """A row of the inbox, opened. `plain` is None once the message was answered."""

    number: int
    message: str
    plain: bytes | None


@dataclass(frozen=True)
class Proven:
    """A proof, opened."""

    number: int
    plain: bytes


@dataclass(frozen=True)
class Former:
    """All there is of a conversation of format 1, verified."""

    stored: Any
    key: DataKey
    wrapped: WrappedKey
    entries: list[tuple[Entry, int]]  # each with its minute
    messages: list[Received]
    proofs: list[Proven]


def convert(engine: Engine, keyring: Keyring, anchor: Anchor = NO_ANCHOR) -> int:
    """Bring every conversation of format 1 to format 2, each in a transaction; how many.

    One that is damaged, or whose master key is missing, stays as it is and is logged: to the log it
    has a foreign format. Stopped at any point, the next call goes on.
    """
    done = 0
    for conversation in _of_format_1(engine):
        try:
            done += _converted(engine, keyring, anchor, conversation)
        except (Tampered, KeyringError) as error:
            reason = type(error).__name__
            logger.error("conversation_not_converted", conversation=conversation, reason=reason)
    return done


def read(connection: Connection, keyring: Keyring, stored: Any) -> Former:
    """A stored conversation of format 1.

    Raises:
        Tampered: it is not what was written.
        KeyringError: the master key that wraps its data key is missing.
    """
    if not _typed(stored, tables.conversation):
        raise HeadTampered("The conversation's row was changed.")
    wrapped = WrappedKey(stored.key_version, stored.wrapped_key, stored.commitment)
    key = DataKey.open(keyring, stored.id, wrapped)
    if not hmac.compare_digest(key.head(_head(stored)), stored.head):
        raise HeadTampered("The conversation's row was changed.")
    return Former(
        stored=stored,
        key=key,
        wrapped=wrapped,
        entries=_entries(connection, stored, key),
        messages=_messages(connection, stored.id, key),
        proofs=_proofs(connection, stored.id, key),
    )


def _of_format_1(engine: Engine) -> Iterator[ConversationId]:
    table, last = tables.conversation, ""
    while True:
        query = sa.select(table.c.id).where(table.c.format == FORMAT, table.c.id > last)
        with reading(engine).connect() as connection:
            some = connection.execute(query.order_by(table.c.id).limit(AT_ONCE)).all()
        # An id that is no text is read as another text: it would be found again without end.
        if not some or some[-1].id == last:
            return
        yield from (ConversationId(row.id) for row in some)
        last = some[-1].id


def _converted(
    engine: Engine, keyring: Keyring, anchor: Anchor, conversation: ConversationId
) -> bool:
    sighting, table = anchor.sighting(conversation), tables.conversation
    if sighting.locked or sighting.erased:
        return False
    mine = (table.c.id == conversation) & (table.c.format == FORMAT)
    with engine.begin() as connection:
        stored = connection.execute(sa.select(table).where(mine).with_for_update()).first()
        if stored is None:  # somebody else was quicker
            return False
        former = read(connection, keyring, stored)
        # A new anchor saw it as it is, at revision 0; what was brought to format 2 is above that.
        if sighting.revision > 0 or not stored.head.startswith(sighting.head):
            raise RolledBack("The conversation is older than the anchor has seen it.")
        writer = _written_anew(connection, keyring, former)
        head = writer.finish()
    if head is not None:
        anchor.saw(conversation, writer.row.revision, head)
    return True


def _written_anew(connection: Connection, keyring: Keyring, former: Former) -> Writer:
    stored, table = former.stored, tables.entry
    connection.execute(sa.delete(table).where(table.c.conversation == stored.id))
    fixed = (ConversationId(stored.id), stored.created, stored.touched, former.wrapped)
    row = Row(*fixed, token_hash=stored.token_hash, token_expires=stored.token_expires)
    writer = Writer(connection, row, former.key, keyring)
    for entry, minute in former.entries:
        writer.extend(Draft(entry.kind, entry.messages, entry.events, entry.state), minute)
    if (writer.row.seq, writer.row.number) != (stored.seq, stored.number):
        raise ChainBroken("The messages were counted wrongly.")
    _place_messages(writer, former.messages)
    _place_proofs(writer, former.proofs)
    writer.change(owner=Owner(stored.owner), epoch=stored.epoch, touched=stored.touched)
    renamed = sa.update(tables.conversation).where(tables.conversation.c.id == stored.id)
    connection.execute(renamed.values(format=cipher.FORMAT))
    return writer


def _place_messages(writer: Writer, messages: list[Received]) -> None:
    table, row = tables.inbox, writer.row
    for place, each in enumerate(messages, start=1):
        values: dict[str, Any] = {"place": place, "generation": row.generation}
        if each.plain is not None:
            bound = inbox.bound(row.id, row.generation, place, each.message)
            values["body"] = writer.key.seal(each.plain, bound)
        mine = sa.update(table).where(table.c.number == each.number)
        writer.connection.execute(mine.values(**values))
    waiting = (place for place, each in enumerate(messages, start=1) if each.plain is not None)
    writer.change(received=len(messages), pending=tuple(waiting))


def _place_proofs(writer: Writer, proven: list[Proven]) -> None:
    table, row = tables.proof, writer.row
    for place, each in enumerate(proven, start=1):
        body = writer.key.seal(each.plain, proofs.bound(row.id, row.generation, place))
        values = {"place": place, "generation": row.generation, "body": body}
        mine = sa.update(table).where(table.c.number == each.number)
        writer.connection.execute(mine.values(**values))
    writer.change(proofs=len(proven))


def _entries(connection: Connection, stored: Any, key: DataKey) -> list[tuple[Entry, int]]:
    previous, opened = bytes(TAG_BYTES), []
    for expected, row in enumerate(_rows(connection, tables.entry, stored.id, "seq"), start=1):
        if row.seq != expected:
            raise ChainBroken("An entry is missing.")
        place = (row.seq, row.kind, row.minute, row.number)
        bound = bind("helder entry", FORMAT, stored.id, *place, previous)
        plain, previous = key.open_sealed(row.body, bound), tag_of(row.body)
        opened.append((Entry.decode(row.seq, Kind(row.kind), row.number, plain), row.minute))
    if (len(opened), previous) != (stored.seq, stored.tag):
        raise ChainBroken("Entries are missing at the end.")
    return opened


def _messages(connection: Connection, conversation: str, key: DataKey) -> list[Received]:
    opened = []
    for row in _rows(connection, tables.inbox, conversation, "number"):
        bound = bind("helder inbox", conversation, row.message)
        plain = None if row.body is None else key.open_sealed(row.body, bound)
        opened.append(Received(row.number, row.message, plain))
    return opened


def _proofs(connection: Connection, conversation: str, key: DataKey) -> list[Proven]:
    bound = bind("helder proof", conversation)
    rows = _rows(connection, tables.proof, conversation, "number")
    return [Proven(row.number, key.open_sealed(row.body, bound)) for row in rows]


def _rows(connection: Connection, table: sa.Table, conversation: str, order: str) -> list[Any]:
    query = sa.select(table).where(table.c.conversation == conversation).order_by(table.c[order])
    rows = list(connection.execute(query))
    if not all(_typed(row, table) for row in rows):
        raise EntryTampered("Something stored in this conversation was changed.")
    return rows


def _head(stored: Any) -> bytes:
    return bind(
        "helder head",
        FORMAT,
        *(stored.id, stored.created, stored.touched, stored.owner, stored.epoch, stored.seq),
        *(stored.number, stored.tag, stored.key_version, stored.commitment),
        *(stored.token_hash, stored.token_expires),
    )


def _typed(stored: Any, table: sa.Table) -> bool:
    """Is everything of the type that it was written in? SQLite keeps whatever it is given."""
    return all(
        isinstance(value, column.type.python_type) or (value is None and column.nullable)
        for column in table.c
        for value in [getattr(stored, column.name)]
    )
