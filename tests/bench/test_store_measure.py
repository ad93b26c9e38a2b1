"""Both stores are really measured, on real databases, with a short dialogue."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.events import UserUttered

from bench.failure import BenchFailed
from bench.store import postgres as of_postgres
from bench.store.databases import Database
from bench.store.measure import grow, look_inside, take_turns
from bench.store.plan import Plan
from bench.store.postgres import Unavailable, postgres
from bench.store.run import facts
from bench.store.setup import stores
from bench.store.sqlite import Sqlite, sqlite
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.entries import ConversationId
from helder.database import connect
from tests.aio import run
from tests.bench.recorded import dialogue, domain
from tests.postgres import MISSING, binaries

TINY = Plan(samples=2, inside=2, grown=6, lengths=(1, 3))
GROWN_TURNS = 6 * 1 + 2 * 3
ALL_TURNS = GROWN_TURNS + 2 * 2 + 2 * 2
EVENTS = 4


async def measured(database: Database, folder: Path) -> None:
    """A whole measurement, checked at every step."""
    ticks: list[int] = []
    with stores(database, folder, domain(), dialogue()) as (stock, helder):
        assert database.durability(stock.store.engine) == database.durability(
            helder.store.log.engine
        )
        grown = {
            store.name: await grow(store, database, TINY, lambda: ticks.append(1))
            for store in (stock, helder)
        }
        assert len(ticks) == 2 * GROWN_TURNS
        assert grown["stock"][3].rows_per_turn == (3 + 3 * EVENTS) / 3
        # A turn's entry and its row in the inbox; the conversation's own row and first entry.
        assert grown["helder"][3].rows_per_turn == (2 + 3 * 2) / 3
        assert all(each.bytes_per_turn >= 0 for each in grown["helder"].values())
        taken = await take_turns(grown, TINY, lambda: ticks.append(1))
        assert len(ticks) == 2 * GROWN_TURNS + 2 * 2 * TINY.samples
        for lengths in taken.values():
            for times in lengths.values():
                assert len(times.turn()) == TINY.samples
                spreads = times.spreads()
                assert spreads["turn"].median >= spreads["retrieve"].median > 0
                assert len(times.receive) == TINY.samples
        inside = await look_inside(grown["helder"], TINY, lambda: None)
        assert all(0 < each.share < 1 and each.compression > 0 for each in inside.values())
        await all_is_there(helder.store)


async def all_is_there(store: EncryptedTrackerStore) -> None:
    """Every turn that was timed is in the log, in order, with the channel's own about it."""
    ids = [str(each) for each in await store.keys()]
    said = 0
    for sender in ids:
        tracker = await store.retrieve_full_tracker(sender)
        messages = [event for event in tracker.events if isinstance(event, UserUttered)]
        heard = [message.text for message in messages]
        assert heard == ["Hello", "I am Sanne", "Hello", "I am Sanne", "Hello"][: len(heard)]
        assert all(m.metadata["helder_shown"] == m.text for m in messages)
        assert store.log.head(ConversationId(sender)).number == 2 * len(heard)
        said += len(heard)
    assert len(ids) == 6 + 2
    assert said == ALL_TURNS


def test_both_stores_are_measured_on_sqlite(tmp_path: Path) -> None:
    with sqlite(tmp_path / "files") as database:
        run(measured(database, tmp_path / "var"))


@pytest.mark.skipif(binaries() is None, reason=MISSING)
def test_both_stores_are_measured_on_postgresql(tmp_path: Path) -> None:
    with postgres(tmp_path) as database:
        run(measured(database, tmp_path / "var"))
        assert database.title.startswith("PostgreSQL 1")


def test_without_postgresql_it_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_postgres, "binaries", lambda: None)
    with pytest.raises(Unavailable, match="nothing is measured on PostgreSQL"), postgres(tmp_path):
        raise AssertionError("there is no server")


def test_an_sqlite_that_commits_in_another_way_is_refused(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    with pytest.raises(BenchFailed, match="journal_mode delete, synchronous 2"):
        Sqlite(tmp_path).durability(engine)
    ours = connect(f"sqlite:///{tmp_path / 'helder.db'}")
    assert Sqlite(tmp_path).durability(ours) == "journal_mode=WAL, synchronous=FULL"
    ours.dispose()


def test_stock_rasas_own_settings_are_those_of_the_measurement(tmp_path: Path) -> None:
    with sqlite(tmp_path) as database:
        engine = database.stock(domain()).engine
        assert database.durability(engine) == "journal_mode=WAL, synchronous=FULL"


def test_what_a_database_takes_is_its_pages_and_rows(tmp_path: Path) -> None:
    with sqlite(tmp_path) as database:
        engine = database.stock(domain()).engine
        before = database.size("stock")
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO events (sender_id, type_name) VALUES ('a', '')")
        grown = database.size("stock") - before
        assert grown.rows == 1
        assert grown.bytes % 4096 == 0
        assert database.file("stock").stat().st_size == database.size("stock").bytes


def test_the_dialogue_is_described() -> None:
    assert facts(dialogue()) == {"turns": 2, "events_per_turn": 4}
