"""The mark that a destroyed thing leaves: only a holder of the keys can have made it.

What is destroyed is a conversation, by its id, or a left message, by its name in the ledger
(`helder/handoff/forgetting.py`). Neither tells anything about a person.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.conversation import tables
from helder.conversation.cipher import blind_index, blind_indexes
from helder.conversation.keyring import Keyring

_WHAT = "erased conversation"


def proof_of_erasure(keyring: Keyring, name: str) -> str:
    """The mark, to be kept beside the name in the database."""
    return blind_index(keyring, _WHAT, name)


def is_authentic(keyring: Keyring, name: str, proof: str) -> bool:
    """Was this mark made with one of our keys?"""
    made = blind_indexes(keyring, _WHAT, name)
    return any(hmac.compare_digest(str(proof).encode(), each.encode()) for each in made)


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
