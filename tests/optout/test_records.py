"""Whether a customer wants no AI: recorded in the conversation, append-only, and beyond it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from helder.conversation import tables
from helder.conversation.entries import ConversationId
from helder.conversation.errors import Tampered, UnknownConversation
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import CUSTOMER, Proofs
from helder.conversation.retention import Retention
from helder.conversation.shredding import Shredder
from helder.optout.records import Method, OptOuts
from helder.optout.remembered import Remembered
from helder.optout.tables import opted_out
from tests.conversation.conftest import MovedClock


def test_nobody_has_opted_out_before_they_did(opt_outs: OptOuts, mine: ConversationId) -> None:
    assert not opt_outs.holds(mine)
    assert opt_outs.records(mine) == ()


def test_it_holds_until_it_is_undone_and_every_choice_stays_on_record(
    opt_outs: OptOuts, mine: ConversationId, clock: MovedClock
) -> None:
    for out, method in ((True, Method.WORDS), (False, Method.BUTTON)) * 2:
        clock.move(minutes=1)
        (opt_outs.opt_out if out else opt_outs.undo)(mine, method)
        assert opt_outs.holds(mine) is out
    found = [(record.out, record.method, record.time[14:16]) for record in opt_outs.records(mine)]
    assert found == [
        (True, Method.WORDS, "01"),
        (False, Method.BUTTON, "02"),
        (True, Method.WORDS, "03"),
        (False, Method.BUTTON, "04"),
    ]


def test_the_same_choice_again_is_no_new_record(opt_outs: OptOuts, mine: ConversationId) -> None:
    for _ in range(3):
        opt_outs.opt_out(mine, Method.PANEL)
    assert len(opt_outs.records(mine)) == 1
    for _ in range(3):
        opt_outs.undo(mine, Method.PANEL)
    assert len(opt_outs.records(mine)) == 2


def test_of_who_is_unknown_nothing_is_remembered_beyond_the_conversation(
    opt_outs: OptOuts, mine: ConversationId, log: ConversationLog
) -> None:
    opt_outs.opt_out(mine, Method.WORDS)
    assert not opt_outs.is_remembered(mine)
    with log.engine.connect() as connection:
        assert connection.execute(sa.select(opted_out)).all() == []
    other = log.open("nl", timedelta(hours=1)).conversation
    assert not opt_outs.begins(other)


def test_a_known_customer_is_without_ai_in_every_conversation_of_theirs(
    opt_outs: OptOuts, known: ConversationId, log: ConversationLog, proofs: Proofs
) -> None:
    other, foreign = (log.open("en", timedelta(hours=1)).conversation for _ in range(2))
    proofs.record(other, CUSTOMER, "C-1")
    proofs.record(foreign, CUSTOMER, "C-2")
    opt_outs.opt_out(known, Method.WORDS)
    assert opt_outs.holds(other)
    assert opt_outs.begins(other)
    assert opt_outs.records(other)[0].method is Method.REMEMBERED
    assert not opt_outs.holds(foreign)
    assert not opt_outs.begins(foreign)


def test_undone_it_is_forgotten_and_a_new_conversation_begins_with_the_assistant(
    opt_outs: OptOuts, known: ConversationId, log: ConversationLog, proofs: Proofs
) -> None:
    opt_outs.opt_out(known, Method.WORDS)
    opt_outs.undo(known, Method.BUTTON)
    assert not opt_outs.holds(known)
    other = log.open("en", timedelta(hours=1)).conversation
    proofs.record(other, CUSTOMER, "C-1")
    assert not opt_outs.begins(other)


def test_undone_elsewhere_it_stays_where_it_was_chosen(
    opt_outs: OptOuts, known: ConversationId, log: ConversationLog, proofs: Proofs
) -> None:
    """Nobody finds the assistant back in a conversation that they said no to it in."""
    other = log.open("en", timedelta(hours=1)).conversation
    proofs.record(other, CUSTOMER, "C-1")
    opt_outs.opt_out(known, Method.WORDS)
    opt_outs.undo(other, Method.BUTTON)
    assert not opt_outs.holds(other)
    assert opt_outs.holds(known)


def test_it_goes_with_the_conversation(
    opt_outs: OptOuts, mine: ConversationId, log: ConversationLog, clock: MovedClock
) -> None:
    opt_outs.opt_out(mine, Method.WORDS)
    Shredder(log.engine, log.keyring, clock, log.anchor).shred(mine, "request")
    with pytest.raises(UnknownConversation):
        opt_outs.holds(mine)


def test_it_does_not_keep_a_conversation_longer(
    opt_outs: OptOuts, mine: ConversationId, log: ConversationLog, clock: MovedClock
) -> None:
    opt_outs.opt_out(mine, Method.WORDS)
    retention = Retention(log.engine, log.keyring, minutes=30, clock=clock, anchor=log.anchor)
    clock.move(minutes=31)
    assert retention.expire() == 1


def test_a_record_that_was_taken_away_in_the_database_is_no_silent_yes_to_ai(
    opt_outs: OptOuts, mine: ConversationId, log: ConversationLog
) -> None:
    opt_outs.opt_out(mine, Method.WORDS)
    with log.engine.begin() as connection:
        connection.execute(sa.delete(tables.proof))
    with pytest.raises(Tampered):
        opt_outs.holds(mine)


def test_nothing_personal_is_in_a_plain_column(
    opt_outs: OptOuts, known: ConversationId, log: ConversationLog, remembered: Remembered
) -> None:
    opt_outs.opt_out(known, Method.WORDS)
    with log.engine.connect() as connection:
        (row,) = connection.execute(sa.select(opted_out)).all()
        (_, record) = connection.execute(sa.select(tables.proof.c.body)).scalars()
    assert remembered.has("C-1")
    assert "C-1" not in f"{row.id} {row.customer}"
    assert len(row.customer) == len("1.") + 64
    assert b"words" not in record
