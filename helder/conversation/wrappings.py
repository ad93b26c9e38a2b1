"""The wrapped data keys of a database: where they are, under which master keys, and damaged ones.

Looked at page by page, in the order of ids, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.cipher import FORMAT, DataKey, WrappedKey
from helder.conversation.errors import KeyringError, WrongKey
from helder.conversation.keyring import MASTER, Keyring
from helder.database import reading

Tell = Callable[[int], None]

# So few that a page is soon written, and a turn that wants to write waits for milliseconds.
AT_ONCE = 250


class Damaged(NamedTuple):
    """Something that is not as it was written: what, which one, and how."""

    what: str
    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what} {self.id}: {self.reason}"


@dataclass(frozen=True)
class Holders:
    """A table whose rows each hold a wrapped data key.

    `owner` is what a row's key is wrapped for, by the row's id. Only rows that meet `ready` may be
    wrapped anew; the others are of an older format, whose authenticator covers the wrapping.
    """

    what: str
    id: Any
    owner: Callable[[str], str]
    ready: Any

    @property
    def table(self) -> sa.Table:
        """The table."""
        table: sa.Table = self.id.table
        return table

    def open(self, keyring: Keyring, stored: Any, version: Any = None) -> DataKey:
        """The data key of a row, with the master key that it names, or with another `version`.

        Raises:
            WrongKey: it does not open, or is not the one that was committed to.
            KeyringError: the master key is missing.
        """
        version = stored.key_version if version is None else version
        if not isinstance(version, int):
            raise WrongKey("It names no version of a master key.")
        wrapped = WrappedKey(version, stored.wrapped_key, stored.commitment)
        return DataKey.open(keyring, self.owner(stored.id), wrapped)

    def opened(self, keyring: Keyring, stored: Any) -> DataKey | None:
        """As `open`; None for one that is damaged, or whose master key is missing.

        Raises:
            KeyringError: there are no keys, or they cannot be read.
        """
        try:
            return self.open(keyring, stored)
        except WrongKey:
            return None
        except KeyringError:
            if stored.key_version in keyring.versions(MASTER):
                raise
            return None

    def pages(self, engine: Engine, which: Any) -> Iterator[list[Any]]:
        """The rows that meet a condition, some at a time, each page read in a moment of its own."""
        mine = self.table.c
        columns = (self.id.label("id"), mine.key_version, mine.wrapped_key, mine.commitment)
        query = sa.select(*columns).where(which).order_by(self.id).limit(AT_ONCE)
        last: Any = ""
        while True:
            with reading(engine).connect() as connection:
                rows = connection.execute(query.where(self.id > last)).all()
            # An id that is no text was read as another text, and would be found again and again.
            if not rows or rows[-1].id == last:
                return
            yield rows
            last = rows[-1].id

    def count(self, engine: Engine, which: Any = None) -> int:
        """How many rows meet a condition, or are there at all."""
        query = sa.select(sa.func.count()).select_from(self.table)
        with reading(engine).connect() as connection:
            return int(connection.execute(_where(query, which)).scalar_one())

    def versions(self, engine: Engine, which: Any = None) -> dict[Any, int]:
        """How many rows are wrapped with each version of the master key."""
        version = self.table.c.key_version
        query = sa.select(version, sa.func.count()).group_by(version)
        with reading(engine).connect() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(_where(query, which))}

    def wrapped_with(self, *versions: int) -> Any:
        """The condition that a row is wrapped with one of these versions."""
        return self.table.c.key_version.in_(versions)

    def not_wrapped_with(self, version: int) -> Any:
        """The condition that a row may be wrapped anew and is not with this version."""
        return self.ready & self.table.c.key_version.is_distinct_from(version)


def why(keyring: Keyring, stored: Any) -> str:
    """Why a row's data key does not open: its master key is missing, or it is damaged."""
    version = stored.key_version
    if isinstance(version, int) and version not in keyring.versions(MASTER):
        return f"its master key, version {version}, is missing"
    return "its data key does not open"


def verify_keys(
    engine: Engine, keyring: Keyring, holders: Holders, tell: Tell
) -> Iterator[Damaged]:
    """Open every wrapped data key, and compare it with its commitment; those that fail.

    Raises:
        KeyringError: there are no keys, or they cannot be read.
    """
    for page in holders.pages(engine, sa.true()):
        for stored in page:
            if holders.opened(keyring, stored) is None:
                yield Damaged(holders.what, str(stored.id), why(keyring, stored))
        tell(len(page))


def _where(query: Any, which: Any) -> Any:
    return query if which is None else query.where(which)


CONVERSATIONS = Holders(
    what="conversation",
    id=tables.conversation.c.id,
    owner=str,
    ready=tables.conversation.c.format.is_not_distinct_from(FORMAT),
)
