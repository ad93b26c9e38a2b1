"""What a customer proved is kept for this conversation alone, sealed, and goes with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.entries import ConversationId
from helder.conversation.errors import ChainBroken, UnknownConversation
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import CUSTOMER, ORDER, Proofs
from helder.conversation.shredding import Shredder
from tests.databases import both as database  # noqa: F401 - a fixture


@pytest.fixture
def proofs(log: ConversationLog) -> Proofs:
    return Proofs(log.engine, log.keyring)


def opened(log: ConversationLog) -> ConversationId:
    return log.open("nl", timedelta(hours=1)).conversation


def test_only_what_was_recorded_is_proven(log: ConversationLog, proofs: Proofs) -> None:
    mine = opened(log)
    proofs.record(mine, ORDER, "HD-123456")
    assert proofs.has(mine, ORDER, "HD-123456")
    assert not proofs.has(mine, ORDER, "HD-123457")
    assert not proofs.has(mine, CUSTOMER, "HD-123456")


def test_a_proof_counts_in_its_own_conversation_only(log: ConversationLog, proofs: Proofs) -> None:
    mine, other = opened(log), opened(log)
    proofs.record(mine, ORDER, "HD-123456")
    assert not proofs.has(other, ORDER, "HD-123456")


def test_the_same_proof_twice_is_one(log: ConversationLog, proofs: Proofs) -> None:
    mine = opened(log)
    for _ in range(2):
        proofs.record(mine, CUSTOMER, "C-1")
    proofs.record(mine, CUSTOMER, "C-2")
    assert proofs.subjects(mine, CUSTOMER) == ("C-1", "C-2")
    with log.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count(tables.proof.c.number))).scalar() == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_order_number_is_nowhere_in_the_file(
    log: ConversationLog, proofs: Proofs, tmp_path: Path
) -> None:
    proofs.record(opened(log), ORDER, "HD-987654")
    log.engine.dispose()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(b"987654" not in path.read_bytes() for path in files)


def test_a_proof_moved_to_another_conversation_is_an_error(
    log: ConversationLog, proofs: Proofs
) -> None:
    mine, other = opened(log), opened(log)
    proofs.record(mine, ORDER, "HD-123456")
    with log.engine.begin() as connection:
        connection.execute(sa.update(tables.proof).values(conversation=other))
    with pytest.raises(ChainBroken):
        proofs.has(mine, ORDER, "HD-123456")
    with pytest.raises(ChainBroken):
        proofs.has(other, ORDER, "HD-123456")


def test_proofs_are_shredded_with_the_conversation(log: ConversationLog, proofs: Proofs) -> None:
    mine = opened(log)
    proofs.record(mine, ORDER, "HD-123456")
    Shredder(log.engine, log.keyring, log.clock).shred(mine, "asked")
    with pytest.raises(UnknownConversation):
        proofs.has(mine, ORDER, "HD-123456")
    with log.engine.connect() as connection:
        assert connection.execute(sa.select(tables.proof)).first() is None
