"""Data keys wrapped anew under the current master key, so that an older one can be destroyed.

Only `key_version` and `wrapped_key` of a row change; what is sealed stays, and so does the row's
authenticator. Each page is one short transaction that changes a row only if its wrapping is still
the one that was read: the assistant may run meanwhile, and it may be killed anywhere and go on.
Earlier data keys of a conversation are sealed under the one that is wrapped, and need nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from helder.conversation import tables
from helder.conversation.cipher import WrappedKey
from helder.conversation.erasure import Judge, proof_of_erasure
from helder.conversation.keyring import INDEX, MASTER, Keyring
from helder.conversation.wrappings import AT_ONCE, Damaged, Holders, why
from helder.database import reading
from helder.leftovers import empty_write_ahead_log

Tell = Callable[[int], None]

# Whoever began with the old key when the new one came ends within one pass. A process that keeps
# making things with an old key (its keys come from elsewhere, and it was not restarted) never does.
_PASSES = 10
_TRIES = 3  # PostgreSQL may choose us to end a deadlock


def rewrap(engine: Engine, keyring: Keyring, holders: Holders, tell: Tell) -> Iterator[Damaged]:
    """Wrap every data key of these rows with the current master key; what is damaged is given back.

    `tell` hears how many were done, page by page. A damaged one stays as it is.

    Raises:
        KeyringError: there are no keys, or they cannot be read.
    """
    for _ in range(_PASSES):
        if not _pass(engine, keyring, holders, tell):
            break
    for page in holders.pages(engine, _others(keyring, holders)):
        for stored in page:
            if _wrapped_anew(keyring, holders, stored) is None:
                yield Damaged(holders.what, str(stored.id), why(keyring, stored))
    # The former wrappings, which an old master key opens, need not linger there.
    empty_write_ahead_log(engine)


def renew_marks(engine: Engine, keyring: Keyring, tell: Tell) -> Iterator[Damaged]:
    """Make the marks of what was destroyed anew with the current index key.

    One that nobody with the keys made is given back, and stays. Those without any are older than
    the marks are, and stay too.
    """
    table, last, judge = tables.erasure, "", Judge(keyring)
    while True:
        query = sa.select(table.c.conversation, table.c.proof).where(
            table.c.conversation > last,
            table.c.proof != "",
            ~_marked(keyring.current(INDEX).version),
        )
        with reading(engine).connect() as connection:
            page = connection.execute(query.order_by(table.c.conversation).limit(AT_ONCE)).all()
        if not page or page[-1].conversation == last:
            return
        authentic = [row for row in page if judge.authentic(row.conversation, row.proof)]
        _write(engine, _RENEW, [_renewed(keyring, row) for row in authentic])
        tell(len(authentic))
        for row in page:
            if row not in authentic:
                yield Damaged("erasure", str(row.conversation), "no key that is here made its mark")
        last = page[-1].conversation


def _pass(engine: Engine, keyring: Keyring, holders: Holders, tell: Tell) -> int:
    done = 0
    for page in holders.pages(engine, _others(keyring, holders)):
        anew = [(stored, _wrapped_anew(keyring, holders, stored)) for stored in page]
        changes = [_change(stored, wrapped) for stored, wrapped in anew if wrapped is not None]
        _write(engine, _moving(holders), changes)
        done += len(changes)
        tell(len(changes))
    return done


def _others(keyring: Keyring, holders: Holders) -> Any:
    return holders.not_wrapped_with(keyring.current(MASTER).version)


def _wrapped_anew(keyring: Keyring, holders: Holders, stored: Any) -> WrappedKey | None:
    """The new wrapping; None for one that is damaged, or whose master key is missing."""
    key = holders.opened(keyring, stored)
    return None if key is None else key.wrap(keyring, holders.owner(stored.id))


def _change(stored: Any, wrapped: WrappedKey) -> dict[str, Any]:
    return {
        "of": stored.id,
        "old_version": stored.key_version,
        "old_wrapped": stored.wrapped_key,
        "new_version": wrapped.version,
        "new_wrapped": wrapped.wrapped,
    }


def _moving(holders: Holders) -> Any:
    mine = holders.table.c
    return (
        sa.update(holders.table)
        .where(
            holders.id == sa.bindparam("of"),
            mine.key_version == sa.bindparam("old_version"),
            mine.wrapped_key == sa.bindparam("old_wrapped"),
        )
        .values(key_version=sa.bindparam("new_version"), wrapped_key=sa.bindparam("new_wrapped"))
    )


_RENEW = (
    sa.update(tables.erasure)
    .where(
        tables.erasure.c.conversation == sa.bindparam("of"),
        tables.erasure.c.proof == sa.bindparam("old"),
    )
    .values(proof=sa.bindparam("new"))
)


def _renewed(keyring: Keyring, row: Any) -> dict[str, str]:
    new = proof_of_erasure(keyring, row.conversation)
    return {"of": row.conversation, "old": row.proof, "new": new}


def _marked(version: int) -> Any:
    return tables.erasure.c.proof.like(f"{version}.%")


def _write(engine: Engine, statement: Any, changes: list[dict[str, Any]]) -> None:
    if not changes:
        return
    for left in reversed(range(_TRIES)):
        try:
            with engine.begin() as connection:
                connection.execute(statement, changes)
            return
        except OperationalError:
            if not left:
                raise
