"""Customers who want no AI: found by a keyed fingerprint, forgotten in time and for good."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder.conversation.anchor import FileAnchor
from helder.conversation.keyring import INDEX, write_new
from helder.conversation.log import ConversationLog
from helder.forgetting import Forgetting
from helder.optout.remembered import ERASED, Remembered
from helder.optout.tables import opted_out
from tests.conversation.conftest import MovedClock
from tests.forgetting.house import KEPT


@pytest.fixture
def anchored(log: ConversationLog, clock: MovedClock, tmp_path: Path) -> Iterator[Remembered]:
    anchor = FileAnchor.create(tmp_path / "anchor.db")
    yield Remembered(log.engine, log.keyring, clock, anchor)
    anchor.close()


def rows(log: ConversationLog) -> list[sa.engine.Row]:
    with log.engine.connect() as connection:
        return connection.execute(sa.select(opted_out)).all()


def test_one_customer_is_not_another(remembered: Remembered) -> None:
    remembered.remember("C-1")
    assert remembered.has("C-1")
    assert not remembered.has("C-2")
    assert not remembered.has("")


def test_ten_at_once_leave_one_row(remembered: Remembered, log: ConversationLog) -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(remembered.remember, ["C-1"] * 10))
    assert len(rows(log)) == 1


def test_it_is_forgotten_two_years_after_the_last_conversation(
    remembered: Remembered, clock: MovedClock
) -> None:
    remembered.remember("C-1")
    remembered.remember("C-2")
    clock.move(days=700)
    assert remembered.seen("C-1")
    clock.move(days=31)
    assert remembered.expire(730) == 1
    assert remembered.has("C-1")
    assert not remembered.has("C-2")
    assert not remembered.seen("C-2")


def test_under_a_new_index_key_they_are_still_found_and_indexed_anew(
    remembered: Remembered, log: ConversationLog, tmp_path: Path
) -> None:
    remembered.remember("C-1")
    write_new(tmp_path / "keys", INDEX)
    assert remembered.has("C-1")
    assert (remembered.indexed_with(1), remembered.indexed_with(2)) == (1, 0)
    remembered.seen("C-1")
    assert (remembered.indexed_with(1), remembered.indexed_with(2)) == (0, 1)
    assert remembered.forget("C-1", ERASED)
    assert rows(log) == []


def test_erased_they_do_not_come_back_with_a_backup(
    anchored: Remembered, log: ConversationLog
) -> None:
    anchored.remember("C-1")
    (backup,) = rows(log)
    assert anchored.forget("C-1", ERASED)
    assert not anchored.forget("C-1", ERASED)
    with log.engine.begin() as connection:
        connection.execute(sa.insert(opted_out).values(**backup._mapping))
    assert anchored.reapply() == 1
    assert not anchored.has("C-1")


def test_who_chooses_it_again_after_that_is_remembered(anchored: Remembered) -> None:
    anchored.remember("C-1")
    anchored.forget("C-1", ERASED)
    anchored.remember("C-1")
    assert anchored.reapply() == 0
    assert anchored.has("C-1")


def test_the_rounds_of_forgetting_forget_them_in_time_and_again_after_a_restore(
    log: ConversationLog, clock: MovedClock, tmp_path: Path
) -> None:
    anchor = FileAnchor.create(tmp_path / "anchor.db")
    remembered = Remembered(log.engine, log.keyring, clock, anchor)
    rounds = Forgetting(log.engine, log.keyring, anchor, KEPT, clock)
    remembered.remember("C-1")
    (backup,) = rows(log)
    assert rounds.once()
    assert remembered.has("C-1")
    clock.move(days=KEPT.opt_out_days, minutes=1)
    rounds.once()
    assert not remembered.has("C-1")
    with log.engine.begin() as connection:
        connection.execute(sa.insert(opted_out).values(**backup._mapping))
    clock.move(minutes=1)
    rounds.once()
    assert not remembered.has("C-1")
    anchor.close()
