"""A PostgreSQL server of the tests' own, where its programs are present.

Debian keeps them off the PATH, in /usr/lib/postgresql/VERSION/bin. The server lives in a folder of
its own, listens on a free port of the loopback, and ends with the tests.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from helder.child import _die_with_parent
from tests.running import free_ports

MISSING = (
    "PostgreSQL's own programs (initdb, postgres) are not on this machine, so nothing is tested on "
    "PostgreSQL; on Debian, as root: apt-get install postgresql"
)
HOMES = tuple(Path("/usr/lib/postgresql").glob("[0-9]*/bin"))
USER = "helder"
PATIENCE = 30.0


def binaries() -> Path | None:
    """The folder with the newest PostgreSQL's programs, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [home for home in HOMES if (home / "initdb").exists()]
    return max(found, key=lambda home: int(home.parent.name)) if found else None


class Server:
    """One server. Each test takes a database of its own."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="helder-postgres-"))
        # The server refuses to run as root; Debian's package brings a user for it.
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        (self.port,) = free_ports(1)
        self.password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._used: list[str] = []

    def make(self) -> None:
        """Its files, once. Passwords are asked for, as on a server that others reach."""
        secret = self._folder / "password"
        secret.write_text(self.password)
        if self._user:
            os.chown(secret, self._user["user"], self._user["group"])
        options = ["--auth=scram-sha-256", f"--username={USER}", f"--pwfile={secret}"]
        options += ["--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        subprocess.run(
            [self._programs / "initdb", "-D", self._folder / "data", *options],
            cwd=self._folder,
            check=True,
            capture_output=True,
            **self._user,
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        chosen = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
            "shared_buffers": "32MB",
        }
        options = [f"--{name}={value}" for name, value in chosen.items()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._folder / "data", *options],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                # Of its own, so that the signals below reach it alone; and it ends with the tests.
                start_new_session=True,
                preexec_fn=_die_with_parent(os.getpid()),
                **self._user,
            )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.ask("SELECT 1")
                return
            except psycopg2.OperationalError:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                assert time.monotonic() < end, "PostgreSQL does not answer"
                time.sleep(0.02)  # between two looks at a real process

    def stop(self) -> None:
        """Stop it cleanly, whoever is connected."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """Kill all its processes: none of them writes anything more."""
        assert self._process is not None
        processes = psutil.Process(self._process.pid).children(recursive=True)
        self._end(signal.SIGKILL)
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):  # it went with its parent
                process.kill()
        psutil.wait_procs(processes, PATIENCE)

    def _end(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE)
            self._process = None

    def remove(self) -> None:
        """End it, without writing anything more to its files, and remove them."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def url(self, database: str, *, password: str | None = None, user: str = USER) -> str:
        """The address of a database, as HELDER_DATABASE_URL wants it."""
        at = f"127.0.0.1:{self.port}"
        return f"postgresql://{user}:{password or self.password}@{at}/{database}"

    def empty(self) -> str:
        """The address of a database without tables."""
        if self._used:  # to empty one is far quicker than to make or to drop one
            name = self._used.pop()
            self.ask("DROP SCHEMA public CASCADE", name)
            self.ask("CREATE SCHEMA public", name)
            self.ask("GRANT USAGE ON SCHEMA public TO PUBLIC", name)
        else:
            name = f"test{next(self._numbers)}"
            self.ask(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Nobody needs this database any more."""
        name = url.rsplit("/", 1)[1]
        self.ask(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            f"WHERE datname = '{name}'"
        )
        self._used.append(name)

    def dump(self, url: str) -> bytes:
        """A backup of a database, as an operator makes it."""
        return self._run("pg_dump", "--format=custom", f"--dbname={url}")

    def restore(self, url: str, backup: bytes) -> None:
        """Put a backup into an empty database."""
        self._run("pg_restore", "--exit-on-error", f"--dbname={url}", given=backup)

    def _run(self, program: str, *arguments: str, given: bytes = b"") -> bytes:
        command = [str(self._programs / program), *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the server's administrator."""
        connection = psycopg2.connect(self.url(database), connect_timeout=5)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs; the test that wants it is skipped, with the reason, if there is none."""
    programs = binaries()
    if programs is None:
        pytest.skip(MISSING)
    server = Server(programs)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server that all tests share; those that stop it start one of their own."""
    with serving() as server:
        yield server


@pytest.fixture
def empty(postgres: Server) -> Iterator[str]:
    """The address of a PostgreSQL database without tables."""
    url = postgres.empty()
    yield url
    postgres.give_back(url)
