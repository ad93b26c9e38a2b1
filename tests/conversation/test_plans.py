"""What is looked for again and again is found by an index, however many conversations there are."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from helder.conversation.anchor import FileAnchor
from helder.conversation.inbox import Inbox
from helder.conversation.keyring import FileKeyring
from helder.conversation.ledger import Ledger
from helder.conversation.retention import Retention
from tests.conversation.conftest import MovedClock


@pytest.fixture
def asked(engine: Engine) -> list[tuple[str, object]]:
    """The queries that are run from now on."""
    found: list[tuple[str, object]] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, text, values, *_: found.append((text, values)),
    )
    return found


def plans(engine: Engine, asked: list[tuple[str, object]]) -> list[str]:
    """How SQLite would find what was asked for."""
    queries = [(text, values) for text, values in asked if text.startswith("SELECT")]
    with engine.connect() as connection:
        return [
            " ".join(
                str(row[3])
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            )
            for text, values in queries
        ]


def test_nothing_walks_through_all_conversations_every_few_seconds_or_every_minute(
    engine: Engine,
    keyring: FileKeyring,
    clock: MovedClock,
    tmp_path: Path,
    asked: list[tuple[str, object]],
) -> None:
    anchor = FileAnchor.create(tmp_path / "anchor.db")
    Inbox(engine, keyring).waiting()
    Retention(engine, keyring, 30, clock, anchor).expire()
    Ledger(engine, keyring, anchor, clock).learn()
    found = plans(engine, asked)
    anchor.close()
    assert len(found) >= 4
    for plan in found:
        whole = plan.startswith("SCAN") and "ix_conversation_waiting" not in plan
        assert not whole, plan


def test_the_index_of_what_waits_holds_only_that(engine: Engine) -> None:
    (index,) = (
        each for each in sa.inspect(engine).get_indexes("conversation") if "waiting" in each["name"]
    )
    assert index["column_names"] == ["touched"]
    assert "pending" in str(index["dialect_options"]["sqlite_where"])
