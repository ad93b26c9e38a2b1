"""The mark that a destroyed thing leaves: only a holder of the keys can have made it.

What is destroyed is a conversation, by its id, or a left message, by its name in the ledger
(`helder/handoff/forgetting.py`). Neither tells anything about a person.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.conversation import tables
from helder.conversation.cipher import blind_index, blind_index_of
from helder.conversation.errors import KeyringError
from helder.conversation.keyring import Keyring

_WHAT = "erased conversation"
_MARK = re.compile(r"([1-9][0-9]{0,8})\.[0-9a-f]{64}")


def proof_of_erasure(keyring: Keyring, name: str) -> str:
    """The mark, to be kept beside the name in the database."""
    return blind_index(keyring, _WHAT, name)


def is_authentic(keyring: Keyring, name: str, proof: str) -> bool:
    """Was this mark made with the key that it names, for this name?

    Raises:
        KeyringError: that key is not here, even now, so nobody can tell.
    """
    version = _version(proof)
    if version is None:
        return False
    made = blind_index_of(keyring, version, _WHAT, name)
    return hmac.compare_digest(proof.encode(), made.encode())


class Judge:
    """Judges many marks; a key that is missing is looked for once, and not for each of them."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._missing: set[int | None] = set()

    def authentic(self, name: str, proof: str) -> bool | None:
        """As `is_authentic`; None if the key is not here."""
        version = _version(proof)
        if version in self._missing:
            return None
        try:
            return is_authentic(self._keyring, name, proof)
        except KeyringError:
            self._missing.add(version)
            return None


def _version(proof: str) -> int | None:
    """Of the index key; None if this is no mark. The database may hold any type."""
    match = _MARK.fullmatch(proof) if isinstance(proof, str) else None
    return int(match[1]) if match else None


def record(
    connection: Connection, keyring: Keyring, names: Sequence[str], minute: int, reason: str
) -> None:
    """Write the marks, in the transaction that destroys; one that was there is made anew."""
    table = tables.erasure
    connection.execute(sa.delete(table).where(table.c.conversation.in_(names)))
    marks = [
        {
            "conversation": name,
            "minute": minute,
            "reason": reason,
            "proof": proof_of_erasure(keyring, name),
        }
        for name in names
    ]
    connection.execute(sa.insert(table), marks)
