"""The mark that a destroyed conversation leaves: only a holder of the keys can have made it."""

from __future__ import annotations

import hmac

from helder.conversation.cipher import blind_index, blind_indexes
from helder.conversation.keyring import Keyring

_WHAT = "erased conversation"


def proof_of_erasure(keyring: Keyring, conversation: str) -> str:
    """The mark, to be kept beside the conversation's id in the database."""
    return blind_index(keyring, _WHAT, conversation)


def is_authentic(keyring: Keyring, conversation: str, proof: str) -> bool:
    """Was this mark made with one of our keys?"""
    made = blind_indexes(keyring, _WHAT, conversation)
    return any(hmac.compare_digest(str(proof).encode(), each.encode()) for each in made)
