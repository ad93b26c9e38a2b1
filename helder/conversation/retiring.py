"""An old key is retired: it may be destroyed only when nothing that is here needs it any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.clock import Clock
from helder.conversation.erasure import Judge
from helder.conversation.errors import KeyringError, WrongKey
from helder.conversation.keyring import FileKeyring, Keyring
from helder.conversation.wrappings import Holders
from helder.database import reading

Tell = Callable[[int], None]

# Whoever took the old key just before the new one came is done with it long before that: a
# transaction waits at most 10 s for the database.
SETTLING = timedelta(minutes=1)


class StillNeeded(KeyringError):
    """The key may not be destroyed yet; the message says why, and what to do."""


def refuse_current(keyring: Keyring, purpose: str, version: int) -> None:
    """Only a key that is here, and that another has taken the place of, can be retired.

    Raises:
        KeyringError: it is not here.
        StillNeeded: it is the current one.
    """
    if version not in keyring.versions(purpose):
        raise KeyringError(f"There is no {purpose} key of version {version} here.")
    if version == keyring.current(purpose).version:
        raise StillNeeded(
            f"Version {version} is the current {purpose} key: new things are made with it. "
            f"`helder keys rotate {purpose}` makes the one that takes its place."
        )


def refuse_young(keyring: FileKeyring, purpose: str, version: int, clock: Clock) -> None:
    """A process may still be writing something with the old key just after the new one came.

    Raises:
        StillNeeded: no newer key is as old as `SETTLING`.
    """
    newer = [each for each in keyring.versions(purpose) if each > version]
    made = min(keyring.path(purpose, each).stat().st_mtime for each in newer)
    age = clock().timestamp() - made
    if age < SETTLING.total_seconds():
        raise StillNeeded(
            f"The newer {purpose} key has been here for less than a minute, and something may be "
            "under way with the old one; try again in a minute."
        )


def refuse_wrapping(
    engine: Engine, version: int, holders: Sequence[Holders], *, only_damaged: int = 0
) -> None:
    """Nothing may be wrapped with a master key that is to be destroyed.

    `only_damaged` of them are known not to open with it either, and do not count.

    Raises:
        StillNeeded: something is.
    """
    count = sum(each.count(engine, each.wrapped_with(version)) for each in holders)
    if count > only_damaged:
        raise StillNeeded(
            f"{count:,} data keys are wrapped with version {version}; `helder keys rewrap` wraps "
            "them anew, and names those that it cannot."
        )


def damaged_under(
    engine: Engine, keyring: Keyring, version: int, holders: Holders, tell: Tell
) -> int:
    """How many of these rows name a master key that does not open them: they do not need it.

    Raises:
        StillNeeded: a row that names another key opens with this one only.
    """
    damaged = 0
    for page in holders.pages(engine, sa.true()):
        for stored in page:
            if _opens(keyring, holders, stored, stored.key_version):
                continue
            damaged += stored.key_version == version
            if stored.key_version != version and _opens(keyring, holders, stored, version):
                raise StillNeeded(
                    f"The {holders.what} {stored.id} was changed: it opens with version {version} "
                    f"only, though it names version {stored.key_version}. Restore it first."
                )
        tell(len(page))
    return damaged


def refuse_marking(engine: Engine, keyring: Keyring, version: int, requests: int) -> None:
    """Blind indexes that are still looked for keep an index key.

    Of the marks of what was destroyed those count that were made with it, not those that say so.
    `requests` is the number of left messages with such an index that may still be asked for again.

    Raises:
        StillNeeded: there are some.
    """
    table, judge = tables.erasure, Judge(keyring)
    mark = table.c.proof.like(f"{version}.%")
    query = sa.select(table.c.conversation, table.c.proof).where(mark)
    with reading(engine).connect() as connection:
        rows = connection.execution_options(stream_results=True).execute(query)
        marks = sum(judge.authentic(*row) is True for row in rows)
    if marks:
        raise StillNeeded(
            f"{marks:,} marks of destroyed conversations are made with version {version}; "
            "`helder keys rewrap` makes them anew."
        )
    if requests:
        raise StillNeeded(
            f"{requests:,} left messages are so new that they may be asked for again, under an "
            f"index of version {version}; that is over in a day or two."
        )


def _opens(keyring: Keyring, holders: Holders, stored: Any, version: Any) -> bool:
    try:
        holders.open(keyring, stored, version)
    except (WrongKey, KeyringError):
        return False  # the answer that is asked for: with this version it does not open
    return True
