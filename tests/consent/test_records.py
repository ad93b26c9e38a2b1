"""What a customer answered: kept as it was said, for this conversation alone, and never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder.consent.errors import NotGranted, UnknownPurpose, UnknownReceipt
from helder.consent.purposes import IMPROVEMENT, KEEP_CONVERSATION, ORDER_DATA, Purposes
from helder.consent.records import Consents, Method, State
from helder.conversation import tables
from helder.conversation.entries import Author, ConversationId, Draft, Kind, Message
from helder.conversation.errors import ChainBroken, Tampered, UnknownConversation
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import ORDER, Proofs
from helder.conversation.shredding import Shredder
from tests.conversation.conftest import MovedClock

EVERY = (ORDER_DATA, KEEP_CONVERSATION, IMPROVEMENT)


def newer(purposes: Purposes, name: str) -> Purposes:
    """The same, with a newer version of one purpose."""
    changed = replace(purposes.all[name], version=purposes.all[name].version + 1)
    return replace(purposes, all={**purposes.all, name: changed})


@pytest.mark.parametrize("purpose", EVERY)
def test_nothing_is_granted_before_it_is_given(
    consents: Consents, mine: ConversationId, purpose: str
) -> None:
    assert consents.answer(mine, purpose) is None
    with pytest.raises(NotGranted, match=purpose):
        consents.require(mine, purpose)


def test_a_yes_counts_for_its_own_purpose_and_conversation_only(
    consents: Consents, log: ConversationLog, mine: ConversationId
) -> None:
    other = log.open("nl", timedelta(hours=1)).conversation
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    consents.require(mine, ORDER_DATA)
    assert [consents.granted(mine, each) for each in EVERY] == [True, False, False]
    assert not consents.granted(other, ORDER_DATA)


def test_yes_no_and_taking_back_are_records_one_after_the_other(
    consents: Consents, clock: MovedClock, mine: ConversationId
) -> None:
    consents.decline(mine, ORDER_DATA, "en", Method.WORDS)
    clock.move(minutes=1)
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    clock.move(minutes=1)
    consents.decline(mine, ORDER_DATA, "nl", Method.PANEL)
    assert not consents.granted(mine, ORDER_DATA)
    assert [
        (each.state.value, each.version, each.language, each.notice, each.method.value, each.time)
        for each in consents.records(mine)
    ] == [
        ("refused", 1, "en", 1, "words", "2026-11-22T09:00:00.000Z"),
        ("given", 1, "nl", 1, "button", "2026-11-22T09:01:00.000Z"),
        ("withdrawn", 1, "nl", 1, "panel", "2026-11-22T09:02:00.000Z"),
    ]


def test_the_same_answer_again_changes_nothing(consents: Consents, mine: ConversationId) -> None:
    first = consents.give(mine, IMPROVEMENT, "nl", Method.BUTTON)
    assert consents.give(mine, IMPROVEMENT, "en", Method.WORDS) == first
    back = consents.decline(mine, IMPROVEMENT, "nl", Method.BUTTON)
    assert consents.decline(mine, IMPROVEMENT, "nl", Method.BUTTON) == back
    assert len(consents.records(mine)) == 2


def test_a_yes_from_before_the_last_answer_changes_nothing(
    consents: Consents, clock: MovedClock, mine: ConversationId
) -> None:
    clock.move(minutes=1)
    given = consents.give(mine, ORDER_DATA, "nl", Method.WORDS, sent="2026-11-22T09:00:59.000Z")
    assert given.state is State.GIVEN
    clock.move(minutes=1)
    back = consents.decline(mine, ORDER_DATA, "nl", Method.PANEL)
    late = consents.give(mine, ORDER_DATA, "nl", Method.WORDS, sent="2026-11-22T09:01:30.000Z")
    assert late == back
    assert not consents.granted(mine, ORDER_DATA)
    new = consents.give(mine, ORDER_DATA, "nl", Method.WORDS, sent="2026-11-22T09:02:30.000Z")
    assert new.state is State.GIVEN


def test_of_answers_at_once_one_is_recorded(consents: Consents, mine: ConversationId) -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(
            pool.map(lambda _: consents.give(mine, ORDER_DATA, "nl", Method.BUTTON), range(8))
        )
    assert len({each.id for each in given}) == 1
    assert len(consents.records(mine)) == 1


def test_a_changed_purpose_is_asked_anew(
    consents: Consents, purposes: Purposes, mine: ConversationId
) -> None:
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    consents.decline(mine, IMPROVEMENT, "nl", Method.BUTTON)
    consents.renew(newer(newer(purposes, ORDER_DATA), IMPROVEMENT), 2)
    assert consents.answer(mine, ORDER_DATA) is None
    assert consents.answer(mine, IMPROVEMENT) is None
    assert not consents.granted(mine, ORDER_DATA)
    again = consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    assert (again.version, again.notice) == (2, 2)
    assert consents.granted(mine, ORDER_DATA)


def test_a_yes_to_an_older_version_is_taken_back_and_not_refused(
    consents: Consents, purposes: Purposes, mine: ConversationId
) -> None:
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    consents.renew(newer(purposes, KEEP_CONVERSATION), 1)
    assert consents.decline(mine, KEEP_CONVERSATION, "nl", Method.WORDS).state is State.WITHDRAWN


def test_who_is_asked_for_nothing_we_know_gets_an_error(
    consents: Consents, mine: ConversationId
) -> None:
    for call in (consents.answer, consents.granted, consents.require):
        with pytest.raises(UnknownPurpose):
            call(mine, "telemarketing")
    with pytest.raises(UnknownPurpose):
        consents.give(mine, "telemarketing", "nl", Method.BUTTON)
    assert consents.records(mine) == ()


def test_an_answer_and_what_is_said_of_it_are_written_together(
    consents: Consents, log: ConversationLog, mine: ConversationId
) -> None:
    said = Draft(Kind.SAID, (Message(Author.SYSTEM, "genoteerd", "2026-11-22T09:00:00.000Z"),))
    consents.give(mine, ORDER_DATA, "nl", Method.PANEL, said)
    consents.give(mine, ORDER_DATA, "nl", Method.PANEL, said)
    texts = [message.text for entry in log.history(mine) for message in entry.messages]
    assert texts == ["genoteerd"]


def test_a_dialogue_turn_that_is_under_way_is_not_disturbed_by_its_own_record(
    consents: Consents, log: ConversationLog, mine: ConversationId
) -> None:
    before = log.head(mine).position
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    log.save_turn(before, Draft(Kind.TURN), None)
    assert consents.granted(mine, ORDER_DATA)


def test_proofs_and_answers_do_not_get_into_each_others_way(
    consents: Consents, proofs: Proofs, mine: ConversationId
) -> None:
    proofs.record(mine, ORDER, "HD-123456")
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    proofs.record(mine, ORDER, "HD-123457")
    assert proofs.subjects(mine, ORDER) == ("HD-123456", "HD-123457")
    assert len(consents.records(mine)) == 1


def test_an_answer_is_nowhere_in_the_file(
    consents: Consents, log: ConversationLog, mine: ConversationId, tmp_path: Path
) -> None:
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    log.engine.dispose()
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert mine.encode() in content
    assert b"order_data" not in content
    assert b"bestelgegevens" not in content


def test_a_record_that_was_taken_away_is_an_error(
    consents: Consents, log: ConversationLog, mine: ConversationId
) -> None:
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    consents.decline(mine, ORDER_DATA, "nl", Method.BUTTON)
    with log.engine.begin() as connection:
        connection.execute(sa.delete(tables.proof).where(tables.proof.c.place == 2))
    with pytest.raises(ChainBroken):
        consents.granted(mine, ORDER_DATA)


def test_a_record_that_was_put_in_the_place_of_another_is_an_error(
    consents: Consents, log: ConversationLog, mine: ConversationId
) -> None:
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    consents.decline(mine, ORDER_DATA, "nl", Method.BUTTON)
    with log.engine.begin() as connection:
        bodies = connection.execute(sa.select(tables.proof.c.place, tables.proof.c.body)).all()
        yes = next(row.body for row in bodies if row.place == 1)
        connection.execute(
            sa.update(tables.proof).where(tables.proof.c.place == 2).values(body=yes)
        )
    with pytest.raises(Tampered):
        consents.granted(mine, ORDER_DATA)


def test_answers_are_shredded_with_the_conversation(
    consents: Consents, log: ConversationLog, mine: ConversationId
) -> None:
    given = consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    Shredder(log.engine, log.keyring, log.clock).shred(mine, "asked")
    with pytest.raises(UnknownConversation):
        consents.grant(mine, given.id)
    with log.engine.connect() as connection:
        assert connection.execute(sa.select(tables.proof)).first() is None


def test_a_receipt_is_found_by_its_id_and_no_other(
    consents: Consents, mine: ConversationId
) -> None:
    no = consents.decline(mine, ORDER_DATA, "nl", Method.BUTTON)
    yes = consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    assert consents.grant(mine, yes.id) == (yes, None)
    for wrong in (no.id, "", "0" * 32):
        with pytest.raises(UnknownReceipt):
            consents.grant(mine, wrong)
    back = consents.decline(mine, ORDER_DATA, "nl", Method.BUTTON)
    assert consents.grant(mine, yes.id) == (yes, back)
