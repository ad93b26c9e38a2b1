"""What forgetting makes of the customer's consent to keep a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from helder.consent.purposes import KEEP_CONVERSATION, ORDER_DATA, Purposes
from helder.consent.records import Consents, Method
from helder.conversation import tables
from helder.conversation.entries import ConversationId
from helder.conversation.errors import UnknownConversation
from helder.conversation.log import ConversationLog
from helder.conversation.retention import Retention
from tests.consent.test_records import newer
from tests.conversation.conftest import MovedClock
from tests.conversation.test_log import save, turn


@pytest.fixture
def retention(log: ConversationLog, consents: Consents, clock: MovedClock) -> Retention:
    return Retention(
        log.engine, log.keyring, minutes=30, clock=clock, agreed=consents.agreed_minutes
    )


def test_with_consent_it_is_kept_for_the_days_that_were_promised(
    consents: Consents, retention: Retention, clock: MovedClock, mine: ConversationId
) -> None:
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    for _ in range(90):
        clock.move(days=1)
        assert retention.expire() == 0
    clock.move(minutes=1)
    assert retention.expire() == 1


def test_another_consent_keeps_nothing(
    consents: Consents, retention: Retention, clock: MovedClock, mine: ConversationId
) -> None:
    consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    clock.move(minutes=31)
    assert retention.expire() == 1


def test_the_days_begin_anew_with_every_message(
    consents: Consents,
    log: ConversationLog,
    retention: Retention,
    clock: MovedClock,
    mine: ConversationId,
) -> None:
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    clock.move(days=80)
    assert retention.expire() == 0
    save(log, mine, turn("hoi", "dag"))
    clock.move(days=80)
    assert retention.expire() == 0


def test_after_taking_it_back_it_is_destroyed_though_it_was_known_to_be_kept(
    consents: Consents,
    log: ConversationLog,
    retention: Retention,
    clock: MovedClock,
    mine: ConversationId,
) -> None:
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    clock.move(days=3)
    assert [retention.expire(), retention.expire()] == [0, 0]
    consents.decline(mine, KEEP_CONVERSATION, "nl", Method.PANEL)
    assert retention.expire() == 1
    with pytest.raises(UnknownConversation):
        log.history(mine)


def test_what_is_known_to_be_kept_is_not_opened_again_each_minute(
    consents: Consents, log: ConversationLog, clock: MovedClock, mine: ConversationId
) -> None:
    opened = []

    def agreed(reader):  # type: ignore[no-untyped-def]  # whatever reader, as the one it stands for
        opened.append(reader.row.id)
        return consents.agreed_minutes(reader)

    retention = Retention(log.engine, log.keyring, minutes=30, clock=clock, agreed=agreed)
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    clock.move(days=1)
    for _ in range(5):
        clock.move(minutes=1)
        assert retention.expire() == 0
    assert opened == [mine]


def test_a_shorter_time_since_then_holds_and_a_longer_one_does_not(
    consents: Consents,
    purposes: Purposes,
    retention: Retention,
    clock: MovedClock,
    mine: ConversationId,
    log: ConversationLog,
) -> None:
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    consents.renew(replace(purposes, keep_days=365), 1)
    clock.move(days=91)
    assert retention.expire() == 1
    other = log.open("nl", clock() - clock()).conversation
    consents.give(other, KEEP_CONVERSATION, "nl", Method.BUTTON)
    consents.renew(replace(purposes, keep_days=10), 1)
    clock.move(days=11)
    assert retention.expire() == 1


def test_a_promise_is_kept_when_the_purpose_has_a_newer_version(
    consents: Consents,
    purposes: Purposes,
    retention: Retention,
    clock: MovedClock,
    mine: ConversationId,
) -> None:
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    consents.renew(newer(purposes, KEEP_CONVERSATION), 1)
    clock.move(days=89)
    assert retention.expire() == 0


def test_a_record_that_was_tampered_with_is_not_believed(
    consents: Consents,
    log: ConversationLog,
    retention: Retention,
    clock: MovedClock,
    mine: ConversationId,
) -> None:
    consents.give(mine, KEEP_CONVERSATION, "nl", Method.BUTTON)
    with log.engine.begin() as connection:
        connection.execute(sa.update(tables.proof).values(body=bytes(80)))
    clock.move(minutes=31)
    assert retention.expire() == 0  # an operator must have the time to look at it
