"""The inbox: kept once, in order, sealed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.conversation import tables
from helder.conversation.entries import MessageId
from helder.conversation.errors import EntryTampered, InboxFull, UnknownConversation
from helder.conversation.inbox import MAX_PENDING, Inbox, Received
from helder.conversation.log import ConversationLog
from tests.conversation.test_log import NOW, opened, turn
from tests.databases import both as database  # noqa: F401 - a fixture


def received(id_: str, text: str = "hoi") -> Received:
    return Received(MessageId(id_), text, NOW)


def test_messages_come_out_in_the_order_in_which_they_came_in(
    log: ConversationLog, inbox: Inbox
) -> None:
    conversation = opened(log)
    for i in (3, 1, 2):
        assert inbox.put(conversation, received(f"m{i}", f"nummer {i}"))
    assert [r.text for r in inbox.pending(conversation)] == ["nummer 3", "nummer 1", "nummer 2"]
    first = inbox.next(conversation)
    assert first is not None
    assert first.text == "nummer 3"


def test_the_same_id_again_does_nothing_before_and_after_the_answer(
    log: ConversationLog, inbox: Inbox
) -> None:
    conversation = opened(log)
    assert inbox.put(conversation, received("m1", "eerst"))
    assert not inbox.put(conversation, received("m1", "later"))
    log.save_turn(log.head(conversation).position, turn("eerst", "ja"), MessageId("m1"))
    assert not inbox.put(conversation, received("m1", "nog later"))
    assert inbox.knows(conversation, MessageId("m1"))
    assert not inbox.is_pending(conversation, MessageId("m1"))
    assert inbox.pending(conversation) == []


def test_the_same_id_in_two_conversations_is_two_messages(
    log: ConversationLog, inbox: Inbox
) -> None:
    one, two = opened(log), opened(log)
    assert inbox.put(one, received("m1"))
    assert inbox.put(two, received("m1"))
    assert sorted(inbox.waiting()) == sorted([one, two])


def test_more_than_may_wait_is_refused_and_nothing_is_lost(
    log: ConversationLog, inbox: Inbox
) -> None:
    conversation = opened(log)
    for i in range(MAX_PENDING):
        inbox.put(conversation, received(f"m{i}"))
    with pytest.raises(InboxFull):
        inbox.put(conversation, received("te veel"))
    assert len(inbox.pending(conversation)) == MAX_PENDING


def test_a_message_for_no_conversation_is_refused(inbox: Inbox) -> None:
    with pytest.raises(UnknownConversation):
        inbox.put("0" * 32, received("m1"))  # type: ignore[arg-type]  # the id is a plain str here


def test_a_message_that_was_moved_to_another_id_is_noticed(
    log: ConversationLog, inbox: Inbox, engine: Engine
) -> None:
    conversation = opened(log)
    inbox.put(conversation, received("m1", "geheim"))
    with engine.begin() as connection:
        connection.execute(sa.update(tables.inbox).values(message="m2"))
    with pytest.raises(EntryTampered):
        inbox.next(conversation)
