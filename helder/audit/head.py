"""The head of the audit: how many entries there are, the last one's tag, and the data key."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.audit.entry import FIRST_TAG, FORMAT
from helder.audit.tables import audit, audit_head
from helder.conversation.cipher import DataKey, WrappedKey, bind
from helder.conversation.errors import ChainBroken, HeadTampered, StaleSequence
from helder.conversation.keyring import Keyring
from helder.conversation.wrappings import Holders
from helder.database import alone

_ID = "audit"
_MINE = audit_head.c.id == _ID
_TYPES = tuple((column.name, column.type.python_type) for column in audit_head.c)


@dataclass(frozen=True)
class Head:
    """Where the chain ends, verified."""

    key: DataKey
    count: int = 0
    tag: bytes = FIRST_TAG

    def after(self, tag: bytes) -> Head:
        """The head with one entry more."""
        return replace(self, count=self.count + 1, tag=tag)

    def columns(self) -> dict[str, Any]:
        """What changes with every entry, with its authenticator.

        The wrapping of the key is not in it: it is bound by itself, and may be renewed.
        """
        bound = bind("helder audit head", FORMAT, self.count, self.tag, self.key.commitment)
        return {"count": self.count, "tag": self.tag, "head": self.key.head(bound)}


def read(connection: Connection, keyring: Keyring, *, locked: bool = False) -> Head | None:
    """The head; None if nothing was ever recorded. `locked`: others wait until we are done.

    Raises:
        HeadTampered, WrongKey: it is not what was written.
        ChainBroken: it is gone, though there are entries.
        KeyringError: the master key that wraps its data key is missing.
    """
    query = sa.select(audit_head).where(_MINE)
    query = query.with_for_update() if locked else query
    stored = connection.execute(query).first()
    if stored is None:
        if connection.execute(sa.select(audit.c.number).limit(1)).first() is None:
            return None
        # PostgreSQL shows each statement what is committed by then: others may just have begun it.
        stored = connection.execute(query).first()
    if stored is None:
        raise ChainBroken("The head of the audit is missing, though there are entries.")
    if not all(isinstance(getattr(stored, name), kind) for name, kind in _TYPES):
        raise HeadTampered("The head of the audit was changed.")
    wrapped = WrappedKey(stored.key_version, stored.wrapped_key, stored.commitment)
    head = Head(DataKey.open(keyring, _owner(_ID), wrapped), stored.count, stored.tag)
    if not hmac.compare_digest(head.columns()["head"], stored.head):
        raise HeadTampered("The head of the audit was changed.")
    return head


def begin(connection: Connection, keyring: Keyring) -> Head:
    """The head of an audit in which nothing was recorded; one that others have just made, too."""
    alone(connection, "audit")
    head = read(connection, keyring, locked=True)
    if head is None:
        key, wrapped = DataKey.create(keyring, _owner(_ID))
        head = Head(key)
        values = {"id": _ID, **head.columns(), "key_version": wrapped.version}
        values |= {"wrapped_key": wrapped.wrapped, "commitment": wrapped.commitment}
        connection.execute(sa.insert(audit_head).values(**values))
    return head


def move(connection: Connection, before: Head, after: Head) -> None:
    """Write where the chain ends now.

    Raises:
        StaleSequence: somebody else recorded meanwhile; nothing may be committed.
    """
    mine = _MINE & (audit_head.c.count == before.count)
    moved = connection.execute(sa.update(audit_head).where(mine).values(**after.columns()))
    if moved.rowcount != 1:
        raise StaleSequence("Something else was recorded meanwhile.")


def _owner(name: str) -> str:
    return f"the {name}"


# The audit's data key is wrapped anew, verified and let go of as every other is.
AUDIT = Holders("audit key", audit_head.c.id, _owner, ready=sa.true())
