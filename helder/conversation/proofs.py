"""What a customer has proven in a conversation: which order, or who they are. Besides, what they
agreed to (helder/consent/records.py), which services below the dialogue rely on in the same way.

Sealed under the conversation's own data key and shredded with it. It stands below the dialogue: a
slot can be filled by a mistake in a story, a row here only by a proof that was given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.anchor import NO_ANCHOR, Anchor
from helder.conversation.chain import Chain
from helder.conversation.cipher import FORMAT, bind
from helder.conversation.entries import ConversationId, Draft
from helder.conversation.errors import ChainBroken
from helder.conversation.keyring import Keyring
from helder.conversation.transaction import Reader

ORDER = "order"  # the subject is an order number
CUSTOMER = "customer"  # the subject is a customer's id, from a signed identity token


class Proofs:
    """Each method raises UnknownConversation and Tampered, as the log does."""

    def __init__(self, engine: Engine, keyring: Keyring, anchor: Anchor = NO_ANCHOR) -> None:
        self._chain = Chain(engine, keyring, anchor)

    def record(
        self,
        conversation: ConversationId,
        kind: str,
        subject: str,
        said: Draft | None = None,
        minute: int = 0,
    ) -> None:
        """Remember a proof; the same again changes nothing. See `record_after`."""

        def if_new(before: Sequence[str]) -> str | None:
            return None if subject in before else subject

        self.record_after(conversation, kind, if_new, said, minute)

    def record_after(
        self,
        conversation: ConversationId,
        kind: str,
        following: Callable[[Sequence[str]], str | None],
        said: Draft | None = None,
        minute: int = 0,
    ) -> None:
        """Remember what `following` makes of the subjects of this kind so far; nothing, if None.

        Nobody else writes in between. What is `said` of it goes into the log at this minute, in the
        same transaction.
        """
        with self._chain.writing(conversation) as writer:
            subject = following([each for kind_, each in proven_in(writer) if kind_ == kind])
            if subject is None:
                return
            row, place = writer.row, writer.row.proofs + 1
            plain = json.dumps([kind, subject], ensure_ascii=False).encode()
            values = {
                "conversation": row.id,
                "place": place,
                "generation": row.generation,
                "body": writer.key.seal(plain, bound(row.id, row.generation, place)),
            }
            writer.connection.execute(sa.insert(tables.proof).values(**values))
            writer.change(proofs=place)
            if said is not None:
                writer.extend(said, minute)

    def has(self, conversation: ConversationId, kind: str, subject: str) -> bool:
        """Was this proven here?"""
        return subject in self.subjects(conversation, kind)

    def subjects(self, conversation: ConversationId, kind: str) -> tuple[str, ...]:
        """All that was proven of one kind, oldest first."""
        return tuple(subject for each, subject in self.proven(conversation) if each == kind)

    def proven(self, conversation: ConversationId) -> tuple[tuple[str, str], ...]:
        """All that was proven, kinds and subjects, oldest first."""
        with self._chain.reading(conversation) as reader:
            return tuple(proven_in(reader))


@dataclass(frozen=True)
class Evidence:
    """What one conversation has proven and agreed to, for helder.shop.gate."""

    proofs: Proofs
    conversation: ConversationId
    grants: Callable[[ConversationId, str], bool]  # helder.consent.records.Consents.granted

    def granted(self, purpose: str) -> bool:
        """Has the customer agreed to this purpose (policies/consent.yml)?"""
        return self.grants(self.conversation, purpose)

    def orders(self) -> tuple[str, ...]:
        """The numbers of the orders that were proven."""
        return self.proofs.subjects(self.conversation, ORDER)

    def customers(self) -> tuple[str, ...]:
        """The ids of the customers who signed in."""
        return self.proofs.subjects(self.conversation, CUSTOMER)


def proven_in(reader: Reader) -> list[tuple[str, str]]:
    """All that was proven, verified: kinds and subjects, oldest first.

    Raises:
        ChainBroken: a proof is missing, or there is one too many.
        EntryTampered: one was changed.
    """
    table = tables.proof
    mine = sa.select(table).where(table.c.conversation == reader.row.id)
    rows = reader.connection.execute(mine.order_by(table.c.place)).all()
    if [row.place for row in rows] != list(range(1, reader.row.proofs + 1)):
        raise ChainBroken("A proof is missing, or there is one too many.")
    return [_open(reader, row) for row in rows]


def _open(reader: Reader, stored: Any) -> tuple[str, str]:
    place = bound(reader.row.id, stored.generation, stored.place)
    kind, subject = json.loads(reader.key_of(stored.generation).open_sealed(stored.body, place))
    return kind, subject


def bound(conversation: ConversationId, generation: int, place: int) -> bytes:
    """What a proof is sealed with."""
    return bind("helder proof", FORMAT, conversation, generation, place)
