"""An old key goes only when nothing needs it: every reason to refuse, and that it then may."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from helder.conversation import rewrap, tables
from helder.conversation.errors import KeyringError
from helder.conversation.keyring import FileKeyring, write_new
from helder.conversation.log import ConversationLog
from helder.conversation.retiring import (
    StillNeeded,
    damaged_under,
    refuse_current,
    refuse_marking,
    refuse_wrapping,
    refuse_young,
)
from helder.conversation.shredding import Shredder
from helder.conversation.wrappings import CONVERSATIONS
from helder.handoff.messages import LEFT_MESSAGES, Messages
from tests.conversation.conftest import MovedClock
from tests.conversation.test_log import opened
from tests.conversation.test_rewrap import LEFT, change, run

HOLDERS = (CONVERSATIONS, LEFT_MESSAGES)


def ignore(_more: int) -> None:
    """Nobody watches."""


def made(keyring: FileKeyring, version: int, when: datetime) -> None:
    """As if a key had been made at another time."""
    os.utime(keyring.path("master", version), (when.timestamp(), when.timestamp()))


def at(when: datetime) -> Callable[[], datetime]:
    return lambda: when


def test_a_key_that_is_not_here_cannot_be_retired(keyring: FileKeyring) -> None:
    with pytest.raises(KeyringError, match="no master key of version 7"):
        refuse_current(keyring, "master", 7)


def test_the_current_key_stays(keyring: FileKeyring) -> None:
    with pytest.raises(StillNeeded, match="is the current master key"):
        refuse_current(keyring, "master", 1)
    write_new(keyring.folder, "master")
    refuse_current(keyring, "master", 1)


@pytest.mark.parametrize("seconds", [-3600, 0, 30, 59])
def test_a_key_stays_for_the_first_minute_of_the_newer_one(
    keyring: FileKeyring, seconds: int
) -> None:
    now = datetime(2026, 11, 22, tzinfo=timezone.utc)
    write_new(keyring.folder, "master")
    made(keyring, 2, now)
    with pytest.raises(StillNeeded, match="less than a minute"):
        refuse_young(keyring, "master", 1, at(now + timedelta(seconds=seconds)))
    refuse_young(keyring, "master", 1, at(now + timedelta(seconds=60)))


def test_a_newer_key_that_is_old_enough_suffices(keyring: FileKeyring) -> None:
    now = datetime(2026, 11, 22, tzinfo=timezone.utc)
    for version, when in ((2, now - timedelta(hours=1)), (3, now)):
        write_new(keyring.folder, "master")
        made(keyring, version, when)
    refuse_young(keyring, "master", 1, at(now))
    with pytest.raises(StillNeeded):
        refuse_young(keyring, "master", 2, at(now))


def test_a_key_stays_while_a_conversation_or_a_left_message_is_wrapped_with_it(
    log: ConversationLog, keyring: FileKeyring
) -> None:
    messages = Messages(log.engine, keyring)
    opened(log)
    messages.leave(conversation="c", reason="order", key="c:1", **LEFT)
    write_new(keyring.folder, "master")
    for holders, left in ((CONVERSATIONS, 2), (LEFT_MESSAGES, 1)):
        with pytest.raises(StillNeeded, match=f"{left} data keys are wrapped with version 1"):
            refuse_wrapping(log.engine, 1, HOLDERS)
        run(log, holders)
    refuse_wrapping(log.engine, 1, HOLDERS)


def test_what_is_damaged_keeps_a_key_unless_it_does_not_open_with_that_either(
    log: ConversationLog, keyring: FileKeyring
) -> None:
    talks = [opened(log) for _ in range(3)]
    change(log.engine, talks[0], wrapped_key=bytes(60))
    write_new(keyring.folder, "master")
    run(log)
    assert damaged_under(log.engine, keyring, 1, CONVERSATIONS, ignore) == 1
    with pytest.raises(StillNeeded):
        refuse_wrapping(log.engine, 1, HOLDERS)
    refuse_wrapping(log.engine, 1, HOLDERS, only_damaged=1)


def test_a_row_that_lies_about_its_version_keeps_the_key_that_it_opens_with(
    log: ConversationLog, keyring: FileKeyring
) -> None:
    talks = [opened(log) for _ in range(3)]
    write_new(keyring.folder, "master")
    change(log.engine, talks[1], key_version=2)
    change(log.engine, talks[2], key_version=9)
    run(log)
    refuse_wrapping(log.engine, 1, HOLDERS)
    with pytest.raises(StillNeeded, match="opens with version 1 only"):
        damaged_under(log.engine, keyring, 1, CONVERSATIONS, ignore)


def test_an_index_key_stays_while_marks_are_made_with_it(
    log: ConversationLog, keyring: FileKeyring
) -> None:
    talk = opened(log)
    Shredder(log.engine, keyring).shred(talk, "asked")
    write_new(keyring.folder, "index")
    with pytest.raises(StillNeeded, match="1 marks of destroyed"):
        refuse_marking(log.engine, keyring, 1, requests=0)
    assert list(rewrap.renew_marks(log.engine, keyring, ignore)) == []
    refuse_marking(log.engine, keyring, 1, requests=0)


def test_an_index_key_stays_while_a_message_may_be_left_again(
    log: ConversationLog, keyring: FileKeyring, clock: MovedClock
) -> None:
    messages = Messages(log.engine, keyring, clock)
    first = messages.leave(conversation="c", reason="order", key="c:1", **LEFT)
    write_new(keyring.folder, "index")
    assert messages.leave(conversation="c", reason="order", key="c:1", **LEFT) == first
    assert messages.leave(conversation="c", reason="order", key="c:2", **LEFT) != first
    assert messages.requested_with(1, minutes=60) == messages.requested_with(2, minutes=60) == 1
    with pytest.raises(StillNeeded, match="1 left messages"):
        refuse_marking(log.engine, keyring, 1, messages.requested_with(1, minutes=60))
    clock.move(minutes=61)
    assert messages.requested_with(1, minutes=60) == 0
    refuse_marking(log.engine, keyring, 1, messages.requested_with(1, minutes=60))


def test_a_message_is_not_left_twice_though_another_process_has_a_new_index_key(
    log: ConversationLog, keyring: FileKeyring
) -> None:
    one, other = Messages(log.engine, keyring), Messages(log.engine, FileKeyring(keyring.folder))
    write_new(keyring.folder, "index")
    first = one.leave(conversation="c", reason="order", key="c:1", **LEFT)
    assert one.requested_with(2, minutes=60) == 1
    assert other.leave(conversation="c", reason="order", key="c:1", **LEFT) == first


def test_a_version_is_not_taken_for_one_that_begins_like_it(
    log: ConversationLog, keyring: FileKeyring
) -> None:
    Shredder(log.engine, keyring).shred(opened(log), "asked")
    with log.engine.begin() as connection:
        connection.execute(sa.update(tables.erasure).values(proof=f"12.{'ab' * 32}"))
    refuse_marking(log.engine, keyring, 1, requests=0)
    refuse_marking(log.engine, keyring, 2, requests=0)


def test_a_mark_that_only_says_so_keeps_no_index_key(
    log: ConversationLog, keyring: FileKeyring
) -> None:
    Shredder(log.engine, keyring).shred(opened(log), "asked")
    with log.engine.begin() as connection:
        connection.execute(sa.update(tables.erasure).values(proof=f"1.{'ab' * 32}"))
    write_new(keyring.folder, "index")
    refuse_marking(log.engine, keyring, 1, requests=0)
