"""PostgreSQL as the second database: reached, migrated, durable, and clear about what is wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InternalError, OperationalError

from helder import database, migrate
from helder.database import announce, connect, reading
from helder.postgres import session
from tests import postgres as harness
from tests.postgres import Server, serving
from tests.running import free_ports

counter = sa.table("counter", sa.column("id"), sa.column("n"))


@pytest.fixture
def engine(empty: str) -> Iterator[Engine]:
    engine = connect(empty)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)")
        connection.exec_driver_sql("INSERT INTO counter VALUES (1, 0), (2, 0)")
    yield engine
    engine.dispose()


def setting(connection: Any, name: str) -> str:
    return str(connection.exec_driver_sql(f"SHOW {name}").scalar())


def add(connection: Any, row: int) -> None:
    mine = sa.select(counter.c.n).where(counter.c.id == row).with_for_update()
    n = connection.execute(mine).scalar_one()
    connection.execute(sa.update(counter).where(counter.c.id == row).values(n=n + 1))


def test_a_commit_is_durable_even_where_the_server_says_otherwise(postgres: Server) -> None:
    url = postgres.empty()
    name = url.rsplit("/", 1)[1]
    postgres.ask(f"ALTER DATABASE {name} SET synchronous_commit = off")
    engine = connect(url)
    with engine.begin() as connection:
        assert setting(connection, "synchronous_commit") == "on"
    postgres.ask(f"ALTER DATABASE {name} SET synchronous_commit = remote_apply")
    engine.dispose()
    with engine.begin() as connection:
        assert setting(connection, "synchronous_commit") == "remote_apply"
    engine.dispose()


def test_no_connection_waits_or_lingers_for_ever(engine: Engine) -> None:
    with engine.begin() as connection:
        assert setting(connection, "lock_timeout") == "10s"
        assert setting(connection, "statement_timeout") == "30s"
        assert setting(connection, "idle_in_transaction_session_timeout") == "30s"
        assert setting(connection, "tcp_keepalives_idle") == "10"


def test_a_read_transaction_sees_one_moment_and_may_not_write(engine: Engine) -> None:
    with reading(engine).begin() as connection:
        assert setting(connection, "transaction_isolation") == "repeatable read"
        before = connection.execute(sa.select(counter.c.n)).all()
        with engine.begin() as other:
            add(other, 1)
        assert connection.execute(sa.select(counter.c.n)).all() == before
        with pytest.raises(InternalError, match="read-only transaction"):
            connection.execute(sa.update(counter).values(n=7))
    with engine.begin() as connection:  # the same pool: what was read-only must not stay so
        assert setting(connection, "transaction_isolation") == "read committed"
        add(connection, 1)
        assert connection.execute(sa.select(counter.c.n).where(counter.c.id == 1)).scalar() == 2


def test_writers_of_one_row_queue_and_none_is_lost(engine: Engine) -> None:
    def add_ten(_: int) -> None:
        for _ in range(10):
            with engine.begin() as connection:
                add(connection, 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_ten, range(8)))
    with reading(engine).begin() as connection:
        assert connection.execute(sa.select(counter.c.n).where(counter.c.id == 1)).scalar() == 80


def test_a_deadlock_is_an_error_of_the_database_and_the_same_may_succeed_later(
    engine: Engine,
) -> None:
    both = threading.Barrier(2)
    failed: list[Exception] = []

    def add_both(first: int, second: int) -> None:
        try:
            with engine.begin() as connection:
                add(connection, first)
                both.wait(10)
                add(connection, second)
        except OperationalError as error:
            failed.append(error)
            with engine.begin() as connection:
                add(connection, first)
                add(connection, second)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add_both, (1, 2), (2, 1)))
    assert len(failed) == 1
    assert "deadlock" in str(failed[0])
    with reading(engine).begin() as connection:
        assert connection.execute(sa.select(counter.c.n)).scalars().all() == [2, 2]


def test_whoever_waits_too_long_for_a_row_gets_an_error(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    impatient = connect(engine.url)
    with engine.begin() as connection:
        add(connection, 1)
        with pytest.raises(OperationalError, match="lock timeout"), impatient.begin() as other:
            add(other, 1)
    impatient.dispose()


def test_a_server_that_was_started_anew_is_simply_used_again() -> None:
    with serving() as server:
        engine = connect(server.empty())
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE kept (n INTEGER)")
        server.crash()
        with pytest.raises(OperationalError):
            engine.connect()
        server.start()
        with engine.begin() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM kept").scalar() == 0
        engine.dispose()


def test_a_commit_tells_everybody_who_listens_and_a_rollback_nobody(engine: Engine) -> None:
    hearing = session(engine)
    with hearing.cursor() as cursor:
        cursor.execute(f"LISTEN {database.CHANNEL}")
        with engine.connect() as connection:
            announce(connection, "rolled back")
            connection.rollback()
        with engine.begin() as connection:
            announce(connection, "committed")
        cursor.execute("SELECT 1")
        assert [told.payload for told in hearing.notifies] == ["committed"]
    hearing.close()


def test_an_error_quotes_no_values(engine: Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError) as refused, engine.begin() as connection:
        connection.execute(sa.insert(counter).values(id=1, n=20261122))
    assert "20261122" not in str(refused.value)


def test_the_migrations_give_exactly_the_tables_in_the_code(empty: str) -> None:
    url = empty
    assert migrate.current(url) is None
    before, after = migrate.upgrade(url)
    assert before is None
    assert migrate.current(url) == after
    assert migrate.upgrade(url) == (after, after)
    engine = connect(url)
    with engine.begin() as connection:
        options = {"compare_type": True, "include_name": migrate.is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, migrate.all_tables()) == []
    engine.dispose()


def test_of_many_that_start_at_once_one_migrates_and_the_others_wait(empty: str) -> None:
    url = empty
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(migrate.upgrade, [url] * 4))
    assert sorted(before or "" for before, _ in done)[:2] == ["", done[0][1]]
    assert len({after for _, after in done}) == 1


def test_a_failing_migration_leaves_nothing_behind(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_way(config: Any, _revision: str) -> None:
        config.attributes["connection"].exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise RuntimeError

    url = empty
    monkeypatch.setattr("alembic.command.upgrade", half_way)
    with pytest.raises(RuntimeError):
        migrate.upgrade(url)
    engine = connect(url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def refusal(url: str) -> str:
    """What a person reads; the same from both, and never the password."""
    sentences = set()
    for ask in (migrate.current, migrate.upgrade):
        with pytest.raises(migrate.DatabaseUnusable) as refused:
            ask(url)
        sentences.add(str(refused.value))
    (sentence,) = sentences
    assert "s3cret" not in sentence
    return sentence


def test_a_server_that_does_not_answer_is_named() -> None:
    (port,) = free_ports(1)
    sentence = refusal(f"postgresql://helder:s3cret@127.0.0.1:{port}/helder")
    assert sentence.startswith(f"No PostgreSQL answers at 127.0.0.1, port {port}: check")


def test_a_host_that_is_not_known_is_named() -> None:
    sentence = refusal("postgresql://helder:s3cret@nowhere.invalid/helder")
    assert sentence.startswith("No PostgreSQL answers at nowhere.invalid: check")


def test_a_database_that_is_not_there_is_named_with_the_command_that_makes_it(
    postgres: Server,
) -> None:
    assert "createdb --owner=helder nothing" in refusal(postgres.url("nothing"))


@pytest.mark.parametrize("user", ["helder", "nobody"])
def test_a_wrong_password_or_user_is_told_and_not_shown(postgres: Server, user: str) -> None:
    sentence = refusal(postgres.url("postgres", user=user, password="s3cret"))
    assert f"refuses the user '{user}'" in sentence


def test_a_user_who_may_not_make_tables_is_told_so(postgres: Server) -> None:
    url = postgres.empty()
    postgres.ask("CREATE ROLE guest LOGIN PASSWORD 's3cret'")
    theirs = postgres.url(url.rsplit("/", 1)[1], user="guest", password="s3cret")
    with pytest.raises(migrate.DatabaseUnusable, match="'guest' may not make tables"):
        migrate.upgrade(theirs)


def test_without_its_programs_the_tests_say_so_plainly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(harness, "HOMES", ())
    with pytest.raises(pytest.skip.Exception, match="apt-get install postgresql"), serving():
        raise AssertionError
