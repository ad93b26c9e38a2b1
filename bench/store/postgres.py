"""Both stores on PostgreSQL: a database each on a server of our own, as it comes, with fsync.

It listens on the loopback and keeps its files in a temporary folder. What the tests use is used
here too (tests/postgres.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.engine import Engine, make_url

from bench.failure import BenchFailed
from bench.store.databases import Size
from tests.postgres import Server, binaries

MISSING = (
    "PostgreSQL's own programs (initdb, postgres) are not on this machine, so nothing is measured "
    "on PostgreSQL; on Debian, as root: apt-get install postgresql"
)
_TABLES = "SELECT schemaname, relname FROM pg_stat_user_tables"
_BYTES = "SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_stat_user_tables"


class Unavailable(BenchFailed):
    """There is no PostgreSQL on this machine."""


class Postgres:
    """A server with a database for each."""

    name = "postgresql"

    def __init__(self, server: Server) -> None:
        self._server = server
        self._urls = {"stock": server.empty(), "helder": server.empty()}
        ((version,),) = server.ask("SHOW server_version")
        self.title = f"PostgreSQL {str(version).split()[0]}"

    def stock(self, domain: Domain) -> SQLTrackerStore:
        """Rasa's store, as endpoints.yml would name it."""
        url = make_url(self._urls["stock"])
        return SQLTrackerStore(
            domain,
            dialect="postgresql",
            host=url.host,
            port=url.port,
            db=str(url.database),
            username=str(url.username),
            password=str(url.password),
        )

    def helder_url(self) -> str:
        """The address of a database without tables."""
        return self._urls["helder"]

    def size(self, system: str) -> Size:
        """Tables with indices and what is stored out of line; nothing is vacuumed for it."""
        database = str(make_url(self._urls[system]).database)
        ((size,),) = self._server.ask(_BYTES, database)
        tables = self._server.ask(_TABLES, database)
        rows = 0
        for schema, table in tables:
            ((count,),) = self._server.ask(f'SELECT count(*) FROM "{schema}"."{table}"', database)
            rows += int(count)
        return Size(int(size), rows)

    def durability(self, engine: Engine) -> str:
        """A commit has reached the disk when it returns.

        Raises:
            BenchFailed: it has not.
        """
        with engine.connect() as connection:
            fsync = connection.exec_driver_sql("SHOW fsync").scalar()
            synchronous = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
        if (fsync, synchronous) != ("on", "on"):
            raise BenchFailed(f"PostgreSQL has fsync {fsync}, synchronous_commit {synchronous}.")
        return "fsync=on, synchronous_commit=on"


@contextmanager
def postgres(_folder: Path) -> Iterator[Postgres]:
    """A server of our own, for as long as the block lasts; it has a folder of its own too.

    Raises:
        Unavailable: its programs are not here.
    """
    programs = binaries()
    if programs is None:
        raise Unavailable(MISSING)
    server = Server(programs)
    try:
        server.make()
        server.start()
        yield Postgres(server)
    finally:
        server.remove()
