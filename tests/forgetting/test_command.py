"""`helder forget …` as an operator uses it, while Helder runs or not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from helder.conversation import tables
from helder.database import connect
from helder.handoff.tables import left_message
from helder.installation import keyring_of
from helder.optout.remembered import Remembered
from tests.forgetting.search import Needles
from tests.installed import Installed, refused, succeeded


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    """Three conversations and two left messages."""
    made = Installed(tmp_path / "var")
    made.prepare(conversations=3, messages=2)
    return made


def names(installed: Installed) -> tuple[list[str], list[str]]:
    """The conversations and the references that are there."""
    engine = connect(installed.settings.database_url)
    with engine.connect() as connection:
        found = [
            sorted(connection.execute(sa.select(column)).scalars())
            for column in (tables.conversation.c.id, left_message.c.reference)
        ]
    engine.dispose()
    return found[0], found[1]


def keys(installed: Installed) -> dict[str, bytes]:
    """The wrapped data keys, by what they belong to."""
    engine = connect(installed.settings.database_url)
    kept: dict[str, bytes] = {}
    mine, left = tables.conversation.c, left_message.c
    with engine.connect() as connection:
        for columns in ((mine.id, mine.wrapped_key), (left.reference, left.wrapped_key)):
            kept |= {row[0]: row[1] for row in connection.execute(sa.select(*columns))}
    engine.dispose()
    return kept


def test_what_somebody_asks_to_forget_is_destroyed_at_once(installed: Installed) -> None:
    (one, *others), (reference, other) = names(installed)
    wrapped = keys(installed)
    typed = reference.lower().replace("-", "")
    said = succeeded(installed.helder("forget", one, typed))
    assert f"✓ destroyed {one}" in said
    assert f"✓ destroyed {typed}" in said
    assert names(installed) == (others, [other])
    files = list(installed.var.glob("helder.db*"))
    gone = Needles((name, wrapped[name]) for name in (one, reference))
    assert gone.found_under(files) == {}
    assert Needles([("kept", wrapped[other])]).found_under(files) != {}


def test_what_is_not_there_is_named_and_the_rest_is_destroyed(installed: Installed) -> None:
    before, (reference, other) = names(installed)
    done = installed.helder("forget", "0" * 32, reference, "KD-XXXX")
    assert f"Not there, or destroyed already: {'0' * 32}, KD-XXXX." in refused(done)
    assert names(installed) == (before, [other])
    assert reference in refused(installed.helder("forget", reference))


def test_somebody_who_reads_the_database_does_not_keep_it_from_being_destroyed(
    installed: Installed,
) -> None:
    (one, *others), _ = names(installed)
    with closing(sqlite3.connect(installed.var / "helder.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM conversation").fetchone()
        said = succeeded(installed.helder("forget", one))
    assert "Somebody reads the database" in said
    assert names(installed)[0] == others


def test_a_customer_who_is_erased_is_no_longer_remembered_to_want_no_ai(
    installed: Installed,
) -> None:
    settings = installed.settings
    engine = connect(settings.database_url)
    remembered = Remembered(engine, keyring_of(settings))
    remembered.remember("C-1001")
    assert "✓ destroyed customer:C-1001" in succeeded(installed.helder("forget", "customer:C-1001"))
    assert not remembered.has("C-1001")
    assert "customer:C-1001" in refused(installed.helder("forget", "customer:C-1001"))
    engine.dispose()
