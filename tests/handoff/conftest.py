"""Messages in a database of their own, under keys of their own, at a time that is moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from helder.conversation.keyring import FileKeyring, create_missing
from helder.database import connect, metadata
from helder.handoff.messages import Messages
from tests.conversation.conftest import MovedClock
from tests.databases import both as both
from tests.handoff.house import House


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def keyring(tmp_path: Path) -> FileKeyring:
    create_missing(tmp_path / "keys")
    return FileKeyring(tmp_path / "keys")


@pytest.fixture
def engine(both: str) -> Iterator[Engine]:
    engine = connect(both)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def messages(engine: Engine, keyring: FileKeyring, clock: MovedClock) -> Messages:
    return Messages(engine, keyring, clock)


@pytest.fixture
def house(engine: Engine, keyring: FileKeyring, clock: MovedClock) -> House:
    return House(engine, keyring, clock)
