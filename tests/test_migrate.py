"""The database's version: migrations make exactly the tables that the code wants."""

import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from helder import migrate
from helder.database import connect


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/100% fresh.db"


def schema(url: str) -> list[str]:
    engine = connect(url)
    with engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql NOT NULL")
        found = sorted("".join(row[0].split()) for row in rows)
    engine.dispose()
    # SQLite keeps its own table of counters once there was one.
    return [text for text in found if not re.search("alembic_version|sqlite_sequence", text)]


def test_the_migrations_give_exactly_the_tables_in_the_code(url: str) -> None:
    migrate.upgrade(url)
    engine = connect(url)
    with engine.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": migrate.is_ours}
        )
        assert compare_metadata(context, migrate.all_tables()) == []
    engine.dispose()


def test_the_migrations_write_the_same_schema_as_the_code(url: str, tmp_path: Path) -> None:
    migrate.upgrade(url)
    other = f"sqlite:///{tmp_path}/other.db"
    engine = connect(other)
    migrate.all_tables().create_all(engine)
    engine.dispose()
    assert [sorted(text) for text in schema(url)] == [sorted(text) for text in schema(other)]


def test_an_upgrade_tells_what_it_did_and_does_nothing_the_second_time(url: str) -> None:
    assert migrate.current(url) is None
    before, after = migrate.upgrade(url)
    assert before is None
    assert migrate.current(url) == after
    assert migrate.upgrade(url) == (after, after)


def test_asking_for_the_version_of_a_database_that_is_not_there_makes_none(
    url: str, tmp_path: Path
) -> None:
    assert migrate.current(url) is None
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_newer_than_the_code_is_refused_and_left_alone(url: str) -> None:
    migrate.upgrade(url)
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(migrate.DatabaseNewer, match="version 9999"):
        migrate.upgrade(url)
    assert migrate.current(url) == "9999"


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    url = f"sqlite:///{tmp_path}/broken.db"
    for ask in (migrate.current, migrate.upgrade):
        with pytest.raises(migrate.DatabaseUnusable, match="HELDER_DATABASE_URL"):
            ask(url)


def test_a_failing_migration_leaves_nothing_behind(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_way(_config: object, _revision: str) -> None:
        engine_connection = _config.attributes["connection"]  # type: ignore[attr-defined]  # given by alembic at run time
        engine_connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        raise RuntimeError

    monkeypatch.setattr(migrate.command, "upgrade", half_way)
    with pytest.raises(RuntimeError):
        migrate.upgrade(url)
    assert schema(url) == []


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of migrations/ that a test may write in."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "FOLDER", folder)
    return folder


def test_no_migration_is_written_when_nothing_changed(copied: Path) -> None:
    before = sorted(copied.rglob("*.py"))
    assert migrate.write_revision("nothing is new") == []
    assert sorted(copied.rglob("*.py")) == before


def test_a_new_table_is_written_down_as_the_next_migration(copied: Path) -> None:
    table = sa.Table("novelty", migrate.metadata, sa.Column("id", sa.Integer, primary_key=True))
    try:
        (written,) = migrate.write_revision("A novelty")
    finally:
        migrate.metadata.remove(table)
    assert written.parent == copied / "versions"
    assert "novelty" in written.read_text(encoding="utf-8")
    assert int(written.name[:4]) == len(list(migrate.FOLDER.glob("versions/0*.py")))


def test_messages_keep_their_order_and_bodies_when_the_inbox_loses_its_numbers(url: str) -> None:
    """Those of format 1 had no place; their number was their order."""
    engine = connect(url)
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0005")
        one = dict.fromkeys(_NUMBERS, 0) | dict.fromkeys(_BLOBS, b"x") | {"owner": "assistant"}
        connection.execute(_insert("conversation", {"id": "c", **one}))
        for number, (message, place, body) in enumerate(_MESSAGES, start=7):
            row = {"number": number, "message": message, "place": place, "body": body}
            connection.execute(_insert("inbox", {"conversation": "c", **row}))
    migrate.upgrade(url)
    with engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT message, place, body FROM inbox ORDER BY place")
        rows = [tuple(row) for row in found]
    engine.dispose()
    assert rows == [("c", 1, None), ("b", 7, None), ("a", 8, b"a waits")]


_NUMBERS = (
    "format",
    "created",
    "touched",
    "epoch",
    "seq",
    "number",
    "key_version",
    "token_expires",
)
_BLOBS = ("tag", "head", "wrapped_key", "commitment", "token_hash")
_MESSAGES = (("b", 0, None), ("a", 0, b"a waits"), ("c", 1, None))


def _insert(table: str, row: dict[str, object]) -> sa.sql.dml.Insert:
    return sa.insert(sa.table(table, *map(sa.column, row))).values(row)
