"""An installation of one's own, prepared as `helder run` does it: closed, opened, restored."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.content.policies import Kept
from helder.conversation import tables
from helder.conversation.anchor import FileAnchor
from helder.conversation.entries import ConversationId
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.conversation.proofs import Proofs
from helder.conversation.shredding import Shredder
from helder.database import connect
from helder.forgetting import Forgetting
from helder.handoff.forgetting import MessageShredder
from helder.handoff.messages import Messages
from helder.handoff.tables import left_message
from helder.installation import anchor_of, keyring_of
from helder.preparation import prepare
from helder.settings import Settings
from tests.conversation.conftest import MovedClock
from tests.running import settings_in

KEPT = Kept(conversation_minutes=30, conversation_days=90, message_days=90, ledger_days=400)
HOUR = timedelta(hours=1)
# Whatever a row holds of a conversation that is secret, or could be read with the master key.
SEALED = {
    tables.conversation: ("wrapped_key", "commitment", "token_hash"),
    tables.former_key: ("sealed",),
    tables.entry: ("body",),
    tables.inbox: ("body",),
    tables.proof: ("body",),
}


@dataclass
class House:
    """Database, keys, anchor and what works on them. Time stands still until it is moved."""

    settings: Settings
    clock: MovedClock = field(default_factory=MovedClock)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open()

    def __enter__(self) -> House:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def prepare(self) -> None:
        """What a start does before anything runs."""
        self.said.clear()
        prepare(self.settings, self.said.append)

    def open(self) -> None:
        """As a process does at its start."""
        self.engine: Engine = connect(self.settings.database_url)
        self.keyring = keyring_of(self.settings)
        self.anchor: FileAnchor = anchor_of(self.settings)
        engine, keyring, anchor, clock = self.engine, self.keyring, self.anchor, self.clock
        self.log = ConversationLog(engine, keyring, clock, anchor)
        self.inbox = Inbox(engine, keyring, anchor)
        self.proofs = Proofs(engine, keyring, anchor)
        self.shredder = Shredder(engine, keyring, clock, anchor)
        self.messages = Messages(engine, keyring, clock)
        self.message_shredder = MessageShredder(engine, keyring, clock, anchor)
        self.forgetting = Forgetting(engine, keyring, anchor, KEPT, clock)

    def close(self) -> None:
        """As a process does at its end."""
        self.engine.dispose()
        self.anchor.close()

    @property
    def file(self) -> Path:
        """The database."""
        return self.settings.var / "helder.db"

    def start_conversation(self) -> ConversationId:
        """A new one."""
        return self.log.open("nl", HOUR).conversation

    def names(self) -> set[str]:
        """The conversations that have rows."""
        return set(self.log.ids())

    def rows_of(self, conversation: str) -> int:
        """How many rows there are of one, but for the mark of its destruction."""
        with self.engine.connect() as connection:
            return sum(
                connection.execute(
                    sa.select(sa.func.count())
                    .select_from(table)
                    .where(owner(table) == conversation)
                ).scalar_one()
                for table in SEALED
            )

    def sealed(self, conversations: Iterable[str]) -> list[bytes]:
        """The bytes that are stored of these and must be nowhere after they are destroyed."""
        wanted, found = set(conversations), []
        with self.engine.connect() as connection:
            for table, columns in SEALED.items():
                for row in connection.execute(sa.select(table)).mappings():
                    if row[owner(table).name] in wanted:
                        found += [row[name] for name in columns if row[name]]
        return found

    def sealed_message(self, reference: str) -> list[bytes]:
        """The same of a left message."""
        mine = left_message.c
        query = sa.select(mine.wrapped_key, mine.commitment, mine.body)
        with self.engine.connect() as connection:
            return list(connection.execute(query.where(mine.reference == reference)).one())

    def restore(self, backup: Path) -> None:
        """As docs/operators.md says: stopped, the copy put in the place of the database."""
        self.close()
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        shutil.copy(backup, self.file)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder in memory, where there is one: every commit waits for the disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(prefix="forget.", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@lru_cache(maxsize=1)
def _prepared() -> TemporaryDirectory[str]:
    """What the first start makes, kept to be copied: keys, a database and an anchor."""
    made = TemporaryDirectory(prefix="forget.")
    prepare(settings_in(Path(made.name) / "var"), lambda _: None)
    return made


def new_house(folder: Path) -> House:
    """A prepared installation in a folder, in which nothing has happened."""
    shutil.copytree(Path(_prepared().name) / "var", folder / "var")
    return House(settings_in(folder / "var"))


def owner(table: sa.Table) -> Any:
    """The column that names the conversation."""
    return table.c.id if table is tables.conversation else table.c.conversation


def online(database: Path, copy: Path) -> None:
    """SQLite's own backup, a few pages at a time, while others write."""
    with closing(_open(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target, pages=3, sleep=0)


def vacuumed(database: Path, copy: Path) -> None:
    """As docs/operators.md says."""
    with closing(_open(database)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))


def copied(database: Path, copy: Path) -> None:
    """The files as they lie there, with the write-ahead file, in a moment when nobody writes."""
    with closing(_open(database)) as source:
        source.execute("BEGIN IMMEDIATE")
        shutil.copy(database, copy)
        ahead = database.with_name(database.name + "-wal")
        if ahead.exists():
            shutil.copy(ahead, copy.with_name(copy.name + "-wal"))
        source.execute("ROLLBACK")
    # Reading it once brings both together.
    with closing(_open(copy)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")


BACKUPS: tuple[Callable[[Path, Path], None], ...] = (online, vacuumed, copied)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=10, isolation_level=None)
