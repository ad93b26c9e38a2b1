"""`helder audit verify` and what else the command line does with the audit: real processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from helder.audit.acts import SYSTEM, Act
from helder.audit.audit import Audit
from helder.database import connect
from helder.installation import audit_of, keyring_of
from tests.installed import Installed, refused, succeeded

ENTRIES = 5


@pytest.fixture
def house(tmp_path: Path) -> Installed:
    made = Installed(tmp_path / "var")
    made.prepare()
    return made


@contextmanager
def auditing(house: Installed) -> Iterator[Audit]:
    engine = connect(house.settings.database_url)
    yield audit_of(house.settings, engine, keyring_of(house.settings))
    engine.dispose()


def record(house: Installed, count: int = ENTRIES) -> None:
    with auditing(house) as audit:
        for number in range(count):
            audit.record(Act.VIEW, "anna", f"conversation {number}")


def edit(house: Installed, *statements: str) -> None:
    """Behind Helder's back."""
    with closing(sqlite3.connect(house.var / "helder.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_an_audit_that_is_whole_is_told_in_one_sentence(house: Installed) -> None:
    assert "0 entries" in succeeded(house.helder("audit", "verify"))
    record(house)
    assert succeeded(house.helder("audit", "verify")) == (
        "✓ The audit is whole: 5 entries, each as it was written.\n"
    )


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            ["UPDATE audit SET minute = minute - 1 WHERE number = 3"],
            "Entry 3 was changed: its minute is another than was written.",
        ),
        (["DELETE FROM audit WHERE number = 2"], "Entry 2 was deleted."),
        (["DELETE FROM audit WHERE number >= 4"], "Entries 4 to 5 were cut off the end."),
        (
            [
                "UPDATE audit SET number = 9 WHERE number = 2",
                "UPDATE audit SET number = 2 WHERE number = 4",
                "UPDATE audit SET number = 4 WHERE number = 9",
            ],
            "Entry 2 was moved: it was written as number 4.",
        ),
        (
            [
                "INSERT INTO audit SELECT 6, minute, act, actor, subject, body, tag FROM audit "
                "WHERE number = 5"
            ],
            "Entry 6 was put in: the entries that were written are 1 to 5.",
        ),
        (
            ["DELETE FROM audit WHERE number = 5", "UPDATE audit_head SET count = 4"],
            "The head of the audit was changed.",
        ),
    ],
    ids=["edited", "deleted", "cut off", "moved", "put in", "head"],
)
def test_what_is_wrong_is_one_sentence_and_the_exit_code_is_1(
    house: Installed, statements: list[str], sentence: str
) -> None:
    record(house)
    edit(house, *statements)
    assert refused(house.helder("audit", "verify")) == sentence


def test_a_backup_is_taken_when_an_operator_says_so_and_the_audit_tells_it(
    house: Installed,
) -> None:
    record(house)
    copy = house.var / "backup.db"
    edit(house, f"VACUUM INTO '{copy}'")
    record(house, 2)
    for end in ("-wal", "-shm"):
        (house.var / f"helder.db{end}").unlink(missing_ok=True)
    (house.var / "helder.db").write_bytes(copy.read_bytes())
    assert refused(house.helder("audit", "verify")) == (
        "The audit was turned back: it ends with entry 5, and the anchor has seen entry 7."
    )
    assert "`helder audit verify`" in refused(
        house.helder("agents", "add", "anna", "--role", "agent", "--language", "nl")
    )
    done = house.helder("log", "restored")  # nobody says yes
    assert done.returncode == 1
    assert "The audit of the desk is older than it was, or gone." in done.stdout
    assert "the anchor follows" in succeeded(house.helder("log", "restored", "--yes"))
    assert "6 entries" in succeeded(house.helder("audit", "verify"))
    with auditing(house) as audit:
        newest = audit.entries(limit=1)[0]
    assert (newest.act, newest.actor) == (Act.RESTORED, SYSTEM)


def test_a_backup_with_a_damaged_audit_is_not_taken(house: Installed) -> None:
    record(house)
    edit(house, "DELETE FROM audit_head")
    told = refused(house.helder("log", "restored", "--yes"))
    assert "The audit in this database is not what was written" in told


def test_a_master_key_is_retired_beneath_the_audit(house: Installed) -> None:
    record(house)
    house.age_keys()
    assert "version 1: current; 1 audit keys" in succeeded(house.helder("keys", "status"))
    succeeded(house.helder("keys", "rotate"))
    succeeded(house.helder("keys", "rotate", "index"))
    house.age_keys()
    assert "1 data keys are wrapped with version 1" in refused(house.helder("keys", "retire", "1"))
    succeeded(house.helder("keys", "rewrap"))
    succeeded(house.helder("keys", "retire", "1"))
    succeeded(house.helder("keys", "retire", "1", "--purpose", "index"))
    assert "all 1 data keys open" in succeeded(house.helder("keys", "verify"))
    record(house, 1)
    assert "6 entries" in succeeded(house.helder("audit", "verify"))
    with auditing(house) as audit:
        assert len(audit.entries(actor="anna")) == 6


def test_an_audit_whose_key_is_missing_is_not_called_damaged(house: Installed) -> None:
    record(house)
    succeeded(house.helder("keys", "rotate"))
    (house.settings.keys / "master.1.key").unlink()
    told = refused(house.helder("audit", "verify"))
    assert "The master key of version 1 is missing" in told


def test_what_is_done_to_accounts_is_recorded_without_a_name(house: Installed) -> None:
    language = ("--language", "nl")
    succeeded(house.helder("agents", "add", "anna", "--role", "agent", *language))
    succeeded(house.helder("agents", "roles", "anna", "--role", "supervisor", "--role", "agent"))
    for word in ("disable", "enable", "reset"):
        succeeded(house.helder("agents", word, "anna"))
    refused(house.helder("agents", "disable", "bram"))
    refused(house.helder("agents", "roles", "anna", "--role", "queen"))
    with auditing(house) as audit:
        entries = audit.entries()[::-1]
    assert {(each.actor, each.subject) for each in entries} == {(SYSTEM, entries[0].subject)}
    assert len(entries[0].subject) == 32
    assert [(each.act, dict(each.detail)) for each in entries] == [
        (Act.ACCOUNT, {"change": "added", "roles": "agent"}),
        (Act.ROLE_CHANGE, {"before": "agent", "after": "agent supervisor"}),
        (Act.ACCOUNT, {"change": "disabled"}),
        (Act.ACCOUNT, {"change": "enabled"}),
        (Act.ACCOUNT, {"change": "reset"}),
    ]


def test_no_account_is_changed_that_cannot_be_recorded(house: Installed) -> None:
    succeeded(house.helder("agents", "add", "anna", "--role", "agent", "--language", "nl"))
    before = house.helder("agents", "list").stdout
    edit(house, "UPDATE audit_head SET tag = head")
    changes = (("roles", "anna", "--role", "administrator"), ("disable", "anna"), ("reset", "anna"))
    for words in changes:
        assert "`helder audit verify`" in refused(house.helder("agents", *words))
    assert house.helder("agents", "list").stdout == before
    done = house.helder("agents", "add", "bram", "--role", "agent", "--language", "nl")
    assert "`helder audit verify`" in refused(done)
    assert "One-time password" not in done.stdout
