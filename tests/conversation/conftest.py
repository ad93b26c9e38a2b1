"""A log of one's own: new keys, a new database for every test, and a clock that is moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from helder.conversation.inbox import Inbox
from helder.conversation.keyring import FileKeyring, create_missing
from helder.conversation.log import ConversationLog
from helder.database import connect, metadata


@dataclass
class MovedClock:
    """Stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 9, tzinfo=timezone.utc))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def keyring(tmp_path: Path) -> FileKeyring:
    create_missing(tmp_path / "keys")
    return FileKeyring(tmp_path / "keys")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Which database the log is in; a module may say `both` instead (tests/databases.py)."""
    return f"sqlite:///{tmp_path / 'helder.db'}"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = connect(database)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def log(engine: Engine, keyring: FileKeyring, clock: MovedClock) -> ConversationLog:
    return ConversationLog(engine, keyring, clock)


@pytest.fixture
def inbox(engine: Engine, keyring: FileKeyring) -> Inbox:
    return Inbox(engine, keyring)
