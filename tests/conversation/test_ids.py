"""An id that somebody made bytes which are no text keeps nobody busy for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from helder.conversation import format1
from helder.conversation.anchor import FileAnchor
from helder.conversation.keyring import FileKeyring
from helder.conversation.log import ConversationLog
from helder.conversation.retention import Retention
from helder.conversation.rollback import fill, refuse_older
from tests.conversation.conftest import MovedClock
from tests.conversation.test_log import opened

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def anchor(tmp_path: Path) -> Iterator[FileAnchor]:
    made = FileAnchor.create(tmp_path / "anchor.db")
    yield made
    made.close()


@pytest.fixture(params=["f0818181", "ff", "80", "00ff"])
def changed(
    request: pytest.FixtureRequest, tmp_path: Path, log: ConversationLog, anchor: FileAnchor
) -> ConversationLog:
    """A log with three conversations; the id of one is no text any more."""
    known = ConversationLog(log.engine, log.keyring, log.clock, anchor)
    for _ in range(3):
        opened(known)
    connection = sqlite3.connect(tmp_path / "helder.db")
    with connection:
        change = f"UPDATE conversation SET id = CAST(x'{request.param}' AS TEXT) WHERE rowid = 1"
        connection.execute(change)
    connection.close()
    return known


def test_what_goes_over_all_conversations_comes_to_an_end(
    tmp_path: Path,
    changed: ConversationLog,
    keyring: FileKeyring,
    clock: MovedClock,
    anchor: FileAnchor,
) -> None:
    engine = changed.engine
    retention = Retention(engine, keyring, 30, clock, anchor)
    assert retention.reapply() == 0
    with closing(FileAnchor.create(tmp_path / "another.db")) as another:
        fill(engine, another)
    assert format1.convert(engine, keyring, anchor) == 0
    assert len(refuse_older(engine, keyring, anchor)) == 1
    clock.move(minutes=31)
    assert retention.expire() >= 2
