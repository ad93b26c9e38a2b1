"""The database's version: alembic's migrations in migrations/, run from code, without an ini file.

A migration is written with `helder migrate --new "what it does"`, read, and corrected by hand;
tests/test_migrate.py holds that all of them together give exactly the tables in the code.
"""

from __future__ import annotations

import importlib
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection, make_url

from helder.database import alone, connect, is_postgres, metadata, reading
from helder.refusal import Refusal
from helder.settings import PROJECT

FOLDER = PROJECT / "migrations"
TABLES = (
    "helder.audit.tables",
    "helder.conversation.tables",
    "helder.handoff.tables",
    "helder.optout.tables",
    "helder.staff.tables",
    "helder.spent",
)


class DatabaseNewer(Refusal):
    """The database was made by a newer version of Helder; the message says what to do."""


class DatabaseUnusable(Refusal):
    """The database cannot be opened; the message says which setting to check."""


def all_tables() -> sa.MetaData:
    """The tables of every package, as the code wants them."""
    for name in TABLES:
        importlib.import_module(name)
    return metadata


def current(url: str) -> str | None:
    """The version of a database; None for one that is empty or not there. Creates nothing."""
    file = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and file and not Path(file).exists():
        return None
    engine = connect(url)
    try:
        with reading(engine).begin() as connection:
            return _version(connection)
    except sa.exc.DBAPIError as error:
        raise _unusable(url, error) from error
    finally:
        engine.dispose()


def upgrade(url: str) -> tuple[str | None, str]:
    """Bring a database to the newest version in one transaction; returns (before, after).

    Two that are started at once do it one after the other.

    Raises:
        DatabaseNewer: its version is unknown to this code.
        DatabaseUnusable: it cannot be opened or written.
    """
    engine = connect(url)
    try:
        with engine.begin() as connection:
            alone(connection, "migrate")
            before = _version(connection)
            config = _config(connection)
            _refuse_unknown(config, before)
            command.upgrade(config, "head")
            after = _version(connection)
    except sa.exc.DBAPIError as error:
        raise _unusable(url, error) from error
    finally:
        engine.dispose()
    if after is None:
        raise DatabaseUnusable(f"There are no migrations in {FOLDER}; the checkout is incomplete.")
    return before, after


def newest() -> str | None:
    """The version that this code brings a database to."""
    version: str | None = ScriptDirectory.from_config(_config(None)).get_current_head()
    return version


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leaves SQLite's own tables out of a comparison."""
    return not (kind == "table" and name is not None and name.startswith("sqlite_"))


def write_revision(message: str) -> list[Path]:
    """Write the migration from the newest version to the tables in the code, for a person to read.

    `migrations/env.py` leaves out a migration that would do nothing.
    """
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        engine = connect(url)
        try:
            with engine.begin() as connection, redirect_stdout(StringIO()):  # alembic prints
                config = _config(connection)
                command.upgrade(config, "head")
                number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
                written = command.revision(
                    config, message, autogenerate=True, rev_id=f"{number:04d}"
                )
        finally:
            engine.dispose()
    made = written if isinstance(written, list) else [written]
    return [Path(script.path) for script in made if script is not None]


def _config(connection: Connection | None) -> Config:
    config = Config()
    # Alembic's options are a ConfigParser's, in which % is special.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = all_tables()
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_unknown(config: Config, version: str | None) -> None:
    if version is None:
        return
    try:
        ScriptDirectory.from_config(config).get_revision(version)
    except CommandError:
        raise DatabaseNewer(
            f"The database has version {version}, which this version of Helder does not know: "
            "install the newer Helder that made it, or restore a backup from before the update."
        ) from None


def _unusable(url: str, error: Exception) -> DatabaseUnusable:
    if is_postgres(url):
        from helder import postgres

        return DatabaseUnusable(postgres.explain(url, error))
    shown = make_url(url).render_as_string(hide_password=True)
    return DatabaseUnusable(
        f"The database {shown} cannot be used; check HELDER_DATABASE_URL, that the file may be "
        "written, and that no other program holds it."
    )
