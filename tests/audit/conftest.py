"""An audit of one's own, on a database and keys of one's own, anchored in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from helder.audit.audit import Audit
from helder.audit.sighting import FileAuditAnchor
from helder.conversation.anchor import FileAnchor
from helder.conversation.keyring import FileKeyring
from tests.conversation.conftest import MovedClock as MovedClock
from tests.conversation.conftest import clock as clock
from tests.conversation.conftest import engine as engine
from tests.conversation.conftest import keyring as keyring
from tests.databases import both as database  # noqa: F401 - a fixture


@pytest.fixture
def anchor(tmp_path: Path) -> FileAuditAnchor:
    FileAnchor.create(tmp_path / "anchor.db").close()
    return FileAuditAnchor(tmp_path / "anchor.db")


@pytest.fixture
def audit(
    engine: Engine, keyring: FileKeyring, clock: MovedClock, anchor: FileAuditAnchor
) -> Audit:
    return Audit(engine, keyring, clock, anchor)


@pytest.fixture
def unanchored(engine: Engine, keyring: FileKeyring, clock: MovedClock) -> Audit:
    """The same, where nothing outside the database is remembered."""
    return Audit(engine, keyring, clock)
