"""The audit outlives its keys: they are rotated, wrapped anew and retired beneath it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from helder.audit.acts import Act
from helder.audit.audit import Audit
from helder.audit.head import AUDIT
from helder.conversation import retiring, rewrap
from helder.conversation.errors import KeyringError
from helder.conversation.keyring import INDEX, MASTER, FileKeyring, destroy, write_new
from helder.conversation.wrappings import verify_keys


def ignore(_: int) -> None:
    """Nobody looks at the progress."""


def wrapped_anew(engine: Engine, keyring: FileKeyring) -> None:
    assert list(rewrap.rewrap(engine, keyring, AUDIT, ignore)) == []


def test_a_master_key_is_retired_and_the_audit_stays_whole(
    audit: Audit, engine: Engine, keyring: FileKeyring
) -> None:
    audit.record(Act.VIEW, "anna", "one")
    write_new(keyring.folder, MASTER)
    audit.record(Act.VIEW, "anna", "two")
    assert AUDIT.versions(engine) == {1: 1}
    with pytest.raises(retiring.StillNeeded, match="1 data keys are wrapped with version 1"):
        retiring.refuse_wrapping(engine, 1, (AUDIT,))
    wrapped_anew(engine, keyring)
    assert AUDIT.versions(engine) == {2: 1}
    retiring.refuse_wrapping(engine, 1, (AUDIT,))
    destroy(keyring.path(MASTER, 1))

    fresh = Audit(engine, FileKeyring(keyring.folder))
    fresh.record(Act.VIEW, "anna", "three")
    assert [each.subject for each in fresh.entries(actor="anna")] == ["three", "two", "one"]
    assert audit.verify().count == 3
    assert list(verify_keys(engine, keyring, AUDIT, ignore)) == []


def test_a_key_that_is_retired_too_early_is_missed_and_nothing_is_recorded(
    audit: Audit, engine: Engine, keyring: FileKeyring
) -> None:
    audit.record(Act.VIEW, "anna")
    write_new(keyring.folder, MASTER)
    kept = keyring.path(MASTER, 1).read_bytes()
    destroy(keyring.path(MASTER, 1))
    fresh = Audit(engine, FileKeyring(keyring.folder))
    for refused in (lambda: fresh.record(Act.VIEW, "anna"), fresh.entries, fresh.verify):
        with pytest.raises(KeyringError, match="version 1 is missing"):
            refused()
    keyring.path(MASTER, 1).write_bytes(kept)
    keyring.path(MASTER, 1).chmod(0o600)
    assert fresh.verify().count == 1


def test_another_index_key_changes_nothing_for_the_audit(
    audit: Audit, engine: Engine, keyring: FileKeyring
) -> None:
    audit.record(Act.VIEW, "anna", "one")
    write_new(keyring.folder, INDEX)
    destroy(keyring.path(INDEX, 1))
    fresh = Audit(engine, FileKeyring(keyring.folder))
    fresh.record(Act.VIEW, "anna", "two")
    assert [each.subject for each in fresh.entries(actor="anna")] == ["two", "one"]
    assert fresh.verify().count == 2


def test_an_audit_that_is_wrapped_anew_again_and_again_between_entries_loses_nothing(
    audit: Audit, engine: Engine, keyring: FileKeyring
) -> None:
    audit.record(Act.VIEW, "anna")
    for version in (2, 3):
        write_new(keyring.folder, MASTER)
        audit.record(Act.VIEW, "anna")
        wrapped_anew(engine, keyring)
        audit.record(Act.VIEW, "anna")
        assert AUDIT.versions(engine) == {version: 1}
    assert audit.verify().count == 5


def test_a_head_that_was_damaged_is_named_and_left(
    audit: Audit, engine: Engine, keyring: FileKeyring, tmp_path: Path
) -> None:
    audit.record(Act.VIEW, "anna")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET commitment = wrapped_key")
    write_new(tmp_path / "keys", MASTER)
    damaged = list(rewrap.rewrap(engine, keyring, AUDIT, ignore))
    assert [str(each) for each in damaged] == ["audit key audit: its data key does not open"]
